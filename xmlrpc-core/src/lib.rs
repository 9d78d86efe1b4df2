//! XML-RPC for Rust: a [`serde`] codec, services of annotated traits, and typed clients of them.
//!
//! * [`xmlrpc_service`] makes a typed server and a typed client of a trait: begin there.
//! * [`Dispatcher`] answers the documents that call its services; [`Client`] calls over any
//!   [`Transport`]. This crate moves bytes: `xmlrpc_axum` and `xmlrpc_client` bring HTTP.
//! * The codec alone is [`to_string`], [`from_str`] and their kin for a `<value>`, and the module
//!   [`message`] for whole documents.
//!
//! ```
//! use xmlrpc_core::{xmlrpc_service, Client, Dispatcher};
//!
//! #[xmlrpc_service]
//! trait Greeter {
//!     async fn greet(&self, name: &str) -> String;
//! }
//!
//! struct Polite;
//!
//! impl Greeter for Polite {
//!     async fn greet(&self, name: &str) -> String {
//!         format!("Hello, {name}")
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), xmlrpc_core::ClientError> {
//! let dispatcher = Dispatcher::new().service(GreeterServer::new(Polite));
//!
//! // A dispatcher is a transport too: services are tested without a socket.
//! let greeter = GreeterClient::new(Client::new(dispatcher));
//! assert_eq!(greeter.greet("Ada").await?, "Hello, Ada");
//! # Ok(())
//! # }
//! ```
//!
//! # Types
//!
//! Whatever implements serde's traits can be sent.
//!
//! | Rust | XML-RPC |
//! |---|---|
//! | `i8` to `i128`, `u8` to `u128` | `<int>`; `<i8>` beyond 32 bits; an error beyond 64 |
//! | `f32`, `f64` | `<double>` |
//! | `bool` | `<boolean>` |
//! | `String`, `&str`, `char`, unit variants | `<string>` |
//! | [`DateTime`] | `<dateTime.iso8601>` |
//! | [`Base64`], `bytes::Bytes`, types of `serde_bytes` | `<base64>` |
//! | structs, maps | `<struct>` |
//! | variants with data | a `<struct>` with one member, named for the variant |
//! | dates of other crates | what their serde form is, mostly a `<string>` |
//! | `Vec`, arrays, tuples | `<array>` |
//! | `Option` | what is in it; a `None` member is left out, any other is a `<nil/>` |
//! | `()` | `<nil/>`, and the boolean 1 in [`Dialect::STANDARD`]; reads from anything |
//! | [`Value`] | any of them |
//!
//! # Bounds
//!
//! What a peer sends is bounded by [`Limits`], on both sides. What the library writes is bounded
//! by [`Dialect`] to what the peer is known to read.

mod base64;
mod datetime;
mod de;
mod dialect;
pub mod error;
mod fault;
mod limits;
pub mod message;
mod ser;
mod value;
mod xml;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
pub mod client;
mod exchange;
pub mod service;

pub use base64::Base64;
pub use client::{BoxTransport, Call, Client, ClientError, Transport};
pub use datetime::DateTime;
pub use de::{from_slice, from_slice_with, from_str};
pub use dialect::Dialect;
pub use error::{Category, Error};
pub use exchange::{Request, Response};
pub use fault::Fault;
pub use limits::Limits;
pub use ser::{to_string, to_vec, to_vec_with};
pub use service::{Context, Dispatcher};
pub use value::{Struct, Value, from_value, to_value};

#[doc = include_str!("xmlrpc_service.md")]
pub use xmlrpc_derive::xmlrpc_service;
