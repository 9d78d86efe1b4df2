//! The configuration file: servers with names.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use xmlrpc_core::{DateTime, Struct, Value};

use crate::{
    failure::{Failure, chain},
    secret,
};

/// A larger file is refused.
const MAX_BYTES: u64 = 1 << 20;
/// Linux follows as many.
#[cfg(unix)]
const MAX_LINKS: usize = 40;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    #[serde(default)]
    servers: BTreeMap<String, Entry>,
}

/// A server with a name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Entry {
    pub(crate) url: String,
    /// The parameters before those of each call.
    #[serde(default)]
    params: Vec<toml::Value>,
    #[serde(default)]
    headers: BTreeMap<String, Text>,
    pub(crate) user: Option<String>,
    pub(crate) password_command: Option<Command>,
    pub(crate) password_file: Option<PathBuf>,
    /// In seconds.
    pub(crate) timeout: Option<f64>,
    pub(crate) retries: Option<u32>,
    pub(crate) cacert: Option<PathBuf>,
    pub(crate) cert: Option<PathBuf>,
    pub(crate) key: Option<PathBuf>,
    #[serde(default)]
    pub(crate) insecure: bool,
    pub(crate) proxy: Option<String>,
}

/// A text, or the command that prints it.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Text {
    Plain(String),
    Command { command: Command },
}

/// A command: a line for the shell, or a program with its arguments.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Command {
    Line(String),
    Program(Vec<String>),
}

impl Entry {
    /// The leading parameters. This runs the commands of those that are secret.
    pub(crate) fn params(&self) -> Result<Vec<Value>, Failure> {
        self.params.iter().map(value).collect()
    }

    /// The headers, and whether their values are secret.
    pub(crate) fn headers(&self) -> Result<Vec<(String, String, bool)>, Failure> {
        let headers = self.headers.iter().map(|(name, text)| match text {
            Text::Plain(text) => Ok((name.clone(), text.clone(), false)),
            Text::Command { command } => Ok((name.clone(), secret::run(command)?, true)),
        });
        headers.collect()
    }

    /// Whether a secret is needed that only a command or a file has.
    pub(crate) fn needs_secrets(&self) -> bool {
        let has_command = |value: &toml::Value| {
            value
                .as_table()
                .is_some_and(|table| table.contains_key("command"))
        };
        self.user.is_some()
            || self.params.iter().any(has_command)
            || self
                .headers
                .values()
                .any(|text| matches!(text, Text::Command { .. }))
    }
}

/// The value of a leading parameter. A table with the only key `command` is the text that the command prints.
fn value(given: &toml::Value) -> Result<Value, Failure> {
    Ok(match given {
        toml::Value::String(text) => Value::from(text.as_str()),
        toml::Value::Integer(number) => Value::from(*number),
        toml::Value::Float(number) => Value::Double(*number),
        toml::Value::Boolean(value) => Value::Bool(*value),
        toml::Value::Datetime(date) => {
            let text = date.to_string();
            let date = text.parse::<DateTime>();
            let invalid = |_| {
                Failure::usage(format!(
                    "`{text}` has no day; write 2026-11-27T10:00:00, or quotes around a text"
                ))
            };
            let date = date.map_err(invalid)?;
            if date.offset().is_some() {
                let refusal = crate::zone::refusal(&date);
                return Err(Failure::usage(format!("the configuration: {refusal}")));
            }
            Value::DateTime(date)
        }
        toml::Value::Array(elements) => {
            let elements: Result<Vec<_>, _> = elements.iter().map(value).collect();
            Value::from(elements?)
        }
        toml::Value::Table(table) => {
            if table.len() == 1
                && let Some(command) = table.get("command")
            {
                let command: Command = command
                    .clone()
                    .try_into()
                    .map_err(|_| Failure::usage("`command` must be a text, or a list of texts"))?;
                return secret::run(&command).map(Value::String);
            }
            let mut members = Struct::new();
            for (name, member) in table {
                members.insert(name.clone(), value(member)?);
            }
            Value::Struct(members)
        }
    })
}

impl Config {
    /// Reads the file: the given one, otherwise that of the user, which may be missing.
    pub(crate) fn read(given: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = given.map(Path::to_owned).or_else(default_path) else {
            return Ok(Self::default());
        };
        let metadata = match fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) if given.is_none() && is_missing(&error) => return Ok(Self::default()),
            Err(error) => return Err(Failure::file("read", &path, &error)),
        };
        if metadata.len() > MAX_BYTES {
            return Err(Failure::usage(format!(
                "the configuration file {} is larger than 1 MiB",
                path.display()
            )));
        }
        check_owner(&path)?;
        let text =
            fs::read_to_string(&path).map_err(|error| Failure::file("read", &path, &error))?;
        toml::from_str(&text).map_err(|error| {
            Failure::usage(format!(
                "invalid configuration file {}: {}",
                path.display(),
                chain(&error).trim()
            ))
        })
    }

    /// The server with this name.
    pub(crate) fn server(&self, name: &str) -> Result<&Entry, Failure> {
        self.servers.get(name).ok_or_else(|| {
            let names: Vec<_> = self.names().map(|name| format!("@{name}")).collect();
            let known = match default_path() {
                _ if !names.is_empty() => format!("known servers: {}", names.join(", ")),
                Some(path) => format!("add [servers.{name}] to {}", path.display()),
                None => "HOME is not set, so use --config FILE".to_owned(),
            };
            Failure::usage(format!("unknown server `@{name}`; {known}"))
        })
    }

    /// The names of all servers.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.servers.keys().map(String::as_str)
    }
}

/// `$XMLRPC_CONFIG`, `$XDG_CONFIG_HOME/xmlrpc/config.toml` or `~/.config/xmlrpc/config.toml`.
fn default_path() -> Option<PathBuf> {
    let variable = |name| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    if let Some(path) = variable("XMLRPC_CONFIG") {
        return Some(path);
    }
    let folder = variable("XDG_CONFIG_HOME")
        .filter(|path| path.is_absolute())
        .or_else(|| env::home_dir().map(|home| home.join(".config")))?;
    Some(folder.join("xmlrpc/config.toml"))
}

fn is_missing(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{NotADirectory, NotFound};

    matches!(error.kind(), NotFound | NotADirectory)
}

/// The path, with the home folder instead of `~/`.
pub(crate) fn expanded(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), env::home_dir()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

/// Refuses a file that somebody else can change or replace: it names commands that run. Each folder up to the root
/// counts, also those of the links on the way.
#[cfg(unix)]
fn check_owner(path: &Path) -> Result<(), Failure> {
    use std::path::Component;

    let failed = |path: &Path, error: std::io::Error| Failure::file("read", path, &error);
    let absolute = std::path::absolute(path).map_err(|error| failed(path, error))?;
    let parts = |path: &Path| -> Vec<PathBuf> {
        let parts = path.components().rev();
        parts.map(|part| PathBuf::from(part.as_os_str())).collect()
    };
    let mut rest = parts(&absolute);
    let mut real = PathBuf::new();
    let mut links = 0;
    while let Some(part) = rest.pop() {
        if part.components().next() == Some(Component::ParentDir) {
            real.pop();
            continue;
        }
        // The root replaces what is there.
        let next = real.join(part);
        let metadata = fs::symlink_metadata(&next).map_err(|error| failed(&next, error))?;
        check_entry(&next, &metadata)?;
        if metadata.is_symlink() {
            links += 1;
            if links > MAX_LINKS {
                let shown = path.display();
                return Err(Failure::usage(format!(
                    "the configuration is refused: {shown} has too many symbolic links; name the file itself with --config"
                )));
            }
            let target = fs::read_link(&next).map_err(|error| failed(&next, error))?;
            rest.extend(parts(&target));
        } else {
            real = next;
        }
    }
    Ok(())
}

/// Refuses a file, a folder or a link that others can change. In a folder with the sticky bit, such as `/tmp`, they
/// cannot replace what belongs to the user.
#[cfg(unix)]
fn check_entry(path: &Path, metadata: &fs::Metadata) -> Result<(), Failure> {
    use std::os::unix::fs::MetadataExt;

    let user = rustix::process::geteuid().as_raw();
    let shown = path.display();
    if metadata.uid() != user && metadata.uid() != 0 {
        return Err(Failure::usage(format!(
            "the configuration is refused: {shown} belongs to another user, who could change it; \
             copy the file into a folder of yours"
        )));
    }
    let is_sticky = metadata.is_dir() && metadata.mode() & 0o1000 != 0;
    if metadata.mode() & 0o022 != 0 && !is_sticky && !metadata.is_symlink() {
        return Err(Failure::usage(format!(
            "the configuration is refused: other users can write to {shown}; run `chmod go-w {shown}`"
        )));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_owner(_: &Path) -> Result<(), Failure> {
    Ok(())
}
