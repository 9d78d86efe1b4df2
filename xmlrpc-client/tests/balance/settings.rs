//! Settings that do not fit together, and those that reach each endpoint.

use std::time::Duration;

use xmlrpc_client::{BuildError, Client, LoadMetric, reqwest};

use crate::{ShopClient, builder, ledger::Ledger, server::Server};

fn text<T>(result: Result<T, BuildError>) -> String {
    result
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default()
}

#[test]
fn invalid_settings() {
    let one = || Client::builder("http://a.example");
    let named = || one().resolve_every(Duration::from_secs(1));
    let both = "`resolve_every` and `resolver` cannot be combined with ";
    for (result, expected) in [
        (
            one().endpoints(["b.example"]).build(),
            "invalid URL: is `http://` missing?".to_owned(),
        ),
        (
            one().endpoints(["http://b.example"]).unix_socket("/run/x").build(),
            "`unix_socket` cannot be combined with several endpoints: put the socket into the URL, as in \
             `unix:///run/x.sock`"
                .to_owned(),
        ),
        (
            named().proxy("http://p.example").build(),
            format!("{both}`proxy`, which resolves names itself"),
        ),
        (
            named().http_client(reqwest::Client::new()).build(),
            format!("{both}`http_client`, which resolves names itself"),
        ),
        (
            one().endpoints(["scgi://b.example"]).build(),
            "the URL must contain a port: SCGI has no default port".to_owned(),
        ),
    ] {
        assert_eq!(text(result), expected);
    }
    let endpoints = one().balance(LoadMetric::InFlight).build().unwrap();
    let endpoints = endpoints.endpoints().unwrap();
    assert_eq!(
        text(endpoints.add("ftp://b.example")),
        "the scheme `ftp` of the URL is not supported: use `http`, `https`, `unix` or `scgi`"
    );
    assert_eq!(
        text(endpoints.remove("b.example")),
        "invalid URL: is `http://` missing?"
    );
}

#[test]
fn one_url_has_no_endpoints() {
    let client = Client::new("http://a.example").unwrap();
    assert!(client.endpoints().is_none());
}

#[test]
fn the_same_url_counts_once() {
    let client = Client::builder("http://a.example")
        .endpoints([
            "http://a.example/RPC2",
            "http://ada@a.example:80",
            "http://a.example/other",
            "unix:///run/x.sock",
            "unix:///run/x.sock",
        ])
        .build()
        .unwrap();
    let list = client.endpoints().unwrap().list();
    let names: Vec<_> = list.iter().map(|one| one.name()).collect();
    assert_eq!(
        names,
        ["http://a.example", "http://a.example", "unix:///run/x.sock"]
    );
}

#[tokio::test]
async fn a_custom_http_client_is_used_for_all_endpoints() {
    let ledger = Ledger::default();
    let [a, b, _] = Server::three(&ledger).await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let client = Client::builder(a.url())
        .endpoints([b.url()])
        .http_client(http);
    let shop = ShopClient::new(client.build().unwrap());
    for number in 0..20 {
        shop.price(number).await.unwrap();
    }
    assert!(a.calls() > 0 && b.calls() > 0);
}

#[tokio::test]
async fn a_new_client_and_a_call_outside_a_runtime() {
    let ledger = Ledger::default();
    let server = Server::new(&ledger).await;
    let url = server.url();
    let call = std::thread::spawn(move || {
        // Nothing is spawned here.
        let client = Client::builder(url)
            .balance(LoadMetric::PeakEwma)
            .hedge(Duration::from_millis(1))
            .resolve_every(Duration::from_secs(1))
            .without_timeout()
            .build()
            .unwrap();
        let mut call = Box::pin(ShopClient::new(client).price(1).into_future());
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match call.as_mut().poll(&mut context) {
            std::task::Poll::Ready(result) => result.unwrap_err().to_string(),
            std::task::Poll::Pending => panic!(),
        }
    });
    let text = call.join().unwrap();
    assert!(
        text.ends_with("a call must be awaited inside a tokio runtime"),
        "{text}"
    );
    let shop = ShopClient::new(builder(&[&server]).build().unwrap());
    shop.price(1).await.unwrap();
}
