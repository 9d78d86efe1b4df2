//! How to test code that uses a generated client. `docs/testing.md` quotes these files, and `page.rs` compares them.

// The lints of the workspace, less those for what a library shows to its users.
#![allow(unreachable_pub, clippy::pedantic)]

mod closures;
mod failures;
mod foreign;
mod mocks;
mod page;
mod shop;
