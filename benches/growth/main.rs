//! Whether time and memory grow in proportion to the document, and what hostile documents cost:
//! `cargo bench -p xmlrpc-bench --bench growth -- --help`.

#[path = "../documents/mod.rs"]
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod documents;
#[path = "../harness/mod.rs"]
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod harness;

mod hostile;
mod measure;
mod ordinary;
mod reading;
mod report;
mod shape;
mod tenths;
mod timed;

use std::{process::ExitCode, thread};

use harness::{
    Outcome,
    options::{Accepted, Options},
    report::Page,
};

#[global_allocator]
static ALLOCATOR: harness::alloc::Counting = harness::alloc::Counting::new();

const PAGE: Page = Page {
    file: "growth",
    title: "Growth",
    arguments: "growth --",
};

fn main() -> ExitCode {
    // To read 100,000 levels takes a large stack, as `Limits::depth` says.
    const STACK: usize = 1 << 30;
    let run = thread::Builder::new()
        .stack_size(STACK)
        .spawn(|| harness::exit(run()));
    run.map_or(ExitCode::FAILURE, |run| {
        run.join().unwrap_or(ExitCode::FAILURE)
    })
}

fn run() -> Outcome {
    let options = Options::parse(&Accepted {
        bench: "growth",
        filters: &["only"],
        flags: &[],
        help: "    --only TEXT        only documents whose names contain TEXT; may be repeated"
            .to_owned(),
    })?;
    let figures = measure::all(&options)?;
    let tables = report::tables(&figures);
    Page::print(&options, &tables);
    PAGE.finish(&options, &figures, &report::judge(&figures), &tables)
}
