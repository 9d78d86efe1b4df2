//! A second attempt beside a slow one.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use xmlrpc_client::LoadMetric;
use xmlrpc_core::client::RetryPolicy;

use crate::{
    ShopClient, builder,
    ledger::Ledger,
    server::{Mode, Server},
};

const DELAY: Duration = Duration::from_millis(20);

#[tokio::test]
async fn twenty_calls_pay_for_one_hedge() {
    let ledger = Ledger::default();
    let [a, b, _] = Server::three(&ledger).await;
    let shop = ShopClient::new(
        builder(&[&a, &b])
            .balance(LoadMetric::InFlight)
            .hedge(DELAY)
            .build()
            .unwrap(),
    );
    // The call that is hedged counts as well.
    for number in 0..18 {
        shop.price(number).await.unwrap();
    }
    let slow = Mode::Slow(Duration::from_millis(600));
    a.set(slow.clone());
    b.set(slow);
    shop.price(18).await.unwrap();
    assert_eq!(ledger.runs(18), 1, "19 calls pay for none");
    shop.price(19).await.unwrap();
    assert_eq!(ledger.runs(19), 2, "20 pay for one");
    for number in 20..39 {
        let _ = shop.price(number).timeout(Duration::from_millis(60)).await;
        assert!(ledger.runs(number) <= 1, "{number}");
    }
    shop.price(39).await.unwrap();
    assert_eq!(ledger.runs(39), 2, "40 pay for two");
}

#[tokio::test]
async fn a_hundred_hedges_can_be_saved_up() {
    let ledger = Ledger::default();
    let [a, b, _] = Server::three(&ledger).await;
    let client = builder(&[&a, &b])
        .balance(LoadMetric::InFlight)
        .hedge(Duration::from_millis(700))
        .build();
    let shop = ShopClient::new(client.unwrap());
    // More than the 2,000 that pay for 100.
    let mut calls = JoinSet::new();
    for client in 0..16 {
        let shop = shop.clone();
        calls.spawn(async move {
            for number in 0..200 {
                shop.price(1_000 * client + number).await.unwrap();
            }
        });
    }
    while let Some(done) = calls.join_next().await {
        done.unwrap();
    }
    a.set(Mode::Slow(Duration::from_secs(3)));
    b.set(Mode::Slow(Duration::from_secs(3)));
    for number in 100_000..100_101 {
        let shop = shop.clone();
        calls.spawn(async move {
            let _ = shop.price(number).await.unwrap();
        });
    }
    while let Some(done) = calls.join_next().await {
        done.unwrap();
    }
    let twice = ledger.twice();
    let hedged = twice.iter().filter(|call| **call >= 100_000);
    assert_eq!(hedged.count(), 100);
}

#[tokio::test]
async fn the_first_response_counts() {
    let ledger = Ledger::default();
    let [a, b, _] = Server::three(&ledger).await;
    let client = builder(&[&a, &b])
        .balance(LoadMetric::InFlight)
        // Long enough that only a server that hangs exceeds it.
        .hedge(Duration::from_millis(200))
        .build()
        .unwrap();
    let endpoints = client.endpoints().unwrap();
    let shop = ShopClient::new(client);
    for number in 0..200 {
        shop.price(number).await.unwrap();
    }
    a.set(Mode::Hang);
    let start = Instant::now();
    let mut hedged = 0;
    for number in 200..240 {
        assert_eq!(shop.price(number).await.unwrap(), number);
        hedged += usize::from(ledger.runs(number) == 2);
    }
    assert!(start.elapsed() < Duration::from_secs(10));
    assert!((1..=12).contains(&hedged), "{hedged}");
    // The attempts that lost were dropped.
    assert!(endpoints.list().iter().all(|one| one.in_flight() == 0));

    // A fault is a response.
    b.set(Mode::Fault);
    a.set(Mode::Slow(Duration::from_millis(200)));
    let error = shop.price(300).await;
    assert!(error.is_ok_and(|result| result == 300) || ledger.runs(300) >= 1);
}

#[tokio::test]
async fn other_methods_are_never_hedged() {
    let ledger = Ledger::default();
    let [a, b, _] = Server::three(&ledger).await;
    let shop = ShopClient::new(
        builder(&[&a, &b])
            .balance(LoadMetric::InFlight)
            .hedge(DELAY)
            .build()
            .unwrap(),
    );
    for number in 0..100 {
        shop.price(number).await.unwrap();
    }
    let slow = Mode::Slow(Duration::from_millis(80));
    a.set(slow.clone());
    b.set(slow);
    for number in 100..110 {
        shop.buy(number).await.unwrap();
        assert_eq!(ledger.runs(number), 1);
    }
}

#[tokio::test]
async fn a_hedge_that_fails_does_not_end_the_call() {
    let ledger = Ledger::default();
    let [a, b, _] = Server::three(&ledger).await;
    let shop = ShopClient::new(
        builder(&[&a, &b])
            .balance(LoadMetric::InFlight)
            .hedge(DELAY)
            .build()
            .unwrap(),
    );
    for number in 0..100 {
        shop.price(number).await.unwrap();
    }
    for (mode, number) in [
        (Mode::Break, 100),
        (Mode::Refuse("503 Service Unavailable", ""), 101),
        (Mode::Break, 102),
    ] {
        a.set(Mode::Slow(Duration::from_millis(100)));
        b.set(mode);
        assert_eq!(shop.price(number).await.unwrap(), number);
    }
}

#[tokio::test]
async fn hedges_and_retries_together_stay_within_the_attempts() {
    let ledger = Ledger::default();
    let servers = Server::three(&ledger).await;
    let [a, b, c] = &servers;
    let policy = RetryPolicy::new(3).backoff(Duration::from_millis(1), Duration::from_millis(2));
    let client = builder(&[a, b, c]).hedge(DELAY).retries(policy);
    let shop = ShopClient::new(client.build().unwrap());
    for number in 0..400 {
        shop.price(number).await.unwrap();
    }
    let total = || servers.iter().map(Server::calls).sum::<usize>();
    let before = total();
    let refuse = Mode::Refuse("503 Service Unavailable", "");
    a.set(Mode::Slow(Duration::from_millis(60)));
    b.set(refuse.clone());
    c.set(refuse);
    for number in 1000..1020 {
        let before = total();
        let _ = shop.price(number).await;
        let sent = total() - before;
        assert!((1..=3).contains(&sent), "{sent}");
    }
    println!("{} attempts for 20 calls", total() - before);
}

#[tokio::test]
async fn one_endpoint_is_not_hedged() {
    let ledger = Ledger::default();
    let server = Server::new(&ledger).await;
    let shop = ShopClient::new(builder(&[&server]).hedge(DELAY).build().unwrap());
    for number in 0..40 {
        shop.price(number).await.unwrap();
    }
    server.set(Mode::Slow(Duration::from_millis(60)));
    shop.price(40).await.unwrap();
    assert_eq!(ledger.runs(40), 1);
}
