//! The calls of a generated client.

use std::marker::PhantomData;

use serde_core::de::DeserializeOwned;

use crate::client::decoder::Decoder;
pub use crate::client::{
    BoxTransport, Call, Client, Envelope, IntoClient, IntoMembers, IntoParams, Transport,
    named_params::member, params::ParamsWriter,
};

/// Starts a call. The generated method then writes its parameters.
pub fn begin<T>(client: &Client<T>, method: &str) -> ParamsWriter {
    client.begin(method)
}

/// Starts a call with `#[xmlrpc(no_leading)]`.
pub fn begin_without_leading<T>(client: &Client<T>, method: &str) -> ParamsWriter {
    client.begin_without_leading(method)
}

/// Starts a call with `#[xmlrpc(params = struct)]`.
pub fn begin_by_name<T>(client: &Client<T>, method: &str) -> ParamsWriter {
    client.begin_by_name(method)
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
    Call::new(client.clone(), method.into(), writer, Decoder::value())
}

/// Creates the call of a method whose result contains a type parameter of the method.
pub fn call_open<T: Transport, R: DeserializeOwned>(
    client: &Client<T>,
    method: &'static str,
    writer: ParamsWriter,
) -> Call<T, R> {
    call(client, method, writer)
}

/// Creates the call of a method with an envelope.
pub fn call_with_envelope<T: Transport, R, E: Envelope<Value = R> + DeserializeOwned>(
    client: &Client<T>,
    method: &'static str,
    writer: ParamsWriter,
) -> Call<T, R> {
    Call::new(
        client.clone(),
        method.into(),
        writer,
        Decoder::envelope::<E>(),
    )
}

/// A generated client of a trait that has methods with `params = struct`.
pub struct StubOf<T>(PhantomData<T>);

/// No stub with such methods implements it.
#[diagnostic::on_unimplemented(
    message = "this client cannot have leading parameters, because it has methods with `params = struct`",
    label = "the parameters of some methods are one struct, which has no place for leading parameters",
    note = "to add a token to each of these structs, use `with_leading_members`",
    note = "write `#[xmlrpc(params = struct, no_leading)]` on each method that is called without them, or move these methods to another trait"
)]
pub trait TakesLeadingParams {}
