//! What a server process does: `… serve NAME [PROCESSOR]`.
//!
//! It writes its port to its standard output, and then, for each line that comes, the processor
//! time that it has taken so far, in nanoseconds. It ends when its standard input does.

use std::{
    io::{self, Write},
    net::TcpListener,
    process, thread,
    time::Duration,
};

use crate::{cores, servers};

/// The word by which a process knows that it is one of these.
pub(crate) const SERVE: &str = "serve";

pub(crate) fn run(mut arguments: impl Iterator<Item = String>) -> Result<(), String> {
    let name = arguments.next().ok_or("which server?")?;
    cores::pin(arguments.next().and_then(|core| core.parse().ok()))?;
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    say(address.port());
    thread::spawn(answer);
    servers::serve(&name, listener)
}

fn answer() {
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
    // Where nobody listens any more, the standard input ends as well.
    let _ = writeln!(out, "{what}").and_then(|()| out.flush());
}

/// Of this process.
#[cfg(unix)]
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

#[cfg(not(unix))]
fn processor_time() -> Duration {
    crate::clock::now()
}
