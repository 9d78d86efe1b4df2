//! The life of a server: accepting, draining, the end.

use std::{
    any::Any, convert::Infallible, future::poll_fn, pin::pin, sync::Arc, task::Poll, time::Duration,
};

use axum::{
    BoxError,
    body::{Body, HttpBody},
    serve::Listener,
};
use bytes::Bytes;
use http::{Request, Response};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    task::JoinHandle,
    time::{Instant, timeout},
};
use tower_service::Service;

use super::{
    accept,
    health::Health,
    io::Watched,
    phase::Order,
    queue::Queue,
    registry::{Slot, Source},
    server::Server,
    service::ConnectionService,
    settings::Settings,
    socket, sweeper,
};

/// The buffer of a connection grows to this size while a body arrives. A smaller buffer would need more
/// system calls for large bodies; hyper's default of 400 KiB does not need fewer.
const BUFFER: usize = 64 << 10;

/// How long connections may take to close at the deadline of the shutdown.
const CLOSING: Duration = Duration::from_secs(1);

pub(super) async fn run<L, S, F, B>(
    listener: L,
    service: S,
    signal: F,
    mut settings: Settings,
    health: Vec<Health>,
) where
    L: Listener,
    L::Addr: Clone + Send + Sync + 'static,
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
    F: Future<Output = ()> + Send + 'static,
{
    settings.choose_max_connections();
    let (drain_delay, drain) = (settings.drain_delay, settings.drain);
    let max_head_bytes = settings.max_head_bytes;
    let server = Arc::new(Server::new(settings));
    let sweeper = tokio::spawn(sweeper::run(Arc::clone(&server)));
    let _end = End {
        server: Arc::clone(&server),
        sweeper,
    };
    let mut accepting = Accepting {
        listener,
        in_hand: None,
        starting: Starting {
            service,
            server: Arc::clone(&server),
            http: builder(max_head_bytes),
        },
    };

    {
        let mut signal = pin!(signal);
        let mut forever = pin!(accepting.forever());
        let shutdown = poll_fn(|cx| match signal.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(()),
            Poll::Pending => forever.as_mut().poll(cx),
        });
        shutdown.await;
        tracing::info!("shutting down");
        health.iter().for_each(Health::shut_down);
        server.drain();
        if !drain_delay.is_zero() {
            let _ = timeout(drain_delay, forever).await;
        }
    }
    let stops = Instant::now();
    // Half of the time is for the last responses.
    if timeout(drain / 2, accepting.end()).await.is_err() {
        tracing::warn!("closed the listener while others wait: all connections are busy");
    }
    server.stop();
    let left = drain.saturating_sub(stops.elapsed());
    if timeout(left, server.ended()).await.is_err() {
        tracing::warn!(
            ?drain,
            "the deadline of the shutdown has passed: closing the connections that are left"
        );
        server.close_all();
        let _ = timeout(CLOSING, server.emptied()).await;
    }
}

/// Closes everything when the server ends, also if its future is dropped.
struct End {
    server: Arc<Server>,
    sweeper: JoinHandle<()>,
}

impl Drop for End {
    fn drop(&mut self) {
        self.sweeper.abort();
        self.server.close_all();
    }
}

fn builder(max_head_bytes: usize) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.max_header_size(max_head_bytes);
    builder.max_buf_size(BUFFER.max(max_head_bytes));
    // Its timer would also run while a connection is idle.
    builder.header_read_timeout(None);
    builder
}

struct Accepting<L: Listener, S> {
    listener: L,
    /// Accepted, but the server has as many connections as it may have.
    in_hand: Option<(L::Io, L::Addr)>,
    starting: Starting<S>,
}

impl<L, S, B> Accepting<L, S>
where
    L: Listener,
    L::Addr: Clone + Send + Sync + 'static,
    S: Service<Request<Body>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    /// Accepts connections. Dropping the future loses none.
    async fn forever(&mut self) {
        let server = Arc::clone(&self.starting.server);
        loop {
            if self.in_hand.is_none() {
                self.in_hand = Some(accept::accept(&mut self.listener, &server).await);
            }
            let source = self.in_hand.as_ref();
            let source = source.and_then(|(_, address)| source_of(address));
            let slot = server.admit(source).await;
            // Without a slot, this closes the connection.
            if let (Some((io, address)), Some(slot)) = (self.in_hand.take(), slot) {
                self.starting.start(io, address, slot);
            }
        }
    }

    /// Stops accepting, and starts the connections that the system had already accepted.
    async fn end(self) {
        let Self {
            listener,
            in_hand,
            starting,
        } = self;
        let server = &starting.server;
        let mut queue = match Queue::of(listener) {
            Ok(queue) => Some(queue),
            Err(error) => {
                tracing::warn!(%error, "closed the listener: cannot take the connections that wait in it");
                None
            }
        };
        let mut next = in_hand;
        loop {
            if next.is_none()
                && let Some(queue) = &mut queue
            {
                next = queue.next(server).await;
            }
            let Some((io, address)) = next.take() else {
                return;
            };
            if let Some(slot) = server.admit(None).await {
                starting.start(io, address, slot);
            }
        }
    }
}

struct Starting<S> {
    service: S,
    server: Arc<Server>,
    http: http1::Builder,
}

impl<S> Starting<S> {
    fn start<I, A, B>(&self, io: I, address: A, slot: Slot)
    where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        A: Clone + Send + Sync + 'static,
        S: Service<Request<Body>, Response = Response<B>, Error = Infallible>
            + Clone
            + Send
            + 'static,
        S::Future: Send,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        socket::send_at_once(&io);
        let connection = Arc::clone(&slot.connection);
        let service =
            ConnectionService::new(self.service.clone(), address, Arc::clone(&connection));
        let io = TokioIo::new(Watched::new(io, slot));
        let http = self.http.serve_connection(io, service).with_upgrades();
        tokio::spawn(async move {
            let mut http = pin!(http);
            let end = poll_fn(|cx| {
                connection.set_waker(cx.waker());
                if connection.is_ordered(Order::Close) {
                    return Poll::Ready(());
                }
                let end = http.as_mut().poll(cx);
                end.map(|end| {
                    if let Err(error) = end {
                        tracing::debug!(%error, "a connection ended with an error");
                    }
                })
            });
            end.await;
            connection.detach();
        });
    }
}

fn source_of<A: 'static>(address: &A) -> Option<Source> {
    let address = (address as &dyn Any).downcast_ref();
    address.map(Source::of)
}
