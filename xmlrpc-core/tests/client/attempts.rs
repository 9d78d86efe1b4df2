//! Transports that report their attempts.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tower::service_fn;
use xmlrpc_core::{
    Client, Request, Response,
    client::{BoxError, TransportError},
    observe::{Attempts, CallReport, MetricAttributes, ServerAddress},
};

fn server(name: &str) -> Arc<ServerAddress> {
    Arc::new(ServerAddress::new(name, Some(8000)))
}

#[test]
fn addresses() {
    for (address, port, peer, text) in [
        ("rpc.example", Some(80), None, "rpc.example:80"),
        ("::1", Some(80), None, "[::1]:80"),
        ("/run/x.sock", None, None, "/run/x.sock"),
        ("a", Some(80), Some("10.0.0.1"), "a:80 at 10.0.0.1"),
        ("a", Some(80), Some("fe80::1"), "a:80 at fe80::1"),
    ] {
        let mut server = ServerAddress::new(address, port);
        if let Some(peer) = peer {
            server = server.with_peer(peer.parse().unwrap());
        }
        assert_eq!(server.to_string(), text);
    }
}

#[test]
fn sixty_four_attempts_are_kept() {
    for (number, end) in [(64, "s63:8000: gone"), (65, "; and 1 more attempts")] {
        let attempts = Attempts::new();
        for index in 0..number {
            let begun = attempts.begin(&server(&format!("s{index}")));
            assert_eq!(begun, index);
            attempts.failed(begun, "gone");
        }
        assert_eq!(attempts.count(), number);
        assert!(attempts.to_string().ends_with(end), "{attempts}");
        let last = attempts.server().unwrap();
        assert_eq!(last.address(), format!("s{}", number - 1));
    }
}

#[test]
fn the_server_that_has_responded_stays() {
    let attempts = Attempts::new();
    let first = attempts.begin(&server("a"));
    let second = attempts.begin(&server("b"));
    assert_eq!(attempts.server().unwrap().address(), "b");
    attempts.failed(second, "gone");
    attempts.answered(first);
    attempts.begin(&server("c"));
    assert_eq!(attempts.server().unwrap().address(), "a");
    assert_eq!(attempts.to_string(), "a:8000; b:8000: gone; c:8000");
}

#[tokio::test]
async fn a_time_out_names_the_servers_that_the_transport_has_chosen() {
    let hanging = service_fn(|request: Request| async move {
        let attempts = request.extensions.get::<Attempts>().cloned();
        if let Some(attempts) = attempts {
            let number = attempts.begin(&server("a"));
            attempts.failed(number, "gone\nforever");
            attempts.begin(&server("b"));
        }
        std::future::pending::<Result<Response, BoxError>>().await
    });
    let client = Client::new(hanging).timeout(Duration::from_millis(10));
    let plain = "calling `f`: no response within 10ms";
    for (client, text) in [
        (client.clone(), plain.to_owned()),
        (
            client.clone().record_attempts(true),
            format!(r"{plain} from a:8000: gone\nforever; b:8000"),
        ),
        // With one server, its name adds nothing.
        (
            client.record_attempts(true).server_address("a", None),
            plain.to_owned(),
        ),
    ] {
        let error = client.call::<i64>("f", ()).await.unwrap_err();
        assert!(error.is_timeout());
        assert_eq!(error.to_string(), text);
    }
}

#[tokio::test]
async fn reports_and_labels() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    for tries in [0, 1, 2, 11, 12] {
        let failing = service_fn(move |request: Request| async move {
            if let Some(attempts) = request.extensions.get::<Attempts>() {
                for _ in 0..tries {
                    attempts.begin(&server("b"));
                }
            }
            Err::<Response, _>(TransportError::other("gone"))
        });
        let (list, attributes) = (Arc::clone(&seen), MetricAttributes::new());
        let client =
            Client::new(failing)
                .record_attempts(true)
                .observe(move |report: &CallReport<'_>| {
                    let labels = attributes.of(report);
                    let resends = labels
                        .filter(|(name, _)| *name == "http.request.resend_count")
                        .map(|(_, value)| value.into_owned())
                        .next();
                    let server = report.server_address().map(str::to_owned);
                    list.lock()
                        .unwrap()
                        .push((report.attempts(), server, resends));
                });
        client.call::<i64>("f", ()).await.unwrap_err();
    }
    let b = Some("b".to_owned());
    let expected = [
        (1, None, None),
        (1, b.clone(), None),
        (2, b.clone(), Some("1".to_owned())),
        (11, b.clone(), Some("10".to_owned())),
        (12, b, Some("10".to_owned())),
    ];
    assert_eq!(*seen.lock().unwrap(), expected);
}
