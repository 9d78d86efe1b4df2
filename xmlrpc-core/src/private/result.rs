//! Return types: which are a `Result`, and which schema they have.

use std::marker::PhantomData;

use serde_core::de::DeserializeOwned;

use super::Lend;
use crate::{
    TypedFault,
    schema::{FaultDescription, Schema},
};

/// The two types of a `Result`, also of an alias such as `io::Result<T>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is named `Result` but is not `core::result::Result`",
    label = "not a `core::result::Result`",
    note = "`#[xmlrpc_service]` treats each return type named `Result` as a `core::result::Result`; rename the type"
)]
pub trait MethodResult {
    /// The value on the wire.
    type Ok;
    /// The error, which becomes a fault.
    type Err;
}

impl<T, E> MethodResult for Result<T, E> {
    type Ok = T;
    type Err = E;
}

/// A `Result` whose value is a `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `core::result::Result` with the value `{T}`",
    label = "its argument is not the value of a `core::result::Result`",
    note = "`#[xmlrpc_service]` treats the only argument of a return type named `Result` as its value; write the `Result` with both arguments, or rename the type"
)]
pub trait ResultOf<T> {}

impl<T, E> ResultOf<T> for Result<T, E> {}

/// Checks that an alias of `Result` has this value.
pub fn result_of<A: ResultOf<T>, T>() {}

/// Asks for properties of `T` that it may or may not have.
///
/// Rust prefers an inherent item to one of a trait. So `TypeProbe::<T>::IS_RESULT` and
/// `TypeProbe::<T>::schema()` are the inherent ones if their bounds hold, and otherwise those of
/// [`NoResult`], [`NoSchema`] and [`NoFaults`].
pub struct TypeProbe<T: ?Sized>(PhantomData<T>);

impl<T, E> TypeProbe<Result<T, E>> {
    /// `T` is a `Result`.
    pub const IS_RESULT: bool = true;
}

/// The fallback for types that are not a `Result`.
pub trait NoResult {
    /// `T` is not a `Result`.
    const IS_RESULT: bool = false;
}

impl<T: ?Sized> NoResult for TypeProbe<T> {}

impl<T: Lend + ?Sized> TypeProbe<T> {
    /// The schema of a type that can be decoded.
    pub fn schema() -> Schema {
        Schema::of::<T::Owned>()
    }
}

impl<T: DeserializeOwned, E> TypeProbe<Result<T, E>> {
    /// The schema of the value of a `Result`.
    pub fn result_schema() -> Schema {
        Schema::of::<T>()
    }
}

/// The fallback for types that cannot be decoded, because their side only encodes them.
pub trait NoSchema {
    /// The schema of an unknown type.
    fn schema() -> Schema {
        Schema::Any
    }

    /// The schema of an unknown type.
    fn result_schema() -> Schema {
        Schema::Any
    }
}

impl<T: ?Sized> NoSchema for TypeProbe<T> {}

impl<T, E: TypedFault> TypeProbe<Result<T, E>> {
    /// The faults that the error of a `Result` declares.
    pub fn faults() -> Vec<FaultDescription> {
        E::describe_faults()
    }
}

/// The fallback for types without a typed error.
pub trait NoFaults {
    /// The faults of a type that declares none.
    fn faults() -> Vec<FaultDescription> {
        Vec::new()
    }
}

impl<T: ?Sized> NoFaults for TypeProbe<T> {}
