//! Codecs in other languages. They run in their own processes and time themselves.
//!
//! A worker reads commands from its stdin: `version`, `load decode|encode call|response BYTES`, followed by a
//! document of that size, `run TIMES`, and `show`. It responds to each with one line: the version, `ok`, the
//! nanoseconds of the runs, or the length of the document that follows. That document is what it
//! encoded, or what it decoded, written again. The line may also be `error …`.

use std::{
    cell::RefCell,
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    rc::Rc,
    time::Duration,
};

use crate::{
    contender::Direction,
    contested::{Contested, Judge},
    harness::{
        Outcome,
        task::{Case, Checked, Task},
        text,
    },
};

/// The workers that could be started.
#[derive(Default)]
pub(crate) struct Peers(Vec<Peer>);

struct Peer {
    contender: &'static str,
    version: String,
    worker: Rc<RefCell<Worker>>,
}

impl Peers {
    /// Starts all workers, and names those that cannot start on stderr.
    pub(crate) fn start() -> Self {
        let mut peers = Vec::new();
        for (contender, command) in [("python", Ok(python())), ("xmlrpc_c", xmlrpc_c())] {
            match command.and_then(Worker::start) {
                Ok((worker, version)) => peers.push(Peer {
                    contender,
                    version,
                    worker: Rc::new(RefCell::new(worker)),
                }),
                Err(error) => eprintln!("without {contender}: {error}"),
            }
        }
        Self(peers)
    }

    /// The version of a contender that is one of these.
    pub(crate) fn version(&self, contender: &str) -> Option<&str> {
        let peer = self.0.iter().find(|it| it.contender == contender);
        peer.map(|it| &*it.version)
    }

    pub(crate) fn cases(&self, document: &dyn Contested, direction: Direction) -> Vec<Case> {
        let bytes = document.xml().len();
        let kind = if document.is_call() {
            "call"
        } else {
            "response"
        };
        let load = format!("load {} {kind} {bytes}", direction.name());
        let case = |peer: &Peer| Case {
            contender: peer.contender,
            task: Box::new(Remote {
                worker: Rc::clone(&peer.worker),
                loaded: peer
                    .worker
                    .borrow_mut()
                    .ask(&load, document.xml())
                    .map(drop),
                read: (direction == Direction::Decode).then_some(bytes),
                is_right: document.judge(),
            }),
        };
        self.0.iter().map(case).collect()
    }
}

fn python() -> Command {
    let mut command = Command::new("python3");
    command.args(["-c", include_str!("worker.py")]);
    command
}

/// Compiles the worker.
fn xmlrpc_c() -> Outcome<Command> {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/codec/peer/worker.c");
    let binary = Path::new(env!("CARGO_TARGET_TMPDIR")).join("xmlrpc_c_worker");
    let libraries = output(Command::new("xmlrpc-c-config").arg("--libs"))?;
    let mut compiler = Command::new("cc");
    compiler.args(["-O2", source, "-o"]).arg(&binary);
    output(compiler.args(libraries.split_whitespace()))?;
    Ok(Command::new(binary))
}

fn output(command: &mut Command) -> Outcome<String> {
    let program = command.get_program().display().to_string();
    let output = command
        .output()
        .map_err(|error| format!("{program}: {error}"))?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{program}: {error}").into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

struct Worker {
    process: Child,
    /// Closing it ends the worker.
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Worker {
    /// The worker, and the version of its codec.
    fn start(mut command: Command) -> Outcome<(Self, String)> {
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let output = process.stdout.take().ok_or("the worker has no stdout")?;
        let mut worker = Self {
            input: process.stdin.take(),
            output: BufReader::new(output),
            process,
        };
        let version = worker.ask("version", b"")?;
        Ok((worker, version))
    }

    /// Sends a command, and reads the line that responds to it.
    fn ask(&mut self, command: &str, body: &[u8]) -> Result<String, String> {
        let input = self.input.as_mut().ok_or("the worker has ended")?;
        let sent = writeln!(input, "{command}")
            .and_then(|()| input.write_all(body))
            .and_then(|()| input.flush());
        sent.map_err(text)?;
        let mut line = String::new();
        self.output.read_line(&mut line).map_err(text)?;
        match line.strip_prefix("error ") {
            Some(error) => Err(error.trim().to_owned()),
            None if line.is_empty() => Err("the worker has ended".to_owned()),
            None => Ok(line.trim().to_owned()),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.input.take());
        if let Err(error) = self.process.wait() {
            eprintln!("cannot wait for a worker: {error}");
        }
    }
}

/// A task that another process does.
struct Remote {
    worker: Rc<RefCell<Worker>>,
    loaded: Result<(), String>,
    /// The size of the document, if the task is to read it.
    read: Option<usize>,
    is_right: Judge,
}

impl Task for Remote {
    fn check(&mut self) -> Result<Checked, String> {
        self.loaded.clone()?;
        let mut worker = self.worker.borrow_mut();
        let length = worker.ask("show", b"")?.parse().map_err(text)?;
        let mut document = vec![0; length];
        worker.output.read_exact(&mut document).map_err(text)?;
        Ok(Checked {
            correct: (self.is_right)(&document),
            bytes: self.read.unwrap_or(length),
            memory: None,
        })
    }

    fn run(&mut self, times: u32) -> Result<Duration, String> {
        let nanoseconds = self.worker.borrow_mut().ask(&format!("run {times}"), b"")?;
        nanoseconds.parse().map(Duration::from_nanos).map_err(text)
    }
}
