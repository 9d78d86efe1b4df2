//! The calls of a generated client.

use serde_core::de::DeserializeOwned;

use crate::client::decoder::Decoder;
pub use crate::client::{
    BoxTransport, Call, Client, IntoClient, Transport, named_params::member, params::ParamsWriter,
};

/// Starts a call. The generated method then writes its parameters.
pub fn begin<T>(client: &Client<T>, method: &str) -> ParamsWriter {
    client.begin(method)
}

/// Creates the call from the written parameters.
pub fn call<T: Transport, R: DeserializeOwned>(
    client: &Client<T>,
    method: &'static str,
    writer: ParamsWriter,
) -> Call<T, R> {
    Call::new(client.clone(), method.into(), writer, Decoder::value())
}
