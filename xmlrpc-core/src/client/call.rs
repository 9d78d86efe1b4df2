use std::{
    borrow::Cow,
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use pin_project_lite::pin_project;
use serde_core::de::DeserializeOwned;

use super::{
    Client, ClientError, IntoParams, Transport,
    decoder::{Answer, Decoder},
    options::CallOptions,
    params::ParamsWriter,
    round_trip::{Exchange, POLLED_AGAIN},
};
use crate::{Error, message::EncodedCall, read_options::ReadOptions};

/// A call that is prepared but not sent yet: its method and its encoded parameters.
///
/// Await it to send it. Before that, you can set options, or make it an entry of
/// [`Client::multicall`].
///
/// ```
/// # use std::time::Duration;
/// # use xmlrpc_core::{Client, ClientError, Dispatcher};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), ClientError> {
/// # let client = Client::new(Dispatcher::new());
/// let names = client
///     .call::<Vec<String>>("system.listMethods", ())
///     .timeout(Duration::from_secs(5))
///     .await?;
/// # assert!(names.len() > 2);
///
/// // `into_future` returns a nameable future that you can spawn.
/// let future = client.call::<Vec<String>>("system.listMethods", ()).into_future();
/// let names = tokio::spawn(future).await.unwrap()?;
/// # assert!(names.len() > 2);
/// # Ok(())
/// # }
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<T, R> {
    pub(super) client: Client<T>,
    pub(super) method: Cow<'static, str>,
    pub(super) encoded: Result<EncodedCall, Error>,
    pub(super) options: CallOptions,
    /// This is not an option, because an entry of a multicall may have it.
    pub(super) idempotent: bool,
    pub(super) decoder: Decoder<R>,
}

impl<T: Transport> Client<T> {
    /// Prepares a call of any method by its name. `params` is a tuple, an array, a slice or a `Vec`
    /// of values that can be serialized. Write `(value,)` for one parameter and `()` for none.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher, Value};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// # let client = Client::new(Dispatcher::new());
    /// let names = client.call::<Vec<String>>("system.listMethods", ()).await?;
    /// assert!(names.iter().any(|name| name == "system.listMethods"));
    ///
    /// // If you do not know the type:
    /// let names = client.call::<Value>("system.listMethods", ()).await?;
    /// assert!(names.as_array().is_some_and(|names| names.len() > 2));
    /// # Ok(())
    /// # }
    /// ```
    pub fn call<R: DeserializeOwned>(&self, method: &str, params: impl IntoParams) -> Call<T, R> {
        let mut writer = self.begin(method);
        params.write(&mut writer);
        Call::new(
            self.clone(),
            method.to_owned().into(),
            writer,
            Decoder::value(),
        )
    }
}

impl<T: Transport, R> Call<T, R> {
    /// Creates a call from the parameters in `writer`.
    pub(crate) fn new(
        client: Client<T>,
        method: Cow<'static, str>,
        writer: ParamsWriter,
        decoder: Decoder<R>,
    ) -> Self {
        Self {
            client,
            method,
            encoded: writer.finish(),
            options: CallOptions::default(),
            idempotent: false,
            decoder,
        }
    }

    /// The time-out of this call, instead of the one of the client. It covers all attempts of a
    /// retried call.
    ///
    /// It uses the timer of tokio. Outside of a tokio runtime the call is an error.
    ///
    /// # Panics
    ///
    /// If it is awaited in a runtime that was built without `enable_time` or `enable_all`.
    ///
    /// ```
    /// # use std::{future::pending, time::Duration};
    /// # use tower::service_fn;
    /// # use xmlrpc_core::{Client, Request, Response, client::BoxError};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// # let silent = service_fn(|_: Request| pending::<Result<Response, BoxError>>());
    /// # let client = Client::new(silent);
    /// let call = client.call::<i64>("add", (2, 3)).timeout(Duration::from_millis(10));
    /// assert!(call.await.unwrap_err().is_timeout());
    /// # }
    /// ```
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(timeout);
        self
    }

    /// Adds a header to the request of this call, in addition to those of the client. If the name
    /// or value is not a valid header, awaiting the call returns an error.
    ///
    /// ```
    /// # use tower::service_fn;
    /// # use xmlrpc_core::{Client, Dialect, Request, Response, client::BoxError, message::EncodedResponse};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// # let client = Client::new(service_fn(|request: Request| async move {
    /// #     let tenant = request.headers["x-tenant"].to_str()?;
    /// #     let response = EncodedResponse::new(tenant, Dialect::EXTENDED)?;
    /// #     Ok::<_, BoxError>(Response::new(response.into_document()))
    /// # }));
    /// let tenant = client.call::<String>("tenant", ()).header("x-tenant", "blue").await?;
    /// assert_eq!(tenant, "blue");
    /// # Ok(())
    /// # }
    /// ```
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.options.header(name, value);
        self
    }

    /// Attaches a value to the request, for the transport and its layers.
    ///
    /// ```
    /// use tower::service_fn;
    /// use xmlrpc_core::{Client, Dialect, Request, Response, client::BoxError, message::EncodedResponse};
    ///
    /// #[derive(Clone)]
    /// struct Attempt(u32);
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// let transport = service_fn(|request: Request| async move {
    ///     let attempt = request.extensions.get::<Attempt>().map(|attempt| attempt.0);
    ///     let response = EncodedResponse::new(&attempt, Dialect::EXTENDED)?;
    ///     Ok::<_, BoxError>(Response::new(response.into_document()))
    /// });
    /// let attempt = Client::new(transport).call::<u32>("attempt", ()).extension(Attempt(2)).await?;
    /// assert_eq!(attempt, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn extension<E: Clone + Send + Sync + 'static>(mut self, extension: E) -> Self {
        self.options.extensions.insert(extension);
        self
    }

    /// Marks this call as safe to run more than once, like `#[xmlrpc(idempotent)]` on a method. A
    /// client with retries may then send it again. See [`Idempotent`](super::Idempotent).
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// # let client = Client::new(Dispatcher::new());
    /// let names = client.call::<Vec<String>>("system.listMethods", ()).idempotent().await?;
    /// # assert!(!names.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// Converts the result. Errors stay as they are.
    ///
    /// The new call can be an entry of a multicall, and takes the same options. The function runs
    /// when the response has been decoded.
    ///
    /// ```
    /// # use xmlrpc_core::{Call, Client, Dispatcher};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// # let client = Client::new(Dispatcher::new());
    /// let count = || -> Call<_, usize> {
    ///     let names = client.call::<Vec<String>>("system.listMethods", ());
    ///     names.map(|names| names.len())
    /// };
    /// assert!(count().await? > 2);
    ///
    /// let [one, other] = client.multicall([count(), count()]).await?;
    /// assert_eq!(one?, other?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn map<U, F>(self, function: F) -> Call<T, U>
    where
        F: FnOnce(R) -> U + Send + 'static,
        R: 'static,
    {
        self.with_decoder(|decoder| decoder.map(function))
    }

    pub(super) fn with_decoder<U>(
        self,
        change: impl FnOnce(Decoder<R>) -> Decoder<U>,
    ) -> Call<T, U> {
        Call {
            client: self.client,
            method: self.method,
            encoded: self.encoded,
            options: self.options,
            idempotent: self.idempotent,
            decoder: change(self.decoder),
        }
    }

    /// The name of the method on the wire.
    pub fn method(&self) -> &str {
        &self.method
    }
}

impl<T: Transport, R> IntoFuture for Call<T, R> {
    type Output = Result<R, ClientError>;
    type IntoFuture = CallFuture<T, R>;

    fn into_future(mut self) -> CallFuture<T, R> {
        if self.idempotent {
            self.options.mark_idempotent();
        }
        let exchange = match self.encoded {
            Ok(call) => Exchange::new(
                &self.client,
                self.method,
                call.into_outgoing(),
                self.options,
            ),
            Err(error) => Exchange::failed(ClientError::encode(self.method, error)),
        };
        CallFuture {
            exchange,
            reading: self.client.settings.reading,
            decoder: Some(self.decoder),
        }
    }
}

impl<T, R> fmt::Debug for Call<T, R> {
    /// Omits the parameters, which may be secret or large.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}

pin_project! {
    /// The future of a [`Call`]. It sends the call when first polled, and resolves to the decoded
    /// result.
    ///
    /// ```
    /// use xmlrpc_core::{Client, Dispatcher, client::CallFuture};
    ///
    /// struct Pending {
    ///     names: CallFuture<Dispatcher, Vec<String>>,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// let client = Client::new(Dispatcher::new());
    /// let pending = Pending { names: client.call("system.listMethods", ()).into_future() };
    /// assert!(pending.names.await?.len() > 2);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use = "a future does nothing until it is polled"]
    pub struct CallFuture<T: Transport, R> {
        #[pin]
        exchange: Exchange<T>,
        reading: ReadOptions,
        // Taken when the response is there.
        decoder: Option<Decoder<R>>,
    }
}

impl<T: Transport, R> Future for CallFuture<T, R> {
    type Output = Result<R, ClientError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let (method, response, span) = ready!(this.exchange.poll(cx))?;
        let result = match this.decoder.take() {
            Some(decoder) => decoder.decode(method, Answer::Response(response, this.reading)),
            None => Err(ClientError::misuse(method, POLLED_AGAIN)),
        };
        span.end(result.as_ref().err());
        Poll::Ready(result)
    }
}

impl<T: Transport, R> fmt::Debug for CallFuture<T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallFuture").finish_non_exhaustive()
    }
}
