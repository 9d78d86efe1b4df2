//! The modules that several of these tests share.

#[path = "../../../xmlrpc-core/tests/common/files.rs"]
pub(crate) mod files;

#[path = "../../common/http_server.rs"]
pub(crate) mod http_server;

#[path = "../../common/python.rs"]
pub(crate) mod python;
