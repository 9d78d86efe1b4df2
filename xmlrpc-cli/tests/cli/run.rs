//! Runs the command.

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
    thread,
};

/// The path of the command. Debian has another one with the same name.
pub(crate) const XMLRPC: &str = env!("CARGO_BIN_EXE_xmlrpc");

/// A run that has ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The command without the settings of the user who runs the tests.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(XMLRPC);
    command.args(arguments);
    isolate(&mut command, Path::new("/dev/null"));
    command
}

/// Takes the home folder of the command from the test.
pub(crate) fn isolate(command: &mut Command, home: &Path) {
    for name in [
        "XMLRPC_USER",
        "XMLRPC_PASSWORD",
        "XMLRPC_CONFIG",
        "CI",
        "CLICOLOR",
        "NO_COLOR",
        "CLICOLOR_FORCE",
        "COMPLETE",
    ] {
        command.env_remove(name);
    }
    for name in [
        "http_proxy",
        "https_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "all_proxy",
    ] {
        command.env_remove(name);
    }
    command.env("HOME", home);
    command.env("XDG_CONFIG_HOME", home.join("config"));
    command.env("XDG_CACHE_HOME", home.join("cache"));
    command.stdin(Stdio::null());
}

pub(crate) fn xmlrpc(arguments: &[&str]) -> Run {
    finish(&mut command(arguments))
}

/// With this text as standard input.
pub(crate) fn xmlrpc_with_input(arguments: &[&str], input: &str) -> Run {
    let mut command = command(arguments);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_owned();
    let writer = thread::spawn(move || {
        // The command may end before it has read everything.
        let _ = stdin.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().expect("the command ends");
    writer.join().expect("the input is written");
    Run::of(&output)
}

pub(crate) fn finish(command: &mut Command) -> Run {
    Run::of(&command.output().expect("the command runs"))
}

impl Run {
    pub(crate) fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Standard output of a run that succeeded and had nothing to complain about.
    #[track_caller]
    pub(crate) fn ok(self) -> String {
        assert_eq!(
            (self.code, self.stderr.as_str()),
            (0, ""),
            "{}",
            self.stdout
        );
        self.stdout
    }

    /// Standard error of a run that ended with this code, without a result.
    #[track_caller]
    pub(crate) fn failed(self, code: i32) -> String {
        assert_eq!(
            (self.code, self.stdout.as_str()),
            (code, ""),
            "{}",
            self.stderr
        );
        self.stderr
    }
}
