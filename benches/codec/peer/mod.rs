//! Codecs in other languages, in processes of their own that time themselves.
//!
//! A worker is told on its stdin `version`, `load decode|encode call|response BYTES` with a
//! document after the line, `run TIMES` and `show`. It answers each with a line: the version, `ok`,
//! the nanoseconds that the runs took, and the length of the document that follows, which is
//! what it encoded, or what it decoded written again. `error …` answers any of them.

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
    documents::{Contested, Judge},
    task::{Case, Checked, Task},
};

/// The workers that could be started.
#[derive(Default)]
pub(crate) struct Peers {
    workers: Vec<Worker>,
}

struct Worker {
    contender: &'static str,
    version: String,
    pipe: Rc<RefCell<Pipe>>,
}

impl Peers {
    /// Starts them; those that cannot be had are named on stderr.
    pub(crate) fn start() -> Self {
        let mut peers = Self::default();
        for (contender, command) in [("python", Ok(python())), ("xmlrpc_c", xmlrpc_c())] {
            match command.and_then(|command| Worker::start(contender, command)) {
                Ok(worker) => peers.workers.push(worker),
                Err(error) => eprintln!("without {contender}: {error}"),
            }
        }
        peers
    }

    /// Names and versions.
    pub(crate) fn versions(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.workers
            .iter()
            .map(|worker| (worker.contender, &*worker.version))
    }

    pub(crate) fn cases(&self, document: &dyn Contested, direction: Direction) -> Vec<Case> {
        let kind = if document.is_call() {
            "call"
        } else {
            "response"
        };
        let load = format!("load {} {kind} {}", direction.name(), document.xml().len());
        let case = |worker: &Worker| {
            let mut pipe = worker.pipe.borrow_mut();
            let loaded = pipe
                .send(&load, document.xml())
                .and_then(|()| pipe.answer())
                .map(drop);
            let task = Remote {
                pipe: Rc::clone(&worker.pipe),
                loaded,
                direction,
                bytes: document.xml().len(),
                is_right: document.judge(),
            };
            Case {
                contender: worker.contender,
                task: Box::new(task),
            }
        };
        self.workers.iter().map(case).collect()
    }
}

fn python() -> Command {
    let mut command = Command::new("python3");
    command.args(["-c", include_str!("worker.py")]);
    command
}

/// Compiles the worker.
fn xmlrpc_c() -> Result<Command, String> {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/codec/peer/worker.c");
    let binary = Path::new(env!("CARGO_TARGET_TMPDIR")).join("xmlrpc_c_worker");
    let libraries = output(Command::new("xmlrpc-c-config").arg("--libs"))?;
    let mut compiler = Command::new("cc");
    compiler.args(["-O2", source, "-o"]).arg(&binary);
    output(compiler.args(libraries.split_whitespace()))?;
    Ok(Command::new(binary))
}

fn output(command: &mut Command) -> Result<String, String> {
    let program = command.get_program().display().to_string();
    let output = command
        .output()
        .map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!(
            "{program}: {}",
            String::from_utf8_lossy(&output.stderr)
        ))
    }
}

impl Worker {
    fn start(contender: &'static str, mut command: Command) -> Result<Self, String> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("the process has no pipes".to_owned());
        };
        let mut pipe = Pipe {
            child,
            input: Some(input),
            output: BufReader::new(output),
        };
        pipe.send("version", b"")?;
        Ok(Self {
            contender,
            version: pipe.answer()?,
            pipe: Rc::new(RefCell::new(pipe)),
        })
    }
}

struct Pipe {
    child: Child,
    /// Taken when the worker is to end.
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Pipe {
    fn send(&mut self, line: &str, body: &[u8]) -> Result<(), String> {
        let input = self.input.as_mut().ok_or("the worker has ended")?;
        let sent = writeln!(input, "{line}")
            .and_then(|()| input.write_all(body))
            .and_then(|()| input.flush());
        sent.map_err(|error| error.to_string())
    }

    fn answer(&mut self) -> Result<String, String> {
        let mut line = String::new();
        self.output
            .read_line(&mut line)
            .map_err(|error| error.to_string())?;
        match line.strip_prefix("error ") {
            Some(error) => Err(error.trim().to_owned()),
            None if line.is_empty() => Err("the worker has ended".to_owned()),
            None => Ok(line.trim().to_owned()),
        }
    }

    fn number<N: core::str::FromStr>(&mut self) -> Result<N, String> {
        let answer = self.answer()?;
        answer
            .parse()
            .map_err(|_| format!("{answer:?} is no number"))
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        drop(self.input.take());
        if let Err(error) = self.child.wait() {
            eprintln!("a worker cannot be waited for: {error}");
        }
    }
}

/// A task in another process.
struct Remote {
    pipe: Rc<RefCell<Pipe>>,
    loaded: Result<(), String>,
    direction: Direction,
    bytes: usize,
    is_right: Judge,
}

impl Task for Remote {
    fn check(&mut self) -> Result<Checked, String> {
        self.loaded.clone()?;
        let mut pipe = self.pipe.borrow_mut();
        pipe.send("show", b"")?;
        let length = pipe.number()?;
        let mut document = vec![0; length];
        pipe.output
            .read_exact(&mut document)
            .map_err(|error| error.to_string())?;
        Ok(Checked {
            correct: (self.is_right)(&document),
            bytes: match self.direction {
                Direction::Decode => self.bytes,
                Direction::Encode => length,
            },
            memory: None,
        })
    }

    fn run(&mut self, times: u32) -> Result<Duration, String> {
        let mut pipe = self.pipe.borrow_mut();
        pipe.send(&format!("run {times}"), b"")?;
        pipe.number().map(Duration::from_nanos)
    }
}
