//! A scripted HTTP peer: it sends the given bytes and records the requests.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What to do after a whole request has arrived.
#[derive(Clone)]
pub(crate) enum Step {
    /// Answer, and wait for the next request.
    Answer(Vec<u8>),
    /// Answer, and close the connection.
    AnswerAndClose(Vec<u8>),
    /// Close the connection.
    Close,
    /// Keep the connection open and send nothing.
    Silence,
}

/// Stops when it is dropped.
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    seen: Arc<Seen>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct Seen {
    steps: Mutex<VecDeque<Step>>,
    requests: Mutex<Vec<String>>,
    connections: Mutex<usize>,
}

impl Peer {
    /// Takes one step for each request, on any connection. After the last step, it closes.
    pub(crate) async fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Seen {
            steps: Mutex::new(steps.into_iter().collect()),
            ..Seen::default()
        });
        let task = tokio::spawn(accept(listener, Arc::clone(&seen)));
        Self {
            address,
            seen,
            task,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/RPC2", self.address)
    }

    /// The requests, head and body, in order of arrival.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.seen.requests.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        *self.seen.connections.lock().unwrap()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, seen: Arc<Seen>) {
    // The connections are aborted when this task is dropped.
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        *seen.connections.lock().unwrap() += 1;
        connections.spawn(serve(stream, Arc::clone(&seen)));
    }
}

async fn serve(mut stream: TcpStream, seen: Arc<Seen>) {
    while let Some(request) = read(&mut stream).await {
        seen.requests.lock().unwrap().push(request);
        let step = seen.steps.lock().unwrap().pop_front();
        match step.unwrap_or(Step::Close) {
            Step::Answer(answer) => stream.write_all(&answer).await.unwrap(),
            Step::AnswerAndClose(answer) => {
                let _ = stream.write_all(&answer).await;
                return;
            }
            Step::Close => return,
            Step::Silence => std::future::pending().await,
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    loop {
        if stream.read_buf(&mut request).await.ok()? == 0 {
            return None;
        }
        let text = String::from_utf8_lossy(&request);
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && body.len() >= content_length(head)
        {
            return Some(text.into_owned());
        }
    }
}

fn content_length(head: &str) -> usize {
    let lines = head.lines();
    let mut lengths = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().unwrap())
    });
    lengths.next().unwrap_or(0)
}

/// A `methodResponse` with the integer 5.
pub(crate) const FIVE: &str = "<?xml version=\"1.0\"?><methodResponse><params><param><value><int>5</int></value></param></params></methodResponse>";

/// A response with this status, these header lines (each with its line end) and a length.
pub(crate) fn answer(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let length = body.as_ref().len();
    unframed(
        status,
        &format!("{headers}Content-Length: {length}\r\n"),
        body,
    )
}

pub(crate) fn unframed(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\n{headers}\r\n");
    [head.as_bytes(), body.as_ref()].concat()
}

/// The integer 5 under status 200.
pub(crate) fn five() -> Vec<u8> {
    answer("200 OK", "Content-Type: text/xml\r\n", FIVE)
}
