//! The method table of a generated server: how methods run and how their results are encoded.

use std::future::ready;

use serde_core::Serialize;

pub use crate::service::{
    Context, Layered, MethodFuture, RpcCall, RpcLayer, Service,
    method::Method,
    service::Methods,
    spawn::{blocking, queue, run_to_completion},
};
use crate::{Fault, message::EncodedResponse, service::response_encoder::ResponseEncoder};

/// The future of a call whose parameters could not be decoded.
pub fn refuse(fault: Fault) -> MethodFuture {
    Box::pin(ready(Err(fault)))
}

/// A result that can be encoded.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a result: it, or a type inside it, does not implement `Serialize`",
    label = "the server cannot encode this type",
    note = "add `#[derive(serde::Serialize)]` to your type; a type of another crate may need its feature `serde`",
    note = "a program that only calls the service needs no server: write `#[xmlrpc_service(client)]`"
)]
pub trait ResultValue: Serialize {}

#[diagnostic::do_not_recommend]
impl<T: Serialize> ResultValue for T {}

/// An error that can be sent as a fault.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the error of a method: it does not convert into a `Fault`",
    label = "does not convert into a `Fault`",
    note = "return `Result<_, Fault>` and convert the error where it occurs: `.map_err(Fault::internal)?` logs it and hides it from the caller, `.map_err(Fault::disclose)?` sends its text",
    note = "for an error type of yours, add `#[derive(xmlrpc_core::TypedFault)]`, or implement `From<{Self}> for Fault`"
)]
pub trait IntoFault {
    /// Converts the error.
    fn into_fault(self) -> Fault;
}

#[diagnostic::do_not_recommend]
impl<E: Into<Fault>> IntoFault for E {
    fn into_fault(self) -> Fault {
        self.into()
    }
}

/// Encodes the result of a method that does not return a `Result`.
pub fn encode<T: ResultValue>(
    encoder: &ResponseEncoder,
    value: &T,
) -> Result<EncodedResponse, Fault> {
    encoder.value(value)
}

/// Encodes the result of a method that returns a `Result`.
pub fn encode_result<T: ResultValue, E: IntoFault>(
    encoder: &ResponseEncoder,
    result: Result<T, E>,
) -> Result<EncodedResponse, Fault> {
    encoder.result(result.map_err(IntoFault::into_fault))
}
