//! Unix sockets in URLs, and whether a path can be one's.

use std::path::PathBuf;

use percent_encoding::percent_decode_str;

use crate::BuildError;

/// A URL that names a socket as one that names none, with the socket beside it; nothing for any
/// other URL.
///
/// The socket is the path, as in `unix:///run/x.sock`. Or it stands in the place of the host, its
/// slashes encoded, as in `http+unix://%2Frun%2Fx.sock/RPC2`; then the path is the request's.
pub(crate) fn split(text: &str) -> Result<Option<(String, PathBuf)>, BuildError> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Ok(None);
    };
    let protocol = match scheme.to_ascii_lowercase().as_str() {
        "unix" | "http+unix" => "http",
        "scgi+unix" => "scgi",
        // As tools for rTorrent write it.
        "scgi" if rest.starts_with('/') => "scgi",
        _ => return Ok(None),
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let (user, host) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
    let (socket, path) = match host {
        "" => (tail, ""),
        _ => (host, tail),
    };
    if socket.contains(['?', '#']) {
        return Err(BuildError::new(
            "a `?` or `#` in the path of a unix socket has to be written `%3F` or `%23`",
        ));
    }
    let bytes: Vec<u8> = percent_decode_str(socket).collect();
    if !bytes.starts_with(b"/") {
        return Err(BuildError::new(format!(
            "the path of a unix socket begins with a third slash, as in `{protocol}+unix:///run/x.sock`"
        )));
    }
    Ok(Some((
        format!("{protocol}://{user}localhost{path}"),
        path_of(bytes),
    )))
}

#[cfg(unix)]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    use std::{ffi::OsString, os::unix::ffi::OsStringExt};

    OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// The path, if it can be that of a socket: it is no longer than the system allows, which is about
/// 100 bytes.
#[cfg(unix)]
pub(crate) fn checked(path: PathBuf) -> Result<PathBuf, BuildError> {
    match std::os::unix::net::SocketAddr::from_pathname(&path) {
        Ok(_) => Ok(path),
        Err(error) => Err(BuildError::new(format!(
            "`{}` cannot be the path of a unix socket: {error}",
            path.to_string_lossy().escape_debug()
        ))),
    }
}

#[cfg(not(unix))]
pub(crate) fn checked(_: PathBuf) -> Result<PathBuf, BuildError> {
    Err(BuildError::new("this platform has no unix sockets"))
}
