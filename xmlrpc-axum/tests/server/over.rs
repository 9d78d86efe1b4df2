//! An endpoint over a transport: a gateway.

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use tokio::{sync::Semaphore, time::sleep};
use tower::{BoxError, ServiceBuilder, service_fn};
use xmlrpc_axum::Endpoint;
use xmlrpc_core::{
    Fault, Request, Response,
    http::{HeaderValue, StatusCode},
};

use crate::common::http_raw::{ADD, post, send};
use crate::common::http_server::{Server, dispatcher, serve};

const ANSWER: &str = "<methodResponse> \u{e9} as it is";

/// What a transport received.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<Request>>>);

impl Seen {
    fn take(&self) -> Vec<Request> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

/// An endpoint over a transport that records its requests and has this response.
fn recording(seen: &Seen, response: Response) -> Endpoint {
    let seen = seen.clone();
    Endpoint::over(service_fn(move |request: Request| {
        seen.0.lock().unwrap().push(request);
        let response = response.clone();
        async { Ok::<_, io::Error>(response) }
    }))
}

async fn start(endpoint: Endpoint) -> Server {
    serve(endpoint.into_router()).await
}

#[tokio::test]
async fn documents_and_headers_pass_through() {
    let seen = Seen::default();
    let mut response = Response::new(ANSWER);
    response.status = StatusCode::IM_A_TEAPOT;
    for (name, value) in [
        ("content-type", "application/xml"),
        ("set-cookie", "a=1"),
        ("set-cookie", "b=2"),
        ("www-authenticate", "Basic"),
        ("connection", "X-Hop, close"),
        ("x-hop", "1"),
        ("keep-alive", "timeout=5"),
        ("transfer-encoding", "chunked"),
        ("content-length", "7"),
        ("upgrade", "h2c"),
    ] {
        response
            .headers
            .append(name, HeaderValue::from_static(value));
    }
    let server = start(recording(&seen, response)).await;
    let headers = "Content-Type: text/xml; charset=iso-8859-1\r\nAuthorization: Basic eA==\r\n\
                   Cookie: c=3\r\nUser-Agent: test\r\nX-Token: t\r\nConnection: x-hop-too\r\n\
                   X-Hop-Too: 1\r\nTE: trailers\r\nKeep-Alive: 5\r\nProxy-Authorization: secret\r\n\
                   Accept-Encoding: br\r\nContent-Encoding: identity\r\n";
    let answer = send(server.address, &post(headers, ADD.as_bytes())).await;
    answer.assert_status(418, "the status of the transport");
    assert_eq!(answer.body, ANSWER);
    for kept in [
        "content-type: application/xml",
        "set-cookie: a=1",
        "set-cookie: b=2",
        "www-authenticate: basic",
        &format!("content-length: {}", ANSWER.len()),
    ] {
        assert!(answer.head.contains(kept), "{kept}: {answer:?}");
    }
    for removed in ["x-hop", "keep-alive", "transfer-encoding", "upgrade"] {
        assert!(!answer.head.contains(removed), "{removed}: {answer:?}");
    }
    let [request] = &seen.take()[..] else {
        panic!("one request")
    };
    assert_eq!(request.body, ADD);
    let mut names: Vec<_> = request.headers.keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "authorization",
            "content-type",
            "cookie",
            "user-agent",
            "x-token"
        ]
    );
}

#[tokio::test]
async fn every_body_passes_through() {
    let seen = Seen::default();
    let server = start(recording(&seen, Response::new(ANSWER))).await;
    let bodies: [&[u8]; 5] = [
        b"",
        b"not XML",
        b"<methodCall><methodName>\xe9</methodName></methodCall>",
        b"\xff\xfe<\0a\0/\0>\0",
        &[b'x'; 300_000],
    ];
    for body in bodies {
        let answer = send(server.address, &post("", body)).await;
        answer.assert_status(200, "forwarded");
        let [request] = &seen.take()[..] else {
            panic!("one request")
        };
        assert!(request.body == body, "{:?}", request.body);
        // The default is that of a dispatcher.
        assert!(
            answer
                .head
                .contains("content-type: text/xml; charset=utf-8")
        );
    }
}

#[tokio::test]
async fn the_checks_of_an_endpoint_hold() {
    let seen = Seen::default();
    let endpoint = || recording(&seen, Response::new(ANSWER));
    let limit = ADD.len();
    let exact = start(
        endpoint()
            .max_body_bytes(limit)
            .allow_origin("https://app.example"),
    )
    .await;
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    let table = [
        ("", ADD.to_owned(), 200),
        ("", format!("{ADD} "), 413),
        ("Content-Encoding: gzip\r\n", ADD.to_owned(), 400),
        ("Content-Encoding: br\r\n", ADD.to_owned(), 415),
        (form, ADD.to_owned(), 415),
        ("Origin: https://app.example\r\n", ADD.to_owned(), 200),
        ("Origin: https://evil.example\r\n", ADD.to_owned(), 403),
        ("Sec-Fetch-Site: cross-site\r\n", ADD.to_owned(), 403),
    ];
    for (headers, body, status) in table {
        let answer = send(exact.address, &post(headers, body.as_bytes())).await;
        answer.assert_status(status, headers);
        assert_eq!(seen.take().len(), usize::from(status == 200), "{headers}");
    }
    // The default limit is that of a request.
    let default = start(endpoint()).await;
    for (size, status) in [(8 << 20, 200), ((8 << 20) + 1, 413)] {
        let answer = send(default.address, &post("", &vec![b' '; size])).await;
        answer.assert_status(status, "the default");
    }
    let impatient = start(endpoint().body_timeout(Duration::ZERO)).await;
    let head = "POST /RPC2 HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 9\r\n\r\n";
    let mut slow = tokio::net::TcpStream::connect(impatient.address)
        .await
        .unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut slow, head.as_bytes())
        .await
        .unwrap();
    let mut answer = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut slow, &mut answer)
        .await
        .unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 408"));
}

#[tokio::test]
async fn the_bounds_on_requests_and_bytes_in_flight_hold() {
    let gate = Arc::new(Semaphore::new(0));
    let waiting = Arc::new(AtomicUsize::new(0));
    let (opened, entered) = (Arc::clone(&gate), Arc::clone(&waiting));
    let backend = service_fn(move |request: Request| {
        let (gate, waiting) = (Arc::clone(&gate), Arc::clone(&waiting));
        async move {
            waiting.fetch_add(1, SeqCst);
            gate.acquire().await?.forget();
            Ok::<_, BoxError>(Response::new(request.body))
        }
    });
    let until = async |count| {
        while entered.load(SeqCst) < count {
            sleep(Duration::from_millis(5)).await;
        }
    };
    let add = post("", ADD.as_bytes());
    let two = start(Endpoint::over(backend.clone()).max_requests_in_flight(2)).await;
    let running: Vec<_> = (0..2)
        .map(|_| {
            let (address, add) = (two.address, add.clone());
            tokio::spawn(async move { send(address, &add).await })
        })
        .collect();
    until(2).await;
    send(two.address, &add).await.assert_status(503, "a third");
    opened.add_permits(2);
    for answer in running {
        answer.await.unwrap().assert_status(200, "the first two");
    }

    // Of 16 MiB, 12 are for large bodies. While it is forwarded, a body takes its size, and not the room for
    // decoding it.
    let large = post("", &vec![b' '; 1 << 20]);
    let small = Endpoint::over(backend)
        .max_bytes_in_flight(16 << 20)
        .admission_timeout(Duration::from_millis(300));
    let server = start(small).await;
    let forward = || {
        let (address, large) = (server.address, large.clone());
        tokio::spawn(async move { send(address, &large).await })
    };
    let first = forward();
    until(3).await;
    let second = forward();
    until(4).await;
    // For decoding a third, there is no room: its 11, and the two of the others.
    send(server.address, &large)
        .await
        .assert_status(503, "a third");
    opened.add_permits(3);
    for answer in [first, second] {
        let answer = answer.await.unwrap();
        answer.assert_status(200, "the first two");
        assert_eq!(answer.body.len(), 1 << 20);
    }
    // Nothing is lost.
    send(server.address, &large)
        .await
        .assert_status(200, "again");
}

#[tokio::test]
async fn a_transport_that_fails_is_a_fault() {
    let table: [(fn() -> BoxError, i32); 3] = [
        (
            || io::Error::from(io::ErrorKind::ConnectionRefused).into(),
            -32300,
        ),
        (|| "secret-host is down".into(), Fault::TRANSPORT_ERROR),
        (|| Fault::new(7, "as asked").into(), 7),
    ];
    for (error, code) in table {
        let fails = service_fn(move |_: Request| async move { Err::<Response, _>(error()) });
        let server = start(Endpoint::over(fails)).await;
        let answer = send(server.address, &post("", ADD.as_bytes())).await;
        answer.assert_fault(code);
        assert!(!answer.body.contains("secret"), "{answer:?}");
    }
    let silent = service_fn(|_: Request| std::future::pending::<Result<Response, BoxError>>());
    let impatient = ServiceBuilder::new()
        .timeout(Duration::from_millis(20))
        .service(silent);
    let server = start(Endpoint::over(impatient)).await;
    let answer = send(server.address, &post("", ADD.as_bytes())).await;
    answer.assert_fault(Fault::TIMED_OUT);
}

/// A transport is called when it is ready.
#[tokio::test]
async fn layers_of_the_transport_wait_or_refuse() {
    let busy = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let (at_once, seen) = (Arc::clone(&busy), Arc::clone(&most));
    let backend = service_fn(move |_: Request| {
        let (busy, most) = (Arc::clone(&at_once), Arc::clone(&seen));
        async move {
            most.fetch_max(busy.fetch_add(1, SeqCst) + 1, SeqCst);
            sleep(Duration::from_millis(20)).await;
            busy.fetch_sub(1, SeqCst);
            Ok::<_, BoxError>(Response::new(ANSWER))
        }
    });
    let one_at_once = ServiceBuilder::new()
        .concurrency_limit(1)
        .service(backend.clone());
    let refusing = ServiceBuilder::new()
        .load_shed()
        .concurrency_limit(1)
        .service(backend);
    let add = post("", ADD.as_bytes());
    for (endpoint, refuses) in [
        (Endpoint::over(one_at_once), false),
        (Endpoint::over(refusing), true),
    ] {
        let server = start(endpoint).await;
        let calls = (0..5).map(|_| send(server.address, &add));
        let answers = futures_util::future::join_all(calls).await;
        let refused = answers
            .iter()
            .filter(|it| it.body.contains("<int>-32002</int>"));
        assert_eq!(refused.count() > 0, refuses);
        assert_eq!(most.load(SeqCst), 1);
    }
}

/// A caller that leaves cancels its call.
#[tokio::test]
async fn a_caller_that_leaves_cancels_the_call() {
    struct OnDrop(Arc<AtomicUsize>);
    impl Drop for OnDrop {
        fn drop(&mut self) {
            self.0.fetch_add(1, SeqCst);
        }
    }
    let (started, dropped) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (begin, end) = (Arc::clone(&started), Arc::clone(&dropped));
    let server = start(Endpoint::over(service_fn(move |_: Request| {
        begin.fetch_add(1, SeqCst);
        let guard = OnDrop(Arc::clone(&end));
        async move {
            let _guard = guard;
            std::future::pending::<Result<Response, BoxError>>().await
        }
    })))
    .await;
    let (address, add) = (server.address, post("", ADD.as_bytes()));
    let caller = tokio::spawn(async move { send(address, &add).await });
    while started.load(SeqCst) == 0 {
        sleep(Duration::from_millis(5)).await;
    }
    caller.abort();
    for _ in 0..1_000 {
        if dropped.load(SeqCst) == 1 {
            return;
        }
        sleep(Duration::from_millis(5)).await;
    }
    panic!("the call still runs");
}

/// A dispatcher in layers of HTTP is a transport too. Its methods see the headers and extensions.
#[tokio::test]
async fn a_dispatcher_inside_layers() {
    let checked = ServiceBuilder::new()
        .map_request(|mut request: Request| {
            let agent = HeaderValue::from_static("from a layer");
            request.headers.insert("x-agent", agent);
            request
        })
        .service(dispatcher());
    let server = start(Endpoint::over(checked)).await;
    send(server.address, &post("", ADD.as_bytes()))
        .await
        .assert_int(5);
    let header = "<methodCall><methodName>header</methodName><params><param><value>x-agent</value>\
                  </param></params></methodCall>";
    let answer = send(server.address, &post("", header.as_bytes())).await;
    assert!(answer.body.contains("from a layer"), "{answer:?}");
}

#[test]
fn it_can_be_shown() {
    let shown = format!(
        "{:?}",
        Endpoint::over(service_fn(async |_: Request| {
            Ok::<_, io::Error>(Response::new(ANSWER))
        }))
    );
    assert!(shown.contains("a transport"), "{shown}");
}
