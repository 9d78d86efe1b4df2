//! The modules that several of these tests share.

#[path = "../common/calc.rs"]
pub(crate) mod calc;
