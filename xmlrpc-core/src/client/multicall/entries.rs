use std::{borrow::Cow, sync::Arc};

use serde_core::de::DeserializeOwned;

use super::METHOD;
use crate::{
    Error, Response,
    client::{Call, Client, ClientError, Transport, options::CallOptions, round_trip::decode},
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

    /// Converts the calls into entries.
    #[doc(hidden)]
    fn split(self, entries: &mut Vec<MulticallEntry<T>>);

    /// Decodes the results, one for each entry that [`split`](Self::split) returned.
    #[doc(hidden)]
    fn join(results: &mut MulticallResults) -> Self::Output;
}

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

    fn next<R: DeserializeOwned>(&mut self) -> Result<R, ClientError> {
        match self.entries.next() {
            Some((method, EntryResponse::InMulticall(response, index))) => {
                match response.entry::<R>(index) {
                    Ok(Ok(result)) => Ok(result),
                    Ok(Err(fault)) => Err(ClientError::from_fault(method, fault)),
                    Err(error) => Err(ClientError::decode(method, error)),
                }
            }
            Some((method, EntryResponse::Single(response))) => {
                decode(method, response, &self.reading)
            }
            Some((_, EntryResponse::Missing(error))) => Err(error),
            None => Err(ClientError::misuse(
                METHOD.into(),
                "an entry has no response",
            )),
        }
    }
}

impl<T: Transport, R: DeserializeOwned + 'static> MulticallCalls<T> for Vec<Call<T, R>> {
    type Output = Vec<Result<R, ClientError>>;

    fn split(self, entries: &mut Vec<MulticallEntry<T>>) {
        entries.extend(self.into_iter().map(MulticallEntry::from));
    }

    fn join(results: &mut MulticallResults) -> Self::Output {
        let mut all = Vec::with_capacity(results.entries.len());
        while results.entries.len() > 0 {
            all.push(results.next());
        }
        all
    }
}

impl<T: Transport, R: DeserializeOwned + 'static, const N: usize> MulticallCalls<T>
    for [Call<T, R>; N]
{
    type Output = [Result<R, ClientError>; N];

    fn split(self, entries: &mut Vec<MulticallEntry<T>>) {
        entries.extend(self.into_iter().map(MulticallEntry::from));
    }

    fn join(results: &mut MulticallResults) -> Self::Output {
        std::array::from_fn(|_| results.next())
    }
}

macro_rules! tuples {
    ($($name:ident)*) => {
        impl<T: Transport, $($name: DeserializeOwned + 'static),*> MulticallCalls<T> for ($(Call<T, $name>,)*) {
            type Output = ($(Result<$name, ClientError>,)*);

            #[allow(non_snake_case)]
            fn split(self, entries: &mut Vec<MulticallEntry<T>>) {
                let ($($name,)*) = self;
                $(entries.push($name.into());)*
            }

            fn join(results: &mut MulticallResults) -> Self::Output {
                ($(results.next::<$name>(),)*)
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

impl<T, R> From<Call<T, R>> for MulticallEntry<T> {
    fn from(call: Call<T, R>) -> Self {
        Self {
            client: call.client,
            method: call.method,
            encoded: call.encoded,
            options: call.options,
            idempotent: call.idempotent,
        }
    }
}
