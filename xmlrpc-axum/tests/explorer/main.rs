//! Tests of the explorer: the page, its files, who may have them, and texts that try to be markup.

// The lints of the workspace, less those for what a library shows to its users.
#![allow(unreachable_pub, clippy::pedantic)]

mod common;
mod documents;
mod hostile;
mod hosts;
mod page;
mod sizes;
mod transport;
