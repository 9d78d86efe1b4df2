use super::{BoxError, Call, ClientError, Multicall, MulticallCalls, Retrying, Transport};

/// A transport that can also wait for a call without an async runtime. It enables [`Call::wait`]
/// and [`Multicall::wait`].
///
/// `xmlrpc_client::blocking` has one over HTTP.
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
///         futures_util::FutureExt::now_or_never(future).ok_or("the call is not ready".into())
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
    /// Runs a future to completion on the calling thread.
    ///
    /// # Errors
    ///
    /// The thread must not be blocked, for example because it runs the tasks of an async runtime.
    fn block_on<F: Future>(&self, future: F) -> Result<F::Output, BoxError>;
}

impl<T: BlockingTransport> BlockingTransport for Retrying<T> {
    fn block_on<F: Future>(&self, future: F) -> Result<F::Output, BoxError> {
        self.get_ref().block_on(future)
    }
}

impl<T: BlockingTransport, R> Call<T, R> {
    /// Sends the call and waits for its result on the calling thread. The transport must be a
    /// [`BlockingTransport`]; over any other transport, await the call.
    ///
    /// # Errors
    ///
    /// The same errors as when it is awaited. Also an error inside an async runtime; nothing is sent
    /// then.
    pub fn wait(self) -> Result<R, ClientError> {
        let transport = self.client.transport().clone();
        let method = self.method.clone();
        let waited = transport.block_on(self.into_future());
        waited.unwrap_or_else(|error| Err(ClientError::misuse(method, error.to_string())))
    }
}

impl<T: BlockingTransport, C: MulticallCalls<T>> Multicall<T, C> {
    /// Sends the calls and waits for their results on the calling thread, like [`Call::wait`].
    ///
    /// # Errors
    ///
    /// The same errors as when it is awaited. Also an error inside an async runtime; nothing is sent
    /// then.
    pub fn wait(self) -> Result<C::Output, ClientError> {
        let transport = self.client.transport().clone();
        let waited = transport.block_on(self.into_future());
        waited.unwrap_or_else(|error| {
            let method = super::multicall::METHOD.into();
            Err(ClientError::misuse(method, error.to_string()))
        })
    }
}
