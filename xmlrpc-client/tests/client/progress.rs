//! Reports about the bytes that were sent and received.

use std::{
    io::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::http::StatusCode;
use flate2::{Compression, write::GzEncoder};
use xmlrpc_axum::Endpoint;
use xmlrpc_client::{Client, blocking};
use xmlrpc_core::{
    Dispatcher, Limits,
    client::{Progress, RetryPolicy},
};

#[cfg(unix)]
use crate::common::unix::Socket;
use crate::common::{
    http_peer::{self, FIVE, Peer, Step, answer, five, unframed},
    http_server::{self, Server, serve},
    scgi_peer::{self, Port, Script},
};

/// The reports about one call.
#[derive(Clone, Default)]
struct Reports(Arc<Mutex<Vec<Progress>>>);

impl Reports {
    fn callback(&self) -> impl FnMut(Progress) + Send + 'static {
        let list = Arc::clone(&self.0);
        move |progress| list.lock().unwrap().push(progress)
    }

    fn take(&self) -> Vec<Progress> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    /// Checks the reports about a successful call with one request. Returns the sizes of its documents.
    fn complete(&self) -> (u64, u64) {
        let reports = self.take();
        let (first, last) = (reports[0], *reports.last().unwrap());
        assert_eq!((first.sent, first.received, first.to_receive), (0, 0, None));
        for pair in reports.windows(2) {
            assert_ne!(pair[0], pair[1]);
            assert!(pair[0].sent <= pair[1].sent && pair[0].received <= pair[1].received);
            assert_eq!(pair[0].to_send, pair[1].to_send);
            assert!(pair[0].to_receive.is_none() || pair[0].to_receive == pair[1].to_receive);
        }
        assert!(reports.iter().all(|one| one.request == 1));
        assert_eq!(last.sent, last.to_send);
        assert_eq!(Some(last.received), last.to_receive);
        (last.sent, last.received)
    }

    /// How many different values there are.
    fn steps(reports: &[Progress], value: impl Fn(&Progress) -> u64) -> usize {
        let mut values: Vec<u64> = reports.iter().map(value).collect();
        values.dedup();
        values.len()
    }
}

const LARGE: usize = 5 << 20;

fn dispatcher() -> Dispatcher {
    http_server::dispatcher()
        .limits(Limits::REQUEST.bytes(64 << 20))
        .method("text", |length: usize| "x".repeat(length))
}

async fn server() -> Server {
    serve(Endpoint::new(dispatcher()).into_router()).await
}

/// Small and large documents in both directions.
async fn calls(client: &Client) {
    let reports = Reports::default();
    for length in [10, 200_000, LARGE] {
        let text = "x".repeat(length);
        let call = client.call::<usize>("length", (&text,));
        let received = call.progress(reports.callback()).await.unwrap();
        assert_eq!(received, length);
        let seen = reports.0.lock().unwrap().clone();
        let (sent, received) = reports.complete();
        assert!(
            (length as u64..length as u64 + 300).contains(&sent),
            "{sent}"
        );
        assert!((50..300).contains(&received), "{received}");
        assert!(
            length < LARGE || Reports::steps(&seen, |one| one.sent) > 4,
            "{seen:?}"
        );

        let call = client.call::<String>("text", (length,));
        let text = call.progress(reports.callback()).await.unwrap();
        assert_eq!(text.len(), length);
        let seen = reports.0.lock().unwrap().clone();
        let (sent, received) = reports.complete();
        assert!(sent < 300, "{sent}");
        assert!(
            (length as u64..length as u64 + 300).contains(&received),
            "{received}"
        );
        assert!(
            length < LARGE || Reports::steps(&seen, |one| one.received) > 4,
            "{seen:?}"
        );
        // The server announces the size before it sends the bytes.
        let known = seen.iter().filter(|one| one.received > 0);
        assert!(known.clone().count() > 0 && known.clone().all(|one| one.to_receive.is_some()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_http() {
    let server = server().await;
    calls(&crate::common::client(server.url()).unwrap()).await;
    let each = crate::common::builder(server.url()).keep_alive(false);
    calls(&each.build().unwrap()).await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn over_unix_sockets() {
    let server = server().await;
    let socket = Socket::to(server.address);
    let url = format!("unix://{}", socket.path());
    calls(&crate::common::client(url).unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn over_scgi() {
    let script = Script::new([], dispatcher());
    let port = Port::new(&script, "127.0.0.1:0").await.unwrap();
    calls(&crate::common::client(format!("scgi://{}", port.address)).unwrap()).await;
}

#[test]
fn a_blocking_client() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(server());
    let client = blocking::Client::new(server.url()).unwrap();
    let reports = Reports::default();
    let call = client.call::<String>("text", (300_000,));
    call.progress(reports.callback()).wait().unwrap();
    assert!(reports.complete().1 > 300_000);
}

#[tokio::test]
async fn a_response_of_unknown_size() {
    let chunked = format!("{:x}\r\n{FIVE}\r\n0\r\n\r\n", FIVE.len());
    let chunked = unframed("200 OK", "Transfer-Encoding: chunked\r\n", chunked);
    let http = Peer::new([Step::Answer(chunked)]).await;
    let until_the_end = [b"Status: 200 OK\r\n\r\n", FIVE.as_bytes()].concat();
    let script = Script::new([scgi_peer::Step::Answer(until_the_end)], dispatcher());
    let scgi = Port::new(&script, "127.0.0.1:0").await.unwrap();
    for url in [http.url(), format!("scgi://{}", scgi.address)] {
        let client = crate::common::client(url).unwrap();
        let reports = Reports::default();
        let call = client
            .call::<i64>("add", (2, 3))
            .progress(reports.callback());
        assert_eq!(call.await.unwrap(), 5);
        let seen = reports.0.lock().unwrap().clone();
        let (sent, received) = reports.complete();
        assert_eq!(received, FIVE.len() as u64);
        let before: Vec<_> = seen[..seen.len() - 1].iter().collect();
        assert!(
            before.iter().all(|one| one.to_receive.is_none()),
            "{seen:?}"
        );
        assert!(
            before
                .iter()
                .any(|one| one.received == received && one.sent == sent)
        );
    }
}

#[tokio::test]
async fn compressed_bytes_count() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(FIVE.as_bytes()).unwrap();
    let body = gzip.finish().unwrap();
    let compressed = answer("200 OK", "Content-Encoding: gzip\r\n", &body);
    let peer = Peer::new([Step::Answer(compressed)]).await;
    let client = crate::common::client(peer.url()).unwrap();
    let reports = Reports::default();
    let call = client
        .call::<i64>("add", (2, 3))
        .progress(reports.callback());
    assert_eq!(call.await.unwrap(), 5);
    assert_eq!(reports.complete().1, body.len() as u64);
}

#[tokio::test]
async fn the_bytes_of_scgi_after_the_body_do_not_count() {
    let mut longer = scgi_peer::answer("200 OK", "", FIVE);
    longer.extend_from_slice(b"\r\n\r\n");
    let script = Script::new([scgi_peer::Step::Answer(longer)], dispatcher());
    let port = Port::new(&script, "127.0.0.1:0").await.unwrap();
    let client = crate::common::client(format!("scgi://{}", port.address)).unwrap();
    let reports = Reports::default();
    let call = client
        .call::<i64>("add", (2, 3))
        .progress(reports.callback());
    assert_eq!(call.await.unwrap(), 5);
    assert_eq!(reports.complete().1, FIVE.len() as u64);
}

#[tokio::test]
async fn each_retry_starts_again() {
    let busy = || answer("503 Service Unavailable", "", "busy");
    let peer = Peer::new([busy(), busy(), five()].map(Step::Answer)).await;
    let policy = RetryPolicy::new(3).backoff(Duration::from_millis(1), Duration::from_millis(1));
    let client = crate::common::builder(peer.url())
        .retries(policy)
        .build()
        .unwrap();
    let reports = Reports::default();
    let call = client.call::<i64>("add", (2, 3)).idempotent();
    assert_eq!(call.progress(reports.callback()).await.unwrap(), 5);
    let reports = reports.take();
    for request in 1..=3 {
        let these: Vec<_> = reports
            .iter()
            .filter(|one| one.request == request)
            .collect();
        assert_eq!((these[0].sent, these[0].received), (0, 0));
        let last = these.last().unwrap();
        assert_eq!(last.sent, last.to_send);
        let size = if request < 3 { 4 } else { FIVE.len() as u64 };
        assert_eq!((last.received, last.to_receive), (size, Some(size)));
    }
    assert_eq!(reports.last().unwrap().request, 3);
}

#[tokio::test]
async fn a_multicall_reports_about_its_requests() {
    let server = server().await;
    let client = crate::common::client(server.url()).unwrap();
    let client = client.into_core().max_multicall_entries(2);
    let add = || client.call::<i64>("add", (2, 3));
    let reports = Reports::default();
    let multicall = client
        .multicall([add(), add()])
        .progress(reports.callback());
    assert_eq!(multicall.await.unwrap().map(Result::unwrap), [5, 5]);
    let (sent, received) = reports.complete();
    assert!(sent > 300 && received > 100);

    // In two requests.
    let multicall = client
        .multicall([add(), add(), add()])
        .progress(reports.callback());
    let results = multicall.await.unwrap();
    assert!(results.iter().all(Result::is_ok));
    let reports_of_two = reports.take();
    let requests: Vec<u32> = reports_of_two.iter().map(|one| one.request).collect();
    assert!(requests.is_sorted() && requests[0] == 1 && requests.last() == Some(&2));

    // An entry shares its request.
    let entry = add().progress(reports.callback());
    let error = client.multicall([entry]).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("set them on the multicall instead"),
        "{error}"
    );
    assert!(reports.take().is_empty());
}

#[tokio::test]
async fn a_refusal() {
    let refusal = answer(&StatusCode::PAYLOAD_TOO_LARGE.to_string(), "", "no");
    let peer = Peer::new([Step::Answer(refusal)]).await;
    let client = crate::common::client(peer.url()).unwrap();
    let reports = Reports::default();
    let call = client.call::<i64>("length", ("x".repeat(1_000_000),));
    call.progress(reports.callback()).await.unwrap_err();
    let last = *reports.take().last().unwrap();
    assert_eq!((last.received, last.to_receive), (2, Some(2)));
    assert!(last.sent <= last.to_send);
}

#[tokio::test]
async fn a_custom_http_client() {
    let server = server().await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let client = crate::common::builder(server.url())
        .wire(xmlrpc_client::Wire::Reqwest)
        .http_client(http)
        .build()
        .unwrap();
    let reports = Reports::default();
    let call = client.call::<usize>("length", ("x".repeat(LARGE),));
    assert_eq!(call.progress(reports.callback()).await.unwrap(), LARGE);
    let seen = reports.0.lock().unwrap().clone();
    assert_eq!(Reports::steps(&seen, |one| one.sent), 2);
    assert!(reports.complete().0 > LARGE as u64);
}

/// The request is the same with and without reports.
#[tokio::test]
async fn the_request_stays_the_same() {
    let peer = Peer::new(vec![Step::Answer(http_peer::five()); 2]).await;
    let client = crate::common::client(peer.url()).unwrap();
    let call = || client.call::<i64>("add", (2, 3));
    call().await.unwrap();
    call().progress(|_| {}).await.unwrap();
    let requests = peer.requests();
    assert_eq!(requests[0], requests[1]);
    assert_eq!(peer.connections(), 1);
}
