//! How the parameters of a call are decoded, by position or by name.
//!
//! These are functions with one type parameter each, so that an error about a type points at the
//! parameter in the trait.

use serde_core::de::DeserializeOwned;

pub use crate::message::{
    ParamsReader,
    named_slots::{Names, Slots},
};
use crate::{Error, message::missing};

/// A parameter that can be decoded.
#[diagnostic::on_unimplemented(
    message = "the generated server cannot decode `{Self}`: it, or a type inside it, does not implement `Deserialize`",
    label = "the server cannot decode this type",
    note = "add `#[derive(serde::Deserialize)]` to your type; a type of another crate may need its feature `serde`",
    note = "a program that only calls the service needs no server: write `#[xmlrpc_service(client)]`"
)]
pub trait Decodable: DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> Decodable for T {}

/// The next parameter, which must be present.
pub fn required<T: Decodable>(
    params: &mut ParamsReader<'_>,
    name: &'static str,
) -> Result<T, Error> {
    params.required(name)
}

/// The next parameter, which may be left out or nil.
pub fn optional<T: Decodable>(
    params: &mut ParamsReader<'_>,
    name: &'static str,
) -> Result<Option<T>, Error> {
    params.optional(name)
}

/// All remaining parameters.
pub fn rest<T: Decodable>(
    params: &mut ParamsReader<'_>,
    name: &'static str,
) -> Result<Vec<T>, Error> {
    params.rest(name)
}

/// The members of the struct that holds all parameters.
pub fn named<N: Names, L: Slots>(params: &mut ParamsReader<'_>) -> Result<L, Error> {
    params.named::<N, L>()
}

/// A member that must be present.
pub fn present<T: DeserializeOwned>(value: Option<T>, name: &'static str) -> Result<T, Error> {
    value.ok_or_else(|| missing::<T>(format_args!("`{name}`")))
}

/// A member that may be left out or nil.
pub fn absent<T: DeserializeOwned>(value: Option<Option<T>>) -> Option<T> {
    value.flatten()
}
