use std::{borrow::Cow, fmt, pin::Pin, sync::Arc, time::Duration};

use serde::de::DeserializeOwned;

use super::{
    Call, Client, ClientError, Transport,
    call::{Exchange, Options, unreadable},
};
use crate::{
    Category, Error,
    exchange::charset,
    message::{EncodedCall, MulticallAnswer, MulticallWriter},
};

const METHOD: &str = "system.multicall";

/// Calls that go in one request: a tuple of up to 12, an array or a `Vec` of [`Call`]s.
///
/// ```
/// use xmlrpc_core::{Client, ClientError, Dispatcher, Transport, client::Entries};
///
/// async fn at_once<T: Transport, C: Entries<T>>(
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
    message = "`{Self}` is no list of calls over the transport `{T}`",
    label = "expected a tuple, an array or a `Vec` of calls that were not awaited"
)]
pub trait Entries<T: Transport>: Send + 'static {
    /// The result of each call, in the same shape.
    type Output: 'static;

    /// Takes the calls apart.
    #[doc(hidden)]
    fn split(self, entries: &mut Vec<Entry<T>>);

    /// Decodes the answers, one for each entry that [`split`](Self::split) yielded.
    #[doc(hidden)]
    fn join(answers: &mut Answers) -> Self::Output;
}

/// A call without the type of its result.
#[doc(hidden)]
pub struct Entry<T> {
    client: Client<T>,
    method: Cow<'static, str>,
    encoded: Result<EncodedCall, Error>,
    options: Options,
}

/// The answers of all entries, in order.
#[doc(hidden)]
pub struct Answers {
    entries: std::vec::IntoIter<(Cow<'static, str>, Answer)>,
}

enum Answer {
    /// The entry of an answer to a multicall.
    At(Arc<MulticallAnswer>, usize),
    /// A multicall after the first that had no answer.
    None(ClientError),
}

impl Answers {
    fn next<R: DeserializeOwned>(&mut self) -> Result<R, ClientError> {
        match self.entries.next() {
            Some((method, Answer::At(answer, index))) => match answer.entry::<R>(index) {
                Ok(Ok(result)) => Ok(result),
                Ok(Err(fault)) => Err(ClientError::from_fault(method, fault)),
                Err(error) => Err(ClientError::decode(method, error)),
            },
            Some((_, Answer::None(error))) => Err(error),
            None => Err(ClientError::misuse(
                METHOD.into(),
                "an entry without an answer",
            )),
        }
    }
}

impl<T: Transport, R: DeserializeOwned + 'static> Entries<T> for Vec<Call<T, R>> {
    type Output = Vec<Result<R, ClientError>>;

    fn split(self, entries: &mut Vec<Entry<T>>) {
        entries.extend(self.into_iter().map(Entry::from));
    }

    fn join(answers: &mut Answers) -> Self::Output {
        let mut results = Vec::with_capacity(answers.entries.len());
        while answers.entries.len() > 0 {
            results.push(answers.next());
        }
        results
    }
}

impl<T: Transport, R: DeserializeOwned + 'static, const N: usize> Entries<T> for [Call<T, R>; N] {
    type Output = [Result<R, ClientError>; N];

    fn split(self, entries: &mut Vec<Entry<T>>) {
        entries.extend(self.into_iter().map(Entry::from));
    }

    fn join(answers: &mut Answers) -> Self::Output {
        std::array::from_fn(|_| answers.next())
    }
}

macro_rules! tuples {
    ($($name:ident)*) => {
        impl<T: Transport, $($name: DeserializeOwned + 'static),*> Entries<T> for ($(Call<T, $name>,)*) {
            type Output = ($(Result<$name, ClientError>,)*);

            #[allow(non_snake_case)]
            fn split(self, entries: &mut Vec<Entry<T>>) {
                let ($($name,)*) = self;
                $(entries.push($name.into());)*
            }

            fn join(answers: &mut Answers) -> Self::Output {
                ($(answers.next::<$name>(),)*)
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

impl<T, R> From<Call<T, R>> for Entry<T> {
    fn from(call: Call<T, R>) -> Self {
        Self {
            client: call.client,
            method: call.method,
            encoded: call.encoded,
            options: call.options,
        }
    }
}

/// Many calls that go in one request, made by [`Client::multicall`]. Awaiting it sends them.
///
/// More calls than the peer takes at once ([`Client::with_multicall_entries`]) go in several
/// requests, one after the other. When one of them fails the rest is not sent, and the calls
/// without an answer have that error each; what was answered before stays.
///
/// ```
/// # use std::time::Duration;
/// # use xmlrpc_core::{Client, Dispatcher, Fault};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
/// let client = Client::new(Dispatcher::new());
/// let names = client.call::<Vec<String>>("system.listMethods", ());
/// let sum = client.call::<i64>("add", (2, 3));
///
/// // Options are those of the whole.
/// let multicall = client.multicall((names, sum)).timeout(Duration::from_secs(5));
/// let (names, sum) = multicall.await?;
/// assert!(names?.len() > 2);
/// let error = sum.unwrap_err();
/// assert_eq!(error.fault().map(Fault::code), Some(Fault::METHOD_NOT_FOUND));
/// # Ok(())
/// # }
/// ```
#[must_use = "a multicall does nothing until it is awaited"]
pub struct Multicall<T, C> {
    client: Client<T>,
    calls: C,
    options: Options,
}

impl<T: Transport, C: Entries<T>> Multicall<T, C> {
    pub(super) fn new(client: Client<T>, calls: C) -> Self {
        Self {
            client,
            calls,
            options: Options::default(),
        }
    }

    /// How long each request of this multicall may take, instead of what the client says.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// Sends a header with this multicall, beside those of the client.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.options.header(name, value);
        self
    }

    /// Puts a value beside the request, for the transport and its layers.
    pub fn extension<E: Clone + Send + Sync + 'static>(mut self, extension: E) -> Self {
        self.options.extensions.insert(extension);
        self
    }
}

impl<T: Transport, C: Entries<T>> IntoFuture for Multicall<T, C> {
    type Output = Result<C::Output, ClientError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self {
            client,
            calls,
            options,
        } = self;
        let mut entries = Vec::new();
        calls.split(&mut entries);
        Box::pin(async move {
            let mut answers = answers(client, entries, options).await?;
            Ok(C::join(&mut answers))
        })
    }
}

impl<T, C> fmt::Debug for Multicall<T, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Multicall").finish_non_exhaustive()
    }
}

async fn answers<T: Transport>(
    client: Client<T>,
    entries: Vec<Entry<T>>,
    options: Options,
) -> Result<Answers, ClientError> {
    let calls = check(&client, entries)?;
    let mut answers = Vec::with_capacity(calls.len());
    let mut failed = None;
    for calls in calls.chunks(client.settings.multicall_entries) {
        let answer = match &failed {
            Some(error) => Err(ClientError::clone(error)),
            None => send(&client, calls, options.clone()).await,
        };
        match answer {
            Ok(answer) => {
                let answer = Arc::new(answer);
                let answered = calls.iter().enumerate();
                answers.extend(answered.map(|(index, (method, _))| {
                    (method.clone(), Answer::At(Arc::clone(&answer), index))
                }));
            }
            Err(error) if answers.is_empty() => return Err(error),
            Err(error) => {
                let unanswered = calls.iter();
                answers.extend(
                    unanswered.map(|(method, _)| (method.clone(), Answer::None(error.clone()))),
                );
                failed = Some(error);
            }
        }
    }
    Ok(Answers {
        entries: answers.into_iter(),
    })
}

/// Nothing is sent before every entry is known to be in order.
fn check<T: Transport>(
    client: &Client<T>,
    entries: Vec<Entry<T>>,
) -> Result<Vec<(Cow<'static, str>, EncodedCall)>, ClientError> {
    let entries = entries.into_iter().enumerate();
    entries
        .map(|(index, entry)| {
            let misuse = |what: &str| {
                let text = format!("entry {index}, `{}`, {what}", entry.method);
                ClientError::misuse(METHOD.into(), text)
            };
            if !client.is(&entry.client) {
                return Err(misuse("was made for another client"));
            }
            if !entry.options.is_empty() {
                return Err(misuse("has options of its own: give them to the multicall"));
            }
            match entry.encoded {
                Ok(call) => Ok((entry.method, call)),
                Err(error) => Err(ClientError::encode(entry.method, error)),
            }
        })
        .collect()
}

/// Not an `async fn`: its future must not hold the client's reference, or it would be `Send` only
/// where the transport is `Sync`.
fn send<T: Transport>(
    client: &Client<T>,
    calls: &[(Cow<'static, str>, EncodedCall)],
    options: Options,
) -> impl Future<Output = Result<MulticallAnswer, ClientError>> + Send + use<T> {
    let mut writer = MulticallWriter::new(client.settings.dialect);
    for (method, call) in calls {
        writer.push(method, call);
    }
    let exchange = Exchange::new(client, METHOD.into(), writer.finish(), options);
    let limits = client.settings.limits;
    let sent = calls.len();
    async move {
        let (method, response) = exchange.await?;
        let body = response.body.clone();
        let answer = match MulticallAnswer::read(body, charset(&response.headers), &limits) {
            Ok(Ok(answer)) => answer,
            Ok(Err(fault)) => return Err(ClientError::from_fault(method, fault)),
            Err(error) => return Err(unreadable(method, response.status, &response.body, error)),
        };
        if answer.len() == sent {
            Ok(answer)
        } else {
            let text = format!("{sent} calls were sent, {} answered", answer.len());
            Err(ClientError::decode(
                method,
                Error::custom(Category::Protocol, text),
            ))
        }
    }
}
