//! To which endpoint a call goes.

use std::time::Duration;

use tokio::task::JoinSet;
use xmlrpc_client::LoadMetric;

use crate::{ShopClient, builder, call, client, ledger::Ledger, server::Mode, server::Server};

const METRICS: [LoadMetric; 2] = [LoadMetric::PeakEwma, LoadMetric::InFlight];

#[tokio::test]
async fn equal_servers_get_equal_shares() {
    for metric in METRICS {
        let ledger = Ledger::default();
        let servers = Server::three(&ledger).await;
        let [a, b, c] = &servers;
        for server in &servers {
            server.set(Mode::Slow(Duration::from_millis(5)));
        }
        let client = builder(&[a, b, c]).balance(metric).build().unwrap();
        let shop = ShopClient::new(client);
        let mut calls = JoinSet::new();
        for client in 0..16 {
            let shop = shop.clone();
            calls.spawn(async move {
                for number in 0..30 {
                    call(&shop, false, client * 100 + number).await.unwrap();
                }
            });
        }
        while let Some(done) = calls.join_next().await {
            done.unwrap();
        }
        let shares = servers.each_ref().map(Server::calls);
        println!("{metric:?}: {shares:?}");
        assert_eq!(shares.iter().sum::<usize>(), 480);
        assert!(shares.iter().all(|share| *share > 80), "{shares:?}");
        assert!(ledger.twice().is_empty());
    }
}

#[tokio::test]
async fn one_call_at_a_time_uses_all_servers() {
    for metric in METRICS {
        let ledger = Ledger::default();
        let servers = Server::three(&ledger).await;
        let [a, b, c] = &servers;
        let shop = ShopClient::new(builder(&[a, b, c]).balance(metric).build().unwrap());
        for server in &servers {
            server.set(Mode::Slow(Duration::from_millis(20)));
        }
        for number in 0..90 {
            shop.buy(number).await.unwrap();
        }
        let shares = servers.each_ref().map(Server::calls);
        println!("{metric:?}, one at a time: {shares:?}");
        assert!(shares.iter().all(|share| *share > 0), "{shares:?}");
    }
}

#[tokio::test]
async fn a_slow_server_gets_a_small_share() {
    for metric in METRICS {
        let ledger = Ledger::default();
        let servers = Server::three(&ledger).await;
        let [a, b, c] = &servers;
        a.set(Mode::Slow(Duration::from_millis(300)));
        b.set(Mode::Slow(Duration::from_millis(30)));
        c.set(Mode::Slow(Duration::from_millis(30)));
        let client = builder(&[a, b, c]).balance(metric).build().unwrap();
        let shop = ShopClient::new(client);
        let mut calls = JoinSet::new();
        for client in 0..32 {
            let shop = shop.clone();
            calls.spawn(async move {
                for number in 0..15 {
                    call(&shop, false, client * 100 + number).await.unwrap();
                }
            });
        }
        while let Some(done) = calls.join_next().await {
            done.unwrap();
        }
        let share = 100 * a.calls() / 480;
        println!("{metric:?}: the server that is ten times slower got {share} % of the calls");
        assert!(a.calls() > 0);
        // A third would be an equal share.
        assert!(share < 20, "{share} %");
    }
}

#[tokio::test]
async fn a_server_that_no_longer_responds_looks_loaded() {
    let ledger = Ledger::default();
    let servers = Server::three(&ledger).await;
    let [a, b, c] = &servers;
    let shop = ShopClient::new(client(&[a, b, c]));
    for number in 0..30 {
        shop.buy(number).await.unwrap();
    }
    a.set(Mode::Hang);
    let before = a.calls();
    let mut lost = 0;
    for number in 100..400 {
        let call = shop.buy(number).timeout(Duration::from_millis(200));
        lost += usize::from(call.await.is_err());
    }
    let got = a.calls() - before;
    println!("{got} of 300 calls went to the server that does not respond");
    assert!(lost >= got, "{lost}");
    assert!(got < 10, "{got}");
}

#[tokio::test]
async fn a_server_that_never_responds_looks_loaded() {
    for metric in METRICS {
        let ledger = Ledger::default();
        let servers = Server::three(&ledger).await;
        let [a, b, c] = &servers;
        a.set(Mode::Hang);
        let shop = ShopClient::new(builder(&[a, b, c]).balance(metric).build().unwrap());
        for number in 0..200 {
            let _ = shop.buy(number).timeout(Duration::from_millis(200)).await;
        }
        let got = a.calls();
        println!("{metric:?}: {got} of 200 calls went to the server that never responds");
        // A third would be an equal share.
        assert!((1..30).contains(&got), "{got}");
    }
}

#[tokio::test]
async fn endpoints_are_added_and_removed_under_load() {
    let ledger = Ledger::default();
    let servers = Server::three(&ledger).await;
    let [a, b, c] = &servers;
    let client = builder(&[a]).balance(LoadMetric::PeakEwma).build().unwrap();
    let endpoints = client.endpoints().unwrap();
    let shop = ShopClient::new(client);
    let mut calls = JoinSet::new();
    for client in 0..8 {
        let shop = shop.clone();
        calls.spawn(async move {
            for number in 0..150 {
                call(&shop, false, client * 1000 + number).await.unwrap();
            }
        });
    }
    for _ in 0..10 {
        assert!(endpoints.add(b.url()).unwrap());
        assert!(!endpoints.add(b.url()).unwrap());
        tokio::time::sleep(Duration::from_millis(5)).await;
        assert!(endpoints.add(c.url()).unwrap());
        assert_eq!(endpoints.list().len(), 3);
        assert!(endpoints.remove(a.url()).unwrap());
        assert!(!endpoints.remove(a.url()).unwrap());
        tokio::time::sleep(Duration::from_millis(5)).await;
        assert!(endpoints.add(a.url()).unwrap());
        assert!(endpoints.remove(b.url()).unwrap());
        assert!(endpoints.remove(c.url()).unwrap());
    }
    while let Some(done) = calls.join_next().await {
        done.unwrap();
    }
    assert_eq!(ledger.len(), 1200);
    assert!(ledger.twice().is_empty());
    assert_eq!(endpoints.list().len(), 1);
    endpoints.remove(a.url()).unwrap();
    let error = shop.price(1).await.unwrap_err();
    assert!(error.is_connect() && !error.was_sent());
    let text = "calling `price`: could not connect: the client has no endpoints; add one with \
                `Endpoints::add`";
    assert_eq!(error.to_string(), text);
    endpoints.add(b.url()).unwrap();
    assert_eq!(shop.price(5000).await.unwrap(), 5000);
}
