//! Tests of the examples and of the services they are made of.

// The lints of the workspace, less those for what a library shows to its users.
#![allow(unreachable_pub, clippy::pedantic)]

mod captured;
#[cfg(target_os = "linux")]
mod closed_output;
mod common;
mod files;
mod gateway;
mod imitations;
#[cfg(target_os = "linux")]
mod production;
mod runs;
mod supervision;
#[cfg(unix)]
mod termination;
