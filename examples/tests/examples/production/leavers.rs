//! Clients that leave before they have a response. Their methods, which block, run on, and must count until they end.

use std::{
    fs,
    io::Write as _,
    net::TcpStream,
    thread::sleep,
    time::{Duration, Instant},
};

use rusqlite::Connection;

use super::{
    process::{Folder, Production, until},
    shop::article,
};

/// How many calls of `stock.take` may run at once, according to the example.
const AT_ONCE: i64 = 16;

/// The descriptors of the database that the server has open.
fn descriptors(server: &Production) -> usize {
    let opened = fs::read_dir(format!("/proc/{}/fd", server.child.id())).unwrap();
    // A descriptor may be closed meanwhile.
    let files = opened.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
    files
        .filter(|file| file.to_string_lossy().contains("stock.sqlite"))
        .count()
}

fn take_and_leave(server: &Production) {
    let body = "<methodCall><methodName>stock.take</methodName><params><param><value>nail</value></param>\
        <param><value><int>1</int></value></param></params></methodCall>";
    let length = body.len();
    let request = format!("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n{body}");
    let mut stream = TcpStream::connect(&server.address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    sleep(Duration::from_millis(3));
}

#[test]
fn calls_of_clients_that_left_use_no_more_threads_and_descriptors_than_others() {
    let folder = Folder::new();
    let server = folder.start(&mut folder.open());
    let stock = server.stock();
    stock.put(&[article("nail", 1_000)]).wait().unwrap();

    // Another process writes, so that all calls of `stock.take` wait, for at most two seconds.
    let writer = Connection::open(folder.path("stock.sqlite")).unwrap();
    writer.execute_batch("BEGIN IMMEDIATE").unwrap();
    let started = Instant::now();
    let mut most = 0;
    while started.elapsed() < Duration::from_secs(1) {
        take_and_leave(&server);
        most = most.max(descriptors(&server));
    }
    // Other calls and the health check have their own places.
    assert_eq!(stock.level("nail").wait().unwrap(), 1_000);
    assert_eq!(server.get("/readyz").0, 200);
    // Each connection has two, and all together have one. Besides those calls, there are two connections at most.
    let bound = 2 * (usize::try_from(AT_ONCE).unwrap() + 2) + 1;
    assert!(most <= bound, "{most} descriptors");
    assert!(most > 8, "only {most} descriptors: did the calls run?");

    writer.execute_batch("ROLLBACK").unwrap();
    // The calls that had started run to their end. Those that waited do not run, because their clients have left.
    let left = stock.take("nail", 1).wait().unwrap();
    assert!(left >= 1_000 - 2 * AT_ONCE - 1, "{left}");
    until("the server takes calls again", || {
        stock.take("nail", 1).wait().is_ok()
    });
}
