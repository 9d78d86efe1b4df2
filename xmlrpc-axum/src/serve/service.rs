//! The user's service as hyper sees it, and the bodies that pass through.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum::{
    BoxError,
    body::{Body, HttpBody},
    extract::ConnectInfo,
};
use bytes::Bytes;
use http::{HeaderValue, Request, Response, header::CONNECTION};
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use tower_service::Service;

use super::connection::Connection;

/// A value in the extensions of each request. It tells `Health` whether the server shuts down. The
/// server also waits for methods that still hold it: those that run to completion.
#[derive(Clone)]
pub(super) struct Serving(Arc<Connection>);

impl Serving {
    pub(super) fn is_draining(&self) -> bool {
        self.0.server.is_draining()
    }
}

/// The user's service, for one connection.
pub(super) struct ConnectionService<S, A> {
    pub(super) service: S,
    pub(super) address: A,
    pub(super) connection: Arc<Connection>,
}

impl<S, A, B> hyper::service::Service<Request<Incoming>> for ConnectionService<S, A>
where
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    A: Clone + Send + Sync + 'static,
{
    type Response = Response<ResponseBody<B>>;
    type Error = Infallible;
    type Future = ResponseFuture<S>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        self.connection
            .request_began(!request.body().is_end_stream());
        let mut request = request.map(|body| {
            Body::new(RequestBody {
                body,
                connection: Arc::clone(&self.connection),
            })
        });
        let extensions = request.extensions_mut();
        extensions.insert(ConnectInfo(self.address.clone()));
        extensions.insert(Serving(Arc::clone(&self.connection)));
        ResponseFuture {
            state: State::Waiting {
                service: self.service.clone(),
                request: Some(request),
            },
            connection: Arc::clone(&self.connection),
        }
    }
}

pin_project_lite::pin_project! {
    #[project = StateProjection]
    enum State<S>
    where
        S: Service<Request<Body>>,
    {
        Waiting { service: S, request: Option<Request<Body>> },
        Running { #[pin] future: S::Future },
    }
}

pin_project_lite::pin_project! {
    /// Waits until the service is ready, and runs it.
    pub(super) struct ResponseFuture<S>
    where
        S: Service<Request<Body>>,
    {
        #[pin]
        state: State<S>,
        connection: Arc<Connection>,
    }
}

impl<S, B> Future for ResponseFuture<S>
where
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible>,
{
    type Output = Result<Response<ResponseBody<B>>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            match this.state.as_mut().project() {
                StateProjection::Waiting { service, request } => {
                    let Ok(()) = ready!(service.poll_ready(cx));
                    let Some(request) = request.take() else {
                        return Poll::Pending; // polled after it has panicked
                    };
                    let future = service.call(request);
                    this.state.set(State::Running { future });
                }
                StateProjection::Running { future } => {
                    let Ok(response) = ready!(future.poll(cx));
                    return Poll::Ready(Ok(finish(response, this.connection)));
                }
            }
        }
    }
}

fn finish<B>(response: Response<B>, connection: &Arc<Connection>) -> Response<ResponseBody<B>> {
    let mut response = response.map(|body| ResponseBody {
        body,
        connection: Arc::clone(connection),
    });
    if connection.server.is_draining() {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    response
}

/// The body of a request. It reports when somebody waits for the client to send more.
struct RequestBody {
    body: Incoming,
    connection: Arc<Connection>,
}

impl HttpBody for RequestBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let this = self.get_mut();
        let frame = Pin::new(&mut this.body).poll_frame(cx);
        match &frame {
            Poll::Pending => this.connection.awaits_body(true),
            Poll::Ready(Some(Ok(_))) if !this.body.is_end_stream() => {
                this.connection.awaits_body(false);
            }
            Poll::Ready(_) => this.connection.body_ended(),
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for RequestBody {
    fn drop(&mut self) {
        self.connection.body_ended();
    }
}

pin_project_lite::pin_project! {
    /// The body of a response. hyper drops it when it has taken all of it.
    pub(super) struct ResponseBody<B> {
        #[pin]
        body: B,
        connection: Arc<Connection>,
    }

    impl<B> PinnedDrop for ResponseBody<B> {
        fn drop(this: Pin<&mut Self>) {
            this.connection.response_ended();
        }
    }
}

impl<B> HttpBody for ResponseBody<B>
where
    B: HttpBody<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        self.project().body.poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
