//! Where passwords come from.

use std::{
    env, fs,
    io::{ErrorKind, Read},
    path::Path,
    process::{self, Stdio},
};

use crate::{
    config::{Command, Entry, expanded},
    failure::Failure,
    prompt,
};

/// A longer secret is an error.
const MAX_BYTES: u64 = 64 << 10;
/// The exit code after Ctrl-C, as shells have it.
const INTERRUPTED: u8 = 130;

/// The password of a user: from the option, from `XMLRPC_PASSWORD`, from the configuration, or from a prompt.
pub(crate) fn password(
    user: &str,
    file: Option<&Path>,
    configured: Option<&Entry>,
) -> Result<String, Failure> {
    if let Some(file) = file {
        return from_file(file);
    }
    if let Ok(password) = env::var("XMLRPC_PASSWORD") {
        return Ok(password);
    }
    if let Some(entry) = configured {
        if let Some(command) = &entry.password_command {
            return run(command);
        }
        if let Some(file) = &entry.password_file {
            return from_file(&expanded(file));
        }
    }
    let prompt = format!("Password for {}: ", crate::escape::line(user));
    prompt::ask(&prompt).map_err(|error| match error.kind() {
        ErrorKind::Interrupted => Failure {
            code: INTERRUPTED,
            message: "interrupted".into(),
        },
        ErrorKind::UnexpectedEof => {
            Failure::usage(format!("no password for `{user}`: none was entered"))
        }
        ErrorKind::InvalidData => Failure::usage(format!("no password for `{user}`: {error}")),
        _ => Failure::usage(format!(
            "no password for `{user}`: there is no terminal to ask; \
             set XMLRPC_PASSWORD, or use --password-file"
        )),
    })
}

/// The first line of a file.
pub(crate) fn from_file(path: &Path) -> Result<String, Failure> {
    let read = if path.as_os_str() == "-" {
        bounded(std::io::stdin().lock())
    } else {
        fs::File::open(path).and_then(bounded)
    };
    let bytes = read.map_err(|error| Failure::file("read", path, &error))?;
    first_line(bytes, &path.display().to_string())
}

/// The first line that a command prints. It can ask on the terminal.
pub(crate) fn run(command: &Command) -> Result<String, Failure> {
    let (mut process, shown) = match command {
        Command::Line(line) if cfg!(windows) => {
            let mut process = process::Command::new("cmd");
            process.args(["/C", line]);
            (process, line.clone())
        }
        Command::Line(line) => {
            let mut process = process::Command::new("sh");
            process.args(["-c", line]);
            (process, line.clone())
        }
        Command::Program(words) => {
            let [program, arguments @ ..] = words.as_slice() else {
                return Err(Failure::usage(
                    "the list of a command is empty; write [\"program\", \"argument\"]",
                ));
            };
            let mut process = process::Command::new(program);
            process.args(arguments);
            (process, program.clone())
        }
    };
    let failed =
        |what: String| Failure::usage(format!("the command `{shown}` of the configuration {what}"));
    let mut child = process
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| failed(format!("cannot be started: {error}")))?;
    let output = child.stdout.take().map(bounded).transpose();
    let status = child
        .wait()
        .map_err(|error| failed(format!("failed: {error}")))?;
    if !status.success() {
        return Err(failed(format!("failed with {status}")));
    }
    let output = output.map_err(|error| failed(format!("cannot be read: {error}")))?;
    first_line(
        output.unwrap_or_default(),
        &format!("the output of `{shown}`"),
    )
}

fn bounded(source: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(std::io::Error::other("more than 64 KiB"));
    }
    Ok(bytes)
}

fn first_line(bytes: Vec<u8>, whence: &str) -> Result<String, Failure> {
    let text =
        String::from_utf8(bytes).map_err(|_| Failure::usage(format!("{whence} is not UTF-8")))?;
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() {
        return Err(Failure::usage(format!("{whence} is empty")));
    }
    Ok(line.to_owned())
}
