//! The modules that several of these tests share.

#[path = "../../../tests/common/process.rs"]
pub(crate) mod process;
