//! What operators see: the log, metrics, health, and the shutdown.

use std::{
    collections::HashSet,
    io::{Read as _, Write as _},
    net::TcpStream,
    process::Stdio,
};

use rustix::process::Signal;

use super::process::{ADA, Folder, TIME, http, list_methods, until};

#[test]
fn each_call_is_logged_with_the_identifier_and_the_caller_of_its_request() {
    let folder = Folder::new();
    let server = folder.start(&mut folder.closed());
    let authorization =
        "Authorization: Basic YWRhOjAxMjM0NTY3ODlhYmNkZWY=\r\nConnection: close\r\n";
    let id_of = |headers: &str| {
        let (status, response) = http(
            &server.address,
            &list_methods(&format!("{authorization}{headers}")),
        );
        assert_eq!(status, 200, "{response}");
        let id = response.split("\r\nx-request-id: ").nth(1).unwrap();
        id.split("\r\n").next().unwrap().to_owned()
    };
    // The proxy's identifier, if it is harmless.
    let longest = "x".repeat(64);
    let given = ["3f1c-90.A_b:c", &longest];
    for id in given {
        assert_eq!(id_of(&format!("X-Request-Id: {id}\r\n")), id);
    }
    let mut ids = HashSet::from(given.map(str::to_owned));
    let refused = [
        "",
        "X-Request-Id: \r\n",
        "X-Request-Id: a\"b\r\n",
        &format!("X-Request-Id: {longest}x\r\n"),
    ];
    for headers in refused {
        assert!(ids.insert(id_of(headers)), "{headers}");
    }

    for id in &ids {
        let event = server.event(|event| {
            let request = &event["spans"][0];
            request["id"] == **id && request["caller"] == "ada"
        });
        assert!(event.to_string().contains("system.listMethods"), "{event}");
    }
    let log = std::fs::read_to_string(&server.log).unwrap();
    assert!(!log.contains(ADA.1) && !log.contains("YWRhOjAx"), "{log}");
}

#[test]
fn metrics_have_the_buckets_of_the_conventions() {
    let folder = Folder::new();
    let server = folder.start(&mut folder.open());
    let stock = server.stock();
    stock.find("", None).wait().unwrap();
    stock.level("no such article").wait().unwrap_err();
    let metrics = server.metrics();
    let buckets = metrics.lines().filter(|line| {
        line.starts_with("rpc_server_call_duration")
            && line.contains("_bucket{")
            && line.contains("\"stock.find\"")
    });
    let limits: Vec<_> = buckets
        .map(|line| {
            line.split("le=\"")
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(
        limits,
        [
            "0.005", "0.01", "0.025", "0.05", "0.075", "0.1", "0.25", "0.5", "0.75", "1", "2.5",
            "5", "7.5", "10", "+Inf"
        ]
    );
    assert!(metrics.contains("\"stock.level\""), "{metrics}");
    // Not for callers.
    assert_eq!(server.get("/metrics").0, 404);
}

/// Nobody may read what the server prints.
#[test]
fn the_server_runs_without_its_stdout() {
    let folder = Folder::new();
    let full = || {
        std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap()
    };
    let log = std::fs::File::create(folder.path("log")).unwrap();
    let mut command = folder.open();
    let mut child = command.stdout(full()).stderr(log).spawn().unwrap();
    until("the server is ready", || {
        let log = std::fs::read_to_string(folder.path("log")).unwrap();
        assert_eq!(child.try_wait().unwrap(), None, "{log}");
        log.contains("the server is ready")
    });
    child.kill().unwrap();
    child.wait().unwrap();
}

/// The refused calls of a caller take one line per second of the log, and not one each.
#[test]
fn refused_calls_do_not_fill_the_log() {
    let folder = Folder::new();
    let server = folder.start(folder.closed().env("STOCK_CALLS_PER_SECOND", "10"));
    let client = server.client_of(ADA.0, ADA.1);
    let stock = super::shop::StockClient::new(&client);
    let started = std::time::Instant::now();
    let calls = (0..1_000).map(|_| stock.level("x"));
    client.multicall_iter(calls).wait().unwrap();
    let seconds = started.elapsed().as_secs() as usize + 1;
    server.event(|event| {
        event["message"] == "refused calls above the limit" && event["last"] == "ada"
    });
    let log = std::fs::read_to_string(&server.log).unwrap();
    let lines = log.lines().count();
    // 20 calls at once, 10 per second, a line per second, and the start of the server.
    assert!(
        lines <= 20 + 11 * (seconds + 1) + 10,
        "{lines} in {seconds} s"
    );
}

/// After SIGTERM, `/readyz` is 503 while calls on new and on old connections still get responses. Then the process ends
/// without an error.
#[test]
fn a_shutdown_drains() {
    let folder = Folder::new();
    let mut server = folder.start(folder.open().env("STOCK_DRAIN_DELAY", "6"));
    assert_eq!(
        (server.get("/healthz").0, server.get("/readyz").0),
        (200, 200)
    );
    let mut kept = TcpStream::connect(&server.address).unwrap();
    kept.set_read_timeout(Some(TIME)).unwrap();
    kept.write_all(list_methods("").as_bytes()).unwrap();
    read_response(&mut kept);

    server.signal(Signal::TERM);
    until("/readyz is 503", || server.get("/readyz").0 == 503);
    assert_eq!(server.get("/healthz").0, 200);
    kept.write_all(list_methods("").as_bytes()).unwrap();
    let response = read_response(&mut kept).to_lowercase();
    assert!(response.contains("\r\nconnection: close\r\n"), "{response}");
    assert_eq!(http(&server.address, &list_methods("")).0, 200);

    assert!(server.ended().success());
    assert!(TcpStream::connect(&server.address).is_err());
}

/// Reads one response with a body.
fn read_response(stream: &mut TcpStream) -> String {
    let mut response = Vec::new();
    let mut part = [0; 4096];
    while !response.ends_with(b"</methodResponse>") && !response.ends_with(b"</methodResponse>\n") {
        let read = stream.read(&mut part).unwrap();
        assert!(read > 0, "{}", String::from_utf8_lossy(&response));
        response.extend_from_slice(&part[..read]);
    }
    String::from_utf8(response).unwrap()
}

/// Nobody reads the log here. The pipe is full after some hundred calls.
#[test]
fn calls_do_not_wait_for_the_reader_of_the_log() {
    let folder = Folder::new();
    let mut server = folder.start_with(&mut folder.open(), Stdio::piped());
    let stock = server.stock();
    for _ in 0..1_000 {
        stock.find("", None).wait().unwrap();
    }
    server.signal(Signal::TERM);
    assert!(server.ended().success());
}
