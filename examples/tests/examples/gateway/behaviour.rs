//! What the gateway logs, refuses and reports.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    thread,
    time::Duration,
};

use xmlrpc_client::blocking::Client;
use xmlrpc_core::{Fault, Value};
use xmlrpc_examples::demo::DemoClient;

use super::peers::{ANSWER, Backend, CALL, Gateway, Message, PATIENCE};
use crate::common::process::{ServerProcess, example};

#[test]
fn a_real_server_behind_the_gateway() {
    let mut server = example("demo_server");
    let server = ServerProcess::start(server.arg("127.0.0.1:0"));
    let gateway = Gateway::start(&server.url);
    let client = Client::new(&gateway.process.url).unwrap();
    let demo = DemoClient::new(&client);
    assert_eq!(demo.add(2, 3).wait().unwrap(), 5);
    let names = client.call::<Vec<String>>("system.listMethods", ()).wait();
    assert!(names.unwrap().contains(&"getData".to_owned()));
    let (pow, data) = client
        .multicall((demo.pow(2, 9), demo.get_data()))
        .wait()
        .unwrap();
    assert_eq!((pow.unwrap(), data.unwrap()), (512, "42".to_owned()));
    let log = gateway.log_with("forwarding system.multicall of pow, getData");
    for name in ["add", "system.listMethods"] {
        assert!(log.contains(&format!("forwarding {name} ")), "{log}");
    }

    // A caller cannot forge lines of the log, or fill it.
    let forged = "x\n2026-01-01 ERROR forged \u{202e}\u{85}x";
    let error = client.call::<Value>(forged, ()).wait().unwrap_err();
    assert_eq!(
        error.fault().map(Fault::code),
        Some(Fault::METHOD_NOT_FOUND)
    );
    let long = "y".repeat(100_000);
    let many: Vec<_> = (0..50).map(|_| client.call::<Value>(&long, ())).collect();
    drop(client.multicall(many).wait());
    let log = gateway.log_with("and 30 more");
    assert!(
        log.contains(r"forwarding x\n2026-01-01 ERROR forged \u{202e}\u{85}x"),
        "{log}"
    );
    for line in log.lines() {
        assert!(line.contains("forwarding"), "{line}");
        assert!(line.len() < 2_000, "{line}");
    }
    assert!(log.contains(&format!("{}…, ", "y".repeat(60))), "{log}");
    assert!(!log.contains(&"y".repeat(61)), "{log}");
}

#[test]
fn errors_of_the_other_server_are_faults() {
    let fault = |gateway: &Gateway| {
        let response = gateway.send("", CALL.as_bytes());
        assert!(response.head.starts_with("http/1.1 200"), "{response:?}");
        String::from_utf8(response.body).unwrap()
    };
    // Nobody listens on port 1.
    let unreachable = Gateway::start("http://user:password@127.0.0.1:1/secret");
    let response = fault(&unreachable);
    assert!(response.contains("<int>-32300</int>"), "{response}");
    assert!(
        response.contains("the server behind this one cannot be reached"),
        "{response}"
    );
    assert!(!response.contains("127.0.0.1"), "{response}");
    let log = unreachable.log_with("ERROR");
    assert!(log.contains("127.0.0.1:1"), "{log}");
    assert!(
        !log.contains("password") && !log.contains("secret"),
        "{log}"
    );

    let backend = Backend::start();
    let impatient = Gateway::with(&backend.url(), &[("GATEWAY_TIMEOUT", "1")]);
    for (response, code) in [
        ("silence", -32001),
        ("close", -32300),
        ("not HTTP at all\r\n\r\n", -32300),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n",
            -32300,
        ),
    ] {
        backend.respond(response, b"");
        let fault = fault(&impatient);
        assert!(
            fault.contains(&format!("<int>{code}</int>")),
            "{response}: {fault}"
        );
    }
    // It works again.
    backend.respond_ok(ANSWER.as_bytes());
    assert_eq!(fault(&impatient), ANSWER);
}

#[test]
fn bad_requests_do_not_reach_the_other_server() {
    let backend = Backend::start();
    let gateway = Gateway::start(&backend.url());
    backend.respond_ok(ANSWER.as_bytes());
    let limit = 8 << 20;
    let table = [
        ("", vec![b' '; limit], "200"),
        ("", vec![b' '; limit + 1], "413"),
        ("Origin: https://evil.example\r\n", CALL.into(), "403"),
        ("Content-Type: application/json\r\n", CALL.into(), "415"),
        ("Content-Encoding: gzip\r\n", CALL.into(), "400"),
    ];
    for (headers, body, status) in table {
        let response = gateway.send(headers, &body);
        assert!(
            response.head.starts_with(&format!("http/1.1 {status}")),
            "{headers}: {response:?}"
        );
        assert_eq!(
            backend.take().len(),
            usize::from(status == "200"),
            "{headers}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_shutdown_finishes_the_calls_that_run() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut gateway = Gateway::start(&url);
    let mut caller = gateway.open("", CALL.as_bytes());
    let (mut backend, _) = listener.accept().unwrap();
    assert_eq!(Message::read(&mut backend).unwrap().body, CALL.as_bytes());
    gateway.process.terminate();
    // New calls are refused soon, but this one may finish.
    thread::sleep(Duration::from_millis(300));
    let response = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{ANSWER}",
        ANSWER.len()
    );
    backend.write_all(response.as_bytes()).unwrap();
    let mut received = Vec::new();
    caller.read_to_end(&mut received).unwrap();
    assert_eq!(Message::parse(&received).unwrap().body, ANSWER.as_bytes());
    let end = gateway.process.wait(PATIENCE);
    assert!(end.is_some_and(|end| end.success()), "{end:?}");
}

#[test]
fn settings() {
    let failed = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = example("gateway");
        command.args(arguments).envs(variables.iter().copied());
        let output = command.output().unwrap();
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    type Variables = [(&'static str, &'static str)];
    let table: [(&[&str], &Variables, &str); 5] = [
        (&[], &[], "usage: gateway BACKEND"),
        (&[], &[("GATEWAY_BACKEND", "")], "usage: gateway BACKEND"),
        (&["127.0.0.1:9"], &[], "invalid URL"),
        (&["http://a", "b", "c"], &[], "unknown argument `c`"),
        (
            &["http://a"],
            &[("GATEWAY_TIMEOUT", "1m")],
            "GATEWAY_TIMEOUT=1m",
        ),
    ];
    for (arguments, variables, expected) in table {
        let error = failed(arguments, variables);
        assert!(error.contains(expected), "{arguments:?}: {error}");
    }
    let backend = Backend::start();
    backend.respond_ok(ANSWER.as_bytes());
    let mut command = example("gateway");
    let variables = [
        ("GATEWAY_BACKEND", &*backend.url()),
        ("GATEWAY_LISTEN", "127.0.0.1:0"),
    ];
    let process = ServerProcess::start(command.env("RUST_LOG", "warn").envs(variables));
    let client = Client::new(&process.url).unwrap();
    // The response has no value.
    let _ = client.call::<Value>("any", ()).wait();
    assert_eq!(backend.take().len(), 1);
}
