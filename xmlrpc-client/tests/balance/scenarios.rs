//! Many calls at the same time, while servers fail.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::{task::JoinSet, time::sleep};
use xmlrpc_client::{Client, blocking};
use xmlrpc_core::client::RetryPolicy;

use crate::{
    ShopClient, WIRES, builder, call,
    ledger::Ledger,
    server::{Mode, Server},
};

const CLIENTS: i64 = 64;

#[derive(Default)]
struct Counts {
    stop: AtomicBool,
    calls: AtomicUsize,
    failed: AtomicUsize,
}

/// Clients that call one method, one call after the other. The numbers of their calls differ.
fn start(client: &Client, idempotent: bool, ledger: &Ledger) -> (JoinSet<()>, Arc<Counts>) {
    let counts = Arc::new(Counts::default());
    let mut clients = JoinSet::new();
    for client_number in 0..CLIENTS / 2 {
        let (shop, counts) = (ShopClient::new(client), Arc::clone(&counts));
        let ledger = ledger.clone();
        clients.spawn(async move {
            let mut number = (2 * client_number + i64::from(idempotent)) * 1_000_000;
            while !counts.stop.load(Relaxed) {
                number += 1;
                counts.calls.fetch_add(1, Relaxed);
                match call(&shop, idempotent, number).await {
                    Ok(result) => {
                        assert_eq!(result, number);
                        assert!(ledger.runs(number) > 0, "{number} is lost");
                    }
                    Err(error) => {
                        assert!(error.was_sent() && !idempotent, "{error}");
                        counts.failed.fetch_add(1, Relaxed);
                    }
                }
            }
        });
    }
    (clients, counts)
}

async fn join(mut clients: JoinSet<()>, counts: &Counts) -> (usize, usize) {
    counts.stop.store(true, Relaxed);
    while let Some(done) = clients.join_next().await {
        done.unwrap();
    }
    (counts.calls.load(Relaxed), counts.failed.load(Relaxed))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_dies_and_comes_back_under_load() {
    for wire in WIRES {
        let ledger = Ledger::default();
        let [mut a, b, c] = Server::three(&ledger).await;
        for server in [&a, &b, &c] {
            server.set(Mode::Slow(Duration::from_millis(3)));
        }
        let client = builder(&[&a, &b, &c])
            .wire(wire)
            .retries(RetryPolicy::new(4))
            .build()
            .unwrap();
        let (idempotent, counts) = start(&client, true, &ledger);
        let (others, other_counts) = start(&client, false, &ledger);
        sleep(Duration::from_millis(200)).await;
        a.kill().await;
        sleep(Duration::from_millis(400)).await;
        let before = a.calls();
        a.start();
        sleep(Duration::from_millis(800)).await;
        let (calls, failed) = join(idempotent, &counts).await;
        let (others, lost) = join(others, &other_counts).await;
        let twice = ledger.twice();
        let others_twice = twice.iter().filter(|call| (**call / 1_000_000) % 2 == 0);
        println!(
            "{wire:?}: {calls} idempotent calls, {failed} failed; {others} others, {lost} failed; \
             {} run twice, {} of them not idempotent",
            twice.len(),
            others_twice.clone().count()
        );
        assert_eq!(failed, 0);
        assert!(lost <= CLIENTS as usize, "{lost}");
        assert_eq!(others_twice.count(), 0);
        assert!(a.calls() > before, "the server is not used again");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_is_overloaded_under_load() {
    let ledger = Ledger::default();
    let servers = Server::three(&ledger).await;
    let [a, b, c] = &servers;
    for server in &servers {
        server.set(Mode::Slow(Duration::from_millis(3)));
    }
    a.set(Mode::Refuse("503 Service Unavailable", ""));
    let client = builder(&[a, b, c]).build().unwrap();
    let (idempotent, counts) = start(&client, true, &ledger);
    let (others, other_counts) = start(&client, false, &ledger);
    while other_counts.calls.load(Relaxed) < 1_000 {
        sleep(Duration::from_millis(10)).await;
    }
    let (calls, failed) = join(idempotent, &counts).await;
    let (others, lost) = join(others, &other_counts).await;
    println!(
        "{calls} idempotent calls, {failed} failed; {others} others, {lost} failed; {} went to the \
         server that responds 503",
        a.calls()
    );
    assert_eq!(failed, 0);
    // Those that began before the first response, and a few probes.
    assert!(lost <= CLIENTS as usize / 2, "{lost} of {others}");
    assert!(ledger.twice().is_empty());
}

#[test]
fn the_blocking_client_has_all_of_it() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let ledger = Ledger::default();
    let mut servers = runtime.block_on(Server::three(&ledger));
    runtime.block_on(servers[0].kill());
    let [a, b, c] = &servers;
    let client = builder(&[a, b, c])
        .hedge(Duration::from_millis(300))
        .build_blocking()
        .unwrap();
    let endpoints = client.endpoints().unwrap();
    assert_eq!(client.transport().endpoints().unwrap().list().len(), 3);
    let shop = ShopClient::<blocking::Http>::new(client.clone());
    for number in 0..40 {
        let shop = shop.clone();
        assert_eq!(shop.buy(2 * number).wait().unwrap(), 2 * number);
        assert_eq!(shop.price(2 * number + 1).wait().unwrap(), 2 * number + 1);
    }
    let aside = endpoints.list();
    let aside: Vec<_> = aside.iter().filter(|one| one.is_set_aside()).collect();
    assert_eq!(aside.len(), 1);
    assert_eq!(aside[0].name(), a.peer());
    b.set(Mode::Hang);
    // The calls before pay for two hedges.
    for number in 100..102 {
        assert_eq!(shop.price(number).wait().unwrap(), number);
    }
    endpoints.remove(b.url()).unwrap();
    endpoints.remove(c.url()).unwrap();
    let error = shop.price(200).wait().unwrap_err();
    assert!(error.is_connect());

    // Names are resolved by a task, which runs while calls wait.
    let servers = runtime.block_on(Server::neighbours(2, &ledger, None));
    let port = servers[0].address.port();
    let client = blocking::Client::builder(format!("http://stock.example:{port}"))
        .resolver(|_: &str| async { Ok(vec![[127, 0, 0, 1].into(), [127, 0, 0, 2].into()]) })
        .build_blocking()
        .unwrap();
    let shop = ShopClient::<blocking::Http>::new(client);
    for number in 300..340 {
        assert_eq!(shop.buy(number).wait().unwrap(), number);
    }
    assert!(servers.iter().all(|server| server.calls() > 0));
    drop(runtime);
}
