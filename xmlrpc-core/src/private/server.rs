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

/// Encodes the result of a method that does not return a `Result`.
pub fn encode<T: Serialize>(
    encoder: &ResponseEncoder,
    value: &T,
) -> Result<EncodedResponse, Fault> {
    encoder.value(value)
}

/// Encodes the result of a method that returns a `Result`.
pub fn encode_result<T: Serialize, E: Into<Fault>>(
    encoder: &ResponseEncoder,
    result: Result<T, E>,
) -> Result<EncodedResponse, Fault> {
    encoder.result(result)
}
