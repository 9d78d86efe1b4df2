use std::{
    fmt,
    task::{self, Poll},
};

use tower_layer::Layer;

use super::{CallService, RpcFuture, RpcService, Stack};
use crate::{
    Fault,
    message::EncodedResponse,
    service::{MethodFuture, RpcCall},
};

/// Creates a layer from an async function. The function receives each call and the [`Next`] service
/// to pass it to.
///
/// The function may also respond without calling `next`.
///
/// ```
/// use xmlrpc_core::{Client, Dispatcher, Fault, message::EncodedResponse, service::{Next, RpcCall, from_fn}};
///
/// async fn not_on_sundays(call: RpcCall, next: Next) -> Result<EncodedResponse, Fault> {
///     if call.context().headers().contains_key("x-sunday") {
///         return Err(Fault::new(7, format!("{} is not available today", call.method())));
///     }
///     next.run(call).await
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
/// let dispatcher = Dispatcher::new().method("three", || 3).layer(from_fn(not_on_sundays));
/// let client = Client::new(dispatcher);
/// assert_eq!(client.call::<i32>("three", ()).await?, 3);
///
/// let error = client.call::<i32>("three", ()).header("x-sunday", "1").await.unwrap_err();
/// assert_eq!(error.fault().map(Fault::code), Some(7));
/// # Ok(())
/// # }
/// ```
pub fn from_fn<F, Fut>(function: F) -> FromFn<F>
where
    F: Fn(RpcCall, Next) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Result<EncodedResponse, Fault>> + Send + 'static,
{
    FromFn { function }
}

/// The layer that [`from_fn`] makes.
#[derive(Clone)]
pub struct FromFn<F> {
    function: F,
}

/// The service of a [`FromFn`].
#[derive(Clone)]
pub struct FromFnService<F> {
    function: F,
    inner: Stack,
}

/// What a layer made by [`from_fn`] wraps: other layers and the method.
#[derive(Clone)]
pub struct Next {
    service: RpcService,
}

impl Next {
    /// Passes a call on.
    pub fn run(self, call: RpcCall) -> RpcFuture {
        self.service.run(call)
    }
}

impl<F: Clone, S: CallService> Layer<S> for FromFn<F> {
    type Service = FromFnService<F>;

    fn layer(&self, inner: S) -> FromFnService<F> {
        FromFnService {
            function: self.function.clone(),
            inner: Stack::new(inner),
        }
    }
}

impl<F, Fut> tower_service::Service<RpcCall> for FromFnService<F>
where
    F: Fn(RpcCall, Next) -> Fut,
    Fut: Future<Output = Result<EncodedResponse, Fault>> + Send + 'static,
{
    type Response = EncodedResponse;
    type Error = Fault;
    type Future = MethodFuture;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> Poll<Result<(), Fault>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: RpcCall) -> MethodFuture {
        let service = RpcService::around(self.inner.clone());
        Box::pin((self.function)(call, Next { service }))
    }
}

impl<F> fmt::Debug for FromFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromFn").finish_non_exhaustive()
    }
}

impl<F> fmt::Debug for FromFnService<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromFnService").finish_non_exhaustive()
    }
}

impl fmt::Debug for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next").finish_non_exhaustive()
    }
}
