//! Endpoints that accept no connections, or accept them and say nothing.

use std::time::{Duration, Instant};

use tokio::{net::TcpListener, time::sleep};
use xmlrpc_client::LoadMetric;

use crate::{
    ShopClient, WIRES, builder,
    ledger::Ledger,
    server::{Mode, Server},
};

/// An address that does not respond to attempts to connect: the queue of its listener is full.
async fn black_hole() -> (tokio::net::TcpListener, Vec<tokio::net::TcpStream>) {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(0).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queue = Vec::new();
    loop {
        let stream = tokio::net::TcpStream::connect(address);
        match tokio::time::timeout(Duration::from_millis(300), stream).await {
            Ok(stream) => queue.push(stream.unwrap()),
            Err(_) => return (listener, queue),
        }
    }
}

#[tokio::test]
async fn probes_of_a_black_hole_delay_no_call() {
    const CONNECT: Duration = Duration::from_millis(500);
    let ledger = Ledger::default();
    let server = Server::new(&ledger).await;
    let (listener, queue) = black_hole().await;
    let client = builder(&[&server])
        .endpoints([format!("http://{}", listener.local_addr().unwrap())])
        .connect_timeout(CONNECT)
        .build()
        .unwrap();
    let endpoints = client.endpoints().unwrap();
    let shop = ShopClient::new(client);
    let start = Instant::now();
    let mut delayed = 0;
    for number in 0.. {
        if start.elapsed() > 4 * CONNECT {
            break;
        }
        let call = Instant::now();
        shop.buy(number).await.unwrap();
        delayed += usize::from(call.elapsed() > CONNECT / 2);
        sleep(Duration::from_millis(2)).await;
    }
    assert_eq!(delayed, 1, "only the first call that goes there");
    let list = endpoints.list();
    let hole = list.iter().find(|one| one.is_set_aside()).unwrap();
    assert_eq!(hole.calls(), 1);
    assert!(hole.failures() >= 2);
    drop(queue);
}

/// The time-out of the calls ends before that of connecting.
#[tokio::test]
async fn calls_that_are_given_up_while_connecting_set_a_black_hole_aside() {
    const CALL: Duration = Duration::from_millis(300);
    for wire in WIRES {
        let ledger = Ledger::default();
        let server = Server::new(&ledger).await;
        let (listener, queue) = black_hole().await;
        let hole = format!("http://{}", listener.local_addr().unwrap());
        let client = builder(&[&server])
            .wire(wire)
            .endpoints([&hole])
            .timeout(CALL)
            .build()
            .unwrap();
        let endpoints = client.endpoints().unwrap();
        let is_aside = || {
            let list = endpoints.list();
            list.iter()
                .any(|one| one.name() == hole && one.is_set_aside())
        };
        let shop = ShopClient::new(client);
        let start = Instant::now();
        let mut lost = 0;
        while !is_aside() {
            assert!(start.elapsed() < Duration::from_secs(15));
            if let Err(error) = shop.buy(1).await {
                assert!(error.is_timeout(), "{error}");
                lost += 1;
            }
        }
        assert!(lost >= 1);
        for number in 0..200 {
            shop.buy(number).await.unwrap();
            sleep(Duration::from_millis(2)).await;
        }
        drop(queue);
    }
}

/// A server that is slow, but there.
#[tokio::test]
async fn calls_that_are_given_up_do_not_set_a_slow_server_aside() {
    for wire in WIRES {
        let ledger = Ledger::default();
        let server = Server::new(&ledger).await;
        server.set(Mode::Hang);
        let client = builder(&[&server])
            .wire(wire)
            .balance(LoadMetric::InFlight)
            .timeout(Duration::from_millis(100))
            .build()
            .unwrap();
        let endpoints = client.endpoints().unwrap();
        let shop = ShopClient::new(client);
        for number in 0..20 {
            shop.buy(number).await.unwrap_err();
        }
        assert!(!endpoints.list()[0].is_set_aside());
        let opened = server.connections();
        assert!(opened <= 20 + 4, "{opened} connections");
    }
}

/// All endpoints are set aside: one of them for a moment, and the other because it cannot be reached.
#[tokio::test]
async fn a_black_hole_delays_no_call_if_the_other_server_has_a_hiccup() {
    const CONNECT: Duration = Duration::from_millis(500);
    for wire in WIRES {
        let ledger = Ledger::default();
        let mut server = Server::new(&ledger).await;
        let (listener, queue) = black_hole().await;
        let hole = format!("http://{}", listener.local_addr().unwrap());
        let client = builder(&[&server])
            .wire(wire)
            .endpoints([&hole])
            .connect_timeout(CONNECT)
            .build()
            .unwrap();
        let endpoints = client.endpoints().unwrap();
        let shop = ShopClient::new(client);
        let is_known = || {
            let list = endpoints.list();
            list.iter()
                .any(|one| one.name() == hole && one.is_set_aside())
        };
        while !is_known() {
            shop.buy(0).await.unwrap();
        }
        let start = Instant::now();
        let mut number = 1;
        while start.elapsed() < 5 * CONNECT {
            for way in 0..3 {
                match way {
                    0 => server.set(Mode::Refuse("503 Service Unavailable", "")),
                    1 => server.set(Mode::Break),
                    _ => server.kill().await,
                }
                for _ in 0..6 {
                    number += 1;
                    let call = Instant::now();
                    let error = shop.price(number).await.unwrap_err();
                    assert!(call.elapsed() < CONNECT / 2, "{way}: {error}");
                    let text = error.to_string();
                    let left_out = format!("{hole}: set aside before: ");
                    assert!(text.contains(&left_out), "{way}: {text}");
                    assert!(text.contains("no connection within"), "{way}: {text}");
                }
                server.set(Mode::Serve);
                if way == 2 {
                    server.start();
                }
                for _ in 0..6 {
                    number += 1;
                    let call = Instant::now();
                    shop.buy(number).await.unwrap();
                    assert!(call.elapsed() < CONNECT / 2, "{way}");
                }
            }
            sleep(Duration::from_millis(5)).await;
        }
        drop(queue);
    }
}

/// The process of a server hangs: the system accepts connections for it, and TLS never begins.
#[tokio::test]
async fn probes_of_a_server_whose_tls_hangs_delay_no_call() {
    const CONNECT: Duration = Duration::from_millis(300);
    for wire in WIRES {
        let ledger = Ledger::default();
        let server = Server::new(&ledger).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let hangs = format!("https://{}", listener.local_addr().unwrap());
        let client = builder(&[&server])
            .wire(wire)
            .endpoints([&hangs])
            .connect_timeout(CONNECT)
            .build()
            .unwrap();
        let endpoints = client.endpoints().unwrap();
        let shop = ShopClient::new(client);
        let start = Instant::now();
        let mut delayed = 0;
        for number in 0.. {
            if start.elapsed() > 8 * CONNECT {
                break;
            }
            let call = Instant::now();
            shop.buy(number).await.unwrap();
            delayed += usize::from(call.elapsed() > CONNECT / 2);
            sleep(Duration::from_millis(2)).await;
        }
        assert_eq!(delayed, 1, "only the first call that goes there");
        let list = endpoints.list();
        let hanging = list.iter().find(|one| one.name() == hangs).unwrap();
        assert_eq!(hanging.calls(), 1);
        assert!(hanging.is_set_aside() && hanging.failures() >= 3);
    }
}
