//! What the examples share: the traits that a server implements and a client calls, and logging.
//!
//! The examples themselves lie beside this folder; run one with `cargo run --example NAME`.

pub mod aria2;
pub mod demo;
pub mod files;
pub mod interop;
pub mod logs;
pub mod rtorrent;
pub mod serve;
pub mod supervision;
pub mod supervisor;
pub mod surface;
