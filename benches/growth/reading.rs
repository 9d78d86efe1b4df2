//! Reads whole documents as a server or a client does.

use core::any::Any;

use bytes::Bytes;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use xmlrpc_core::{
    Category, Error, Limits,
    message::{self, IncomingCall, MulticallResponse},
};

/// Reads a document. A malformed entry of a multicall is not an error.
pub(crate) type Read = fn(Bytes, &Limits) -> Result<Made, Error>;

/// The data of a document, which the caller can keep.
pub(crate) type Made = Box<dyn Any>;

/// Reads a response with a value of this type.
pub(crate) fn response<T: DeserializeOwned + 'static>(
    body: Bytes,
    limits: &Limits,
) -> Result<Made, Error> {
    Ok(Box::new(message::read_response::<T>(body, None, limits)?))
}

/// Reads a call with one parameter of this type.
pub(crate) fn call<T: DeserializeOwned + 'static>(
    body: Bytes,
    limits: &Limits,
) -> Result<Made, Error> {
    let call = IncomingCall::read(body, None, limits)?;
    call.params().decode(|params| {
        let value: T = params.required("value")?;
        params.end()?;
        Ok(Box::new(value) as Made)
    })
}

/// Reads a call with any parameters.
pub(crate) fn call_of_values(body: Bytes, limits: &Limits) -> Result<Made, Error> {
    let call = IncomingCall::read(body, None, limits)?;
    Ok(Box::new(call.params().to_values()?))
}

/// Reads a multicall entry by entry, as a dispatcher does. With the default limits it accepts the default
/// number of entries.
pub(crate) fn entries(body: Bytes, limits: &Limits) -> Result<Made, Error> {
    const BY_DEFAULT: usize = 1_000;
    let max = if *limits == Limits::default() {
        BY_DEFAULT
    } else {
        usize::MAX
    };
    let call = IncomingCall::read(body, None, limits)?;
    for entry in call.params().multicall_entries(max)? {
        let decoded = entry.and_then(|entry| {
            entry.params().decode(|params| {
                let pair: (i32, i32) = (params.required("a")?, params.required("b")?);
                params.end()?;
                Ok(pair)
            })
        });
        drop(decoded);
    }
    Ok(Box::new(()))
}

/// Reads the response to a multicall entry by entry, as a client does.
pub(crate) fn responses(body: Bytes, limits: &Limits) -> Result<Made, Error> {
    if let Ok(results) = MulticallResponse::read(body, None, limits)? {
        for index in 0..results.len() {
            drop(results.entry::<i32>(index));
        }
    }
    Ok(Box::new(()))
}

/// A type that swallows the error if the value is not a number.
pub(crate) struct Forgiving;

impl<'de> Deserialize<'de> for Forgiving {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        drop(i32::deserialize(deserializer));
        Ok(Self)
    }
}

/// The name of a category in tables and in JSON.
pub(crate) const fn name(category: Category) -> &'static str {
    match category {
        Category::Limit => "limit",
        Category::Syntax => "syntax",
        Category::Protocol => "protocol",
        Category::Data => "data",
        Category::InvalidCharacter => "character",
        Category::UnknownEncoding => "encoding",
        _ => "other",
    }
}
