//! The calls of a generated client.

use serde_core::de::DeserializeOwned;

pub use crate::client::{
    BoxTransport, Call, Client, IntoClient, Transport, named_params::member, params::ParamsWriter,
};

/// Starts a call. The generated method then writes its parameters.
pub fn begin<T>(client: &Client<T>, method: &str) -> ParamsWriter {
    client.begin(method)
}

/// A result that can be decoded.
#[diagnostic::on_unimplemented(
    message = "the generated client cannot decode `{Self}`: it, or a type inside it, does not implement `Deserialize`",
    label = "the client cannot decode this type",
    note = "add `#[derive(serde::Deserialize)]` to your type; a type of another crate may need its feature `serde`",
    note = "a program that only serves needs no client: write `#[xmlrpc_service(server)]`"
)]
pub trait CallResult: DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<R: DeserializeOwned> CallResult for R {}

/// Creates the call from the written parameters.
pub fn call<T: Transport, R: CallResult>(
    client: &Client<T>,
    method: &'static str,
    writer: ParamsWriter,
) -> Call<T, R> {
    Call::new(client.clone(), method.into(), writer)
}
