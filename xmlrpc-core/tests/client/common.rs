//! The modules that several of these tests share.

#[path = "../common/calc.rs"]
pub(crate) mod calc;

#[allow(dead_code)] // shared with other executables
#[path = "../common/log.rs"]
pub(crate) mod log;

#[allow(dead_code)] // shared with other executables
#[path = "../common/readers.rs"]
pub(crate) mod readers;
