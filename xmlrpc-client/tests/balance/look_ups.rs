//! Calls that need the answer of a look-up.

use std::time::{Duration, Instant};

use tokio::time::sleep;
use xmlrpc_client::Wire;
use xmlrpc_core::client::RetryPolicy;

use crate::{
    ShopClient,
    addresses::{Answers, INTERVAL, builder},
    ledger::Ledger,
    server::Server,
};

/// The retries of the user also apply to the first look-up: nothing was sent.
#[tokio::test]
async fn a_first_look_up_that_fails_is_retried() {
    let ledger = Ledger::default();
    let server = Server::new(&ledger).await;
    let wait = Duration::from_millis(40);
    let answers = Answers::new([]);
    let policy = RetryPolicy::new(3).backoff(wait, wait);
    let new = |answers: &Answers| {
        let client = builder("http", server.address.port(), answers).retries(policy.clone());
        ShopClient::new(client.build().unwrap())
    };
    answers.fail();
    let shop = new(&answers);
    let error = shop.buy(1).await.unwrap_err();
    assert!(!error.was_sent() && error.retryable(), "{error}");
    assert_eq!(answers.asked(), 1, "only idempotent calls are retried");
    shop.price(1).await.unwrap_err();
    assert_eq!(answers.asked(), 4, "three attempts");

    let shop = new(&answers);
    let later = async {
        sleep(wait / 4).await;
        answers.set([1]);
    };
    let (result, ()) = tokio::join!(shop.price(1), later);
    result.unwrap();
    assert_eq!(answers.asked(), 6);
}

/// While there were no calls, all addresses have changed. The call that finds the answer too old waits for the new one
/// before it fails.
#[tokio::test]
async fn all_addresses_change_while_there_are_no_calls() {
    for (wire, is_idempotent) in [(Wire::Reqwest, true), (Wire::Hyper, false)] {
        let ledger = Ledger::default();
        let mut servers = Server::neighbours(2, &ledger, None).await;
        let answers = Answers::new([1]);
        let port = servers[0].address.port();
        let client = builder("http", port, &answers).wire(wire).build().unwrap();
        let shop = ShopClient::new(client);
        shop.buy(1).await.unwrap();
        servers[0].kill().await;
        answers.set([2]);
        *answers.delay.lock().unwrap() = Duration::from_millis(50);
        sleep(2 * INTERVAL).await;
        if is_idempotent {
            shop.price(2).await.unwrap();
        } else {
            shop.buy(2).await.unwrap();
        }
        assert_eq!(servers[1].calls(), 1);

        // A look-up that hangs does not keep the call longer than its time-out.
        servers[1].kill().await;
        *answers.delay.lock().unwrap() = Duration::from_secs(60);
        sleep(2 * INTERVAL).await;
        let start = Instant::now();
        let call = shop.buy(3).timeout(Duration::from_millis(300));
        let error = call.await.unwrap_err();
        assert!(start.elapsed() < Duration::from_secs(5), "{error}");
    }
}
