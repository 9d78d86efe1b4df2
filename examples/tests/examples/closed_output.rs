//! Servers whose output nobody reads.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    thread::sleep,
    time::{Duration, Instant},
};

use crate::common::process::example;

/// Nobody may read what a server prints and logs, or the disk may be full.
#[test]
fn servers_run_without_stdout_and_stderr() {
    let full = || fs::File::options().write(true).open("/dev/full").unwrap();
    let body = "<methodCall><methodName>system.listMethods</methodName></methodCall>";
    let request = format!(
        "POST /RPC2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    for name in ["demo_server", "file_server", "interop_server"] {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let mut command = example(name);
        command
            .arg(address.to_string())
            .env("RUST_LOG", "debug")
            .stdout(full())
            .stderr(full());
        let mut server = command.spawn().unwrap();
        let started = Instant::now();
        for _ in 0..3 {
            let mut stream = loop {
                if let Ok(stream) = TcpStream::connect(address) {
                    break stream;
                }
                assert_eq!(server.try_wait().unwrap(), None, "{name}");
                assert!(started.elapsed() < Duration::from_secs(20), "{name}");
                sleep(Duration::from_millis(10));
            };
            stream.write_all(request.as_bytes()).unwrap();
            let mut response = String::new();
            stream.read_to_string(&mut response).unwrap();
            assert!(
                response.starts_with("HTTP/1.1 200 OK"),
                "{name}: {response}"
            );
        }
        assert_eq!(server.try_wait().unwrap(), None, "{name}");
        server.kill().unwrap();
        server.wait().unwrap();
    }
}
