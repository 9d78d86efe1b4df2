//! A call from its stub to its method and back, without sockets, beside other frameworks:
//! `cargo bench -p xmlrpc-bench --bench dispatch -- --help`.

#[path = "../harness/mod.rs"]
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod harness;

mod calc;
mod cases;
mod report;

use std::process::ExitCode;

use harness::{
    Outcome,
    figures::Figures,
    options::{Accepted, ONLY_CONTENDERS, Options},
    report::Page,
    timing::Pace,
};
use report::{DOCUMENT, METHODS, MULTICALL, TYPED};

#[global_allocator]
static ALLOCATOR: harness::alloc::Counting = harness::alloc::Counting::new();

const PAGE: Page = Page {
    file: "dispatch",
    title: "Calls in memory",
    arguments: "dispatch --",
};

fn main() -> ExitCode {
    harness::exit(run())
}

fn run() -> Outcome {
    let options = Options::parse(&Accepted {
        bench: "dispatch",
        filters: &["only"],
        flags: &[],
        help: ONLY_CONTENDERS.to_owned(),
    })?;
    let pace = options.pace(Pace::FULL, Pace::QUICK);
    let mut figures = Figures::default();
    for (table, mut cases, calls) in [
        (TYPED, cases::typed()?, 1),
        (DOCUMENT, cases::document()?, 1),
        (METHODS, cases::methods()?, 1),
        (MULTICALL, cases::multicall()?, cases::ENTRIES),
    ] {
        cases.retain(|case| options.wants("only", case.contender));
        figures.measure(table, cases, calls, pace)?;
    }
    figures.check(|_| true)?;
    let tables = report::tables(&figures);
    Page::print(&options, &tables);
    PAGE.finish(&options, &figures.all, &report::judge(&figures), &tables)
}
