//! The modules that several of these tests share.

#[path = "../common/files.rs"]
pub(crate) mod files;

#[path = "../../../tests/common/gate.rs"]
pub(crate) mod gate;

#[path = "../common/generate.rs"]
pub(crate) mod generate;

#[path = "../common/log.rs"]
pub(crate) mod log;

#[path = "../common/work.rs"]
pub(crate) mod work;
