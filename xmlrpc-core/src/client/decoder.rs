//! How a call makes its result from the answer of the server.

use std::{
    borrow::Cow,
    sync::{Mutex, PoisonError},
};

use serde_core::de::DeserializeOwned;

use super::{ClientError, Envelope, round_trip};
use crate::{Response, message::MulticallResponse, read_options::ReadOptions};

/// The answer to a call.
pub(crate) enum Answer<'a> {
    /// The response to a call that was sent individually.
    Response(Response, &'a ReadOptions),
    /// An entry of the response to a multicall.
    Entry(&'a MulticallResponse, usize),
}

/// Makes the result of a call from its answer.
pub(crate) enum Decoder<R> {
    /// Needs no allocation. Most calls have this one.
    Function(fn(Cow<'static, str>, Answer<'_>) -> Result<R, ClientError>),
    /// The mutex makes the call `Sync` although the closure is not. Nobody locks it.
    Closure(Mutex<Closure<R>>),
}

type Closure<R> = Box<dyn FnOnce(Cow<'static, str>, Answer<'_>) -> Result<R, ClientError> + Send>;

impl<R> Decoder<R> {
    /// Decodes the value as it is.
    pub(crate) fn value() -> Self
    where
        R: DeserializeOwned,
    {
        Self::Function(value)
    }

    /// Decodes an envelope and opens it.
    #[cfg(feature = "macros")]
    pub(crate) fn envelope<E>() -> Self
    where
        E: Envelope<Value = R> + DeserializeOwned,
    {
        Self::Function(|method, answer| {
            let envelope = value::<E>(method.clone(), answer)?;
            open(method, envelope)
        })
    }

    /// Opens the envelope in which the result is.
    pub(crate) fn opened(self) -> Decoder<R::Value>
    where
        R: Envelope + 'static,
    {
        self.then(open)
    }

    /// Passes the result through a function.
    pub(crate) fn map<U>(self, function: impl FnOnce(R) -> U + Send + 'static) -> Decoder<U>
    where
        R: 'static,
    {
        self.then(move |_, result| Ok(function(result)))
    }

    /// Passes the result through a function that may fail. The function gets the name of the method.
    fn then<U>(
        self,
        function: impl FnOnce(Cow<'static, str>, R) -> Result<U, ClientError> + Send + 'static,
    ) -> Decoder<U>
    where
        R: 'static,
    {
        Decoder::Closure(Mutex::new(Box::new(move |method, answer| {
            let result = self.decode(method.clone(), answer)?;
            function(method, result)
        })))
    }

    /// The result of the call of `method`.
    pub(crate) fn decode(
        self,
        method: Cow<'static, str>,
        answer: Answer<'_>,
    ) -> Result<R, ClientError> {
        match self {
            Self::Function(decode) => decode(method, answer),
            Self::Closure(decode) => {
                let decode = decode.into_inner().unwrap_or_else(PoisonError::into_inner);
                decode(method, answer)
            }
        }
    }
}

/// The value of an answer.
fn value<R: DeserializeOwned>(
    method: Cow<'static, str>,
    answer: Answer<'_>,
) -> Result<R, ClientError> {
    match answer {
        Answer::Response(response, reading) => round_trip::decode(method, response, reading),
        Answer::Entry(response, index) => match response.entry::<R>(index) {
            Ok(Ok(result)) => Ok(result),
            Ok(Err(fault)) => Err(ClientError::from_fault(method, fault)),
            Err(error) => Err(ClientError::decode(method, error)),
        },
    }
}

/// The value in an envelope.
fn open<E: Envelope>(method: Cow<'static, str>, envelope: E) -> Result<E::Value, ClientError> {
    envelope
        .open()
        .map_err(|fault| ClientError::from_fault(method, fault))
}
