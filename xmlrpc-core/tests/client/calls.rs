//! The client over transports in memory: calls, their options, and errors.

use std::{io, sync::atomic::Ordering, time::Duration};

use http::StatusCode;
use tower::service_fn;
use xmlrpc_core::{
    BoxTransport, Client, ClientError, Dispatcher, Fault, Request, Response, Value,
    client::{BoxError, TransportError},
};

use crate::common::calc::{CalcClient, answering, calc, counting, dispatcher};

fn failing<E: Into<BoxError>>(
    error: impl Fn() -> E + Clone + Send + Sync + 'static,
) -> Client<BoxTransport> {
    Client::new(service_fn(move |_: Request| {
        let error: BoxError = error().into();
        async move { Err::<Response, _>(error) }
    }))
    .boxed()
}

/// A peer must not forge lines of a log, and not fill it.
#[tokio::test]
async fn texts_of_peers_are_shown_on_one_line_and_shortened() {
    let odd = "a\n2026 ERROR: b\r\u{1b}[31m\u{85}\u{2028}\u{202e}\u{61c}\u{200b}\u{2060}\u{feff}c";
    let shown =
        r"a\n2026 ERROR: b\r\u{1b}[31m\u{85}\u{2028}\u{202e}\u{61c}\u{200b}\u{2060}\u{feff}c";
    let debug = format!("{:?}", Fault::new(4, format!("{odd}{}", "y".repeat(1_000))));
    assert!(
        debug.contains(shown) && debug.chars().count() < 500,
        "{debug}"
    );
    let fault = Fault::new(4, odd);
    assert_eq!(fault.to_string(), format!("fault 4: {shown}"));
    assert_eq!(fault.message(), odd);
    let long = |chars: usize| Fault::new(4, "\u{fc}".repeat(chars)).to_string();
    assert_eq!(long(300), format!("fault 4: {}", "\u{fc}".repeat(300)));
    assert_eq!(long(301), format!("fault 4: {}…", "\u{fc}".repeat(300)));

    // The name of a method may come from the request that a proxy forwards.
    let client = answering(
        200,
        "<methodResponse><fault><value><struct>\
        <member><name>faultCode</name><value><int>4</int></value></member>\
        <member><name>faultString</name><value>a&#10;b</value></member>\
        </struct></value></fault></methodResponse>",
    );
    let error = client.call::<i64>("a\n\u{2028}b", ()).await.unwrap_err();
    let text = r"calling `a\n\u{2028}b`: fault 4: a\nb";
    assert_eq!(error.to_string(), text);
    assert_eq!(format!("{error:?}"), format!("ClientError({text})"));
    assert_eq!(
        (error.method(), error.fault().unwrap().message()),
        ("a\n\u{2028}b", "a\nb")
    );

    let client = failing(move || odd);
    let error = client.call::<i64>("add", ()).await.unwrap_err();
    assert_eq!(error.to_string(), format!("calling `add`: {shown}"));
    let client = failing(move || "x".repeat(1_000_000));
    let error = client.call::<i64>("add", ()).await.unwrap_err();
    assert!(error.to_string().len() < 1_100);

    // A `Deserialize` may repeat what the peer sent.
    #[derive(Debug)]
    struct Picky;
    impl<'de> serde::Deserialize<'de> for Picky {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let text = String::deserialize(deserializer)?;
            Err(serde::de::Error::custom(text))
        }
    }
    let client = answering(
        200,
        "<methodResponse><params><param><value>a&#10;b</value></param>\
        </params></methodResponse>",
    );
    let error = client.call::<Picky>("add", ()).await.unwrap_err();
    assert!(error.to_string().contains(r"a\nb"), "{error}");
}

#[tokio::test]
async fn a_call_is_a_value() {
    let calc = calc();
    let call = calc.add(1, 2);
    assert_eq!(call.method(), "add");
    assert_eq!(call.await.unwrap(), 3);

    // The futures have a named type and are `'static` and `Send`, so they can be spawned and
    // joined.
    let spawned = tokio::spawn(calc.add(3, 4).into_future());
    assert_eq!(spawned.await.unwrap().unwrap(), 7);
    let joined =
        futures_util::future::join_all((0..10).map(|n| calc.add(n, n).into_future())).await;
    let sums: Result<Vec<_>, _> = joined.into_iter().collect();
    assert_eq!(sums.unwrap(), (0..10).map(|n| 2 * n).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_call_is_not_sent_before_it_is_awaited() {
    let (client, sent) = counting(usize::MAX);
    let calc = CalcClient::new(&client);
    drop(calc.add(1, 2));
    drop(client.call::<i64>("add", (1, 2)));
    drop(calc.add(1, 2).into_future());
    drop(client.multicall((calc.add(1, 2), calc.text())));
    assert_eq!(sent.load(Ordering::Relaxed), 0);
    assert_eq!(calc.add(1, 2).await.unwrap(), 3);
    assert_eq!(sent.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn options_of_a_call() {
    let calc = calc();
    let header = calc
        .header("x-tenant")
        .header("X-Tenant", "blue")
        .await
        .unwrap();
    assert_eq!(header.as_deref(), Some("blue"));
    assert_eq!(calc.extension().extension(7_u32).await.unwrap(), Some(7));
    assert_eq!(calc.extension().await.unwrap(), None);

    let error = calc
        .slow(10_000)
        .timeout(Duration::from_millis(10))
        .await
        .unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(error.to_string(), "calling `slow`: no response within 10ms");
    assert!(calc.slow(0).timeout(Duration::from_secs(10)).await.unwrap());

    let error = calc
        .add(1, 2)
        .header("no header", "secret")
        .await
        .unwrap_err();
    assert!(error.to_string().contains("no header") && !error.to_string().contains("secret"));
}

#[tokio::test]
async fn the_time_out_of_a_client_and_of_one_call() {
    let client = Client::new(dispatcher()).timeout(Duration::from_millis(10));
    let calc = CalcClient::new(client);
    assert!(calc.slow(10_000).await.unwrap_err().is_timeout());
    assert!(
        calc.slow(50)
            .timeout(Duration::from_secs(10))
            .await
            .unwrap()
    );
}

#[test]
fn a_time_out_without_a_runtime_is_an_error() {
    let call = calc().add(1, 2).timeout(Duration::from_secs(1));
    let error = futures_util::future::FutureExt::now_or_never(call.into_future());
    assert!(
        error
            .unwrap()
            .unwrap_err()
            .to_string()
            .contains("tokio runtime")
    );
    // Without a time-out, no runtime is needed.
    let sum = futures_util::future::FutureExt::now_or_never(calc().add(1, 2).into_future());
    assert_eq!(sum.unwrap().unwrap(), 3);
}

#[tokio::test]
async fn untyped_calls() {
    let client = Client::new(dispatcher());
    assert_eq!(client.call::<i64>("add", (2, 9)).await.unwrap(), 11);
    assert_eq!(client.call::<i64>("add", [2, 9]).await.unwrap(), 11);
    assert_eq!(client.call::<i64>("add", vec![2, 9]).await.unwrap(), 11);
    assert_eq!(client.call::<i64>("add", &[2, 9][..]).await.unwrap(), 11);
    assert_eq!(
        client.call::<Value>("text", ()).await.unwrap(),
        Value::from("text")
    );
    let name = String::from("header");
    assert_eq!(
        client.call::<Option<String>>(&name, ("a",)).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn what_an_error_says() {
    let fault = "<methodResponse><fault><value><struct>\
        <member><name>faultString</name><value>no</value></member>\
        <member><name>faultCode</name><value><int>4</int></value></member>\
        </struct></value></fault></methodResponse>";

    // A fault is reported as a fault under any status.
    for status in [200, 404, 500] {
        let error = answering(status, fault)
            .call::<i64>("m", ())
            .await
            .unwrap_err();
        assert_eq!(error.fault(), Some(&Fault::new(4, "no")));
        assert_eq!(error.status(), None);
    }

    // Not an XML-RPC response, under an error status.
    let html = "<html>\n <h1>Bad   Gateway</h1></html>";
    let error = answering(502, html).call::<i64>("m", ()).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
    assert_eq!(
        error.to_string(),
        "calling `m`: HTTP status 502 Bad Gateway; the body is not an XML-RPC response and begins: \
         <html> <h1>Bad Gateway</h1></html>"
    );
    let error = answering(401, "").call::<i64>("m", ()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "calling `m`: HTTP status 401 Unauthorized, without a body"
    );

    // Not an XML-RPC response, under status 200; then a response of another type.
    let error = answering(200, html).call::<i64>("m", ()).await.unwrap_err();
    assert!(error.is_decode() && error.status().is_none(), "{error}");
    let text = "<methodResponse><params><param><value>a</value></param></params></methodResponse>";
    let error = answering(200, text).call::<i64>("m", ()).await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert!(error.to_string().contains("expected int"), "{error}");

    // A response of another type is a decode error under any status.
    for status in [404, 500] {
        let error = answering(status, text)
            .call::<i64>("m", ())
            .await
            .unwrap_err();
        assert!(error.is_decode() && error.status().is_none(), "{error}");
        assert!(error.to_string().contains("expected int"), "{error}");
        assert_eq!(
            answering(status, text)
                .call::<String>("m", ())
                .await
                .unwrap(),
            "a"
        );
    }

    let unsendable = f64::NAN;
    let error = answering(200, text)
        .call::<i64>("m", (unsendable,))
        .await
        .unwrap_err();
    assert!(error.is_encode(), "{error}");
}

#[tokio::test]
async fn kinds_of_transport_errors() {
    let table = [
        (
            failing(|| io::Error::from(io::ErrorKind::TimedOut)),
            (true, false),
        ),
        (
            failing(|| io::Error::from(io::ErrorKind::ConnectionRefused)),
            (false, true),
        ),
        (
            failing(|| TransportError::connect("no route")),
            (false, true),
        ),
        (failing(|| TransportError::timeout("late")), (true, false)),
        (failing(|| TransportError::other("broken")), (false, false)),
        (failing(|| "anything"), (false, false)),
    ];
    for (client, (timeout, connect)) in table {
        let error = client.call::<i64>("m", ()).await.unwrap_err();
        assert_eq!(
            (error.is_timeout(), error.is_connect()),
            (timeout, connect),
            "{error}"
        );
    }
    let error = failing(|| TransportError::connect("no route"))
        .call::<i64>("m", ())
        .await;
    assert_eq!(
        error.unwrap_err().to_string(),
        "calling `m`: could not connect: no route"
    );
}

#[test]
fn what_types_promise() {
    fn is<T: Send + Sync + 'static>() {}
    is::<ClientError>();
    is::<Client<Dispatcher>>();
    is::<Client<BoxTransport>>();
    is::<CalcClient<Dispatcher>>();
    is::<Dispatcher>();
    assert_eq!(size_of::<ClientError>(), size_of::<usize>());
}
