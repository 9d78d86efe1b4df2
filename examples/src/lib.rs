//! The parts that the examples share: the interfaces of services and programs, logging, and the allocator.
//!
//! The examples themselves are beside this folder. Run one with `cargo run --example NAME`.

pub mod aria2;
pub mod bugzilla;
pub mod demo;
pub mod environment;
pub mod files;
pub mod interop;
pub mod logs;
pub mod odoo;
pub mod opennebula;
pub mod ros_master;
pub mod rtorrent;
pub mod serve;
pub mod supervision;
pub mod supervisor;
pub mod surface;
pub mod wordpress;
pub mod xenapi;

/// Large documents are large blocks of memory. This allocator returns them to the system when they are freed; glibc's keeps
/// much of them. See "The allocator" in `docs/production.md`.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;
