//! Names that are resolved to several addresses.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use rcgen::{CertifiedKey, KeyPair};
use tokio::time::sleep;
use tokio_rustls::rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer};
use xmlrpc_client::{Client, ClientBuilder, LoadMetric, Resolve, Resolving, Wire};

use crate::{
    ShopClient, WIRES,
    ledger::Ledger,
    server::{Mode, Server},
};

const NAME: &str = "stock.example";
pub(crate) const INTERVAL: Duration = Duration::from_millis(30);

/// A resolver whose answers change.
#[derive(Clone)]
pub(crate) struct Answers {
    current: Arc<Mutex<Result<Vec<IpAddr>, &'static str>>>,
    asked: Arc<AtomicUsize>,
    pub(crate) delay: Arc<Mutex<Duration>>,
}

impl Answers {
    pub(crate) fn new(last: impl IntoIterator<Item = u8>) -> Self {
        let answers = Self {
            current: Arc::new(Mutex::new(Ok(Vec::new()))),
            asked: Arc::default(),
            delay: Arc::default(),
        };
        answers.set(last);
        answers
    }

    /// Addresses of the network 127.0.0.0.
    pub(crate) fn set(&self, last: impl IntoIterator<Item = u8>) {
        let addresses = last.into_iter().map(|last| IpAddr::from([127, 0, 0, last]));
        *self.current.lock().unwrap() = Ok(addresses.collect());
    }

    pub(crate) fn fail(&self) {
        *self.current.lock().unwrap() = Err("the server has failed");
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Relaxed)
    }
}

impl Resolve for Answers {
    fn resolve(&self, host: &str) -> Resolving {
        assert_eq!(host, NAME);
        self.asked.fetch_add(1, Relaxed);
        let answer = self.current.lock().unwrap().clone();
        let delay = *self.delay.lock().unwrap();
        Box::pin(async move {
            sleep(delay).await;
            Ok(answer?)
        })
    }
}

pub(crate) fn builder(scheme: &str, port: u16, answers: &Answers) -> ClientBuilder {
    Client::builder(format!("{scheme}://{NAME}:{port}"))
        .timeout(Duration::from_secs(20))
        .probe_backoff(Duration::from_millis(20), Duration::from_millis(200))
        .balance(LoadMetric::InFlight)
        .resolve_every(INTERVAL)
        .resolver(answers.clone())
}

/// Calls until a condition holds.
async fn call_until(shop: &ShopClient<xmlrpc_client::Http>, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(15));
        shop.buy(1).await.unwrap();
        sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn answers_change() {
    for wire in WIRES {
        let ledger = Ledger::default();
        let servers = Server::neighbours(3, &ledger, None).await;
        let [a, b, c] = &servers[..] else { panic!() };
        let port = a.address.port();
        let answers = Answers::new([1, 2]);
        let client = builder("http", port, &answers).wire(wire).build().unwrap();
        let endpoints = client.endpoints().unwrap();
        assert!(endpoints.list().is_empty(), "building asks nobody");
        assert_eq!(answers.asked(), 0);
        let shop = ShopClient::new(client);
        call_until(&shop, || a.calls() > 5 && b.calls() > 5).await;
        assert_eq!(c.calls(), 0);
        let names: Vec<_> = endpoints
            .list()
            .iter()
            .map(|one| one.name().to_owned())
            .collect();
        let expected = ["127.0.0.1", "127.0.0.2"].map(|ip| format!("http://{NAME}:{port} at {ip}"));
        assert_eq!(names, expected);
        let list = endpoints.list();
        let server = list[0].server();
        assert_eq!((server.address(), server.port()), (NAME, Some(port)));
        assert_eq!(server.peer(), Some(Ipv4Addr::LOCALHOST.into()));

        answers.set([2, 3]);
        let calls = b.calls();
        call_until(&shop, || c.calls() > 5 && b.calls() > calls + 5).await;
        let figures = endpoints.list();
        assert_eq!(figures.len(), 2);
        let kept = figures.iter().find(|one| one.name().ends_with(".2"));
        assert!(kept.unwrap().calls() > 10, "it keeps its state");
        let before = a.calls();
        for _ in 0..30 {
            shop.buy(1).await.unwrap();
        }
        assert_eq!(a.calls(), before);
        for server in &servers {
            assert_eq!(server.hosts(), [format!("{NAME}:{port}")]);
        }
    }
}

#[tokio::test]
async fn a_look_up_that_fails_keeps_the_old_answer() {
    let ledger = Ledger::default();
    let servers = Server::neighbours(2, &ledger, None).await;
    let answers = Answers::new([1, 2]);
    let port = servers[0].address.port();
    let client = builder("http", port, &answers).build().unwrap();
    let endpoints = client.endpoints().unwrap();
    let shop = ShopClient::new(client);
    shop.price(1).await.unwrap();
    for change in [Answers::fail, |answers: &Answers| answers.set([])] {
        change(&answers);
        let asked = answers.asked();
        call_until(&shop, || answers.asked() > asked + 3).await;
        assert_eq!(endpoints.list().len(), 2);
    }
    answers.set([2]);
    call_until(&shop, || endpoints.list().len() == 1).await;
}

#[tokio::test]
async fn calls_do_not_wait_for_later_look_ups() {
    let ledger = Ledger::default();
    let servers = Server::neighbours(1, &ledger, None).await;
    let answers = Answers::new([1]);
    let port = servers[0].address.port();
    let shop = ShopClient::new(builder("http", port, &answers).build().unwrap());
    shop.price(1).await.unwrap();
    *answers.delay.lock().unwrap() = Duration::from_secs(60);
    sleep(2 * INTERVAL).await;
    let asked = answers.asked();
    let start = Instant::now();
    for number in 0..50 {
        shop.price(number).await.unwrap();
    }
    assert!(start.elapsed() < Duration::from_secs(5));
    assert_eq!(answers.asked(), asked + 1, "one look-up at a time");
}

#[tokio::test]
async fn the_first_calls_share_a_look_up() {
    let ledger = Ledger::default();
    let servers = Server::neighbours(1, &ledger, None).await;
    let answers = Answers::new([1]);
    *answers.delay.lock().unwrap() = Duration::from_millis(50);
    let port = servers[0].address.port();
    let client = builder("http", port, &answers).resolve_every(Duration::MAX);
    let shop = ShopClient::new(client.build().unwrap());
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..20 {
        let shop = shop.clone();
        calls.spawn(async move { shop.price(number).await.unwrap() });
    }
    assert_eq!(calls.join_all().await.len(), 20);
    assert_eq!(answers.asked(), 1);
}

#[tokio::test]
async fn without_any_answer_the_error_says_why() {
    let answers = Answers::new([]);
    let shop = ShopClient::new(builder("http", 1, &answers).build().unwrap());
    let start = format!("calling `price`: could not connect: cannot resolve `{NAME}`: ");
    let error = shop.price(1).await.unwrap_err();
    assert_eq!(error.to_string(), start.clone() + "there are no addresses");
    assert!(error.is_connect());
    answers.fail();
    let error = shop.price(1).await.unwrap_err();
    assert_eq!(error.to_string(), start + "the server has failed");
}

#[tokio::test]
async fn a_resolver_that_panics() {
    let client = Client::builder(format!("http://{NAME}:1"))
        .resolver(|_: &str| async { panic!("on purpose") })
        .build()
        .unwrap();
    let error = ShopClient::new(client).price(1).await.unwrap_err();
    let text = format!("cannot resolve `{NAME}`: the look-up did not end");
    assert!(error.to_string().ends_with(&text), "{error}");
}

#[test]
fn a_runtime_that_ends_during_a_look_up() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let (ledger, first) = (Ledger::default(), runtime());
    let second = runtime();
    let servers = second.block_on(Server::neighbours(1, &ledger, None));
    let answers = Answers::new([1]);
    *answers.delay.lock().unwrap() = Duration::from_secs(5);
    let port = servers[0].address.port();
    let shop = ShopClient::new(builder("http", port, &answers).build().unwrap());
    let call = shop.price(1).timeout(Duration::from_millis(50));
    assert!(first.block_on(call.into_future()).unwrap_err().is_timeout());
    assert_eq!(answers.asked(), 1);
    drop(first);
    *answers.delay.lock().unwrap() = Duration::ZERO;
    assert_eq!(second.block_on(shop.price(2).into_future()).unwrap(), 2);
    assert_eq!(answers.asked(), 2);
}

#[tokio::test]
async fn the_resolver_of_the_system() {
    let ledger = Ledger::default();
    let servers = Server::neighbours(1, &ledger, None).await;
    let port = servers[0].address.port();
    let client = Client::builder(format!("http://localhost:{port}"))
        .resolve_every(Duration::from_secs(5))
        // An address needs no resolver.
        .endpoints([format!("http://127.0.0.1:{port}/other")])
        .build()
        .unwrap();
    let endpoints = client.endpoints().unwrap();
    let shop = ShopClient::new(client);
    let start = Instant::now();
    while endpoints.list().len() < 2 {
        shop.buy(2).await.unwrap();
        assert!(start.elapsed() < Duration::from_secs(10));
    }
    // The system may also know `::1`, where nobody listens.
    for _ in 0..20 {
        shop.buy(2).await.unwrap();
    }
}

#[tokio::test]
async fn an_address_that_is_dead_is_set_aside() {
    let ledger = Ledger::default();
    let servers = Server::neighbours(2, &ledger, None).await;
    let answers = Answers::new([1, 2, 77]);
    let port = servers[0].address.port();
    let client = builder("http", port, &answers).build().unwrap();
    let endpoints = client.endpoints().unwrap();
    let shop = ShopClient::new(client);
    for number in 0..50 {
        assert_eq!(shop.buy(number).await.unwrap(), number);
    }
    let aside: Vec<_> = endpoints.list();
    let aside: Vec<_> = aside.iter().filter(|one| one.is_set_aside()).collect();
    assert_eq!(aside.len(), 1);
    assert!(aside[0].name().ends_with(" at 127.0.0.77"));
}

#[tokio::test]
async fn two_hundred_and_fifty_six_addresses_are_used() {
    let ledger = Ledger::default();
    let servers = Server::neighbours(1, &ledger, None).await;
    let port = servers[0].address.port();
    for (count, used) in [(256, 256), (257, 256)] {
        let answer: Vec<IpAddr> = (0..count)
            .map(|number: u16| {
                let [high, low] = number.to_be_bytes();
                IpAddr::from([127, 0, high, low])
            })
            .collect();
        let client = Client::builder(format!("http://{NAME}:{port}"))
            .wire(Wire::Hyper)
            .resolver(move |_: &str| {
                let answer = answer.clone();
                async move { Ok(answer) }
            })
            .build()
            .unwrap();
        let endpoints = client.endpoints().unwrap();
        let shop = ShopClient::new(client);
        assert_eq!(shop.buy(7).await.unwrap(), 7);
        assert_eq!(endpoints.list().len(), used);
    }
}

fn tls(own: &CertifiedKey<KeyPair>) -> Arc<ServerConfig> {
    let key = PrivateKeyDer::Pkcs8(own.signing_key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap();
    Arc::new(config)
}

#[tokio::test]
async fn over_https_the_name_stays() {
    for wire in WIRES {
        let ledger = Ledger::default();
        let own = rcgen::generate_simple_self_signed([NAME.to_owned()]).unwrap();
        let servers = Server::neighbours(2, &ledger, Some(tls(&own))).await;
        let port = servers[0].address.port();
        let answers = Answers::new([1]);
        let client = builder("https", port, &answers)
            .root_certificate(own.cert.pem())
            .wire(wire);
        let shop = ShopClient::new(client.build().unwrap());
        call_until(&shop, || servers[0].calls() > 3).await;
        answers.set([2]);
        call_until(&shop, || servers[1].calls() > 3).await;
        for server in &servers {
            assert_eq!(server.server_names(), [NAME]);
            assert_eq!(server.hosts(), [format!("{NAME}:{port}")]);
        }

        // A certificate for another name counts as a failure to connect.
        let other = rcgen::generate_simple_self_signed(["other.example".to_owned()]).unwrap();
        let wrong = Server::neighbours(1, &ledger, Some(tls(&other))).await;
        let port = wrong[0].address.port();
        let client = builder("https", port, &Answers::new([1]))
            .root_certificate(other.cert.pem())
            .wire(wire);
        let shop = ShopClient::new(client.build().unwrap());
        let error = shop.price(1).await.unwrap_err();
        assert!(error.is_connect(), "{error}");
        let peer = format!("https://{NAME}:{port} at 127.0.0.1: ");
        assert!(error.to_string().contains(&peer), "{error}");
        assert_eq!(wrong[0].calls(), 0);
    }
}

#[tokio::test]
async fn a_name_is_removed_with_all_of_its_addresses() {
    let ledger = Ledger::default();
    let servers = Server::neighbours(3, &ledger, None).await;
    servers[2].set(Mode::Serve);
    let port = servers[0].address.port();
    let answers = Answers::new([1, 2]);
    let client = builder("http", port, &answers).build().unwrap();
    let endpoints = client.endpoints().unwrap();
    let shop = ShopClient::new(client);
    shop.price(1).await.unwrap();
    assert_eq!(endpoints.list().len(), 2);
    assert!(endpoints.add(servers[2].url()).unwrap());
    assert!(endpoints.remove(format!("http://{NAME}:{port}")).unwrap());
    assert_eq!(endpoints.list().len(), 1);
    for _ in 0..20 {
        shop.price(1).await.unwrap();
        sleep(INTERVAL / 10).await;
    }
    assert_eq!(endpoints.list()[0].name(), servers[2].peer());
    assert!(endpoints.add(format!("http://{NAME}:{port}")).unwrap());
    call_until(&shop, || endpoints.list().len() == 3).await;
}
