use std::{borrow::Cow, sync::Arc};

use super::METHOD;
use crate::{
    Error, Response,
    client::{
        Call, Client, ClientError, Transport,
        decoder::{Answer, Decoder},
        options::CallOptions,
    },
    message::{EncodedCall, MulticallResponse},
    read_options::ReadOptions,
};

/// The calls of a multicall: a tuple of up to 12, an array or a `Vec` of [`Call`]s. You cannot
/// implement this trait yourself.
///
/// ```
/// use xmlrpc_core::{Client, ClientError, Dispatcher, Transport, client::MulticallCalls};
///
/// async fn at_once<T: Transport, C: MulticallCalls<T>>(
///     client: &Client<T>,
///     calls: C,
/// ) -> Result<C::Output, ClientError> {
///     client.multicall(calls).await
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), ClientError> {
/// let client = Client::new(Dispatcher::new());
/// let list = || client.call::<Vec<String>>("system.listMethods", ());
/// let [one, other] = at_once(&client, [list(), list()]).await?;
/// assert_eq!(one?, other?);
/// let (names, sum) = at_once(&client, (list(), client.call::<i64>("add", (1, 2)))).await?;
/// assert!(names.is_ok() && sum.is_err());
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of calls over the transport `{T}`",
    label = "expected a tuple, an array or a `Vec` of calls that are not awaited yet"
)]
pub trait MulticallCalls<T: Transport>: Send + 'static {
    /// The results, in the same shape.
    type Output: 'static;

    /// What decodes the results, in the same shape.
    #[doc(hidden)]
    type Decoders: Send + 'static;

    /// Converts the calls into entries, and returns what decodes their results.
    #[doc(hidden)]
    fn split(self, entries: &mut Vec<MulticallEntry<T>>) -> Self::Decoders;

    /// Decodes the results, one for each entry that [`split`](Self::split) returned.
    #[doc(hidden)]
    fn join(decoders: Self::Decoders, results: &mut MulticallResults) -> Self::Output;
}

/// Decodes the result of an entry. It is not re-exported either.
#[doc(hidden)]
pub struct EntryDecoder<R>(Decoder<R>);

/// A call without its result type. It is not re-exported, so no other crate can name it: this seals
/// [`MulticallCalls`].
#[doc(hidden)]
pub struct MulticallEntry<T> {
    pub(super) client: Client<T>,
    pub(super) method: Cow<'static, str>,
    pub(super) encoded: Result<EncodedCall, Error>,
    pub(super) options: CallOptions,
    pub(super) idempotent: bool,
}

/// A call that was checked and is ready to be sent.
pub(super) struct ReadyCall {
    pub(super) method: Cow<'static, str>,
    pub(super) call: EncodedCall,
    pub(super) idempotent: bool,
}

/// The results of all entries, in order.
#[doc(hidden)]
pub struct MulticallResults {
    entries: std::vec::IntoIter<(Cow<'static, str>, EntryResponse)>,
    reading: ReadOptions,
}

pub(super) enum EntryResponse {
    /// An entry of the response to a multicall.
    InMulticall(Arc<MulticallResponse>, usize),
    /// The response to a call that was sent individually.
    Single(Response),
    /// The request with this entry failed, and an earlier request had a response.
    Missing(ClientError),
}

impl MulticallResults {
    pub(super) fn new(
        entries: Vec<(Cow<'static, str>, EntryResponse)>,
        reading: ReadOptions,
    ) -> Self {
        Self {
            entries: entries.into_iter(),
            reading,
        }
    }

    fn next<R>(&mut self, EntryDecoder(decoder): EntryDecoder<R>) -> Result<R, ClientError> {
        match self.entries.next() {
            Some((method, EntryResponse::InMulticall(response, index))) => {
                decoder.decode(method, Answer::Entry(&response, index))
            }
            Some((method, EntryResponse::Single(response))) => {
                decoder.decode(method, Answer::Response(response, &self.reading))
            }
            Some((_, EntryResponse::Missing(error))) => Err(error),
            None => Err(ClientError::misuse(
                METHOD.into(),
                "an entry has no response",
            )),
        }
    }
}

impl<T: Transport, R: 'static> MulticallCalls<T> for Vec<Call<T, R>> {
    type Output = Vec<Result<R, ClientError>>;
    type Decoders = Vec<EntryDecoder<R>>;

    fn split(self, entries: &mut Vec<MulticallEntry<T>>) -> Self::Decoders {
        entries.reserve(self.len());
        let split = |call| MulticallEntry::split(call, entries);
        self.into_iter().map(split).collect()
    }

    fn join(decoders: Self::Decoders, results: &mut MulticallResults) -> Self::Output {
        let next = |decoder| results.next(decoder);
        decoders.into_iter().map(next).collect()
    }
}

impl<T: Transport, R: 'static, const N: usize> MulticallCalls<T> for [Call<T, R>; N] {
    type Output = [Result<R, ClientError>; N];
    type Decoders = [EntryDecoder<R>; N];

    fn split(self, entries: &mut Vec<MulticallEntry<T>>) -> Self::Decoders {
        self.map(|call| MulticallEntry::split(call, entries))
    }

    fn join(decoders: Self::Decoders, results: &mut MulticallResults) -> Self::Output {
        decoders.map(|decoder| results.next(decoder))
    }
}

macro_rules! tuples {
    ($($name:ident)*) => {
        impl<T: Transport, $($name: 'static),*> MulticallCalls<T> for ($(Call<T, $name>,)*) {
            type Output = ($(Result<$name, ClientError>,)*);
            type Decoders = ($(EntryDecoder<$name>,)*);

            #[allow(non_snake_case)]
            fn split(self, entries: &mut Vec<MulticallEntry<T>>) -> Self::Decoders {
                let ($($name,)*) = self;
                ($(MulticallEntry::split($name, entries),)*)
            }

            #[allow(non_snake_case)]
            fn join(decoders: Self::Decoders, results: &mut MulticallResults) -> Self::Output {
                let ($($name,)*) = decoders;
                ($(results.next($name),)*)
            }
        }
    };
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);
tuples!(A B C D E F G H I);
tuples!(A B C D E F G H I J);
tuples!(A B C D E F G H I J K);
tuples!(A B C D E F G H I J K L);

impl<T> MulticallEntry<T> {
    /// Appends a call to the entries, and returns what decodes its result.
    fn split<R>(call: Call<T, R>, entries: &mut Vec<Self>) -> EntryDecoder<R> {
        entries.push(Self {
            client: call.client,
            method: call.method,
            encoded: call.encoded,
            options: call.options,
            idempotent: call.idempotent,
        });
        EntryDecoder(call.decoder)
    }
}
