//! A process of the example. Dropping it ends the process.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;
use xmlrpc_client::blocking::{Client, Http};

use super::shop::StockClient;
use crate::common::process::example;

/// How long anything may take.
pub const TIME: Duration = Duration::from_secs(60);

/// The name and token of a caller.
pub const ADA: (&str, &str) = ("ada", "0123456789abcdef");

pub struct Production {
    pub child: Child,
    /// The address of the server, from its URL.
    pub address: String,
    pub url: String,
    metrics: String,
    pub log: PathBuf,
}

/// A folder for one test, with a database and tokens.
pub struct Folder(pub TempDir);

impl Folder {
    pub fn new() -> Self {
        let folder = Self(TempDir::new().unwrap());
        let tokens = "# callers\nada:0123456789abcdef\n\nbob:fedcba9876543210:colon\n";
        fs::write(folder.path("tokens"), tokens).unwrap();
        folder
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The program, with a database in this folder, and free ports. Everybody may call.
    pub fn open(&self) -> Command {
        self.with(example("production"))
    }

    /// The same settings for a command that becomes the program.
    pub fn with(&self, mut command: Command) -> Command {
        command
            .env("STOCK_LISTEN", "127.0.0.1:0")
            .env("STOCK_METRICS", "127.0.0.1:0")
            .env("STOCK_DATABASE", self.path("stock.sqlite"))
            .env_remove("RUST_LOG")
            .stdin(Stdio::null());
        command
    }

    /// The program, for callers with tokens.
    pub fn closed(&self) -> Command {
        let mut command = self.open();
        command.env("STOCK_TOKENS", self.path("tokens"));
        command
    }

    /// Starts the program, and waits until it serves.
    #[track_caller]
    pub fn start(&self, command: &mut Command) -> Production {
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.path("log"));
        self.start_with(command, log.unwrap().into())
    }

    /// The same, with a file or pipe for its log.
    #[track_caller]
    pub fn start_with(&self, command: &mut Command, log: Stdio) -> Production {
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let log = self.path("log");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut url = || {
            let line = lines.next().transpose().unwrap().unwrap_or_default();
            line.split(' ').next_back().unwrap_or_default().to_owned()
        };
        let (url, metrics) = (url(), url());
        assert!(
            metrics.contains("/metrics"),
            "{:?}",
            fs::read_to_string(&log)
        );
        Production {
            child,
            address: url.rsplit('/').next().unwrap().to_owned(),
            url,
            metrics: metrics.strip_prefix("http://").unwrap().to_owned(),
            log,
        }
    }

    /// Runs the program with settings that it must refuse, and returns the reason from the log.
    #[track_caller]
    pub fn refused(&self, command: &mut Command) -> String {
        let output = command.output().unwrap();
        assert!(!output.status.success(), "{command:?}");
        let log = String::from_utf8(output.stderr).unwrap();
        let last: Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
        assert_eq!(last["level"], "ERROR");
        last["error"]
            .as_str()
            .unwrap_or_else(|| panic!("{last}"))
            .to_owned()
    }
}

impl Production {
    pub fn stock(&self) -> StockClient<Http> {
        self.stock_of("", "")
    }

    /// A client with a name and a token, unless the name is empty.
    pub fn stock_of(&self, name: &str, token: &str) -> StockClient<Http> {
        StockClient::new(&self.client_of(name, token))
    }

    pub fn client_of(&self, name: &str, token: &str) -> Client {
        let mut builder = xmlrpc_client::Client::builder(&self.url);
        if !name.is_empty() {
            builder = builder.basic_auth(name, token);
        }
        builder.build_blocking().unwrap()
    }

    /// The status and the whole response to a GET request.
    pub fn get(&self, path: &str) -> (u16, String) {
        http(
            &self.address,
            &format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        )
    }

    pub fn metrics(&self) -> String {
        let (address, _) = self.metrics.split_once('/').unwrap();
        http(
            address,
            "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        )
        .1
    }

    pub fn signal(&self, signal: Signal) {
        let id = Pid::from_raw(self.child.id().try_into().unwrap()).unwrap();
        kill_process(id, signal).unwrap();
    }

    /// Waits until the process ends.
    #[track_caller]
    pub fn ended(&mut self) -> ExitStatus {
        let mut status = None;
        until("the process has ended", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap()
    }

    /// Waits for an event in the log. Each line of it is a JSON object.
    #[track_caller]
    pub fn event(&self, is_it: impl Fn(&Value) -> bool) -> Value {
        let mut found = None;
        until("the event is logged", || {
            let log = fs::read_to_string(&self.log).unwrap();
            // The last line may not be complete.
            let complete = log.rsplit_once('\n').map_or("", |(complete, _)| complete);
            let event =
                |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            found = complete.lines().map(event).find(&is_it);
            found.is_some()
        });
        found.unwrap()
    }
}

impl Drop for Production {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a request, and reads the response to its end.
pub fn http(address: &str, request: &str) -> (u16, String) {
    http_over(TcpStream::connect(address).unwrap(), request)
}

/// The same on a connection that is there.
pub fn http_over(mut stream: TcpStream, request: &str) -> (u16, String) {
    stream.set_read_timeout(Some(TIME)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    let status = response
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    (status.unwrap_or_else(|| panic!("{response:?}")), response)
}

/// A request for `system.listMethods`, with these header lines.
pub fn list_methods(headers: &str) -> String {
    let body = "<methodCall><methodName>system.listMethods</methodName></methodCall>";
    let length = body.len();
    format!("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n{headers}\r\n{body}")
}

#[track_caller]
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + TIME;
    while !is_so() {
        assert!(Instant::now() < end, "not after {TIME:?}: {what}");
        sleep(Duration::from_millis(10));
    }
}
