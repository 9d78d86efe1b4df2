//! The sources, with the macros.

#[path = "../golden/client.rs"]
pub(crate) mod client;
#[path = "../golden/demo.rs"]
pub(crate) mod demo;
#[path = "../golden/fault.rs"]
pub(crate) mod fault;
#[path = "../golden/generic.rs"]
pub(crate) mod generic;
#[path = "../golden/names.rs"]
pub(crate) mod names;
#[path = "../golden/others.rs"]
pub(crate) mod others;
#[path = "../golden/parameters.rs"]
pub(crate) mod parameters;
#[path = "../golden/server.rs"]
pub(crate) mod server;
