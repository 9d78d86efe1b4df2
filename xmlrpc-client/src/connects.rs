//! Counts the connections that an HTTP client opens.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
};

use tower::Layer;
use tower_service::Service;

/// A layer around the connector of reqwest. Clones share the count.
///
/// An error of reqwest does not say whether the connection was new. But if the client has not begun
/// to open one since the start of a request, then the request went through a kept one.
#[derive(Clone, Default)]
pub(crate) struct Connects(Arc<AtomicU64>);

impl Connects {
    pub(crate) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl<S> Layer<S> for Connects {
    type Service = Counting<S>;

    fn layer(&self, inner: S) -> Counting<S> {
        Counting {
            inner,
            connects: self.clone(),
        }
    }
}

#[derive(Clone)]
pub(crate) struct Counting<S> {
    inner: S,
    connects: Connects,
}

impl<T, S: Service<T>> Service<T> for Counting<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, target: T) -> S::Future {
        self.connects.0.fetch_add(1, Ordering::Relaxed);
        self.inner.call(target)
    }
}
