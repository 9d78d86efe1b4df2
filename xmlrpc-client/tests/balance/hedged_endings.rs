//! How a call with two attempts in flight ends.

use std::time::{Duration, Instant};

use tokio::time::sleep;
use xmlrpc_client::{Client, ClientBuilder, LoadMetric};
use xmlrpc_core::{
    Limits,
    client::{ClientErrorKind, RetryPolicy},
};

use crate::{
    ShopClient, builder,
    ledger::Ledger,
    script::Script,
    server::{Mode, Server},
};

const DELAY: Duration = Duration::from_millis(25);

/// Largest response that the client reads.
const LARGEST: usize = 10_000;

fn hedging(servers: &[&Server]) -> ClientBuilder {
    builder(servers)
        .balance(LoadMetric::InFlight)
        .limits(Limits::RESPONSE.bytes(LARGEST))
        .hedge(DELAY)
}

/// Makes the calls that pay for two hedges. Only one endpoint gets them, so that none is hedged itself, however
/// busy the machine is.
async fn save_up(client: &Client) -> ShopClient<xmlrpc_client::Http> {
    let shop = ShopClient::new(client);
    let endpoints = client.endpoints().unwrap();
    let list = endpoints.list();
    for other in &list[1..] {
        endpoints.remove(other.name()).unwrap();
    }
    for number in 0..40 {
        shop.price(number).await.unwrap();
    }
    for other in &list[1..] {
        endpoints.add(other.name()).unwrap();
    }
    shop
}

fn say(status: &'static str) -> Mode {
    Mode::Say(status, "<html>sorry</html>".to_owned())
}

/// What an attempt may do that has no result.
fn failures() -> Vec<Mode> {
    vec![
        say("500 Internal Server Error"),
        say("404 Not Found"),
        say("401 Unauthorized"),
        say("413 Content Too Large"),
        say("429 Too Many Requests"),
        say("503 Service Unavailable"),
        say("504 Gateway Timeout"),
        say("200 OK"),
        Mode::Large(LARGEST + 1),
        Mode::Break,
    ]
}

#[tokio::test]
async fn an_attempt_that_fails_waits_for_the_other() {
    let late = Duration::from_millis(40);
    for (number, failure) in failures().into_iter().enumerate() {
        // A fault is a response as well.
        let is_fault = number % 2 == 0;
        for hedge_fails in [true, false] {
            let ledger = Ledger::default();
            let [a, b, _] = Server::three(&ledger).await;
            let client = hedging(&[&a, &b]).build().unwrap();
            let shop = save_up(&client).await;
            let good = if is_fault { Mode::Fault } else { Mode::Serve };
            let good = Mode::After(late, Box::new(good));
            let script = Script::new(if hedge_fails {
                [(2, good), (0, failure.clone())]
            } else {
                [(2, failure.clone()), (0, good)]
            });
            a.set(Mode::Script(script.clone()));
            b.set(Mode::Script(script.clone()));
            match shop.price(100).await {
                Ok(number) => assert!(number == 100 && !is_fault, "{failure:?}"),
                Err(error) => {
                    assert!(error.fault().is_some() && is_fault, "{failure:?}: {error}");
                }
            }
            assert_eq!(script.arrived(), 2, "{failure:?}");
            let list = client.endpoints().unwrap().list();
            assert!(list.iter().all(|one| one.in_flight() == 0));
        }
    }
}

#[tokio::test]
async fn if_both_fail_the_error_that_says_most_counts() {
    let all = |status: u16| (Some(status), ClientErrorKind::Http);
    let too_large = (None, ClientErrorKind::Decode);
    for (one, other, (status, kind)) in [
        (say("500 Internal Server Error"), say("503 Busy"), all(500)),
        (say("401 Unauthorized"), Mode::Break, all(401)),
        (say("413 Content Too Large"), say("429 Too Many"), all(413)),
        (say("404 Not Found"), say("504 Gateway Timeout"), all(404)),
        (say("503 Busy"), Mode::Break, all(503)),
        (
            say("200 OK"),
            say("502 Bad Gateway"),
            (None, ClientErrorKind::Decode),
        ),
        (Mode::Large(LARGEST + 1), say("404 Not Found"), too_large),
        (Mode::Large(LARGEST + 1), Mode::Break, too_large),
        (Mode::Break, Mode::Break, (None, ClientErrorKind::Transport)),
    ] {
        for (first, hedge) in [(&one, &other), (&other, &one)] {
            let ledger = Ledger::default();
            let [a, b, _] = Server::three(&ledger).await;
            let client = hedging(&[&a, &b]).build().unwrap();
            let shop = save_up(&client).await;
            let script = Script::new([(2, first.clone()), (0, hedge.clone())]);
            a.set(Mode::Script(script.clone()));
            b.set(Mode::Script(script.clone()));
            let error = shop.price(100).await.unwrap_err();
            assert_eq!(script.arrived(), 2, "{error}");
            let seen = error.status().map(|status| status.as_u16());
            assert_eq!((seen, error.kind()), (status, kind), "{error}");
            assert!(error.was_sent());
            let text = error.to_string();
            assert!(text.contains("2 attempts failed: "), "{text}");
            assert!(
                text.contains(&a.peer()) && text.contains(&b.peer()),
                "{text}"
            );
        }
    }
}

#[tokio::test]
async fn if_both_may_be_repeated_a_third_endpoint_gets_the_call() {
    let later = |mode: Mode| Mode::After(Duration::from_millis(40), Box::new(mode));
    for (first, hedge, is_repeated) in [
        (say("503 Busy"), Mode::Break, true),
        (Mode::Break, say("502 Bad Gateway"), true),
        (later(say("404 Not Found")), say("503 Busy"), true),
        // The 404 is known to be an answer that no other endpoint will improve.
        (later(say("503 Busy")), say("404 Not Found"), false),
    ] {
        let ledger = Ledger::default();
        let [a, b, c] = Server::three(&ledger).await;
        let client = hedging(&[&a, &b, &c]).build().unwrap();
        let shop = save_up(&client).await;
        let script = Script::new([(2, first), (0, hedge)]);
        for server in [&a, &b, &c] {
            server.set(Mode::Script(script.clone()));
        }
        assert_eq!(shop.price(100).await.is_ok(), is_repeated);
        assert_eq!(script.arrived(), 2 + usize::from(is_repeated));
    }
}

/// The first attempt hangs, and its hedge fails: another endpoint gets the call at once.
#[tokio::test]
async fn a_hedge_that_fails_is_repeated_while_the_first_attempt_hangs() {
    for (hedge, policy, is_repeated) in [
        (say("503 Busy"), None, true),
        (Mode::Break, None, true),
        (Mode::Break, Some(RetryPolicy::new(3)), true),
        (Mode::Break, Some(RetryPolicy::new(2)), false),
        (say("404 Not Found"), None, false),
    ] {
        let ledger = Ledger::default();
        let [a, b, c] = Server::three(&ledger).await;
        let mut client = hedging(&[&a, &b, &c]).timeout(Duration::from_secs(4));
        if let Some(policy) = policy {
            client = client.retries(policy);
        }
        let client = client.build().unwrap();
        let shop = save_up(&client).await;
        let script = Script::new([(0, Mode::Hang), (0, hedge.clone())]);
        for server in [&a, &b, &c] {
            server.set(Mode::Script(script.clone()));
        }
        // Without a third attempt, the call waits for its time-out.
        let call = shop.price(100);
        let result = if is_repeated {
            call.await
        } else {
            call.timeout(Duration::from_millis(1_000)).await
        };
        assert_eq!(result.is_ok(), is_repeated, "{hedge:?}: {result:?}");
        assert_eq!(script.arrived(), 2 + usize::from(is_repeated));
        let list = client.endpoints().unwrap().list();
        assert!(list.iter().all(|one| one.in_flight() == 0));
    }
}

#[tokio::test]
async fn a_hedge_that_cannot_connect_goes_elsewhere() {
    let ledger = Ledger::default();
    let [a, mut dead, c] = Server::three(&ledger).await;
    dead.kill().await;
    for number in 0..8 {
        // A new client, which does not know that one is dead. Without retries, the hedge would be the last attempt.
        let client = hedging(&[&a, &dead, &c]).retries(RetryPolicy::new(2));
        let client = client.probe_backoff(Duration::from_millis(1), Duration::from_millis(1));
        let client = client.build().unwrap();
        let endpoints = client.endpoints().unwrap();
        endpoints.remove(dead.url()).unwrap();
        let shop = save_up(&client).await;
        endpoints.add(dead.url()).unwrap();
        let script = Script::new([(0, Mode::Hang)]);
        a.set(Mode::Script(script.clone()));
        c.set(Mode::Script(script.clone()));
        assert_eq!(shop.price(100 + number).await.unwrap(), 100 + number);
        assert_eq!(script.arrived(), 2);
        a.set(Mode::Serve);
        c.set(Mode::Serve);
    }
}

#[tokio::test]
async fn a_call_is_hedged_once_and_within_its_attempts() {
    for attempts in 1..=7 {
        let ledger = Ledger::default();
        let [a, b, _] = Server::three(&ledger).await;
        let policy = RetryPolicy::new(attempts)
            .backoff(Duration::from_millis(1), Duration::from_millis(2))
            .without_budget();
        let client = hedging(&[&a, &b]).retries(policy).build().unwrap();
        let shop = save_up(&client).await;
        // Each attempt takes longer than the delay of a hedge, and no server is set aside.
        let slow = Mode::After(3 * DELAY, Box::new(Mode::Break));
        let script = Script::new(vec![(0, slow); 20]);
        for server in [&a, &b] {
            server.set(Mode::Script(script.clone()));
        }
        let error = shop.price(100).await.unwrap_err();
        assert_eq!(script.arrived(), attempts as usize, "{error}");
        assert!(script.overlaps() <= 1, "{attempts}: {}", script.overlaps());
        // A call with one attempt is not hedged.
        assert!(attempts > 1 || script.overlaps() == 0);
    }
}

#[tokio::test]
async fn without_retries_a_hedge_is_one_of_three_attempts() {
    let ledger = Ledger::default();
    let [a, b, c] = Server::three(&ledger).await;
    let d = Server::new(&ledger).await;
    let client = hedging(&[&a, &b, &c, &d]).build().unwrap();
    let shop = save_up(&client).await;
    let script = Script::new([(2, say("503 Busy")), (0, Mode::Break), (0, say("503 Busy"))]);
    for server in [&a, &b, &c, &d] {
        server.set(Mode::Script(script.clone()));
    }
    let error = shop.price(100).await.unwrap_err();
    assert_eq!(script.arrived(), 3, "{error}");
    assert!(error.to_string().contains("3 attempts failed: "), "{error}");
}

/// An endpoint that is slower than the delay of hedges comes back as well, although the hedges of its probes win.
#[tokio::test]
async fn a_probe_that_a_hedge_overtakes_still_counts() {
    let ledger = Ledger::default();
    let [a, b, _] = Server::three(&ledger).await;
    let client = hedging(&[&a, &b]).build().unwrap();
    let endpoints = client.endpoints().unwrap();
    let shop = save_up(&client).await;
    let is_aside = || endpoints.list().iter().any(|one| one.is_set_aside());
    a.set(say("503 Busy"));
    for number in 0.. {
        shop.price(number).await.unwrap();
        if is_aside() {
            break;
        }
    }
    a.set(Mode::Slow(4 * DELAY));
    let start = Instant::now();
    while is_aside() {
        // Often enough that each probe can be hedged.
        shop.price(1).await.unwrap();
        sleep(Duration::from_millis(1)).await;
        assert!(start.elapsed() < Duration::from_secs(5));
    }
    // The probe has ended as well.
    let list = endpoints.list();
    assert!(list.iter().all(|one| one.in_flight() == 0), "{list:?}");
}
