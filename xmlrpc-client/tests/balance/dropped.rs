//! Calls whose future is dropped before their end.

use std::time::Duration;

use tokio::{task::JoinSet, time::sleep};
use xmlrpc_client::LoadMetric;
use xmlrpc_core::client::RetryPolicy;

use crate::{
    ShopClient, WIRES, builder, call,
    ledger::Ledger,
    server::{Mode, Server},
};

#[tokio::test]
async fn a_dropped_call_leaves_no_load() {
    for wire in WIRES {
        let ledger = Ledger::default();
        let [a, b, mut dead] = Server::three(&ledger).await;
        dead.kill().await;
        let policy = RetryPolicy::new(5).backoff(Duration::from_secs(5), Duration::from_secs(5));
        let client = builder(&[&a, &b, &dead])
            .balance(LoadMetric::InFlight)
            .wire(wire)
            .hedge(Duration::from_millis(5))
            .retries(policy)
            .build()
            .unwrap();
        let endpoints = client.endpoints().unwrap();
        let shop = ShopClient::new(client);
        for number in 0..100 {
            shop.price(number).await.unwrap();
        }
        // In flight, with and without a hedge; and in the wait between two rounds.
        for (mode, is_waiting) in [
            (Mode::Hang, true),
            (Mode::Refuse("503 Service Unavailable", ""), false),
            (Mode::Serve, false),
        ] {
            a.set(mode.clone());
            b.set(mode.clone());
            let mut calls = JoinSet::new();
            for number in 1_000..1_040 {
                let shop = shop.clone();
                calls.spawn(async move {
                    let _ = call(&shop, number % 2 == 0, number).await;
                });
            }
            sleep(Duration::from_millis(60)).await;
            let in_flight = || {
                let list = endpoints.list();
                list.iter().map(|one| one.in_flight()).sum::<usize>()
            };
            if is_waiting {
                assert!(in_flight() >= 40, "{}", in_flight());
            }
            calls.abort_all();
            while calls.join_next().await.is_some() {}
            assert_eq!(in_flight(), 0, "{mode:?}");
        }
        // A dropped probe can be repeated.
        a.set(Mode::Serve);
        b.set(Mode::Serve);
        let is_aside = || {
            let list = endpoints.list();
            let mut alive = list.iter().filter(|one| one.name() != dead.peer());
            alive.any(|one| one.is_set_aside())
        };
        for number in 2_000..10_000 {
            if !is_aside() {
                break;
            }
            let _ = shop.buy(number).await;
            sleep(Duration::from_millis(1)).await;
        }
        assert!(!is_aside());
    }
}

/// The server may still run a call after its client has dropped it. No other server gets it then.
#[tokio::test]
async fn a_dropped_call_is_not_sent_again() {
    let ledger = Ledger::default();
    let [a, b, _] = Server::three(&ledger).await;
    let slow = Mode::Slow(Duration::from_millis(50));
    a.set(slow.clone());
    b.set(slow);
    let shop = ShopClient::new(builder(&[&a, &b]).build().unwrap());
    for number in 0..20 {
        let call = call(&shop, number % 2 == 0, number);
        let _ = tokio::time::timeout(Duration::from_millis(10), call.into_future()).await;
    }
    sleep(Duration::from_millis(100)).await;
    assert!(ledger.twice().is_empty());
    assert!(a.calls() + b.calls() <= 20);
}
