//! A server process: `… serve control|production|undecoded [KEY=NUMBER…]`.
//!
//! It writes its port to stdout. For each line from stdin, it writes the live bytes of its heap and their maximum so
//! far, which are counted if `heap=1`. It ends when stdin ends, or as its signals say. `finish` also writes to stdout.

use std::{
    io::{self, Write},
    process, thread,
};

use rustix::process::{Resource, Rlimit, setrlimit};
use tokio::{net::TcpListener, runtime};

use crate::{
    harness::{Outcome, alloc},
    servers,
    settings::Settings,
};

/// The argument that makes this program a server.
pub(crate) const SERVE: &str = "serve";

pub(crate) fn run(arguments: impl Iterator<Item = String>) -> Outcome {
    let settings = Settings::parse(arguments)?;
    if settings.is_on("heap") {
        alloc::count_from_now();
    }
    if let Some(descriptors) = settings.number("descriptors") {
        let limit = Some(descriptors);
        setrlimit(
            Resource::Nofile,
            Rlimit {
                current: limit,
                maximum: limit,
            },
        )?;
    }
    // As `#[tokio::main]` does.
    let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        say(listener.local_addr()?.port());
        thread::spawn(tell_heap);
        servers::serve(&settings, listener).await
    })
}

fn tell_heap() {
    for line in io::stdin().lines() {
        if line.is_err() {
            break;
        }
        let (live, peak) = alloc::live();
        say(live);
        say(peak);
    }
    process::exit(0);
}

pub(crate) fn say(what: impl std::fmt::Display) {
    let mut out = io::stdout().lock();
    // If nobody reads stdout any more, stdin ends as well.
    let _ = writeln!(out, "{what}").and_then(|()| out.flush());
}
