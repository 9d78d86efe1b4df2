//! Generates Rust traits for XML-RPC servers, from a description of their methods.
//!
//! This package also contains the command `xmlrpc`, with the feature `cli`, which is on by default.

pub mod codegen;
