//! Calls over HTTP on the loopback, servers and clients, beside other frameworks:
//! `cargo bench -p xmlrpc-bench --bench http -- --help`.

#[path = "../dispatch/calc.rs"]
mod calc;
#[path = "../harness/mod.rs"]
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod harness;

mod child;
mod clients;
mod connection;
mod cores;
mod crew;
mod measure;
mod report;
mod requests;
mod serve;
mod servers;

use std::{env, process::ExitCode};

use cores::Cores;
use harness::{
    Outcome,
    options::{Accepted, ONLY_CONTENDERS, Options},
    report::Page,
};

#[global_allocator]
static ALLOCATOR: harness::alloc::Counting = harness::alloc::Counting::new();

const PAGE: Page = Page {
    file: "http",
    title: "Calls over HTTP",
    arguments: "http --",
};

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    harness::exit(if arguments.next().as_deref() == Some(serve::SERVE) {
        serve::run(arguments)
    } else {
        run()
    })
}

fn run() -> Outcome {
    let options = Options::parse(&Accepted {
        bench: "http",
        filters: &["only"],
        flags: &[],
        help: ONLY_CONTENDERS.to_owned(),
    })?;
    let cores = Cores::find();
    cores::pin(cores.client)?;
    println!("{}", cores.describe());
    let figures = measure::all(cores, &options)?;
    let tables = report::tables(&figures);
    Page::print(&options, &tables);
    PAGE.finish(&options, &figures.all, &report::judge(&figures), &tables)
}
