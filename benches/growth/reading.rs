//! How documents are read: whole, as a server or a client reads them.

use core::any::Any;

use bytes::Bytes;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use xmlrpc_core::{
    Category, Error, Limits,
    message::{self, IncomingCall, MulticallResponse},
};

/// Reads a document; what is wrong with a part of a multicall is no error.
pub(crate) type Read = fn(Bytes, &Limits) -> Result<Made, Error>;

/// What was made of a document, for whoever wants it to stay.
pub(crate) type Made = Box<dyn Any>;

/// An answer with a value of this type.
pub(crate) fn response<T: DeserializeOwned + 'static>(
    body: Bytes,
    limits: &Limits,
) -> Result<Made, Error> {
    Ok(Box::new(message::read_response::<T>(body, None, limits)?))
}

/// A call with one parameter of this type.
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

/// A call with any parameters.
pub(crate) fn call_of_values(body: Bytes, limits: &Limits) -> Result<Made, Error> {
    let call = IncomingCall::read(body, None, limits)?;
    Ok(Box::new(call.params().to_values()?))
}

/// A multicall, entry by entry, as a dispatcher reads it; with the default limits no more entries than
/// it takes by default.
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

/// The answer to a multicall, entry by entry, as a client reads it.
pub(crate) fn answers(body: Bytes, limits: &Limits) -> Result<Made, Error> {
    if let Ok(answer) = MulticallResponse::read(body, None, limits)? {
        for index in 0..answer.len() {
            drop(answer.entry::<i32>(index));
        }
    }
    Ok(Box::new(()))
}

/// A number, or none if there is anything else: the type swallows the error.
pub(crate) struct Forgiving;

impl<'de> Deserialize<'de> for Forgiving {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        drop(i32::deserialize(deserializer));
        Ok(Self)
    }
}

/// The name of a category, for tables and `--json`.
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
