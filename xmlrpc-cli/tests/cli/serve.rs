//! `xmlrpc serve`

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, ChildStdout, Command, Stdio},
};

use crate::run::{command, xmlrpc, xmlrpc_with_input};

/// A running server. It ends when this is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
    pub(crate) stdout: BufReader<ChildStdout>,
}

impl Server {
    /// Starts the command, whose first line is its URL.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::spawn(command(arguments))
    }

    pub(crate) fn spawn(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the command starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut url = String::new();
        stdout.read_line(&mut url).expect("the URL");
        let url = url.trim_end().to_owned();
        Self { child, url, stdout }
    }

    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).expect("a line");
        line
    }

    /// `127.0.0.1:1234`
    pub(crate) fn address(&self) -> &str {
        let rest = self.url.strip_prefix("http://").expect("a URL");
        rest.split('/').next().expect("an address")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A response to a request as it is.
pub(crate) fn exchange(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut response = Vec::new();
    let _ = stream.read_to_end(&mut response);
    String::from_utf8_lossy(&response).into_owned()
}

#[test]
fn every_call_is_shown_and_returned() {
    let mut server = Server::start(&["serve"]);
    assert!(
        server.url.starts_with("http://127.0.0.1:") && server.url.ends_with("/RPC2"),
        "{}",
        server.url
    );
    let url = server.url.clone();
    assert_eq!(
        xmlrpc(&["call", &url, "any.method", "5", "--no-signatures"]).ok(),
        "5\n"
    );
    assert_eq!(server.line(), "any.method(5)\n");
    let two = xmlrpc(&[
        "call",
        &url,
        "m",
        "5.0",
        "{\"a\": {\"$i8\": 1}}",
        "--typed",
        "--no-signatures",
    ])
    .ok();
    assert_eq!(two, "[\n  5.0,\n  {\n    \"a\": {\"$i8\": 1}\n  }\n]\n");
    assert_eq!(server.line(), "m(5.0, {\"a\": {\"$i8\": 1}})\n");
    let calls = xmlrpc_with_input(&["multicall", &url, "--no-signatures"], "a 1\nb 2 3\n");
    assert_eq!(calls.ok(), "a 1\n  1\nb 2 3\n  2\n  3\n");
    assert!(server.line().starts_with("system.multicall(["));
    // Escape sequences of a client do not reach the terminal.
    let evil = xmlrpc(&["call", &url, "m", "\u{9b}31m", "--no-signatures"]);
    assert_eq!(evil.code, 0);
    assert_eq!(server.line(), "m(\"\\u009b31m\")\n");
}

#[test]
fn mistakes_of_clients_are_shown() {
    let mut server = Server::start(&["serve", "--verbose"]);
    let body = "<methodCall><params>";
    let request = format!(
        "POST / HTTP/1.1\r\nHost: {}\r\nContent-Type: text/xml\r\nX-Token: s3cret\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        server.address(),
        body.len()
    );
    let response = exchange(server.address(), &request);
    assert!(response.contains("<fault>"), "{response}");
    let lines: Vec<_> = (0..5).map(|_| server.line()).collect();
    let shown = lines.concat();
    assert!(
        shown.starts_with("unreadable: ") && shown.contains("  x-token: (hidden)\n"),
        "{shown}"
    );
    assert!(shown.contains("  <methodCall>\n"), "{shown}");
}

#[test]
fn replies_are_chosen() {
    let cases: [(&[&str], i32, &str, &str); 4] = [
        (&["--reply", "{\"id\": 5}"], 0, "id: 5\n", ""),
        (&["--reply", "text"], 0, "text\n", ""),
        (
            &["--fault", "404:no such page"],
            1,
            "",
            "fault 404: no such page\n",
        ),
        (&["--reply", "-5", "--delay", "0.01"], 0, "-5\n", ""),
    ];
    for (options, code, stdout, stderr) in cases {
        let server = Server::start(&[&["serve"][..], options].concat());
        let run = xmlrpc(&["call", &server.url, "m"]);
        assert_eq!(
            (run.code, run.stdout.as_str(), run.stderr.as_str()),
            (code, stdout, stderr)
        );
    }
    assert!(
        xmlrpc(&["serve", "--fault", "x:y"])
            .failed(2)
            .contains("expected CODE:MESSAGE")
    );
    assert!(
        xmlrpc(&["serve", "--reply", "[1"])
            .failed(2)
            .contains("invalid JSON in --reply")
    );
}
