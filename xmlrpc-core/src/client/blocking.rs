use serde::de::DeserializeOwned;

use super::{BoxError, Call, ClientError, Multicall, MulticallCalls, Retrying, Transport};

/// A transport whose calls can be waited for without an async runtime around them:
/// [`Call::wait`] and [`Multicall::wait`] are there for it alone.
///
/// `xmlrpc_client::blocking` has the one over HTTP.
///
/// ```
/// use std::task::{Context, Poll};
/// use tower::{Service, ServiceExt};
/// use xmlrpc_core::{Client, Dispatcher, Request, client::{BlockingTransport, BoxError}};
///
/// /// A dispatcher whose methods never wait for anything.
/// #[derive(Clone)]
/// struct AtOnce(Dispatcher);
///
/// impl Service<Request> for AtOnce {
///     type Response = <Dispatcher as Service<Request>>::Response;
///     type Error = <Dispatcher as Service<Request>>::Error;
///     type Future = <Dispatcher as Service<Request>>::Future;
///
///     fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
///         Service::<Request>::poll_ready(&mut self.0, cx)
///     }
///
///     fn call(&mut self, request: Request) -> Self::Future {
///         Service::call(&mut self.0, request)
///     }
/// }
///
/// impl BlockingTransport for AtOnce {
///     fn block_on<F: Future>(&self, future: F) -> Result<F::Output, BoxError> {
///         futures_util::FutureExt::now_or_never(future).ok_or("it would have to wait".into())
///     }
/// }
///
/// let client = Client::new(AtOnce(Dispatcher::new()));
/// let names = client.call::<Vec<String>>("system.listMethods", ()).wait()?;
/// assert!(!names.is_empty());
///
/// let list = || client.call::<Vec<String>>("system.listMethods", ());
/// let [one, other] = client.multicall([list(), list()]).wait()?;
/// assert_eq!(one?, other?);
/// # Ok::<(), xmlrpc_core::ClientError>(())
/// ```
pub trait BlockingTransport: Transport {
    /// Runs a future to its end on the calling thread.
    ///
    /// # Errors
    ///
    /// It cannot be waited for here: in an async runtime, where waiting would keep others from
    /// running.
    fn block_on<F: Future>(&self, future: F) -> Result<F::Output, BoxError>;
}

impl<T: BlockingTransport> BlockingTransport for Retrying<T> {
    fn block_on<F: Future>(&self, future: F) -> Result<F::Output, BoxError> {
        self.get_ref().block_on(future)
    }
}

impl<T: BlockingTransport, R: DeserializeOwned> Call<T, R> {
    /// Sends the call and waits for its result on the calling thread, over a transport that can
    /// ([`BlockingTransport`]). Over any other, await it.
    ///
    /// # Errors
    ///
    /// Those of awaiting it; and where it cannot be waited for, inside of an async runtime, one that
    /// says so. Nothing is sent then.
    pub fn wait(self) -> Result<R, ClientError> {
        let transport = self.client.transport().clone();
        let method = self.method.clone();
        let waited = transport.block_on(self.into_future());
        waited.unwrap_or_else(|error| Err(ClientError::misuse(method, error.to_string())))
    }
}

impl<T: BlockingTransport, C: MulticallCalls<T>> Multicall<T, C> {
    /// Sends the calls and waits for their results on the calling thread, as [`Call::wait`] does.
    ///
    /// # Errors
    ///
    /// Those of awaiting it; and where it cannot be waited for, inside of an async runtime, one that
    /// says so. Nothing is sent then.
    pub fn wait(self) -> Result<C::Output, ClientError> {
        let transport = self.client.transport().clone();
        let waited = transport.block_on(self.into_future());
        waited.unwrap_or_else(|error| {
            let method = super::multicall::METHOD.into();
            Err(ClientError::misuse(method, error.to_string()))
        })
    }
}
