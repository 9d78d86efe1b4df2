//! The error of a call that no endpoint could answer: it names them, and what each has said.

use std::collections::BTreeSet;

use xmlrpc_client::LoadMetric;
use xmlrpc_core::client::ClientErrorKind;

use crate::{
    ShopClient, WIRES, builder, call, client,
    ledger::Ledger,
    server::{Mode, Server},
};

fn say(status: &'static str, body: &str) -> Mode {
    Mode::Say(status, body.to_owned())
}

#[tokio::test]
async fn if_all_respond_with_a_status_the_error_names_them() {
    for wire in WIRES {
        let ledger = Ledger::default();
        let [a, b, c] = Server::three(&ledger).await;
        a.set(say("503 Service Unavailable", "busy"));
        b.set(say("503 Service Unavailable", "busy"));
        c.set(say("502 Bad Gateway", ""));
        let client = builder(&[&a, &b, &c]).wire(wire).build().unwrap();
        let shop = ShopClient::new(&client);
        // Also when all of them are set aside.
        for number in 0..5 {
            let error = shop.price(number).await.unwrap_err();
            let status = error.status().unwrap().as_u16();
            assert!(matches!(status, 502 | 503), "{error}");
            assert!(error.retryable() && error.was_sent());
            let text = error.to_string();
            let begin = format!("calling `price`: HTTP status {status} ");
            assert!(text.starts_with(&begin), "{text}");
            let (_, attempts) = text.split_once("; 3 attempts failed: ").unwrap();
            let attempts: BTreeSet<&str> = attempts.split("; ").collect();
            let pair = |one: &Server, other: &Server| {
                format!("{}, {}: HTTP status 503: busy", one.peer(), other.peer())
            };
            let alone = format!("{}: HTTP status 502", c.peer());
            let (ab, ba) = (pair(&a, &b), pair(&b, &a));
            let is = |both: &str| attempts == BTreeSet::from([both, &alone]);
            assert!(is(&ab) || is(&ba), "{text}");
            let error = client.multicall([shop.price(1), shop.price(2)]).await;
            let text = error.unwrap_err().to_string();
            assert!(text.contains("; 3 attempts failed: "), "{text}");
        }
    }
}

#[tokio::test]
async fn of_mixed_failures_the_error_names_all_in_any_order() {
    let ledger = Ledger::default();
    let [a, mut b, c] = Server::three(&ledger).await;
    a.set(say("503 Service Unavailable", "busy"));
    b.kill().await;
    c.set(Mode::Break);
    let mut orders = BTreeSet::new();
    for number in 0..60 {
        // A new client, so that each order happens.
        let client = builder(&[&a, &b, &c]).balance(LoadMetric::InFlight);
        let shop = ShopClient::new(client.build().unwrap());
        let error = shop.price(number).await.unwrap_err();
        assert_eq!(error.status().unwrap(), 503, "{error}");
        assert!(error.retryable() && error.was_sent());
        let text = error.to_string();
        let (_, attempts) = text.split_once("; 3 attempts failed: ").unwrap();
        assert!(
            attempts.contains(&format!("{}: HTTP status 503: busy", a.peer())),
            "{text}"
        );
        assert!(
            attempts.contains(&format!("{}: Connection refused", b.peer())),
            "{text}"
        );
        let place = |server: &Server| attempts.find(&server.peer()).unwrap();
        orders.insert([
            place(&a) < place(&b),
            place(&b) < place(&c),
            place(&a) < place(&c),
        ]);
    }
    assert!(orders.len() > 1, "{orders:?}");
}

#[tokio::test]
async fn a_single_response_names_its_endpoint() {
    let ledger = Ledger::default();
    let [a, b, _] = Server::three(&ledger).await;
    for (status, kind) in [
        ("404 Not Found", ClientErrorKind::Http),
        ("503 Service Unavailable", ClientErrorKind::Http),
        ("200 OK", ClientErrorKind::Decode),
    ] {
        a.set(say(status, "<html>sorry</html>"));
        b.set(say(status, "<html>sorry</html>"));
        let client = client(&[&a, &b]);
        let error = call(&ShopClient::new(&client), false, 1).await.unwrap_err();
        assert_eq!(error.kind(), kind);
        let text = error.to_string();
        let ends =
            |server: &Server| text.ends_with(&format!("; the response is from {}", server.peer()));
        assert!(ends(&a) || ends(&b), "{text}");

        // The same with layers of the user, which do not know attempts.
        let over = xmlrpc_core::Client::new(client.transport().clone());
        let error = over.call::<i64>("buy", (1,)).await.unwrap_err();
        assert!(
            error.to_string().contains("; the response is from http://"),
            "{error}"
        );
    }
    // A single fixed URL is known to the caller.
    let single = xmlrpc_client::Client::builder(a.url())
        .no_proxy()
        .build()
        .unwrap();
    let error = single.call::<i64>("buy", (1,)).await.unwrap_err();
    assert!(!error.to_string().contains("from http"), "{error}");
}

#[tokio::test]
async fn what_servers_say_is_shortened_and_escaped() {
    let ledger = Ledger::default();
    let [a, b, _] = Server::three(&ledger).await;
    let hostile = format!("a\r\nforged \u{1b}[31m\u{202e}{}", "x".repeat(100_000));
    a.set(say("503 Service Unavailable", &hostile));
    b.set(say("503 Service Unavailable", &hostile));
    let error = ShopClient::new(client(&[&a, &b]))
        .price(1)
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains(&a.peer()) && text.contains(&b.peer()),
        "{text}"
    );
    assert!(
        !text.contains(|c: char| c.is_control() || c == '\u{202e}'),
        "{text}"
    );
    assert!(text.len() < 1_000, "{text}");

    for (length, is_cut) in [(60, false), (61, true)] {
        a.set(say("503 Service Unavailable", &"y".repeat(length)));
        b.set(say("503 Service Unavailable", &"y".repeat(length)));
        let error = ShopClient::new(client(&[&a, &b]))
            .price(1)
            .await
            .unwrap_err();
        let text = error.to_string();
        let (_, attempts) = text.split_once("; 2 attempts failed: ").unwrap();
        let end = format!(": {}{}", "y".repeat(60), if is_cut { "…" } else { "" });
        assert!(attempts.ends_with(&end), "{text}");
    }
}

/// Each endpoint that was tried is named, up to 64.
#[tokio::test]
async fn the_error_names_many_endpoints() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = closed.local_addr().unwrap().port();
    drop(closed);
    for (count, left_out) in [(2, 0), (64, 0), (65, 1)] {
        // Long names, as those of a cluster.
        let name = "warehouse.production.svc.cluster.local";
        let addresses = (1..=count).map(|last| std::net::IpAddr::from([127, 0, 3, last]));
        let addresses: Vec<_> = addresses.collect();
        let client = xmlrpc_client::Client::builder(format!("http://{name}:{port}"))
            .no_proxy()
            .resolver(move |_: &str| std::future::ready(Ok(addresses.clone())))
            .build()
            .unwrap();
        let error = ShopClient::new(client).buy(1).await.unwrap_err();
        assert!(!error.was_sent());
        let text = error.to_string();
        // With the character that follows: `127.0.3.6` is also the beginning of `127.0.3.60`.
        let is_named = |last| {
            let endpoint = format!("{name}:{port} at 127.0.3.{last}");
            [",", ":"]
                .iter()
                .any(|end| text.contains(&format!("{endpoint}{end}")))
        };
        let named = (1..=count).filter(|last| is_named(*last)).count();
        assert_eq!(named, usize::from(count - left_out), "{text}");
        assert!(text.contains(": Connection refused"), "{text}");
        assert_eq!(text.ends_with("; and 1 more"), left_out == 1, "{text}");
    }
}

#[tokio::test]
async fn a_refusal_counts_even_if_its_body_breaks_off() {
    let cuts = [
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 40\r\n\r\nbusy",
        "HTTP/1.1 503 Service Unavailable\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbusy\r\n",
        "HTTP/1.1 503 Service Unavailable\r\nContent-Encoding: gzip\r\nContent-Length: 40\r\n\r\nbusy",
    ];
    for wire in WIRES {
        for cut in cuts {
            for size in [1, 200_000] {
                let ledger = Ledger::default();
                let [a, b, _] = Server::three(&ledger).await;
                a.set(Mode::Cut(cut));
                b.set(Mode::Cut(cut));
                let client = builder(&[&a, &b]).wire(wire).build().unwrap();
                let call = client.call::<i64>("buy", ["x".repeat(size)]);
                let error = call.await.unwrap_err();
                assert_eq!(error.status().unwrap(), 503, "{error}");
                assert!(error.retryable() && error.was_sent(), "{error}");
                // One alone is set aside at once, because it is overloaded.
                let list = client.endpoints().unwrap().list();
                let aside = list.iter().filter(|one| one.is_set_aside()).count();
                assert_eq!(aside, 1, "{list:?}");
            }
            // With the status 200, it is not known what the server wanted to say.
            let ledger = Ledger::default();
            let [a, b, _] = Server::three(&ledger).await;
            let good = Mode::Cut("HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\nbusy");
            a.set(good.clone());
            b.set(good);
            let client = builder(&[&a, &b]).wire(wire).build().unwrap();
            let error = client.call::<i64>("buy", (1,)).await.unwrap_err();
            assert_eq!(error.kind(), ClientErrorKind::Transport, "{error}");
        }
    }
}
