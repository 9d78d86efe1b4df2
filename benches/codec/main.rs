//! The codec beside other codecs: `cargo bench -p xmlrpc-bench --bench codec -- --help`.

#[path = "../documents/mod.rs"]
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod documents;
#[path = "../harness/mod.rs"]
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod harness;

mod contender;
mod contested;
mod datum;
mod peer;
mod report;

use std::process::ExitCode;

use harness::{
    Outcome,
    figures::Figures,
    options::{Accepted, Options},
    report::Page,
    task::Case,
    timing::Pace,
};
use peer::Peers;

#[global_allocator]
static ALLOCATOR: harness::alloc::Counting = harness::alloc::Counting::new();

const PAGE: Page = Page {
    file: "benchmarks",
    title: "Benchmarks",
    arguments: "codec -- --peers",
};

/// The documents that `cargo test` reads and writes.
const TESTED: [&str; 2] = ["tiny_call", "ints_1000"];

fn main() -> ExitCode {
    harness::exit(run())
}

fn run() -> Outcome {
    let options = Options::parse(&Accepted {
        bench: "codec",
        filters: &["document", "contender"],
        flags: &["peers"],
        help: help(),
    })?;
    let peers = if options.has("peers") {
        Peers::start()
    } else {
        Peers::default()
    };
    // `cargo test` runs every contender as often as a quick run does.
    let pace = options.pace(Pace::FULL, Pace::QUICK);
    let pace = pace.or(Some(Pace::QUICK));
    let mut figures = Figures::default();
    let mut tables = vec![report::contenders(&peers)];
    let documents = contested::ALL.iter().filter(|(name, _)| {
        let is_tested = !options.is_test || TESTED.contains(name);
        is_tested && options.wants("document", name)
    });
    for (name, make) in documents {
        let document = make(name);
        for direction in document.directions() {
            let mut cases = document.cases(*direction);
            cases.extend(peers.cases(&*document, *direction));
            cases.retain(|case| options.wants("contender", case.contender));
            cases.sort_by_key(place);
            let table = format!("{} {name}", direction.name());
            figures.measure(&table, cases, 1, pace)?;
            let table = report::table(&figures, &table, document.xml().len());
            if !options.is_test {
                table.print();
            }
            tables.push(table);
        }
    }
    figures.check(|contender| contender.starts_with("ours"))?;
    PAGE.finish(&options, &figures.all, &report::judge(&figures), &tables)
}

/// The place of a contender in the tables.
fn place(case: &Case) -> Option<usize> {
    let mut all = contender::ALL.iter();
    all.position(|(name, _)| *name == case.contender)
}

fn help() -> String {
    let documents = contested::ALL
        .iter()
        .map(|(name, _)| format!("\n    {name}"));
    let contenders = contender::ALL.iter();
    let contenders = contenders.map(|(name, what)| format!("\n    {name:<17} {what}"));
    format!(
        "    --peers            times Python's xmlrpc.client and xmlrpc-c, too; needs python3,
                       a C compiler and libxmlrpc-core-c3-dev
    --document NAME    only this document; may be repeated
    --contender NAME   only this contender; may be repeated

documents:{}

contenders:{}",
        documents.collect::<String>(),
        contenders.collect::<String>()
    )
}
