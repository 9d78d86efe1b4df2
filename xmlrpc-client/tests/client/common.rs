//! The modules that several of these tests share.

#[path = "../../../tests/common/http_peer.rs"]
pub(crate) mod http_peer;

#[allow(dead_code)] // shared with other executables
#[path = "../../../tests/common/http_server.rs"]
pub(crate) mod http_server;

#[allow(dead_code)] // shared with other executables
#[path = "../../../xmlrpc-core/tests/common/readers.rs"]
pub(crate) mod readers;

#[allow(dead_code)] // shared with other executables
#[path = "../common/tls.rs"]
pub(crate) mod tls;

#[allow(dead_code)] // shared with other executables
#[path = "../common/scgi_peer.rs"]
pub(crate) mod scgi_peer;

#[cfg(unix)]
#[path = "../common/unix.rs"]
pub(crate) mod unix;

/// A client over the wire of this executable.
pub(crate) fn client(
    url: impl AsRef<str>,
) -> Result<xmlrpc_client::Client, xmlrpc_client::BuildError> {
    builder(url).build()
}

/// A builder with the wire of this executable.
pub(crate) fn builder(url: impl AsRef<str>) -> xmlrpc_client::ClientBuilder {
    xmlrpc_client::Client::builder(url).wire(crate::WIRE)
}
