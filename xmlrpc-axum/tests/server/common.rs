//! The modules that several of these tests share.

#[path = "../common/http_raw.rs"]
pub(crate) mod http_raw;

#[allow(dead_code)] // shared with other executables
#[path = "../../../tests/common/http_server.rs"]
pub(crate) mod http_server;
