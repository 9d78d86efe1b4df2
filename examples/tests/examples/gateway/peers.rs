//! A caller, a server and a gateway between them, with real sockets.

use std::{
    fs::{self, File},
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::common::process::{ServerProcess, example};

/// How long a socket may be silent.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

pub(super) const CALL: &str =
    "<?xml version='1.0'?>\r\n<methodCall ><methodName>getData</methodName></methodCall>\n";
pub(super) const ANSWER: &str =
    "<?xml version='1.0'?>\r\n<methodResponse ><params/></methodResponse>\n";

/// An HTTP message: its head in lower case, and its body.
#[derive(Clone, Debug, Default)]
pub(super) struct Message {
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Message {
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|part| part == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
        let body = bytes[end + 4..].to_vec();
        Some(Self { head, body })
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines();
        let mut headers = lines.filter_map(|line| line.split_once(": "));
        headers.find_map(|(header, value)| (header == name).then_some(value))
    }

    /// Reads one message with a `Content-Length`.
    pub(super) fn read(stream: &mut TcpStream) -> Option<Self> {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut bytes = Vec::new();
        loop {
            if let Some(message) = Self::parse(&bytes) {
                let length = message.header("content-length");
                let length = length.and_then(|length| length.parse().ok()).unwrap_or(0);
                if message.body.len() >= length {
                    return Some(message);
                }
            }
            let mut more = [0; 16 << 10];
            match stream.read(&mut more) {
                Ok(0) | Err(_) => return None,
                Ok(count) => bytes.extend_from_slice(&more[..count]),
            }
        }
    }
}

/// A server that records requests, and sends these bytes after each of them. It ends with the test.
pub(super) struct Backend {
    pub(super) address: SocketAddr,
    pub(super) response: Arc<Mutex<Vec<u8>>>,
    pub(super) requests: Arc<Mutex<Vec<Message>>>,
}

impl Backend {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let backend = Self {
            address: listener.local_addr().unwrap(),
            response: Arc::default(),
            requests: Arc::default(),
        };
        let (response, requests) = (Arc::clone(&backend.response), Arc::clone(&backend.requests));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (response, requests) = (Arc::clone(&response), Arc::clone(&requests));
                thread::spawn(move || serve(stream, &response, &requests));
            }
        });
        backend
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/RPC2", self.address)
    }

    pub(super) fn respond(&self, head: &str, body: &[u8]) {
        let head = head.replace("LENGTH", &body.len().to_string());
        *self.response.lock().unwrap() = [head.as_bytes(), body].concat();
    }

    pub(super) fn respond_ok(&self, body: &[u8]) {
        self.respond(
            "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: LENGTH\r\n\r\n",
            body,
        );
    }

    pub(super) fn take(&self) -> Vec<Message> {
        std::mem::take(&mut *self.requests.lock().unwrap())
    }
}

fn serve(mut stream: TcpStream, response: &Mutex<Vec<u8>>, requests: &Mutex<Vec<Message>>) {
    while let Some(request) = Message::read(&mut stream) {
        requests.lock().unwrap().push(request);
        let response = response.lock().unwrap().clone();
        // No response: the server stays silent, or leaves.
        match &response[..] {
            b"silence" => thread::sleep(PATIENCE),
            b"close" => return,
            response => stream.write_all(response).unwrap(),
        }
    }
}

pub(super) struct Gateway {
    pub(super) process: ServerProcess,
    pub(super) log: TempDir,
}

impl Gateway {
    pub(super) fn start(backend: &str) -> Self {
        Self::with(backend, &[])
    }

    pub(super) fn with(backend: &str, settings: &[(&str, &str)]) -> Self {
        let log = TempDir::new().unwrap();
        let mut command = example("gateway");
        command
            .args([backend, "127.0.0.1:0"])
            .env_remove("RUST_LOG")
            .env("NO_COLOR", "1")
            .envs(settings.iter().copied())
            .stderr(File::create(log.path().join("log")).unwrap());
        let process = ServerProcess::start(&mut command);
        Self { process, log }
    }

    pub(super) fn address(&self) -> &str {
        self.process.url.strip_prefix("http://").unwrap()
    }

    pub(super) fn send(&self, headers: &str, body: &[u8]) -> Message {
        let mut stream = self.open(headers, body);
        let mut response = Vec::new();
        stream.read_to_end(&mut response).unwrap();
        Message::parse(&response).expect("a response")
    }

    /// Sends a request, and does not wait for the response.
    pub(super) fn open(&self, headers: &str, body: &[u8]) -> TcpStream {
        let (address, length) = (self.address(), body.len());
        let head = format!(
            "POST /RPC2 HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\
             Content-Length: {length}\r\n\r\n"
        );
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
        stream
    }

    pub(super) fn log(&self) -> String {
        fs::read_to_string(self.log.path().join("log")).unwrap()
    }

    /// The log, once it contains a text.
    #[track_caller]
    pub(super) fn log_with(&self, text: &str) -> String {
        let start = Instant::now();
        loop {
            let log = self.log();
            if log.contains(text) {
                return log;
            }
            assert!(start.elapsed() < PATIENCE, "no {text:?} in {log}");
            thread::sleep(Duration::from_millis(10));
        }
    }
}
