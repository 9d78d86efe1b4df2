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

#![cfg_attr(docsrs, feature(doc_cfg))]

mod base64;
mod datetime;
mod de;
mod dialect;
pub mod error;
mod fault;
mod limits;
pub mod message;
pub mod schema;
mod ser;
mod typed_fault;
mod value;
mod xml;

#[cfg(feature = "macros")]
#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub mod client;
#[cfg(any(feature = "server", feature = "client"))]
mod exchange;
#[cfg(feature = "server")]
#[cfg_attr(docsrs, doc(cfg(feature = "server")))]
pub mod service;

pub use base64::Base64;
#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub use client::{BoxTransport, Call, Client, ClientError, Transport};
pub use datetime::DateTime;
pub use de::{from_slice, from_slice_with, from_str};
pub use dialect::Dialect;
pub use error::{Category, Error};
#[cfg(any(feature = "server", feature = "client"))]
#[cfg_attr(docsrs, doc(cfg(any(feature = "server", feature = "client"))))]
pub use exchange::{Request, Response};
pub use fault::Fault;
pub use limits::Limits;
pub use ser::{to_string, to_vec, to_vec_with};
#[cfg(feature = "server")]
#[cfg_attr(docsrs, doc(cfg(feature = "server")))]
pub use service::{Context, Dispatcher};
pub use typed_fault::TypedFault;
pub use value::{Struct, Value, ValueIndex, from_value, to_value};

#[cfg(feature = "macros")]
#[cfg_attr(docsrs, doc(cfg(feature = "macros")))]
#[doc = include_str!("xmlrpc_service.md")]
pub use xmlrpc_derive::xmlrpc_service;

#[cfg(feature = "macros")]
#[cfg_attr(docsrs, doc(cfg(feature = "macros")))]
#[doc = include_str!("fault_derive.md")]
pub use xmlrpc_derive::TypedFault;

/// The crate `bytes`: documents are its `Bytes`.
#[doc(no_inline)]
pub use bytes;
/// The crate `http`: headers, statuses and extensions are its types.
#[cfg(any(feature = "server", feature = "client"))]
#[cfg_attr(docsrs, doc(cfg(any(feature = "server", feature = "client"))))]
#[doc(no_inline)]
pub use http;
/// The crate `jiff`: [`DateTime`] converts from and to its `civil::DateTime`.
#[doc(no_inline)]
pub use jiff;
