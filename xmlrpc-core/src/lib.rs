//! XML-RPC for Rust: a [serde](https://serde.rs) codec, servers made from annotated traits, and typed clients.
//!
//! * [`xmlrpc_service`] turns a trait into a typed server and a typed client. Start there.
//! * [`Dispatcher`] receives a call and runs its method: a method of a service, or a
//!   [function](Dispatcher::method). [Layers](service#layers) wrap methods.
//! * [`Client`] sends calls over any [`Transport`].
//! * [`to_string`], [`from_str`] and the functions beside them write and read a single value. The
//!   module [`message`] writes and reads whole documents. See [the codec](#the-codec).
//!
//! This crate does no networking. `xmlrpc_axum` serves a dispatcher over HTTP, and `xmlrpc_client`
//! is a client over HTTP and SCGI.
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
//! // A dispatcher is also a transport, so you can test a service without a socket.
//! let greeter = GreeterClient::new(Client::new(dispatcher));
//! assert_eq!(greeter.greet("Ada").await?, "Hello, Ada");
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! The codec, [`message`] and [`schema`] are always available. These features are on by default:
//!
//! | feature | enables |
//! |---|---|
//! | `server` | [`Dispatcher`], [`Context`] and the module [`service`] |
//! | `client` | [`Client`], [`Call`], [`Transport`] and the module [`client`] |
//! | `macros` | [`xmlrpc_service`] and the derive macro for [`TypedFault`] |
//!
//! With `server` or `client`, the module [`observe`] describes the spans, events and metrics of calls.
//!
//! These features are off by default:
//!
//! | feature | enables |
//! |---|---|
//! | `serde_json` | converts a [`Value`] from and to a `serde_json::Value` |
//! | `chrono` | `with::chrono`, for dates of the crate `chrono` |
//! | `time` | `with::time`, for dates of the crate `time` |
//!
//! # The codec
//!
#![doc = include_str!("codec.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
// Without some of the features, the documentation names items that do not exist then.
#![cfg_attr(
    not(all(feature = "server", feature = "client", feature = "macros")),
    allow(rustdoc::broken_intra_doc_links)
)]

mod base64;
mod box_error;
mod datetime;
mod de;
mod dialect;
pub mod error;
mod fault;
mod limits;
pub mod message;
#[cfg(any(feature = "server", feature = "client"))]
#[cfg_attr(docsrs, doc(cfg(any(feature = "server", feature = "client"))))]
pub mod observe;
#[cfg(feature = "macros")]
mod private;
mod reserved_names;
pub mod schema;
mod ser;
mod typed_fault;
mod value;
pub mod with;
mod xml;

/// What macros and `xmlrpc-client` name. Not part of the stable API.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "macros")]
    pub use crate::private::*;
    #[cfg(feature = "client")]
    pub use crate::{
        client::{
            error_note::{AttemptsFailed, ErrorNote, excerpt},
            retry::retry_after,
        },
        response::is_method_response,
    };
    // For `value!`, which needs no feature.
    pub use std::vec;
}
#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub mod client;
#[cfg(any(feature = "server", feature = "client"))]
mod read_options;
#[cfg(any(feature = "server", feature = "client"))]
mod request;
#[cfg(any(feature = "server", feature = "client"))]
mod response;
#[cfg(feature = "server")]
mod response_budget;
#[cfg(feature = "server")]
#[cfg_attr(docsrs, doc(cfg(feature = "server")))]
pub mod service;

pub use base64::Base64;
#[cfg(feature = "client")]
#[cfg_attr(docsrs, doc(cfg(feature = "client")))]
pub use client::{BoxTransport, Call, Client, ClientError, Envelope, Transport};
pub use datetime::DateTime;
pub use de::{
    from_reader, from_reader_with, from_slice, from_slice_with, from_str, from_str_with, from_value,
};
pub use dialect::Dialect;
pub use error::{Category, Error};
pub use fault::Fault;
pub use limits::Limits;
pub use ser::{
    to_string, to_string_with, to_value, to_vec, to_vec_with, to_writer, to_writer_with,
};
pub use typed_fault::TypedFault;
pub use value::{Array, Struct, Value, ValueIndex, structure};
#[cfg(any(feature = "server", feature = "client"))]
#[cfg_attr(docsrs, doc(cfg(any(feature = "server", feature = "client"))))]
pub use {request::Request, response::Response};
#[cfg(feature = "server")]
#[cfg_attr(docsrs, doc(cfg(feature = "server")))]
pub use {
    response_budget::{ResponseBudget, ResponseCharge},
    service::{Context, Dispatcher},
};

#[cfg(feature = "macros")]
#[cfg_attr(docsrs, doc(cfg(feature = "macros")))]
#[doc = include_str!("xmlrpc_service.md")]
pub use xmlrpc_derive::xmlrpc_service;

#[cfg(feature = "macros")]
#[cfg_attr(docsrs, doc(cfg(feature = "macros")))]
#[doc = include_str!("typed_fault.md")]
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
/// The crate `tracing`: the hooks in [`observe`] take its spans, and
/// [`TraceLayer`](service::TraceLayer) one of its levels.
#[cfg(any(feature = "server", feature = "client"))]
#[cfg_attr(docsrs, doc(cfg(any(feature = "server", feature = "client"))))]
#[doc(no_inline)]
pub use tracing;
