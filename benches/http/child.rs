//! A server in a process of its own.

use std::{
    cell::RefCell,
    env,
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use crate::serve::SERVE;

/// Ends when this is dropped.
pub(crate) struct Server {
    process: Child,
    pipes: RefCell<(ChildStdin, BufReader<ChildStdout>)>,
    pub(crate) address: SocketAddr,
}

impl Server {
    pub(crate) fn start(name: &str, core: Option<usize>) -> Result<Self, String> {
        Self::try_start(name, core).map_err(|error| format!("the server `{name}`: {error}"))
    }

    fn try_start(name: &str, core: Option<usize>) -> Result<Self, String> {
        let program = env::current_exe().map_err(|error| error.to_string())?;
        let mut process = Command::new(program)
            .args([SERVE, name])
            .args(core.map(|core| core.to_string()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let (Some(stdin), Some(stdout)) = (process.stdin.take(), process.stdout.take()) else {
            return Err("it has no pipes".to_owned());
        };
        let mut server = Self {
            process,
            pipes: RefCell::new((stdin, BufReader::new(stdout))),
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        };
        server.address.set_port(server.read()?);
        Ok(server)
    }

    /// The processor time that it has taken so far.
    pub(crate) fn processor_time(&self) -> Result<Duration, String> {
        let asked = self.pipes.borrow_mut().0.write_all(b"\n");
        asked.map_err(|error| error.to_string())?;
        self.read().map(Duration::from_nanos)
    }

    fn read<T: std::str::FromStr>(&self) -> Result<T, String> {
        let mut line = String::new();
        let read = self.pipes.borrow_mut().1.read_line(&mut line);
        read.map_err(|error| error.to_string())?;
        let number = line.trim().parse();
        number.map_err(|_| format!("it says {line:?} where a number should be"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
