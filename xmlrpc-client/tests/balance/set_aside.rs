//! How endpoints are set aside, probed and used again.

use std::time::{Duration, Instant};

use tokio::time::sleep;
use xmlrpc_client::LoadMetric;
use xmlrpc_core::client::ClientErrorKind;

use crate::{
    ShopClient, WIRES, builder, client,
    ledger::Ledger,
    server::{Mode, Server},
};

#[tokio::test]
async fn a_server_comes_back_within_its_pause() {
    let ledger = Ledger::default();
    let [mut a, b, c] = Server::three(&ledger).await;
    a.kill().await;
    let built = client(&[&a, &b, &c]);
    let endpoints = built.endpoints().unwrap();
    let shop = ShopClient::new(built);
    let mut number = 0;
    // The pauses grow to their maximum of 200 ms.
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(800) {
        shop.buy(number).await.unwrap();
        number += 1;
        sleep(Duration::from_millis(1)).await;
    }
    let name = a.peer();
    let status = || {
        let list = endpoints.list();
        list.into_iter().find(|one| one.name() == name).unwrap()
    };
    // 20, 40, 80, 160, 200, 200, … shortened to no less than the half.
    let probes = status().failures();
    assert!((4..=14).contains(&probes), "{probes}");
    assert_eq!(status().calls(), 1, "no call was a probe");
    let pause = status().set_aside_for().unwrap();
    assert!(pause <= Duration::from_millis(200), "{pause:?}");

    a.start();
    let start = Instant::now();
    while a.calls() == 0 {
        shop.buy(number).await.unwrap();
        number += 1;
        sleep(Duration::from_millis(1)).await;
        assert!(start.elapsed() < Duration::from_secs(10));
    }
    println!("used again after {:?}, pause {pause:?}", start.elapsed());
    assert!(!status().is_set_aside());
    assert_eq!(ledger.len() as i64, number);
    assert!(ledger.twice().is_empty());
}

#[tokio::test]
async fn a_server_that_comes_back_gets_kept_connections() {
    for wire in WIRES {
        let ledger = Ledger::default();
        let [mut a, b, _] = Server::three(&ledger).await;
        let client = builder(&[&a, &b])
            .balance(LoadMetric::InFlight)
            .wire(wire)
            .build()
            .unwrap();
        let shop = ShopClient::new(client);
        // It breaks a connection that it has just kept, as a server that is killed does.
        until_called(&shop, &a, 1).await;
        a.set(Mode::Break);
        until_called(&shop, &a, 1).await;
        a.kill().await;
        for number in 0..20 {
            shop.buy(number).await.unwrap();
        }
        a.set(Mode::Serve);
        a.start();
        let before = a.connections();
        let start = Instant::now();
        let calls = a.calls();
        while a.calls() < calls + 20 {
            shop.buy(1).await.unwrap();
            sleep(Duration::from_millis(1)).await;
            assert!(start.elapsed() < Duration::from_secs(10));
        }
        let opened = a.connections() - before;
        assert!(opened < 8, "{opened} connections for 20 calls");
    }
}

#[tokio::test]
async fn a_server_that_is_overloaded_is_set_aside() {
    for (status, headers) in [
        ("503 Service Unavailable", ""),
        ("502 Bad Gateway", ""),
        ("504 Gateway Timeout", ""),
    ] {
        let ledger = Ledger::default();
        let [a, b, c] = Server::three(&ledger).await;
        a.set(Mode::Refuse(status, headers));
        let shop = ShopClient::new(client(&[&a, &b, &c]));
        let mut failed = 0;
        for number in 0..200 {
            if number % 2 == 0 {
                assert_eq!(shop.price(number).await.unwrap(), number);
                continue;
            }
            let before = a.calls();
            let result = shop.buy(number).await;
            assert!(a.calls() - before <= 1);
            if let Err(error) = result {
                assert_eq!(error.kind(), ClientErrorKind::Http);
                assert_eq!(ledger.runs(number), 0);
                failed += 1;
            }
        }
        assert!(a.calls() > 0);
        assert!(failed <= 10, "{failed} of 100 calls");
        assert!(ledger.twice().is_empty());
    }
}

#[tokio::test]
async fn retry_after_is_followed() {
    for status in ["503 Service Unavailable", "429 Too Many Requests"] {
        let ledger = Ledger::default();
        let [a, b, _] = Server::three(&ledger).await;
        a.set(Mode::Refuse(status, "Retry-After: 1\r\n"));
        let shop = ShopClient::new(client(&[&a, &b]));
        let mut number = 0;
        while a.calls() == 0 {
            let _ = shop.price(number).await;
            number += 1;
        }
        let start = Instant::now();
        a.set(Mode::Serve);
        while a.calls() == 1 {
            shop.price(number).await.unwrap();
            number += 1;
            sleep(Duration::from_millis(2)).await;
            assert!(start.elapsed() < Duration::from_secs(10));
        }
        // Without it, the pause is at most 20 ms.
        assert!(start.elapsed() > Duration::from_millis(900));
    }
}

/// Calls until a server has received this many more calls.
async fn until_called(shop: &ShopClient<xmlrpc_client::Http>, server: &Server, more: usize) {
    let enough = server.calls() + more;
    for number in 0..10_000 {
        if server.calls() == enough {
            return;
        }
        let _ = shop.price(number).await;
    }
    panic!("{} of {enough} calls", server.calls());
}

#[tokio::test]
async fn the_bounds_of_setting_aside() {
    let ledger = Ledger::default();
    let [a, b, _] = Server::three(&ledger).await;
    let set_aside_for = |client: &xmlrpc_client::Client| {
        let list = client.endpoints().unwrap().list();
        let status = list.iter().find(|one| one.name() == a.peer()).unwrap();
        status.set_aside_for()
    };
    // Five failures in a row.
    a.set(Mode::Break);
    for (failures, is_set_aside) in [(4, false), (5, true)] {
        let client = builder(&[&a, &b])
            .balance(LoadMetric::InFlight)
            .build()
            .unwrap();
        until_called(&ShopClient::new(&client), &a, failures).await;
        assert_eq!(set_aside_for(&client).is_some(), is_set_aside, "{failures}");
    }
    // A success in between.
    let client = builder(&[&a, &b])
        .balance(LoadMetric::InFlight)
        .build()
        .unwrap();
    let shop = ShopClient::new(&client);
    until_called(&shop, &a, 4).await;
    a.set(Mode::Serve);
    until_called(&shop, &a, 1).await;
    a.set(Mode::Break);
    until_called(&shop, &a, 4).await;
    assert_eq!(set_aside_for(&client), None);

    // `Retry-After` up to five minutes.
    for (header, seconds) in [
        ("Retry-After: 299\r\n", 299),
        ("Retry-After: 300\r\n", 300),
        ("Retry-After: 301\r\n", 300),
        ("Retry-After: 99999999999999999999\r\n", 0),
        ("Retry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n", 0),
        ("Retry-After: Wed, 21 Oct 2065 07:28:00 GMT\r\n", 300),
    ] {
        a.set(Mode::Refuse("503 Service Unavailable", header));
        let built = crate::client(&[&a, &b]);
        until_called(&ShopClient::new(&built), &a, 1).await;
        let remaining = set_aside_for(&built).unwrap();
        assert!(remaining <= Duration::from_secs(seconds).max(Duration::from_millis(20)));
        assert!(
            remaining + Duration::from_secs(10) > Duration::from_secs(seconds),
            "{remaining:?}"
        );
    }
}

#[tokio::test]
async fn one_call_at_a_time_is_a_probe() {
    let ledger = Ledger::default();
    let [a, b, _] = Server::three(&ledger).await;
    a.set(Mode::Refuse("503 Service Unavailable", ""));
    let client = builder(&[&a, &b]).balance(LoadMetric::InFlight);
    let shop = ShopClient::new(client.build().unwrap());
    until_called(&shop, &a, 1).await;
    let before = a.calls();
    a.set(Mode::Slow(Duration::from_millis(300)));
    sleep(Duration::from_millis(50)).await;
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..30 {
        let shop = shop.clone();
        calls.spawn(async move {
            let _ = shop.price(number).await.unwrap();
        });
    }
    sleep(Duration::from_millis(150)).await;
    assert_eq!(a.calls(), before + 1);
    while let Some(done) = calls.join_next().await {
        done.unwrap();
    }
    assert_eq!(a.calls(), before + 1);
    a.set(Mode::Serve);
    until_called(&shop, &a, 3).await;
}

#[tokio::test]
async fn an_endless_pause_practically_never_ends() {
    const LONG: Duration = Duration::from_secs(100 * 24 * 60 * 60);
    let ledger = Ledger::default();
    let [mut dead, overloaded, c] = Server::three(&ledger).await;
    dead.kill().await;
    overloaded.set(Mode::Refuse("503 Service Unavailable", ""));
    for (first, longest) in [
        (Duration::MAX, Duration::MAX),
        (Duration::MAX, Duration::ZERO),
        (Duration::from_secs(u64::MAX / 2), Duration::MAX),
    ] {
        let client = builder(&[&dead, &overloaded, &c])
            .probe_backoff(first, longest)
            .balance(LoadMetric::InFlight)
            .build()
            .unwrap();
        let endpoints = client.endpoints().unwrap();
        let shop = ShopClient::new(client);
        let start = Instant::now();
        let before = overloaded.calls();
        let mut number = 0;
        let list = || endpoints.list();
        while list().iter().filter(|one| one.is_set_aside()).count() < 2 {
            shop.price(number).await.unwrap();
            number += 1;
            assert!(start.elapsed() < Duration::from_secs(10));
        }
        for number in 0..100 {
            shop.buy(number).await.unwrap();
        }
        sleep(Duration::from_millis(20)).await;
        shop.price(number).await.unwrap();
        for status in list().iter().filter(|one| one.is_set_aside()) {
            assert_eq!((status.failures(), status.calls()), (1, 1), "{status:?}");
            assert!(status.set_aside_for().unwrap() > LONG, "{status:?}");
        }
        assert_eq!(overloaded.calls(), before + 1);
    }
}

/// Waits for the end of the pause of the endpoint that is set aside.
async fn pause(endpoints: &xmlrpc_client::Endpoints) {
    let start = Instant::now();
    loop {
        let list = endpoints.list();
        let aside = list.iter().find_map(|one| one.set_aside_for()).unwrap();
        if aside.is_zero() {
            return;
        }
        sleep(aside + Duration::from_millis(1)).await;
        assert!(start.elapsed() < Duration::from_secs(10));
    }
}

#[tokio::test]
async fn calls_that_are_not_idempotent_end_a_pause_as_well() {
    // Whether there are idempotent calls, which are better probes; and whether they go on.
    for (others, go_on) in [(false, false), (true, true), (true, false)] {
        let ledger = Ledger::default();
        let [a, b, _] = Server::three(&ledger).await;
        a.set(Mode::Refuse(
            "503 Service Unavailable",
            "Retry-After: 1\r\n",
        ));
        let client = client(&[&a, &b]);
        let endpoints = client.endpoints().unwrap();
        let shop = ShopClient::new(client);
        let mut number = 0;
        while a.calls() == 0 {
            let _ = shop.buy(number).await;
            number += 1;
        }
        a.set(Mode::Serve);
        if others {
            shop.price(number).await.unwrap();
        }
        pause(&endpoints).await;
        shop.buy(1_000).await.unwrap();
        if !others {
            // The first call after the pause.
            assert_eq!(a.calls(), 2);
            continue;
        }
        // The others leave the probe to them for a second, or as long as the pause.
        assert_eq!(a.calls(), 1);
        if go_on {
            shop.price(1_001).await.unwrap();
        } else {
            sleep(Duration::from_millis(1_050)).await;
            shop.buy(1_001).await.unwrap();
        }
        assert_eq!(a.calls(), 2);
    }
}
