//! The names of the methods of each server, kept for completion.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::PathBuf,
    time::{Duration, SystemTime},
};

/// A list that is older is asked for again.
const FRESH: Duration = Duration::from_secs(600);
/// More names are not kept.
const MAX_NAMES: usize = 5_000;
/// A longer name is not kept.
const MAX_NAME: usize = 128;
/// A larger file is not read.
const MAX_BYTES: u64 = 1 << 20;

/// Names that may be on a command line as they are. Others would need quotes, or could run a command.
pub(crate) fn is_plain(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:+=@%,".contains(&byte);
    !name.is_empty()
        && name.len() <= MAX_NAME
        && !name.starts_with('-')
        && name.bytes().all(is_plain)
}

/// Keeps the names of a server's methods. Nothing happens if that fails.
pub(crate) fn store(server: &str, names: &[String]) {
    let Some(path) = path(server) else { return };
    let names = names
        .iter()
        .map(String::as_str)
        .filter(|name| is_plain(name));
    let mut text: String = names.take(MAX_NAMES).collect::<Vec<_>>().join("\n");
    text.push('\n');
    let Some(folder) = path.parent() else { return };
    if create(folder).is_err() {
        return;
    }
    // Other shells read the old list or the new one, never a part.
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    if fs::write(&temporary, text).is_err() || fs::rename(&temporary, &path).is_err() {
        let _ = fs::remove_file(&temporary);
    }
}

/// The names that were kept, and whether they are recent.
pub(crate) fn load(server: &str) -> Option<(Vec<String>, bool)> {
    let path = path(server)?;
    let metadata = fs::metadata(&path).ok()?;
    if metadata.len() > MAX_BYTES {
        return None;
    }
    let age = SystemTime::now().duration_since(metadata.modified().ok()?);
    let is_fresh = age.is_ok_and(|age| age < FRESH);
    let text = fs::read_to_string(path).ok()?;
    let names = text
        .lines()
        .filter(|name| is_plain(name))
        .map(str::to_owned);
    Some((names.collect(), is_fresh))
}

fn create(folder: &std::path::Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// The file of a server. Its name is a hash, because the URL may contain a password.
fn path(server: &str) -> Option<PathBuf> {
    let variable = |name| {
        env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let folder = variable("XDG_CACHE_HOME").or_else(|| Some(env::home_dir()?.join(".cache")))?;
    let mut hasher = DefaultHasher::new();
    server.hash(&mut hasher);
    Some(folder.join(format!("xmlrpc/methods/{:016x}", hasher.finish())))
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn only_plain_names_are_completed() {
        for name in [
            "pow",
            "system.listMethods",
            "d.multicall2",
            "a/b:c",
            &"x".repeat(128),
        ] {
            assert!(is_plain(name), "{name}");
        }
        for name in [
            "",
            "-x",
            "$(touch x)",
            "a b",
            "a;b",
            "a\nb",
            "é",
            "'",
            &"x".repeat(129),
        ] {
            assert!(!is_plain(name), "{name}");
        }
    }
}
