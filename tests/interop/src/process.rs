//! The processes of peers. Each is ended by its id.

use std::{
    process::{ExitStatus, Stdio},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

const START: Duration = Duration::from_secs(60);
/// The time for one line. Some cases move 20 MB through an interpreter.
const LINE: Duration = Duration::from_secs(180);

/// A process that is ended when this is dropped.
pub(crate) struct Process {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    name: String,
}

impl Process {
    pub(crate) fn start(name: &str, command: &mut Command) -> Result<Self, String> {
        command
            .env("no_proxy", "*")
            .env("PYTHONIOENCODING", "utf-8")
            .env("PYTHONUNBUFFERED", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command
            .spawn()
            .map_err(|error| format!("{name} did not start: {error}"))?;
        let stdout = child.stdout.take().ok_or("no output")?;
        Ok(Self {
            child,
            lines: BufReader::new(stdout).lines(),
            name: name.to_owned(),
        })
    }

    /// The next line that it prints, or `None` at its end.
    pub(crate) async fn line(&mut self) -> Result<Option<String>, String> {
        match timeout(LINE, self.lines.next_line()).await {
            Ok(line) => line.map_err(|error| format!("{}: {error}", self.name)),
            Err(_) => Err(format!("{} printed nothing for {LINE:?}", self.name)),
        }
    }

    /// The address that a server prints: the last word of the first line that contains one.
    pub(crate) async fn address(&mut self) -> Result<String, String> {
        let found = timeout(START, async {
            while let Some(line) = self.line().await? {
                let word = line.split_whitespace().next_back().unwrap_or_default();
                if word.contains("://") || word.starts_with("unix:") {
                    return Ok(word.to_owned());
                }
            }
            Err(format!("{} ended before it printed an address", self.name))
        });
        found
            .await
            .unwrap_or_else(|_| Err(format!("{} printed no address within {START:?}", self.name)))
    }

    pub(crate) async fn end(mut self) -> Result<(), String> {
        while self.line().await?.is_some() {}
        let status: ExitStatus = self.child.wait().await.map_err(|error| error.to_string())?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("{}: {status}", self.name))
        }
    }
}

/// The first line that a program prints.
pub(crate) async fn first_line(command: &mut Command) -> Option<String> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .ok()?;
    let (mut out, mut err) = (String::new(), String::new());
    let (mut stdout, mut stderr) = (child.stdout.take()?, child.stderr.take()?);
    let read = async {
        let _ = stdout.read_to_string(&mut out).await;
        let _ = stderr.read_to_string(&mut err).await;
    };
    timeout(START, read).await.ok()?;
    child.wait().await.ok()?;
    let text = if out.trim().is_empty() { err } else { out };
    Some(
        text.lines()
            .find(|line| !line.trim().is_empty())?
            .trim()
            .to_owned(),
    )
}
