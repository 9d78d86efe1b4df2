//! A server process: `… serve NAME [PROCESSOR]`.
//!
//! It writes its port to stdout. For each line from stdin, it writes its processor time so far, in
//! nanoseconds. It ends when stdin ends.

use std::{
    io::{self, Write},
    net::TcpListener,
    process, thread,
    time::Duration,
};

use crate::{cores, harness::Outcome, servers};

/// The argument that makes this program a server.
pub(crate) const SERVE: &str = "serve";

pub(crate) fn run(mut arguments: impl Iterator<Item = String>) -> Outcome {
    let name = arguments.next().ok_or("the name of a server is missing")?;
    cores::pin(arguments.next().and_then(|core| core.parse().ok()))?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    say(listener.local_addr()?.port());
    thread::spawn(tell_times);
    servers::serve(&name, listener)
}

fn tell_times() {
    for line in io::stdin().lines() {
        if line.is_err() {
            break;
        }
        say(processor_time().as_nanos());
    }
    process::exit(0);
}

fn say(what: impl std::fmt::Display) {
    let mut out = io::stdout().lock();
    // If nobody reads stdout any more, stdin ends as well.
    let _ = writeln!(out, "{what}").and_then(|()| out.flush());
}

/// The processor time of this process.
#[cfg(unix)]
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

#[cfg(not(unix))]
fn processor_time() -> Duration {
    crate::harness::clock::now()
}
