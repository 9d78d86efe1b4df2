//! Generates Rust traits from descriptions of servers, and compares the two.
//!
//! This is what `xmlrpc gen` does, for programs and for `build.rs`. It needs no network: the description is a
//! file in your repository, which `xmlrpc gen json URL` writes. A `build.rs` with the package as a
//! build-dependency without its default features:
//!
//! ```no_run
//! use std::{env, error::Error, fs, path::Path};
//! use xmlrpc_cli::codegen::{Description, Generator};
//!
//! fn main() -> Result<(), Box<dyn Error>> {
//!     println!("cargo::rerun-if-changed=server.json");
//!     let server = Description::from_file("server.json")?;
//!     let generated = Generator::new(&server).generate();
//!     let file = Path::new(&env::var("OUT_DIR")?).join("server.rs");
//!     fs::write(file, generated.code)?;
//!     Ok(())
//! }
//! ```
//!
//! In the program, `mod server { include!(concat!(env!("OUT_DIR"), "/server.rs")); }` contains the traits and
//! their clients.
//!
//! * [`Description`] is the input: the methods of a server.
//! * [`Generator`] writes the code. [`Samples`] adds types that the server does not describe.
//! * [`check`] compares a server with a file of traits, also with traits that you wrote yourself.
//! * [`diff`] compares two descriptions, and tells which differences break callers.

mod case;
mod check;
mod compare;
mod description;
mod diff;
mod docs;
mod faults;
mod help_names;
mod methods;
mod modules;
mod names;
mod namespaces;
mod normal;
mod plan;
mod report;
mod rust;
mod samples;
mod shape;
mod source;
mod source_types;
mod structs;
mod types;

pub use check::{CheckError, check};
pub use description::{Description, DescriptionError};
pub use diff::diff;
pub use report::{Difference, Report};
pub use rust::{Generated, Generator};
pub use samples::Samples;
