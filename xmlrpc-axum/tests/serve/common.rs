//! A server, and raw connections to it.

use std::{
    future::IntoFuture,
    io,
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};
use xmlrpc_axum::{Endpoint, Serve};
use xmlrpc_core::Dispatcher;

/// Nothing in these tests takes so long unless it hangs.
pub const AT_MOST: Duration = Duration::from_secs(20);

pub fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// The methods of the tests.
pub fn dispatcher() -> Dispatcher {
    Dispatcher::new()
        .method("add", |a: i64, b: i64| a + b)
        .method("sleep", |milliseconds: u64| async move {
            tokio::time::sleep(millis(milliseconds)).await;
            milliseconds as i64
        })
        .method("long", |length: usize| "x".repeat(length))
}

/// A server on a free port, and the end of its life.
pub struct Running {
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    pub task: JoinHandle<io::Result<()>>,
}

/// Serves an endpoint with these settings.
pub async fn start(
    set: impl FnOnce(Serve<TcpListener, Endpoint>) -> Serve<TcpListener, Endpoint>,
) -> Running {
    start_with(Endpoint::new(dispatcher()), set).await
}

/// Serves an app with the settings that follow it: `start_app!(app, .drain(…))`.
#[macro_export]
macro_rules! start_app {
    ($app:expr $(, $($set:tt)*)?) => {{
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let server = xmlrpc_axum::serve(listener, $app) $($($set)*)?;
        let server = server.with_graceful_shutdown(async {
            // A test that does not stop the server drops the sender.
            if stopped.await.is_err() {
                std::future::pending::<()>().await;
            }
        });
        let task = tokio::spawn(std::future::IntoFuture::into_future(server));
        $crate::common::Running::new(address, stop, task)
    }};
}

pub async fn start_with(
    endpoint: Endpoint,
    set: impl FnOnce(Serve<TcpListener, Endpoint>) -> Serve<TcpListener, Endpoint>,
) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = set(xmlrpc_axum::serve(listener, endpoint)).with_graceful_shutdown(async {
        if stopped.await.is_err() {
            std::future::pending::<()>().await;
        }
    });
    Running::new(address, stop, tokio::spawn(server.into_future()))
}

impl Running {
    pub fn new(
        address: SocketAddr,
        stop: oneshot::Sender<()>,
        task: JoinHandle<io::Result<()>>,
    ) -> Self {
        let stop = Some(stop);
        Self {
            address,
            stop,
            task,
        }
    }

    pub async fn connect(&self) -> Wire<TcpStream> {
        Wire(TcpStream::connect(self.address).await.unwrap())
    }

    /// Begins the shutdown.
    pub fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// Waits for the end of the server. Returns how long that took.
    pub async fn ended(self) -> Duration {
        let start = Instant::now();
        let end = timeout(AT_MOST, self.task).await;
        end.expect("the server does not end").unwrap().unwrap();
        start.elapsed()
    }
}

/// One connection to the server.
pub struct Wire<I>(pub I);

/// A response with the head in lower case.
#[derive(Debug)]
pub struct Answer {
    pub head: String,
    pub body: String,
}

impl Answer {
    #[track_caller]
    pub fn assert_int(&self, value: i64) {
        let expected = format!("<int>{value}</int>");
        assert!(self.body.contains(&expected), "{self:?}");
    }

    #[track_caller]
    pub fn assert_status(&self, status: u16) {
        assert!(
            self.head.starts_with(&format!("http/1.1 {status} ")),
            "{self:?}"
        );
    }

    pub fn closes(&self) -> bool {
        self.head.contains("\r\nconnection: close")
    }
}

impl<I: AsyncRead + AsyncWrite + Unpin> Wire<I> {
    pub async fn write(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).await.unwrap();
    }

    /// Reads one response, or `None` if the server closes before its end.
    pub async fn try_answer(&mut self) -> Option<Answer> {
        timeout(AT_MOST, async {
            let mut bytes = Vec::new();
            let head = loop {
                let byte = self.0.read_u8().await.ok()?;
                bytes.push(byte);
                if bytes.ends_with(b"\r\n\r\n") {
                    break String::from_utf8(bytes).unwrap().to_ascii_lowercase();
                }
            };
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
            self.0.read_exact(&mut body).await.ok()?;
            let body = String::from_utf8(body).unwrap();
            Some(Answer { head, body })
        })
        .await
        .expect("no answer")
    }

    pub async fn answer(&mut self) -> Answer {
        self.try_answer().await.expect("the server has closed")
    }

    /// Sends a call and reads the response.
    pub async fn call(&mut self, method: &str, params: &[i64]) -> Answer {
        self.write(request(method, params)).await;
        self.answer().await
    }

    /// Reads until the server closes. Returns how long that took.
    pub async fn closed(&mut self) -> Duration {
        let start = Instant::now();
        let end = async {
            let mut buffer = [0; 4096];
            while !matches!(self.0.read(&mut buffer).await, Ok(0) | Err(_)) {}
        };
        timeout(AT_MOST, end)
            .await
            .expect("the server does not close");
        start.elapsed()
    }

    /// Whether the server closes within this time. What it sends is read.
    #[cfg(feature = "tls")]
    pub async fn closes_within(&mut self, time: Duration) -> bool {
        timeout(time, self.closed()).await.is_ok()
    }

    /// Whether the connection stays open for this time.
    pub async fn is_open_for(&mut self, time: Duration) -> bool {
        timeout(time, self.0.read_u8()).await.is_err()
    }
}

pub fn document(method: &str, params: &[i64]) -> String {
    let param = |value| format!("<param><value><int>{value}</int></value></param>");
    let params: String = params.iter().map(param).collect();
    format!("<methodCall><methodName>{method}</methodName><params>{params}</params></methodCall>")
}

pub fn head(length: usize) -> String {
    format!("POST /RPC2 HTTP/1.1\r\nHost: rpc.example\r\nContent-Length: {length}\r\n\r\n")
}

pub fn request(method: &str, params: &[i64]) -> String {
    let body = document(method, params);
    head(body.len()) + &body
}

/// Whether a time is at least this many milliseconds, and not an order of magnitude more.
#[track_caller]
pub fn assert_about(time: Duration, expected: u64) {
    let expected = millis(expected);
    // The server's clock is a quarter of the time-out behind at most.
    assert!(time >= expected * 3 / 4, "{time:?} instead of {expected:?}");
    assert!(
        time <= expected * 8 + millis(1000),
        "{time:?} instead of {expected:?}"
    );
}
