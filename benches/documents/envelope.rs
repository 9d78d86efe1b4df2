//! Reads and writes whole documents with the codec under test.

use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};
use xmlrpc_core::{
    Dialect, Error, Fault, Limits,
    message::{CallWriter, EncodedResponse, IncomingCall},
};

/// Limits that allow the largest document.
pub(crate) fn limits() -> Limits {
    Limits::default().bytes(64 << 20)
}

pub(crate) fn read_response<T: DeserializeOwned>(body: Bytes) -> Result<T, String> {
    let response = xmlrpc_core::message::read_response(body, None, &limits());
    response
        .map_err(text)?
        .map_err(|fault: Fault| fault.to_string())
}

pub(crate) fn read_call<T: DeserializeOwned>(body: Bytes) -> Result<(Box<str>, T), String> {
    let call = IncomingCall::read(body, None, &limits()).map_err(text)?;
    let (method, params) = call.into_parts();
    let value = params.decode(|params| {
        let value = params.required("value")?;
        params.end()?;
        Ok(value)
    });
    Ok((method, value.map_err(text)?))
}

pub(crate) fn write_response<T: Serialize>(data: &T) -> Result<Vec<u8>, String> {
    let response = EncodedResponse::new(data, Dialect::EXTENDED).map_err(text)?;
    Ok(response.into_document())
}

pub(crate) fn write_call<T: Serialize>(method: &str, data: &T) -> Result<Vec<u8>, String> {
    let mut call = CallWriter::new(method, Dialect::EXTENDED);
    call.param(data);
    Ok(call.finish().map_err(text)?.into_document())
}

#[allow(clippy::needless_pass_by_value, reason = "`map_err` passes a value")]
fn text(error: Error) -> String {
    error.to_string()
}
