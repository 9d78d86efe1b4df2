//! A small server. It runs a call by counting it, and responds with the number of the call.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpSocket,
    task::{JoinHandle, JoinSet},
    time::sleep,
};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig};

use crate::{ledger::Ledger, script::Script};

/// What a server does with a call.
#[derive(Clone, Debug)]
pub(crate) enum Mode {
    Serve,
    /// Runs the call, and responds after this time.
    Slow(Duration),
    /// Runs the call, and never responds.
    Hang,
    /// Runs the call, and closes the connection.
    Break,
    /// Runs nothing, sends this, and closes the connection.
    Cut(&'static str),
    /// Runs nothing, and responds with this status and these headers.
    Refuse(&'static str, &'static str),
    /// Runs nothing, and responds with this status and body.
    Say(&'static str, String),
    Fault,
    /// Runs the call, and responds with so many bytes.
    Large(usize),
    /// Does this after a time.
    After(Duration, Box<Mode>),
    /// Each call does what a script says that servers share.
    Script(Script),
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
    tls: Option<Arc<ServerConfig>>,
    task: Option<JoinHandle<()>>,
    /// Keeps the port of a dead server for it. It refuses connections, because it does not listen.
    reserved: Option<TcpSocket>,
}

struct Shared {
    ledger: Ledger,
    mode: Mutex<Mode>,
    calls: AtomicUsize,
    connections: AtomicUsize,
    hosts: Mutex<Vec<String>>,
    server_names: Mutex<Vec<String>>,
}

impl Server {
    pub(crate) async fn new(ledger: &Ledger) -> Self {
        Self::at(ledger, (Ipv4Addr::LOCALHOST, 0).into(), None).await
    }

    /// Three servers.
    pub(crate) async fn three(ledger: &Ledger) -> [Self; 3] {
        [
            Self::new(ledger).await,
            Self::new(ledger).await,
            Self::new(ledger).await,
        ]
    }

    /// Servers with the same port at 127.0.0.1 and the following addresses.
    pub(crate) async fn neighbours(
        count: u8,
        ledger: &Ledger,
        tls: Option<Arc<ServerConfig>>,
    ) -> Vec<Self> {
        for _ in 0..20 {
            let first = (Ipv4Addr::LOCALHOST, 0).into();
            let mut servers = vec![Self::at(ledger, first, tls.clone()).await];
            let port = servers[0].address.port();
            for number in 2..=count {
                let ip = IpAddr::from([127, 0, 0, number]);
                match Self::try_at(ledger, (ip, port).into(), tls.clone()) {
                    Ok(server) => servers.push(server),
                    Err(_) => break,
                }
            }
            if servers.len() == usize::from(count) {
                return servers;
            }
        }
        panic!("no port is free at all addresses");
    }

    async fn at(ledger: &Ledger, address: SocketAddr, tls: Option<Arc<ServerConfig>>) -> Self {
        Self::try_at(ledger, address, tls).unwrap()
    }

    fn try_at(
        ledger: &Ledger,
        address: SocketAddr,
        tls: Option<Arc<ServerConfig>>,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            ledger: ledger.clone(),
            mode: Mutex::new(Mode::Serve),
            calls: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
            hosts: Mutex::default(),
            server_names: Mutex::default(),
        });
        let mut server = Self {
            address,
            shared,
            tls,
            task: None,
            reserved: None,
        };
        server.try_start()?;
        Ok(server)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address as an error has it.
    pub(crate) fn peer(&self) -> String {
        self.url()
    }

    pub(crate) fn set(&self, mode: Mode) {
        *self.shared.mode.lock().unwrap() = mode;
    }

    /// How many calls have arrived.
    pub(crate) fn calls(&self) -> usize {
        self.shared.calls.load(Relaxed)
    }

    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Relaxed)
    }

    /// The values of the header `Host`, without repetitions.
    pub(crate) fn hosts(&self) -> Vec<String> {
        let mut hosts = self.shared.hosts.lock().unwrap().clone();
        hosts.sort();
        hosts.dedup();
        hosts
    }

    /// The names that clients asked for over TLS, without repetitions.
    pub(crate) fn server_names(&self) -> Vec<String> {
        let mut names = self.shared.server_names.lock().unwrap().clone();
        names.sort();
        names.dedup();
        names
    }

    /// Closes all of its sockets.
    pub(crate) async fn kill(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
            let _ = task.await;
        }
        self.reserved = Some(self.bind().unwrap());
    }

    /// Starts it again after `kill`.
    pub(crate) fn start(&mut self) {
        self.try_start().unwrap();
    }

    fn bind(&self) -> io::Result<TcpSocket> {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(self.address)?;
        Ok(socket)
    }

    fn try_start(&mut self) -> io::Result<()> {
        let socket = match self.reserved.take() {
            Some(socket) => socket,
            None => self.bind()?,
        };
        let listener = socket.listen(1024)?;
        self.address = listener.local_addr()?;
        let shared = Arc::clone(&self.shared);
        let tls = self.tls.clone().map(TlsAcceptor::from);
        self.task = Some(tokio::spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let Ok((stream, _)) = listener.accept().await else {
                    continue;
                };
                let _ = stream.set_nodelay(true);
                shared.connections.fetch_add(1, Relaxed);
                let shared = Arc::clone(&shared);
                match tls.clone() {
                    None => connections.spawn(async move {
                        let _ = serve(stream, &shared).await;
                    }),
                    Some(tls) => connections.spawn(async move {
                        let Ok(stream) = tls.accept(stream).await else {
                            return;
                        };
                        let name = stream.get_ref().1.server_name();
                        let name = name.unwrap_or_default().to_owned();
                        shared.server_names.lock().unwrap().push(name);
                        let _ = serve(stream, &shared).await;
                    }),
                };
                while connections.try_join_next().is_some() {}
            }
        }));
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, shared: &Shared) -> io::Result<()> {
    let mut buffer = Vec::new();
    loop {
        let request = loop {
            if let Some(request) = split(&mut buffer) {
                break request;
            }
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        };
        shared.calls.fetch_add(1, Relaxed);
        let host = header(&request, "host").unwrap_or_default();
        shared.hosts.lock().unwrap().push(host);
        let call = call_of(&request);
        let mut mode = shared.mode.lock().unwrap().clone();
        let mut active = None;
        let mode = loop {
            mode = match mode {
                Mode::Script(script) => {
                    active = Some(script.begin());
                    script.next().await
                }
                Mode::After(time, mode) => {
                    sleep(time).await;
                    *mode
                }
                mode => break mode,
            };
        };
        drop(active);
        if !matches!(mode, Mode::Refuse(..) | Mode::Say(..) | Mode::Cut(_)) {
            shared.ledger.run(call);
        }
        let body = match mode {
            Mode::Serve => result(call),
            Mode::Slow(time) => {
                sleep(time).await;
                result(call)
            }
            Mode::Hang => std::future::pending().await,
            Mode::Break => return Ok(()),
            Mode::Cut(response) => return stream.write_all(response.as_bytes()).await,
            Mode::Fault => FAULT.to_owned(),
            Mode::Large(bytes) => format!("{}{}", " ".repeat(bytes), result(call)),
            Mode::Say(status, body) => {
                let length = body.len();
                let response =
                    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{body}");
                stream.write_all(response.as_bytes()).await?;
                continue;
            }
            Mode::After(..) | Mode::Script(_) => unreachable!("they lead to another"),
            Mode::Refuse(status, headers) => {
                let response =
                    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: 4\r\n\r\nlate");
                stream.write_all(response.as_bytes()).await?;
                continue;
            }
        };
        let response = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(response.as_bytes()).await?;
    }
}

const FAULT: &str = "<methodResponse><fault><value><struct>\
    <member><name>faultCode</name><value><int>7</int></value></member>\
    <member><name>faultString</name><value><string>sold out</string></value></member>\
    </struct></value></fault></methodResponse>";

fn result(call: i64) -> String {
    format!(
        "<methodResponse><params><param><value><int>{call}</int></value></param></params></methodResponse>"
    )
}

/// Takes a whole request from the buffer.
fn split(buffer: &mut Vec<u8>) -> Option<String> {
    let text = String::from_utf8_lossy(buffer).into_owned();
    let head = text.find("\r\n\r\n")? + 4;
    let length: usize = header(&text, "content-length")?.parse().ok()?;
    if buffer.len() < head + length {
        return None;
    }
    let rest = buffer.split_off(head + length);
    *buffer = rest;
    Some(text[..head + length].to_owned())
}

fn header(request: &str, name: &str) -> Option<String> {
    let lines = request.lines().take_while(|line| !line.is_empty());
    let mut pairs = lines.filter_map(|line| line.split_once(':'));
    let found = pairs.find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    Some(found.1.trim().to_owned())
}

/// The first integer of a call.
fn call_of(request: &str) -> i64 {
    let number = ["<int>", "<i4>", "<i8>"].iter().find_map(|tag| {
        let (_, rest) = request.split_once(tag)?;
        rest.split('<').next()?.parse().ok()
    });
    number.unwrap_or(-1)
}
