//! What operators see: spans, reports and events.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use tracing_subscriber::fmt::MakeWriter;
use xmlrpc_client::Client;
use xmlrpc_core::{client::RetryPolicy, observe::CallReport};

use crate::{
    ShopClient, builder,
    ledger::Ledger,
    server::{Mode, Server},
};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

type Seen = Arc<Mutex<Vec<(Option<u16>, u32)>>>;

/// Remembers the port and the attempts of each call.
fn watch(seen: &Seen) -> impl Fn(&CallReport<'_>) + Send + Sync + 'static {
    let seen = Arc::clone(seen);
    move |report: &CallReport<'_>| {
        assert_eq!(report.server_address(), Some("127.0.0.1"));
        let mut seen = seen.lock().unwrap();
        seen.push((report.server_port(), report.attempts()));
    }
}

#[tokio::test]
async fn reports_have_the_endpoint_that_responded_and_the_attempts() {
    let ledger = Ledger::default();
    let [a, b, _] = Server::three(&ledger).await;
    let seen = Seen::default();
    let client = builder(&[&a, &b]).observe(watch(&seen)).build().unwrap();
    let shop = ShopClient::new(client);
    a.set(Mode::Refuse(
        "503 Service Unavailable",
        "Retry-After: 60\r\n",
    ));
    for number in 0..20 {
        shop.price(number).await.unwrap();
    }
    let seen = std::mem::take(&mut *seen.lock().unwrap());
    let port = Some(b.address.port());
    assert_eq!(seen.len(), 20);
    assert!(seen.iter().all(|(at, _)| *at == port), "{seen:?}");
    let twice = seen.iter().filter(|(_, attempts)| *attempts == 2).count();
    assert_eq!(twice, 1, "{seen:?}");
}

/// One server refuses the call with a status, and the others cannot be reached: the report has the one that responded.
#[tokio::test]
async fn reports_have_the_endpoint_whose_response_the_call_returns() {
    let ledger = Ledger::default();
    let [a, mut b, mut c] = Server::three(&ledger).await;
    b.kill().await;
    c.kill().await;
    a.set(Mode::Refuse("503 Service Unavailable", ""));
    for _ in 0..10 {
        let seen = Seen::default();
        let client = builder(&[&b, &a, &c]).observe(watch(&seen)).build();
        let shop = ShopClient::new(client.unwrap());
        let error = shop.price(1).await.unwrap_err();
        assert_eq!(error.status().unwrap(), 503, "{error}");
        let error = shop.buy(1).await.unwrap_err();
        assert_eq!(error.status().unwrap(), 503, "{error}");
        let seen = seen.lock().unwrap();
        let port = Some(a.address.port());
        assert!(seen.iter().all(|(at, _)| *at == port), "{seen:?}");
    }
}

#[tokio::test]
async fn retries_at_one_endpoint_are_counted() {
    let ledger = Ledger::default();
    let server = Server::new(&ledger).await;
    server.set(Mode::Break);
    let seen = Seen::default();
    let policy = RetryPolicy::new(3).backoff(Duration::from_millis(1), Duration::from_millis(1));
    let client = Client::builder(server.url())
        .retries(policy)
        .observe(watch(&seen))
        .build()
        .unwrap();
    let shop = ShopClient::new(client);
    shop.price(1).await.unwrap_err();
    shop.buy(1).await.unwrap_err();
    let port = Some(server.address.port());
    assert_eq!(*seen.lock().unwrap(), [(port, 3), (port, 1)]);
}

#[tokio::test]
async fn spans_and_events() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(log.clone())
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::CLOSE)
        .finish();
    // For all threads: `tracing` may forget a span that another thread has used without a subscriber.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let ledger = Ledger::default();
    let [mut a, b, _] = Server::three(&ledger).await;
    a.kill().await;
    let secret = format!("http://ada:secret@{}/hidden", a.address);
    let client = Client::builder(secret)
        .no_proxy()
        .probe_backoff(Duration::from_millis(20), Duration::from_millis(40))
        .endpoints([b.url()]);
    let client = client.build().unwrap();
    let endpoints = client.endpoints().unwrap();
    let debug = format!("{client:?} {endpoints:?}");
    let shop = ShopClient::new(client);
    let a_name = a.peer();
    let mut number = 0;
    let logged = |log: &Log, what: &str| {
        let (text, name) = (log.text(), format!("endpoint=\"{}\"", a_name));
        text.lines()
            .any(|line| line.contains(what) && line.contains(&name))
    };
    while !logged(&log, "the endpoint is set aside") {
        shop.price(number).await.unwrap();
        number += 1;
    }
    a.start();
    while !logged(&log, "the endpoint is used again") {
        shop.price(number).await.unwrap();
        number += 1;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    a.kill().await;
    let mut dead = b;
    dead.kill().await;
    let error = shop.price(number).await.unwrap_err();
    let text = log.text();
    let address = format!(
        "server.address=\"127.0.0.1\" server.port={}",
        dead.address.port()
    );
    assert!(text.contains(&address), "{text}");
    assert!(text.contains("http.request.resend_count=1"), "{text}");
    let aside = format!("endpoint=\"{}\" reason=\"Connection refused", a.peer());
    assert!(text.contains(&aside), "{text}");
    for text in [text, debug, error.to_string()] {
        assert!(
            !text.contains("secret") && !text.contains("hidden"),
            "{text}"
        );
        assert!(!text.contains("ada"), "{text}");
    }
}
