//! The parts that the examples share: traits that servers implement and clients call, and logging.
//!
//! The examples themselves are beside this folder. Run one with `cargo run --example NAME`.

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
