//! Candidates for completion: the servers of the configuration, and the methods of a server.

use std::{
    env,
    ffi::OsStr,
    path::PathBuf,
    time::{Duration, Instant},
};

use clap_complete::CompletionCandidate;
use xmlrpc_core::Value;

use crate::{cache, config::Config, connection::Connection, server::listed};

/// The shell waits at most so long for names that are not kept.
const LIMIT: Duration = Duration::from_millis(300);

/// The servers of the configuration.
pub(crate) fn servers(current: &OsStr) -> Vec<CompletionCandidate> {
    let current = current.to_string_lossy();
    let Ok(config) = Config::read(config_path(&words()).as_deref()) else {
        return Vec::new();
    };
    let names = config.names().map(|name| format!("@{name}"));
    let names = names.filter(|name| cache::is_plain(name) && name.starts_with(&*current));
    names.map(CompletionCandidate::new).collect()
}

/// The methods of the server that is already on the command line.
pub(crate) fn methods(current: &OsStr) -> Vec<CompletionCandidate> {
    let words = words();
    let Some(server) = server(&words) else {
        return Vec::new();
    };
    let names = match cache::load(&server) {
        Some((names, true)) => names,
        // An old list is better than none.
        kept => ask(&server, config_path(&words))
            .or(kept.map(|(names, _)| names))
            .unwrap_or_default(),
    };
    let current = current.to_string_lossy();
    let names = names.into_iter().filter(|name| name.starts_with(&*current));
    names.map(CompletionCandidate::new).collect()
}

/// The words of the command line that is completed.
fn words() -> Vec<String> {
    let mut words = env::args_os().map(|word| word.to_string_lossy().into_owned());
    // The shell calls `xmlrpc -- xmlrpc call …`.
    words.by_ref().find(|word| word == "--");
    words.skip(1).collect()
}

/// The first word that is a server. The values of some options are skipped: that of `--proxy` is a URL as well.
fn server(words: &[String]) -> Option<String> {
    let mut after_proxy = false;
    for word in words {
        let is_value = std::mem::replace(
            &mut after_proxy,
            matches!(
                word.as_str(),
                "--proxy" | "-H" | "--header" | "--password-file" | "--params"
            ),
        );
        if !is_value && !word.starts_with('-') && (word.starts_with('@') || word.contains("://")) {
            return Some(word.trim_matches(['\'', '"']).to_owned());
        }
    }
    None
}

/// The value of `--config`.
fn config_path(words: &[String]) -> Option<PathBuf> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word == "--config" {
            return words.next().map(PathBuf::from);
        }
        if let Some(path) = word.strip_prefix("--config=") {
            return Some(PathBuf::from(path));
        }
    }
    None
}

/// Asks the server, if it needs no secret. It never asks the user for anything and never runs a command.
fn ask(server: &str, config: Option<PathBuf>) -> Option<Vec<String>> {
    let started = Instant::now();
    let connection = Connection::for_completion(config, LIMIT);
    let connected = connection.connect_anonymously(server).ok()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .ok()?;
    let left = LIMIT.saturating_sub(started.elapsed());
    let names = runtime.block_on(async {
        let call = connected
            .client
            .call::<Vec<Value>>("system.listMethods", ());
        tokio::time::timeout(left, call.into_future()).await
    });
    // Without waiting for a name that is still being looked up.
    runtime.shutdown_background();
    let (names, _) = listed(names.ok()?.ok()?);
    cache::store(server, &names);
    cache::load(server).map(|(names, _)| names)
}

#[cfg(test)]
mod tests {
    use super::{config_path, server};

    #[test]
    fn the_server_of_a_command_line() {
        let cases = [
            ("call http://x:1 po", Some("http://x:1")),
            ("call --proxy http://p @a po", Some("@a")),
            ("call --timeout 5 @a", Some("@a")),
            ("call", None),
        ];
        for (line, expected) in cases {
            let words: Vec<_> = line.split(' ').map(str::to_owned).collect();
            assert_eq!(server(&words).as_deref(), expected, "{line}");
        }
        let words: Vec<_> = ["call", "--config", "/x"].map(str::to_owned).into();
        assert_eq!(config_path(&words), Some("/x".into()));
    }
}
