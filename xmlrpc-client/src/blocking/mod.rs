//! A client that waits for its calls, for scripts, command-line tools and other programs without
//! `async`.
//!
//! Generated clients, calls and multicalls are the same as with the async client. Instead of
//! awaiting them, call `wait`:
//!
//! ```no_run
//! use xmlrpc_client::blocking::Client;
//! use xmlrpc_core::xmlrpc_service;
//!
//! #[xmlrpc_service(client)]
//! trait Calc {
//!     async fn add(&self, a: i64, b: i64) -> i64;
//! }
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let client = Client::new("http://localhost:8000/RPC2")?;
//!     let calc = CalcClient::new(&client);
//!     println!("{}", calc.add(1, 2).wait()?);
//!
//!     let (sum, other) = client.multicall((calc.add(1, 2), calc.add(3, 4))).wait()?;
//!     println!("{} {}", sum?, other?);
//!     Ok(())
//! }
//! ```
//!
//! # In an async runtime
//!
//! Inside an async runtime, `wait` returns an error: it would block a thread that other tasks need,
//! perhaps even the task of the server that is called. Await the calls of [`crate::Client`] instead.
//!
//! For tokio, a function in `spawn_blocking` also counts as inside the runtime. There, wait with
//! `Handle::current().block_on(call.into_future())`, for a call of either client.

mod client;
mod transport;

pub use self::{client::Client, transport::Http};
