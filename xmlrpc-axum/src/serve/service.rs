//! The user's service as hyper sees it, and the bodies that pass through.

use std::{
    cell::RefCell,
    convert::Infallible,
    future::poll_fn,
    mem,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, Waker, ready},
    time::Duration,
};

use axum::{
    BoxError,
    body::{Body, HttpBody},
    extract::ConnectInfo,
};
use bytes::Bytes;
use http::{Extensions, HeaderValue, Request, Response, header::CONNECTION};
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use tower_service::Service;

use super::connection::Connection;
use crate::refusal::MadeRoom;

/// A value in the extensions of each request. It tells `Health` whether the server shuts down, and the server that
/// an `Endpoint` lets a body wait. The server also waits for methods that still hold it: those that run to completion.
#[derive(Clone)]
pub(crate) struct Serving(Arc<Connection>);

impl Serving {
    /// Waits until a body may be read. Returns `None` if the connection must make room instead.
    pub(crate) async fn queued<T>(&self, admission: impl Future<Output = T>) -> Option<T> {
        let connection = &*self.0;
        let _end = Unqueued(connection);
        let mut admission = pin!(admission);
        poll_fn(|cx| match admission.as_mut().poll(cx) {
            Poll::Ready(admitted) => Poll::Ready(Some(admitted)),
            Poll::Pending => {
                connection.is_queued(true);
                if connection.should_end() {
                    connection.made_room();
                    Poll::Ready(None)
                } else {
                    Poll::Pending
                }
            }
        })
        .await
    }

    pub(super) fn is_draining(&self) -> bool {
        self.0.server.is_draining()
    }
}

struct Unqueued<'a>(&'a Connection);

impl Drop for Unqueued<'_> {
    fn drop(&mut self) {
        self.0.is_queued(false);
    }
}

/// The user's service, for one connection.
pub(super) struct ConnectionService<S> {
    service: RefCell<S>,
    /// What every request of the connection has. A clone takes less time than inserting it again.
    extensions: Extensions,
    connection: Arc<Connection>,
}

impl<S> ConnectionService<S> {
    pub(super) fn new<A>(service: S, address: A, connection: Arc<Connection>) -> Self
    where
        A: Clone + Send + Sync + 'static,
    {
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(address));
        extensions.insert(Serving(Arc::clone(&connection)));
        Self {
            service: RefCell::new(service),
            extensions,
            connection,
        }
    }
}

impl<S, B> hyper::service::Service<Request<Incoming>> for ConnectionService<S>
where
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
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
                has_ended: false,
                connection: Arc::clone(&self.connection),
            })
        });
        request.extensions_mut().extend(self.extensions.clone());
        let mut service = self.service.borrow_mut();
        // Most services are ready at once, and need no clone. The waker does not matter: a service
        // that is not ready is polled again.
        let ready = service.poll_ready(&mut Context::from_waker(Waker::noop()));
        let state = if ready.is_ready() {
            State::Running {
                future: service.call(request),
            }
        } else {
            // It may already have a place in a queue, so it is this one that waits.
            let clone = service.clone();
            State::Waiting {
                service: mem::replace(&mut *service, clone),
                request: Some(request),
            }
        };
        ResponseFuture {
            state,
            connection: Some(Arc::clone(&self.connection)),
        }
    }
}

/// In a shutdown, a client that sends requests without waiting for responses has this time to send the next one,
/// before it is told that the connection ends.
const LISTENS: Duration = Duration::from_millis(10);

/// The same for a client that has already sent requests in this way.
const LISTENS_TO_PIPELINE: Duration = Duration::from_millis(200);

type Turn = Pin<Box<dyn Future<Output = ()> + Send>>;

pin_project_lite::pin_project! {
    #[project = StateProjection]
    enum State<S>
    where
        S: Service<Request<Body>>,
    {
        Waiting { service: S, request: Option<Request<Body>> },
        Running { #[pin] future: S::Future },
        // The HTTP layer reads: the rest of a body that nobody wants, or another request.
        Reading { response: Option<S::Response>, turn: Turn, listens: bool },
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
        // Taken when the response is there.
        connection: Option<Arc<Connection>>,
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
                    let Some(connection) = this.connection.as_ref() else {
                        return Poll::Pending; // polled after its end
                    };
                    let listens = connection.may_be_last();
                    if let Some(turn) = turn_of(connection, listens) {
                        this.state.set(State::Reading {
                            response: Some(response),
                            turn,
                            listens,
                        });
                    } else if let Some(connection) = this.connection.take() {
                        return Poll::Ready(Ok(finish(response, connection)));
                    }
                }
                StateProjection::Reading {
                    response,
                    turn,
                    listens,
                } => {
                    let has_more = |connection: &Arc<Connection>| connection.pipeline.has_more();
                    if !*listens || !this.connection.as_ref().is_some_and(has_more) {
                        ready!(turn.as_mut().poll(cx));
                    }
                    let (Some(response), Some(connection)) =
                        (response.take(), this.connection.take())
                    else {
                        return Poll::Pending; // polled after its end
                    };
                    return Poll::Ready(Ok(finish(response, connection)));
                }
            }
        }
    }
}

/// For how long the HTTP layer reads before a response is given to it.
fn turn_of(connection: &Connection, listens: bool) -> Option<Turn> {
    if listens {
        let time = if connection.pipeline.is_used() {
            LISTENS_TO_PIPELINE
        } else {
            LISTENS
        };
        Some(Box::pin(tokio::time::sleep(time)))
    } else if connection.leaves_rest() {
        // This waits until the runtime has asked the system for events.
        Some(Box::pin(tokio::task::yield_now()))
    } else {
        None
    }
}

fn finish<B>(response: Response<B>, connection: Arc<Connection>) -> Response<ResponseBody<B>> {
    let closes = connection.closes();
    let mut response = response.map(|body| ResponseBody { body, connection });
    if closes {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    response
}

/// The body of a request. It reports when somebody waits for the client to send more.
struct RequestBody {
    body: Incoming,
    /// A chunked body does not say this itself.
    has_ended: bool,
    connection: Arc<Connection>,
}

impl HttpBody for RequestBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        let frame = Pin::new(&mut this.body).poll_frame(cx);
        match &frame {
            Poll::Pending => this.connection.awaits_body(true),
            Poll::Ready(Some(Ok(_))) if !this.body.is_end_stream() => {
                this.connection.awaits_body(false);
            }
            Poll::Ready(Some(Err(_))) if this.connection.should_end() => {
                this.connection.made_room();
                return Poll::Ready(Some(Err(MadeRoom.into())));
            }
            Poll::Ready(frame) => {
                this.has_ended = !matches!(frame, Some(Ok(_)));
                this.connection.body_ended();
            }
        }
        frame.map_err(Into::into)
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
        if !self.has_ended && !self.body.is_end_stream() {
            self.connection.leaves_body();
        }
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
