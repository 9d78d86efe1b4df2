//! Unix sockets in URLs.

use std::path::PathBuf;

use percent_encoding::percent_decode_str;

use crate::BuildError;

/// Splits a URL with a unix socket into a URL without one and the socket. Returns `None` for any
/// other URL.
///
/// The socket is the path, as in `unix:///run/x.sock`. Or it replaces the host, with its slashes
/// encoded, as in `http+unix://%2Frun%2Fx.sock/RPC2`. Then the path of the URL is the path of the
/// request.
pub(crate) fn split(text: &str) -> Result<Option<(String, PathBuf)>, BuildError> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Ok(None);
    };
    let protocol = match scheme.to_ascii_lowercase().as_str() {
        "unix" | "http+unix" => "http",
        "scgi+unix" => "scgi",
        // Tools for rTorrent write it this way.
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
            "in the path of a unix socket, write `%3F` for `?` and `%23` for `#`",
        ));
    }
    let bytes: Vec<u8> = percent_decode_str(socket).collect();
    if !bytes.starts_with(b"/") {
        return Err(BuildError::new(format!(
            "the path of a unix socket must start with a third slash, as in `{protocol}+unix:///run/x.sock`"
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

/// Checks that a path can belong to a unix socket. Systems limit its length to about 100 bytes.
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
    Err(BuildError::new(
        "this platform does not support unix sockets",
    ))
}
