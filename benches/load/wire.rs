//! HTTP over a blocking socket, with control over each byte.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{Ipv4Addr, Shutdown, SocketAddr, SocketAddrV4, TcpStream},
    thread,
    time::Duration,
};

use rustix::net::{self, AddressFamily, SocketFlags, SocketType, sockopt};

/// How long a client waits for bytes before it gives up.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// Whether it is a refusal because of too much load, which says when to come again.
    pub(crate) fn is_refusal(&self) -> bool {
        self.status == 503 && self.header("retry-after").is_some()
    }

    pub(crate) fn is_success(&self) -> bool {
        self.status == 200 && !self.is_fault()
    }

    pub(crate) fn is_fault(&self) -> bool {
        let start = self.body.get(..200).unwrap_or(&self.body);
        memchr::memmem::find(start, b"<fault>").is_some()
    }

    /// The body as text: a response to a refusal, or a document.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        let mut values = lines.filter(|(key, _)| key.eq_ignore_ascii_case(name));
        values.next().map(|(_, value)| value.trim())
    }

    pub(crate) fn closes(&self) -> bool {
        let value = self.header("connection");
        value.is_some_and(|it| it.eq_ignore_ascii_case("close"))
    }
}

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> io::Result<Self> {
        Self::over(TcpStream::connect(address)?)
    }

    /// Connects from another address of the loopback.
    pub(crate) fn open_from(from: Ipv4Addr, address: SocketAddr) -> io::Result<Self> {
        let flags = SocketFlags::CLOEXEC;
        let socket = net::socket_with(AddressFamily::INET, SocketType::STREAM, flags, None)?;
        net::bind(&socket, &SocketAddrV4::new(from, 0))?;
        net::connect(&socket, &address)?;
        Self::over(TcpStream::from(socket))
    }

    fn over(stream: TcpStream) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self {
            stream,
            buffer: Vec::new(),
        })
    }

    /// Waits no longer than this for bytes.
    pub(crate) fn patience(self, time: Duration) -> io::Result<Self> {
        self.stream.set_read_timeout(Some(time))?;
        self.stream.set_write_timeout(Some(time))?;
        Ok(self)
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }

    /// Reads some bytes, and discards them.
    pub(crate) fn skip(&mut self, most: usize) -> io::Result<usize> {
        let mut bytes = vec![0; most];
        self.stream.read(&mut bytes)
    }

    /// Sends a request, and reads the response.
    pub(crate) fn call(&mut self, request: &[u8]) -> io::Result<Response> {
        self.send(request)?;
        self.response()
    }

    /// Sends a large request. A response that arrives before everything is sent ends it.
    pub(crate) fn call_large(&mut self, request: &[u8]) -> io::Result<Response> {
        let mut writer = self.stream.try_clone()?;
        thread::scope(|scope| {
            let sending = scope.spawn(move || writer.write_all(request));
            let response = self.response();
            if response.as_ref().map_or(true, Response::closes) {
                // Ends a write that waits.
                let _ = self.stream.shutdown(Shutdown::Both);
            }
            let _ = sending.join();
            response
        })
    }

    /// Reads a response with a `Content-Length`.
    pub(crate) fn response(&mut self) -> io::Result<Response> {
        let head = loop {
            if let Some(end) = memchr::memmem::find(&self.buffer, b"\r\n\r\n") {
                let rest = self.buffer.split_off(end + 4);
                break std::mem::replace(&mut self.buffer, rest);
            }
            self.fill(16 << 10)?;
        };
        let head = String::from_utf8_lossy(&head).into_owned();
        let status = head.get(9..12).and_then(|it| it.parse().ok());
        let mut response = Response {
            status: status.ok_or_else(|| invalid("the response has no status"))?,
            head,
            body: Vec::new(),
        };
        let length = response.header("content-length");
        let length: usize = length
            .and_then(|it| it.parse().ok())
            .ok_or_else(|| invalid("the response has no length"))?;
        while self.buffer.len() < length {
            self.fill((length - self.buffer.len()).min(256 << 10))?;
        }
        let rest = self.buffer.split_off(length);
        response.body = std::mem::replace(&mut self.buffer, rest);
        Ok(response)
    }

    fn fill(&mut self, most: usize) -> io::Result<()> {
        let start = self.buffer.len();
        self.buffer.resize(start + most, 0);
        let read = self.stream.read(&mut self.buffer[start..]);
        self.buffer
            .truncate(start + read.as_ref().copied().unwrap_or_default());
        match read {
            Ok(0) => Err(ErrorKind::UnexpectedEof.into()),
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Whether the peer has closed the connection, as far as it is known.
    pub(crate) fn is_closed(&self) -> bool {
        let seen = self
            .stream
            .set_nonblocking(true)
            .and_then(|()| self.stream.peek(&mut [0]));
        let back = self.stream.set_nonblocking(false);
        match seen {
            Ok(bytes) => bytes == 0 || back.is_err(),
            Err(error) => error.kind() != ErrorKind::WouldBlock || back.is_err(),
        }
    }

    /// Closes the connection with a reset.
    pub(crate) fn reset(self) {
        let _ = sockopt::set_socket_linger(&self.stream, Some(Duration::ZERO));
    }
}

fn invalid(why: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, why)
}
