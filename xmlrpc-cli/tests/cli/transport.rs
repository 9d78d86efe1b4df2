//! URLs of all kinds, and the options of connections.

use std::{
    io::{Read, Write},
    os::unix::net::UnixListener,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    thread,
};

use crate::{
    peer::{Canned, Peer, closed_port, response, send},
    run::xmlrpc,
};

#[test]
fn unix_sockets_and_scgi() {
    let folder = tempfile::tempdir().unwrap();
    for (scheme, head) in [
        ("unix", "HTTP/1.1 200 OK\r\n"),
        ("scgi+unix", "Status: 200 OK\r\n"),
    ] {
        let path = folder.path().join(scheme);
        let listener = UnixListener::bind(&path).unwrap();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let mut request = Vec::new();
                let mut buffer = [0; 4096];
                while !String::from_utf8_lossy(&request).contains("</methodCall>") {
                    let count = stream.read(&mut buffer).unwrap_or(0);
                    if count == 0 {
                        break;
                    }
                    request.extend_from_slice(&buffer[..count]);
                }
                let body = response("<int>7</int>");
                let _ = write!(
                    stream,
                    "{head}Content-Type: text/xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
            }
        });
        let url = format!("{scheme}://{}", path.display());
        let run = xmlrpc(&["call", &url, "m", "-v"]);
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (0, "7\n"),
            "{}",
            run.stderr
        );
        assert!(
            run.stderr.contains(&format!("> POST {url}")),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn both_documents_are_shown() {
    let peer = Peer::demo();
    let run = xmlrpc(&["call", &peer.url, "pow", "2", "9", "-v"]);
    assert_eq!(run.stdout, "512\n");
    let stderr = &run.stderr;
    for expected in [
        "> POST http://127.0.0.1:",
        "> content-type: text/xml\n",
        "<methodName>pow</methodName>",
        "< 200 OK · ",
        "< content-type: text/xml",
        "<int>512</int>",
    ] {
        assert!(stderr.contains(expected), "{expected}: {stderr}");
    }
    // The question for the signature is not shown.
    assert!(!stderr.contains("system.methodSignature"));
}

/// Also if the question for the signature has failed.
#[test]
fn errors_name_the_method_of_the_call() {
    let url = format!("http://127.0.0.1:{}", closed_port());
    let error = xmlrpc(&["call", &url, "pow", "2", "9"]).failed(3);
    assert!(
        error.contains("calling `pow`: could not connect"),
        "{error}"
    );
}

#[test]
fn retries_are_for_calls_that_may_run_again() {
    let failing = || {
        let count = Arc::new(AtomicU32::new(0));
        let calls = Arc::clone(&count);
        let peer = Canned::new(Arc::new(move |_, stream| {
            match calls.fetch_add(1, Relaxed) {
                0 => send(stream, "503 Service Unavailable", "later"),
                _ => send(stream, "200 OK", &response("<int>7</int>")),
            }
        }));
        (peer, count)
    };
    let (peer, count) = failing();
    assert_eq!(xmlrpc(&["call", &peer.url, "m"]).code, 3);
    assert_eq!(count.load(Relaxed), 1);
    let (peer, count) = failing();
    assert_eq!(
        xmlrpc(&["call", &peer.url, "m", "--retries", "2"]).ok(),
        "7\n"
    );
    assert_eq!(count.load(Relaxed), 2);
}

#[test]
fn proxies() {
    let proxy = Canned::value("<int>9</int>");
    let proxy_url = proxy.url.replace("/RPC2", "");
    let url = "http://server.invalid/RPC2";
    assert_eq!(
        xmlrpc(&["call", url, "m", "--proxy", &proxy_url]).ok(),
        "9\n"
    );
    assert!(proxy.requests()[0].starts_with("POST http://server.invalid/RPC2 "));
    assert_eq!(
        xmlrpc(&["call", url, "m", "--proxy", "none", "--timeout", "5"]).code,
        3
    );
}

#[test]
fn mistakes_in_options() {
    let cases: [(&[&str], &str); 6] = [
        (&["--timeout", "x"], "expected a number of seconds"),
        (&["--max-response", "5T"], "expected a size such as 64M"),
        (
            &["-H", "no colon"],
            "invalid header `no colon`: write NAME: VALUE",
        ),
        (&["--cacert", "/nonexistent"], "cannot read /nonexistent"),
        (&["--key", "/x"], "--cert <FILE>"),
        (&["--user", "a:b:c", "--password-file", "/nonexistent"], ""),
    ];
    for (options, expected) in cases {
        let arguments = [&["call", "http://127.0.0.1:1", "m"][..], options].concat();
        let run = xmlrpc(&arguments);
        assert!(run.stderr.contains(expected), "{options:?}: {}", run.stderr);
        assert_eq!(
            run.code,
            if expected.is_empty() { 3 } else { 2 },
            "{options:?}"
        );
    }
}
