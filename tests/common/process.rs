//! Programs that a test starts, and ends by their process id.

use std::{
    env,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

/// A built example; `cargo test -p xmlrpc-examples` builds them all.
pub fn example(name: &str) -> Command {
    let mut path = env::current_exe().expect("the path of the test");
    path.pop();
    if path.ends_with("deps") {
        path.pop();
    }
    path.push("examples");
    path.push(name);
    let built = path.exists();
    assert!(
        built,
        "{} is missing: run `cargo test -p xmlrpc-examples`",
        path.display()
    );
    Command::new(path)
}

/// Python, running this program from its command line.
pub fn python(program: &str) -> Command {
    let found = Command::new("python3").arg("--version").output();
    assert!(
        found.is_ok_and(|output| output.status.success()),
        "python3 is missing: it is the peer of this test; install it, and have it on the PATH"
    );
    let mut command = Command::new("python3");
    command.arg("-u").arg("-c").arg(program);
    command
}

/// The output of a program, which must succeed.
#[track_caller]
pub fn output(command: &mut Command) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("the program starts");
    let (stdout, stderr) = (
        String::from_utf8_lossy(&stdout),
        String::from_utf8_lossy(&stderr),
    );
    assert!(
        status.success(),
        "{command:?}: {status}\n{stdout}\n{stderr}"
    );
    stdout.into_owned()
}

/// A server in its own process. Dropping it ends the process.
pub struct ServerProcess {
    child: Child,
    pub url: String,
    /// Kept open for a program that prints more.
    _stdout: BufReader<ChildStdout>,
}

impl ServerProcess {
    /// Starts a server. The last word of its first line must be its URL.
    #[track_caller]
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("it is piped");
        let mut stdout = BufReader::new(stdout);
        let read = stdout.read_line(&mut line);
        let url = line
            .split_whitespace()
            .next_back()
            .unwrap_or_default()
            .to_owned();
        let server = Self {
            child,
            url,
            _stdout: stdout,
        };
        assert!(
            read.is_ok() && server.url.starts_with("http://"),
            "{command:?} printed {line:?}"
        );
        server
    }
}

impl ServerProcess {
    /// Sends SIGTERM.
    #[cfg(unix)]
    #[track_caller]
    pub fn terminate(&self) {
        let kill = format!("kill -TERM {}", self.child.id());
        output(Command::new("sh").arg("-c").arg(kill));
    }

    /// Waits until the process has ended by itself; nothing if it runs longer than this.
    pub fn wait(&mut self, most: Duration) -> Option<ExitStatus> {
        let start = Instant::now();
        loop {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
            if start.elapsed() > most {
                return None;
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // The process may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The folder of the workspace.
pub fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}
