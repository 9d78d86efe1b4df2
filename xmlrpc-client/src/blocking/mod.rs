//! Calls that are waited for, for scripts, command-line tools and other programs that are not
//! `async`.
//!
//! Stubs, calls and multicalls are the same as those over [`crate::Http`]. Where these are awaited,
//! those over [`Http`] have `wait`:
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
//! There, `wait` is an error: it would keep a thread from the tasks that it is there for, the one
//! that answers the call perhaps among them. Await the calls of [`crate::Client`] instead. Tokio counts what
//! `spawn_blocking` runs as inside as well; `Handle::current().block_on(call.into_future())` waits
//! there, for a call of either client.

mod client;
mod transport;

pub use self::{client::Client, transport::Http};
