//! XML-RPC for Rust: a [`serde`] codec, services of annotated traits, and typed clients of them.
//!
//! * [`xmlrpc_service`] makes a typed server and a typed client of a trait: begin there.
//! * [`Dispatcher`] answers the documents that call its services, and functions that are
//!   [methods](Dispatcher::method) by themselves, with [layers](service::layers) around them; [`Client`] calls over any
//!   [`Transport`]. This crate moves bytes: `xmlrpc_axum` and `xmlrpc_client` bring HTTP.
//! * The codec alone is [`to_string`], [`from_str`] and their kin for a `<value>`, and the module
//!   [`message`] for whole documents; [`codec`] is their page.
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
//! Whatever implements serde's traits can be sent: [a table](codec#types) says what it is written as,
//! and what it is read from. [`DateTime`] and [`Base64`] stand for the two types that serde has no word
//! for, [`Value`] for any, which [`value!`] writes down.
//!
//! # Bounds
//!
//! What a peer sends is bounded by [`Limits`], on both sides. What the library writes is bounded
//! by [`Dialect`] to what the peer is known to read.

mod base64;
#[doc = include_str!("codec.md")]
pub mod codec {}
mod datetime;
mod de;
mod dialect;
pub mod error;
mod extension;
mod fault;
mod limits;
pub mod message;
pub mod schema;
mod ser;
mod typed_fault;
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
pub use de::{from_reader, from_reader_with, from_slice, from_slice_with, from_str, from_value};
pub use dialect::Dialect;
pub use error::{Category, Error};
pub use exchange::{Request, Response};
pub use fault::Fault;
pub use limits::Limits;
pub use ser::{to_string, to_value, to_vec, to_vec_with, to_writer, to_writer_with};
pub use service::{Context, Dispatcher};
pub use typed_fault::TypedFault;
pub use value::{Struct, Value, ValueIndex};

#[doc = include_str!("xmlrpc_service.md")]
pub use xmlrpc_derive::xmlrpc_service;

#[doc = include_str!("fault_derive.md")]
pub use xmlrpc_derive::Fault;
