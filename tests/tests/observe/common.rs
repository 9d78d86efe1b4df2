//! The modules that several of these tests share.

#[allow(dead_code)] // shared with other executables
#[path = "../../common/http_peer.rs"]
pub(crate) mod http_peer;

#[allow(dead_code)] // shared with other executables
#[path = "../../common/http_server.rs"]
pub(crate) mod http_server;
