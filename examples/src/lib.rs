//! The parts that the examples share: traits that servers implement and clients call, logging, and the allocator.
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

/// Large documents are large blocks of memory. This allocator returns them to the system when they are freed; glibc's keeps
/// much of them. See "The allocator" in `docs/production.md`.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
