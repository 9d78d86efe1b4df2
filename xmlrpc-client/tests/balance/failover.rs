//! Where a call goes if an endpoint fails.

use std::time::{Duration, Instant};

use tokio::time::sleep;
use xmlrpc_client::LoadMetric;
use xmlrpc_core::{Fault, client::RetryPolicy};

use crate::{
    ShopClient, WIRES, builder, call, client,
    ledger::Ledger,
    server::{Mode, Server},
};

#[tokio::test]
async fn of_a_dead_server_nobody_notices_anything() {
    for wire in WIRES {
        let ledger = Ledger::default();
        let mut servers = Server::three(&ledger).await;
        servers[0].kill().await;
        let [a, b, c] = &servers;
        let client = builder(&[a, b, c]).wire(wire).build().unwrap();
        let endpoints = client.endpoints().unwrap();
        let shop = ShopClient::new(client);
        for number in 0..40 {
            for idempotent in [true, false] {
                let number = 2 * number + i64::from(idempotent);
                assert_eq!(call(&shop, idempotent, number).await.unwrap(), number);
            }
        }
        assert_eq!(ledger.len(), 80);
        assert!(ledger.twice().is_empty());
        let list = endpoints.list();
        let dead = list.iter().find(|one| one.name() == a.peer()).unwrap();
        assert!(dead.is_set_aside() && dead.failures() > 0);
        assert!(dead.calls() < 40, "{dead:?}");
        assert_eq!(list.iter().filter(|one| one.is_set_aside()).count(), 1);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn endpoints_of_other_kinds() {
    let ledger = Ledger::default();
    let server = Server::new(&ledger).await;
    let mut dead = Server::new(&ledger).await;
    dead.kill().await;
    let client = builder(&[&server])
        .balance(LoadMetric::InFlight)
        .endpoints(["unix:///nobody/listens.sock".to_owned()])
        .endpoints([format!("scgi://{}", dead.address)])
        .build()
        .unwrap();
    let endpoints = client.endpoints().unwrap();
    let shop = ShopClient::new(client);
    let start = Instant::now();
    let probed = || {
        let list = endpoints.list();
        list.iter().filter(|one| one.failures() > 2).count()
    };
    let mut number = 0;
    while probed() < 2 {
        assert_eq!(shop.buy(number).await.unwrap(), number);
        number += 1;
        sleep(Duration::from_millis(1)).await;
        assert!(start.elapsed() < Duration::from_secs(10));
    }
    for (status, name) in endpoints.list().iter().zip([
        server.peer(),
        "unix:///nobody/listens.sock".to_owned(),
        format!("scgi://{}", dead.address),
    ]) {
        assert_eq!(status.name(), name);
        assert_eq!(status.is_set_aside(), name != server.peer());
    }
    endpoints.remove(server.url()).unwrap();
    let error = shop.buy(0).await.unwrap_err().to_string();
    assert!(
        error.contains("unix:///nobody/listens.sock: No such file"),
        "{error}"
    );
    assert!(
        error.contains(&format!("scgi://{}: Connection refused", dead.address)),
        "{error}"
    );
}

#[tokio::test]
async fn if_all_are_dead_the_error_names_them() {
    for wire in WIRES {
        let ledger = Ledger::default();
        let mut servers = Server::three(&ledger).await;
        for server in &mut servers {
            server.kill().await;
        }
        let [a, b, c] = &servers;
        let shop = ShopClient::new(builder(&[a, b, c]).wire(wire).build().unwrap());
        // Also when all of them are set aside.
        for number in 0..10 {
            let start = Instant::now();
            let error = call(&shop, number % 2 == 0, number).await.unwrap_err();
            assert!(start.elapsed() < Duration::from_secs(10));
            assert!(error.is_connect() && error.retryable() && !error.was_sent());
            let text = error.to_string();
            for server in &servers {
                assert!(text.contains(&server.peer()), "{text}");
            }
            assert!(text.contains("3 attempts failed: "), "{text}");
            assert!(text.contains("Connection refused"), "{text}");
        }
    }
}

#[tokio::test]
async fn a_time_out_names_those_that_were_tried() {
    let ledger = Ledger::default();
    let server = Server::new(&ledger).await;
    server.set(Mode::Hang);
    let client = builder(&[&server]).timeout(Duration::from_millis(100));
    let shop = ShopClient::new(client.build().unwrap());
    let error = shop.price(1).await.unwrap_err();
    assert!(error.is_timeout());
    let address = server.address;
    let text = format!("calling `price`: no response within 100ms from {address}");
    assert_eq!(error.to_string(), text);

    let mut dead = Server::new(&ledger).await;
    dead.kill().await;
    let client = builder(&[&dead, &server]).timeout(Duration::from_millis(100));
    let shop = ShopClient::new(client.build().unwrap());
    let texts: Vec<_> = futures(&shop).await;
    let both = format!(
        "{}: Connection refused (os error 111); {address}",
        dead.address
    );
    assert!(texts.iter().any(|text| text.ends_with(&both)), "{texts:?}");
}

async fn futures(shop: &ShopClient<xmlrpc_client::Http>) -> Vec<String> {
    let mut texts = Vec::new();
    for number in 0..12 {
        texts.push(shop.price(number).await.unwrap_err().to_string());
    }
    texts
}

#[tokio::test]
async fn a_call_that_may_have_run_goes_elsewhere_only_if_it_is_idempotent() {
    for wire in WIRES {
        let ledger = Ledger::default();
        let [a, b, _] = Server::three(&ledger).await;
        a.set(Mode::Break);
        let client = builder(&[&a, &b])
            .balance(LoadMetric::InFlight)
            .wire(wire)
            .build()
            .unwrap();
        let shop = ShopClient::new(client);
        let mut failed = 0;
        for number in 0..60 {
            if number % 2 == 0 {
                assert_eq!(shop.price(number).await.unwrap(), number);
                continue;
            }
            let before = a.calls();
            match shop.buy(number).await {
                Ok(_) => assert_eq!(ledger.runs(number), 1),
                Err(error) => {
                    assert!(error.was_sent() && error.retryable(), "{error}");
                    assert!(error.to_string().contains(&a.peer()), "{error}");
                    assert_eq!(a.calls() - before, 1);
                    failed += 1;
                }
            }
            assert_eq!(ledger.runs(number), 1);
        }
        // Five failures in a row set the endpoint aside, and a probe that fails keeps it there.
        assert!(failed <= 20, "{failed}");
        assert!(a.calls() >= 5);
    }
}

#[tokio::test]
async fn faults_and_other_responses_are_passed_on() {
    let ledger = Ledger::default();
    let [a, b, _] = Server::three(&ledger).await;
    a.set(Mode::Fault);
    b.set(Mode::Fault);
    // Without calls in flight, the choice is random.
    let client = builder(&[&a, &b])
        .balance(LoadMetric::InFlight)
        .build()
        .unwrap();
    let endpoints = client.endpoints().unwrap();
    let shop = ShopClient::new(client);
    for number in 0..20 {
        let error = shop.price(number).await.unwrap_err();
        assert_eq!(error.fault().map(Fault::code), Some(7));
        assert_eq!(ledger.runs(number), 1);
    }
    assert!(endpoints.list().iter().all(|one| !one.is_set_aside()));
    assert!(endpoints.list().iter().all(|one| one.failures() == 0));

    // A server without the path: the call is not sent elsewhere, but later calls avoid it.
    a.set(Mode::Refuse("404 Not Found", ""));
    b.set(Mode::Serve);
    let mut failed = 0;
    for number in 100..200 {
        failed += usize::from(shop.price(number).await.is_err());
    }
    assert!((5..20).contains(&failed), "{failed}");
}

/// A page of a web server, for example for maintenance.
#[tokio::test]
async fn a_server_that_does_not_speak_xml_rpc_gets_no_more_calls() {
    let ledger = Ledger::default();
    let [a, b, _] = Server::three(&ledger).await;
    a.set(Mode::Refuse("200 OK", "Content-Type: text/html\r\n"));
    let shop = ShopClient::new(client(&[&a, &b]));
    let mut failed = 0;
    for number in 0..100 {
        failed += usize::from(shop.price(number).await.is_err());
    }
    assert!((5..20).contains(&failed), "{failed}");
}

#[tokio::test]
async fn attempts_and_budget_are_bounded() {
    let ledger = Ledger::default();
    let servers = Server::three(&ledger).await;
    let [a, b, c] = &servers;
    for server in &servers {
        server.set(Mode::Break);
    }
    let total = || servers.iter().map(Server::calls).sum::<usize>();
    let fast = |attempts| {
        RetryPolicy::new(attempts).backoff(Duration::from_millis(1), Duration::from_millis(2))
    };
    for (policy, attempts) in [
        (None, 3),
        (Some(fast(1)), 1),
        (Some(fast(2)), 2),
        (Some(fast(3)), 3),
        // With a policy, a call goes to the same endpoints again.
        (Some(fast(7)), 7),
    ] {
        let mut client = builder(&[a, b, c]);
        if let Some(policy) = policy {
            client = client.retries(policy);
        }
        let shop = ShopClient::new(client.build().unwrap());
        let before = total();
        let error = shop.price(1).await.unwrap_err();
        assert_eq!(total() - before, attempts, "{error}");
        assert!(error.was_sent());
        if attempts > 2 {
            for server in &servers {
                assert!(error.to_string().contains(&server.peer()), "{error}");
            }
        }
        let before = total();
        shop.buy(1).await.unwrap_err();
        assert_eq!(total() - before, 1);
    }
    // The budget of tower has a reserve of 10 per second for 10 seconds. A busy machine may need longer.
    let start = std::time::Instant::now();
    let shop = ShopClient::new(client(&[a, b, c]));
    let before = total();
    for number in 0..200 {
        shop.price(number).await.unwrap_err();
    }
    let retries = total() - before - 200;
    let tens = 1 + usize::try_from(start.elapsed().as_secs() / 10).unwrap();
    assert!((100..=130 * tens).contains(&retries), "{retries}, {tens}");
}

#[tokio::test]
async fn a_multicall_goes_elsewhere_only_if_all_of_its_calls_may() {
    let ledger = Ledger::default();
    let [a, b, _] = Server::three(&ledger).await;
    for (is_mixed, arrivals) in [(false, 2), (true, 1)] {
        a.set(Mode::Break);
        b.set(Mode::Break);
        let client = client(&[&a, &b]);
        let shop = ShopClient::new(&client);
        let before = a.calls() + b.calls();
        let calls = [
            shop.price(1),
            if is_mixed { shop.buy(2) } else { shop.price(2) },
        ];
        client.multicall(calls).await.unwrap_err();
        assert_eq!(a.calls() + b.calls() - before, arrivals);
    }
}
