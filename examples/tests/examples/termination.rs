//! SIGTERM under load: the servers lose no call.

use std::{
    fs,
    io::{self, ErrorKind, Read, Write},
    net::TcpStream,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use crate::common::process::{ServerProcess, example, workspace};

/// How long a server may take to end, and a client waits for bytes.
const PATIENCE: Duration = Duration::from_secs(20);

/// The user and the password of those servers that ask for one: `moe` and `secret`.
const MOE: &str = "Authorization: Basic bW9lOnNlY3JldA==";

#[test]
fn the_program_of_the_readme_twenty_times() {
    let answered = AtomicUsize::new(0);
    // Each run mostly waits.
    thread::scope(|scope| {
        for part in 0..4 {
            let answered = &answered;
            scope.spawn(move || {
                for run in 1..=5 {
                    let after = Duration::from_millis(100 * run + 25 * part);
                    answered.fetch_add(terminate("readme", &[], after), SeqCst);
                }
            });
        }
    });
    let answered = answered.into_inner();
    assert!(answered > 1000, "only {answered} calls were made");
}

/// The example `readme` differs from the README only in its address.
#[test]
fn the_program_of_the_readme_is_the_example() {
    let without_spaces = |text: &str| text.split_whitespace().collect::<String>();
    let readme = fs::read_to_string(workspace().join("README.md")).unwrap();
    let programs = readme.split("```rust").skip(1);
    let mut programs =
        programs.filter_map(|block| Some(block.split_once('\n')?.1.split_once("```")?.0));
    let program = programs.find(|block| block.contains("fn main")).unwrap();
    let program = program
        .replace("println!(\"{} {} {}\"", "println!(\"{} {} {} from {url}\"")
        .replace("(\"http://127.0.0.1:8000/RPC2\")", "(&url)")
        .replace(
            "bind(\"127.0.0.1:8000\").await?;",
            "bind(\"127.0.0.1:0\").await?;
            let url = format!(\"http://{}\", listener.local_addr()?);",
        );
    let example = fs::read_to_string(workspace().join("examples/readme.rs")).unwrap();
    let (_, example) = example.split_once("\n\n").unwrap();
    assert_eq!(without_spaces(example), without_spaces(&program));
}

#[test]
fn other_servers() {
    let address = "127.0.0.1:0";
    for name in [
        "demo_server",
        "file_server",
        "interop_server",
        "supervisor_imitation",
    ] {
        let answered = terminate(name, &[address], Duration::from_millis(200));
        assert!(answered > 0, "{name}");
    }
}

/// The calls that a gateway has forwarded get their responses too.
#[test]
fn a_gateway() {
    let mut server = example("demo_server");
    let server = ServerProcess::start(server.arg("127.0.0.1:0"));
    let arguments = [&*server.url, "127.0.0.1:0"];
    assert!(terminate("gateway", &arguments, Duration::from_millis(200)) > 0);
}

/// Ends a server after a while under load. Returns the number of calls that were answered.
#[track_caller]
fn terminate(name: &str, arguments: &[&str], after: Duration) -> usize {
    let mut command = example(name);
    command.args(arguments).current_dir(workspace());
    command.env("RUST_LOG", "warn");
    let mut server = ServerProcess::start(&mut command);
    let address = server.url.strip_prefix("http://").unwrap_or_default();
    let address = address.trim_end_matches("/RPC2").to_owned();
    let load = Load::default();
    thread::scope(|scope| {
        for client in 0..16 {
            let (load, address) = (&load, &address);
            // Some clients open a connection for each call.
            scope.spawn(move || load.call_until_the_end(address, client % 4 != 0));
        }
        thread::sleep(after);
        load.signalled.store(true, SeqCst);
        server.terminate();
    });
    let end = server.wait(PATIENCE);
    assert!(end.is_some_and(|it| it.success()), "{name}: {end:?}");
    let lost = load.lost.into_inner().unwrap();
    assert!(
        lost.is_empty(),
        "{name} lost {} calls: {}",
        lost.len(),
        lost[0]
    );
    load.answered.into_inner()
}

#[derive(Default)]
struct Load {
    signalled: AtomicBool,
    answered: AtomicUsize,
    lost: Mutex<Vec<io::Error>>,
}

impl Load {
    /// Calls until the server accepts no more connections.
    ///
    /// A call is lost if it was sent completely and got no response. A connection that was opened
    /// after the signal may never have been accepted, so it only counts if a response begins. A
    /// connection that the server has closed is not used again.
    fn call_until_the_end(&self, address: &str, keeps: bool) {
        let body = "<methodCall><methodName>system.listMethods</methodName></methodCall>";
        let length = body.len();
        let request = format!(
            "POST /RPC2 HTTP/1.1\r\nHost: {address}\r\n{MOE}\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        let mut kept: Option<TcpStream> = None;
        loop {
            let is_late = self.signalled.load(SeqCst);
            let is_new = kept.is_none();
            let stream = kept.take().map_or_else(|| TcpStream::connect(address), Ok);
            let Ok(mut stream) = stream else {
                return;
            };
            let was_closed = !is_new && is_closed(&stream);
            if was_closed || stream.write_all(request.as_bytes()).is_err() {
                continue;
            }
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            match response(&mut stream) {
                Ok(closes) => {
                    self.answered.fetch_add(1, SeqCst);
                    if keeps && !closes {
                        kept = Some(stream);
                    }
                }
                Err((_, 0)) if is_new && is_late => {}
                Err((error, _)) => self.lost.lock().unwrap().push(error),
            }
        }
    }
}

fn is_closed(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let seen = stream.peek(&mut [0]);
    stream.set_nonblocking(false).unwrap();
    !seen.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

/// Reads a response. Returns whether the server closes the connection after it. An error comes with the
/// number of bytes that were read before.
fn response(stream: &mut TcpStream) -> Result<bool, (io::Error, usize)> {
    let mut read = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&read).to_ascii_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.split_once("content-length: ");
            let length = length.and_then(|(_, rest)| rest.lines().next()?.parse().ok());
            if length.is_some_and(|length| body.len() >= length) {
                assert!(head.starts_with("http/1.1 200"), "{head}");
                return Ok(head.contains("\r\nconnection: close"));
            }
        }
        let mut bytes = [0; 16 << 10];
        match stream.read(&mut bytes) {
            Ok(0) => return Err((ErrorKind::UnexpectedEof.into(), read.len())),
            Ok(count) => read.extend_from_slice(&bytes[..count]),
            Err(error) => return Err((error, read.len())),
        }
    }
}
