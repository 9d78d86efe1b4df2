//! A scripted SCGI peer: it parses the requests and sends the given bytes.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    task::{JoinHandle, JoinSet},
};
use xmlrpc_core::Dispatcher;

/// What to do with a connection.
#[derive(Clone)]
pub(crate) enum Step {
    /// Answer the request, and close.
    Answer(Vec<u8>),
    /// Answer the request, and keep the connection.
    AnswerAndKeep(Vec<u8>),
    /// Answer one byte at a time, this many milliseconds apart, and close.
    Drip(Vec<u8>, u64),
    /// Answer and close without reading the request.
    AnswerUnread(Vec<u8>),
    /// Close without reading the request.
    CloseAtOnce,
    /// Read the request, and close.
    Close,
    /// Read the request, keep the connection open and send nothing.
    Silence,
}

pub(crate) struct ScgiRequest {
    /// In order of arrival.
    pub(crate) variables: Vec<(String, String)>,
    pub(crate) body: String,
}

impl ScgiRequest {
    pub(crate) fn variable(&self, name: &str) -> Option<&str> {
        let found = self.variables.iter().find(|variable| variable.0 == name);
        found.map(|variable| &*variable.1)
    }
}

/// One step for each connection; after the last, the methods of a dispatcher.
#[derive(Clone)]
pub(crate) struct Script {
    seen: Arc<Seen>,
}

struct Seen {
    steps: Mutex<VecDeque<Step>>,
    requests: Mutex<Vec<Arc<ScgiRequest>>>,
    dispatcher: Dispatcher,
}

impl Script {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>, dispatcher: Dispatcher) -> Self {
        let seen = Seen {
            steps: Mutex::new(steps.into_iter().collect()),
            requests: Mutex::default(),
            dispatcher,
        };
        Self {
            seen: Arc::new(seen),
        }
    }

    pub(crate) fn requests(&self) -> Vec<Arc<ScgiRequest>> {
        self.seen.requests.lock().unwrap().clone()
    }

    pub(crate) async fn serve(self, mut stream: impl AsyncRead + AsyncWrite + Unpin) {
        let step = self.seen.steps.lock().unwrap().pop_front();
        match step {
            Some(Step::AnswerUnread(answer)) => {
                let _ = stream.write_all(&answer).await;
                return;
            }
            Some(Step::CloseAtOnce) => return,
            _ => {}
        }
        let request = Arc::new(read(&mut stream).await);
        let body = request.body.clone();
        self.seen.requests.lock().unwrap().push(request);
        let answer = match step {
            Some(Step::Answer(answer)) => answer,
            Some(Step::AnswerAndKeep(answer)) => {
                let _ = stream.write_all(&answer).await;
                return std::future::pending().await;
            }
            Some(Step::Drip(answer, milliseconds)) => {
                for byte in answer {
                    if stream.write_all(&[byte]).await.is_err() {
                        return;
                    }
                    match milliseconds {
                        0 => tokio::task::yield_now().await,
                        _ => tokio::time::sleep(Duration::from_millis(milliseconds)).await,
                    }
                }
                return;
            }
            Some(Step::Silence) => return std::future::pending().await,
            Some(_) => return,
            None => {
                let request = xmlrpc_core::Request::new("", body);
                let response = self.seen.dispatcher.dispatch(request).await.unwrap();
                answer("200 OK", "Content-Type: text/xml\r\n", &response.body)
            }
        };
        let _ = stream.write_all(&answer).await;
    }
}

/// Stops when it is dropped.
pub(crate) struct Port {
    pub(crate) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Port {
    pub(crate) async fn new(script: &Script, address: &str) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let script = script.clone();
        let task = tokio::spawn(async move {
            // The connections are aborted when this task is dropped.
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).unwrap();
                connections.spawn(script.clone().serve(stream));
            }
        });
        Ok(Self { address, task })
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Reads the request up to its last byte, not to the end of the connection. Panics if it is not
/// valid SCGI.
async fn read(stream: &mut (impl AsyncRead + Unpin)) -> ScgiRequest {
    let mut length = String::new();
    loop {
        match stream.read_u8().await.unwrap() {
            b':' => break,
            byte => length.push(char::from(byte)),
        }
    }
    assert!(!length.starts_with('0'), "{length}");
    let mut block = vec![0; length.parse().unwrap()];
    stream.read_exact(&mut block).await.unwrap();
    assert_eq!(stream.read_u8().await.unwrap(), b',');

    assert_eq!(block.pop(), Some(0));
    let block = String::from_utf8(block).unwrap();
    let parts: Vec<&str> = block.split('\0').collect();
    let variables: Vec<(String, String)> = parts
        .chunks(2)
        .map(|pair| (pair[0].to_owned(), pair[1].to_owned()))
        .collect();
    for (at, (name, _)) in variables.iter().enumerate() {
        assert!(variables[..at].iter().all(|one| one.0 != *name), "{name}");
    }
    assert_eq!(variables[0].0, "CONTENT_LENGTH");
    let mut body = vec![0; variables[0].1.parse().unwrap()];
    stream.read_exact(&mut body).await.unwrap();
    ScgiRequest {
        variables,
        body: String::from_utf8(body).unwrap(),
    }
}

/// A `methodResponse` with the integer 5.
pub(crate) const FIVE: &str = "<?xml version=\"1.0\"?><methodResponse><params><param><value><int>5</int></value></param></params></methodResponse>";

/// A response with this status, these header lines (each with its line end) and a length.
pub(crate) fn answer(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let length = body.as_ref().len();
    let head = format!("Status: {status}\r\n{headers}Content-Length: {length}\r\n\r\n");
    [head.as_bytes(), body.as_ref()].concat()
}
