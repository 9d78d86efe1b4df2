//! The modules that several of these tests share.

#[allow(dead_code)] // shared with other executables
#[path = "../../common/http_peer.rs"]
pub(crate) mod http_peer;

#[path = "../../common/http_server.rs"]
pub(crate) mod http_server;

#[allow(dead_code)] // shared with other executables
#[path = "../../common/process.rs"]
pub(crate) mod process;
