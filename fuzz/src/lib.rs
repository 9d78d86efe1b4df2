//! The parts that the targets share: documents made from a fuzzer's bytes, and checks.
//!
//! Everything here uses only the public API of `xmlrpc-core`.

pub mod choices;
pub mod document;
pub mod input;
pub mod pieces;
pub mod readers;
pub mod record;
pub mod reference;
pub mod scalars;
pub mod service;
pub mod types;
pub mod values;
pub mod xml;
