//! Generates Rust code from a description of methods.
