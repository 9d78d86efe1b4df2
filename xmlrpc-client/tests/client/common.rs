//! The modules that several of these tests share.

#[path = "../../../tests/common/http_peer.rs"]
pub(crate) mod http_peer;

#[allow(dead_code)] // shared with other executables
#[path = "../../../tests/common/http_server.rs"]
pub(crate) mod http_server;

#[allow(dead_code)] // shared with other executables
#[path = "../../../xmlrpc-core/tests/common/readers.rs"]
pub(crate) mod readers;

#[path = "../common/tls.rs"]
pub(crate) mod tls;

#[path = "../common/scgi_peer.rs"]
pub(crate) mod scgi_peer;

#[cfg(unix)]
#[path = "../common/unix.rs"]
pub(crate) mod unix;
