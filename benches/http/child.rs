//! A server in its own process.

use std::{
    cell::RefCell,
    env,
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use crate::{
    harness::{Outcome, text},
    serve::SERVE,
};

/// Dropping it ends the process.
pub(crate) struct Server {
    process: Child,
    pipes: RefCell<(ChildStdin, BufReader<ChildStdout>)>,
    pub(crate) address: SocketAddr,
}

impl Server {
    pub(crate) fn start(name: &str, core: Option<usize>) -> Outcome<Self> {
        let mut process = Command::new(env::current_exe()?)
            .args([SERVE, name])
            .args(core.map(|core| core.to_string()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(stdin), Some(stdout)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(format!("the server `{name}` has no pipes").into());
        };
        let mut server = Self {
            process,
            pipes: RefCell::new((stdin, BufReader::new(stdout))),
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        };
        server.address.set_port(server.read()?);
        Ok(server)
    }

    /// The processor time of the server so far.
    pub(crate) fn processor_time(&self) -> Result<Duration, String> {
        let asked = self.pipes.borrow_mut().0.write_all(b"\n");
        asked.map_err(text)?;
        self.read().map(Duration::from_nanos)
    }

    fn read<T: std::str::FromStr>(&self) -> Result<T, String> {
        let mut line = String::new();
        let read = self.pipes.borrow_mut().1.read_line(&mut line);
        read.map_err(text)?;
        let number = line.trim().parse();
        number.map_err(|_| format!("expected a number from the server, found {line:?}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
