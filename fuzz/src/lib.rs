//! What the targets share: documents from a fuzzer's bytes, and what has to hold for them.
//!
//! Everything here is written against the public API of `xmlrpc-core`.

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
