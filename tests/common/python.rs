//! Python 3, with nothing but its standard library.

use std::{process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

const TIME: Duration = Duration::from_secs(60);

/// The process is killed when it is dropped.
pub(crate) struct Python {
    child: Child,
    lines: tokio::io::Lines<BufReader<ChildStdout>>,
}

impl Python {
    #[track_caller]
    pub(crate) fn spawn(script: &str, arguments: &[&str]) -> Self {
        let mut command = Command::new("python3");
        command.arg("-c").arg(script).args(arguments);
        // The script connects to the loopback address: ignore any proxy in the environment.
        command
            .env("no_proxy", "*")
            .env("PYTHONIOENCODING", "utf-8");
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) => panic!("this test needs `python3` (3.8 or later) in the PATH: {error}"),
        };
        let stdout = child.stdout.take().expect("it is piped");
        Self {
            child,
            lines: BufReader::new(stdout).lines(),
        }
    }

    /// The next line that the script prints.
    pub(crate) async fn line(&mut self) -> String {
        let line = timeout(TIME, self.lines.next_line()).await;
        let line = line.expect("python3 printed nothing in time").unwrap();
        line.expect("python3 ended before it printed what was expected; its error is above")
    }

    /// Waits for the end of the process, which must succeed.
    pub(crate) async fn finish(mut self) {
        while let Some(line) = timeout(TIME, self.lines.next_line())
            .await
            .expect("python3 did not end")
            .unwrap()
        {
            println!("{line}");
        }
        let status = timeout(TIME, self.child.wait())
            .await
            .expect("python3 did not end")
            .unwrap();
        assert!(status.success(), "python3: {status}; its error is above");
    }
}
