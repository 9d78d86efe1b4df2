//! What an endpoint serves: a dispatcher, or a transport.

use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::BoxError;
use tower_service::Service;
use xmlrpc_core::{
    Dialect, Dispatcher, Fault, Request, Response,
    message::fault_response,
    service::{Dispatch, ReplaceableDispatcher},
};

use crate::forwarded_headers;

#[derive(Clone)]
pub(crate) enum Served {
    Dispatcher(Dispatcher),
    Replaceable(ReplaceableDispatcher),
    Transport(Arc<dyn Forward>),
}

impl Served {
    pub(crate) fn transport<T>(transport: T) -> Self
    where
        T: Service<Request, Response = Response> + Clone + Send + Sync + 'static,
        T::Error: Into<BoxError>,
        T::Future: Send,
    {
        Self::Transport(Arc::new(Over(transport)))
    }

    /// Starts a call.
    pub(crate) fn start(&self, call: Request) -> Running {
        match self {
            Self::Dispatcher(dispatcher) => Running::Dispatch(dispatcher.dispatch(call)),
            Self::Replaceable(dispatcher) => Running::Dispatch(dispatcher.dispatch(call)),
            Self::Transport(transport) => Running::Forwarding(transport.forward(call)),
        }
    }

    /// Whether the document of a call is passed on instead of decoded.
    pub(crate) fn forwards(&self) -> bool {
        matches!(self, Self::Transport(_))
    }
}

impl fmt::Debug for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dispatcher(dispatcher) => dispatcher.fmt(f),
            Self::Replaceable(dispatcher) => dispatcher.fmt(f),
            Self::Transport(_) => f.write_str("a transport"),
        }
    }
}

/// A call that runs.
#[must_use]
pub(crate) enum Running {
    Dispatch(Dispatch),
    Forwarding(Forwarding),
}

type Forwarding = Pin<Box<dyn Future<Output = Response> + Send>>;

impl Future for Running {
    type Output = Response;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Response> {
        match &mut *self {
            Self::Dispatch(dispatch) => Pin::new(dispatch).poll(cx).map(|served| {
                let Ok(response) = served;
                response
            }),
            Self::Forwarding(forwarding) => forwarding.as_mut().poll(cx),
        }
    }
}

/// A transport with its type erased.
pub(crate) trait Forward: Send + Sync {
    fn forward(&self, call: Request) -> Forwarding;
}

/// A transport again, for a client of what an endpoint serves. It never fails: an error has become a fault.
#[cfg(feature = "explorer")]
#[derive(Clone)]
pub(crate) struct Forwarder(pub(crate) Arc<dyn Forward>);

#[cfg(feature = "explorer")]
impl Service<Request> for Forwarder {
    type Response = Response;
    type Error = std::convert::Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: Request) -> Self::Future {
        let answered = self.0.forward(call);
        Box::pin(async move { Ok(answered.await) })
    }
}

struct Over<T>(T);

impl<T> Forward for Over<T>
where
    T: Service<Request, Response = Response> + Clone + Send + Sync + 'static,
    T::Error: Into<BoxError>,
    T::Future: Send,
{
    fn forward(&self, mut call: Request) -> Forwarding {
        forwarded_headers::of_request(&mut call.headers);
        // The clone becomes ready and takes the call, because readiness belongs to one caller.
        let mut transport = self.0.clone();
        Box::pin(async move {
            let ready: Result<(), BoxError> = poll_fn(|cx| transport.poll_ready(cx))
                .await
                .map_err(Into::into);
            let answered = match ready {
                Ok(()) => transport.call(call).await.map_err(Into::into),
                Err(error) => Err(error),
            };
            match answered {
                Ok(mut response) => {
                    forwarded_headers::of_response(&mut response.headers);
                    response
                }
                Err(error) => failed(error),
            }
        })
    }
}

#[cold]
fn failed(error: BoxError) -> Response {
    let mut fault = Fault::transport(error);
    fault.log();
    Response::new(fault_response(&fault, Dialect::default()))
}
