//! Which calls are marked as idempotent, and which requests a client sends again.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use http::StatusCode;
use tokio::time::Instant;
use tower::{Service, ServiceBuilder, retry::budget::TpsBudget, service_fn};
use xmlrpc_core::{
    Client, Dispatcher, Request, Response, Transport,
    client::{BoxError, Idempotent, RetryPolicy, TransportError},
    xmlrpc_service,
};

#[xmlrpc_service(client)]
trait Shop {
    #[xmlrpc(idempotent)]
    async fn price(&self, article: &str) -> i64;
    #[xmlrpc(name = "stock", idempotent)]
    async fn in_stock(&self) -> bool;
    async fn buy(&self, article: &str) -> i64;
}

/// What a peer does with one request.
type Step = fn() -> Result<Response, BoxError>;

const FIVE: &str =
    "<methodResponse><params><param><value><int>5</int></value></param></params></methodResponse>";
const FAULT: &str = "<methodResponse><fault><value><struct>\
    <member><name>faultCode</name><value><int>4</int></value></member>\
    <member><name>faultString</name><value>no</value></member>\
    </struct></value></fault></methodResponse>";

fn five() -> Result<Response, BoxError> {
    Ok(Response::new(FIVE))
}

fn cut() -> Result<Response, BoxError> {
    Err("the line is cut".into())
}

fn status(status: StatusCode, body: &'static str) -> Result<Response, BoxError> {
    let mut response = Response::new(body);
    response.status = status;
    Ok(response)
}

/// The requests received, with their times.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<(Request, Instant)>>>);

impl Seen {
    fn attempts(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    fn waits(&self) -> Vec<Duration> {
        let seen = self.0.lock().unwrap();
        seen.windows(2).map(|pair| pair[1].1 - pair[0].1).collect()
    }
}

/// Takes one step for each request, and repeats the last step for all further requests.
fn peer(
    steps: &'static [Step],
) -> (
    impl Service<Request, Response = Response, Error = BoxError, Future: Send + 'static>
    + Clone
    + Send
    + 'static,
    Seen,
) {
    let seen = Seen::default();
    let log = seen.clone();
    let transport = service_fn(move |request: Request| {
        let mut log = log.0.lock().unwrap();
        let step = steps[log.len().min(steps.len() - 1)];
        log.push((request, Instant::now()));
        std::future::ready(step())
    });
    (transport, seen)
}

fn quick(attempts: u32) -> RetryPolicy {
    RetryPolicy::new(attempts).backoff(Duration::from_millis(1), Duration::from_millis(4))
}

fn retrying(policy: RetryPolicy, steps: &'static [Step]) -> (Client<impl Transport>, Seen) {
    let (transport, seen) = peer(steps);
    let transport = ServiceBuilder::new().retry(policy).service(transport);
    (Client::new(transport), seen)
}

#[tokio::test]
async fn which_requests_are_marked() {
    let (transport, seen) = peer(&[five]);
    let client = Client::new(transport);
    let shop = ShopClient::new(&client);
    let price = || shop.price("tea");
    let _ = price().await;
    let _ = shop.in_stock().await;
    let _ = shop.buy("tea").await;
    let _ = shop.buy("tea").idempotent().await;
    let _ = shop.buy("tea").extension(Idempotent).await;
    let _ = client.call::<i64>("price", ("tea",)).await;
    let _ = client.call::<i64>("price", ("tea",)).idempotent().await;
    let _ = client.multicall((price(), shop.in_stock())).await;
    let _ = client.multicall((price(), shop.buy("tea"))).await;
    let _ = client
        .multicall((price(), shop.buy("tea").idempotent()))
        .await;
    let _ = client
        .multicall((price(), shop.buy("tea")))
        .idempotent()
        .await;
    let seen = seen.0.lock().unwrap();
    let marks: Vec<_> = seen
        .iter()
        .map(|(request, _)| request.extensions.get::<Idempotent>().is_some())
        .collect();
    assert_eq!(
        marks,
        [
            true, true, false, true, true, false, true, true, false, true, true
        ]
    );
}

#[tokio::test]
async fn each_request_of_a_split_multicall_has_its_own_mark() {
    // The responses are not valid for a multicall, so it ends after its first request: look at that
    // one only.
    let table = [([true, true, false], true), ([true, false, true], false)];
    for (marked, first) in table {
        let (transport, seen) = peer(&[five]);
        let client = Client::new(transport).max_multicall_entries(2);
        let calls = marked.map(|marked| match client.call::<i64>("m", ()) {
            call if marked => call.idempotent(),
            call => call,
        });
        client.multicall(calls).await.unwrap_err();
        let seen = seen.0.lock().unwrap();
        let mark = seen[0].0.extensions.get::<Idempotent>();
        assert_eq!((seen.len(), mark.is_some()), (1, first));
    }
}

#[tokio::test]
async fn which_requests_are_sent_again() {
    let table: [(&str, &'static [Step], usize, bool); 14] = [
        ("any error", &[cut, five], 2, true),
        ("twice", &[cut, cut, five], 3, true),
        ("no more than that", &[cut, cut, cut, five], 3, false),
        (
            "no connection",
            &[|| Err(TransportError::connect("no").into()), five],
            2,
            true,
        ),
        (
            "a time-out",
            &[
                || Err(io::Error::from(io::ErrorKind::TimedOut).into()),
                five,
            ],
            2,
            true,
        ),
        (
            "too large",
            &[|| Err(TransportError::limit("no").into()), five],
            1,
            false,
        ),
        (
            "502",
            &[|| status(StatusCode::BAD_GATEWAY, "no"), five],
            2,
            true,
        ),
        (
            "503",
            &[|| status(StatusCode::SERVICE_UNAVAILABLE, ""), five],
            2,
            true,
        ),
        (
            "504",
            &[|| status(StatusCode::GATEWAY_TIMEOUT, "<html/>"), five],
            2,
            true,
        ),
        (
            "500",
            &[|| status(StatusCode::INTERNAL_SERVER_ERROR, ""), five],
            1,
            false,
        ),
        (
            "404",
            &[|| status(StatusCode::NOT_FOUND, ""), five],
            1,
            false,
        ),
        ("a fault", &[|| Ok(Response::new(FAULT)), five], 1, false),
        (
            "a fault under 503",
            &[|| status(StatusCode::SERVICE_UNAVAILABLE, FAULT), five],
            1,
            false,
        ),
        (
            "no answer",
            &[|| Ok(Response::new("<html/>")), five],
            1,
            false,
        ),
    ];
    for (what, steps, attempts, works) in table {
        let (client, seen) = retrying(quick(3), steps);
        let result = ShopClient::new(&client).price("tea").await;
        assert_eq!(
            (seen.attempts(), result.is_ok()),
            (attempts, works),
            "{what}"
        );
        // The same steps again: an unmarked call is never sent twice.
        let (client, seen) = retrying(quick(3), steps);
        let _ = ShopClient::new(&client).buy("tea").await;
        assert_eq!(seen.attempts(), 1, "{what}");
    }
}

#[tokio::test]
async fn every_attempt_is_the_same_request() {
    let (client, seen) = retrying(quick(3), &[cut, cut, five]);
    let call = client.call::<i64>("price", ("tea",));
    call.idempotent()
        .header("x-a", "b")
        .extension(7_u32)
        .await
        .unwrap();
    let seen = seen.0.lock().unwrap();
    for (request, _) in seen.iter() {
        assert_eq!(request.headers["x-a"], "b");
        assert_eq!(request.extensions.get::<u32>(), Some(&7));
        assert_eq!(request.label, "price");
        // All attempts share one body.
        assert_eq!(request.body.as_ptr(), seen[0].0.body.as_ptr());
    }
}

#[tokio::test]
async fn numbers_of_attempts() {
    for (attempts, sent) in [(0, 1), (1, 1), (2, 2), (5, 5)] {
        let (client, seen) = retrying(quick(attempts), &[cut]);
        client.call::<i64>("m", ()).idempotent().await.unwrap_err();
        assert_eq!(seen.attempts(), sent);
        // Every call starts with the full number of attempts.
        client.call::<i64>("m", ()).idempotent().await.unwrap_err();
        assert_eq!(seen.attempts(), 2 * sent);
    }
}

#[tokio::test(start_paused = true)]
async fn waits_grow_to_a_bound() {
    let (client, seen) = retrying(RetryPolicy::new(9).without_budget(), &[cut]);
    client.call::<i64>("m", ()).idempotent().await.unwrap_err();
    let least = [100, 200, 400, 800, 1600, 3200, 6400, 10_000];
    let waits = seen.waits();
    assert_eq!(waits.len(), least.len());
    for (wait, least) in waits.into_iter().zip(least) {
        let least = Duration::from_millis(least);
        // tokio's timer has a resolution of one millisecond.
        let most = (2 * least).min(Duration::from_secs(10)) + Duration::from_millis(2);
        assert!(least <= wait && wait <= most, "{least:?} {wait:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_peer_sets_the_wait() {
    fn later(seconds: &'static str) -> Result<Response, BoxError> {
        let mut response = Response::new("");
        response.status = StatusCode::SERVICE_UNAVAILABLE;
        response
            .headers
            .insert(http::header::RETRY_AFTER, seconds.parse()?);
        Ok(response)
    }
    let table: [(&'static [Step], Option<u64>); 7] = [
        (&[|| later("3"), five], Some(3)),
        (&[|| later("10"), five], Some(10)),
        (&[|| later("0"), five], Some(0)),
        (&[|| later("Wed, 21 Oct 2015 07:28:00 GMT"), five], Some(0)),
        (&[|| later("Wed, 21 Oct 2065 07:28:00 GMT"), five], None),
        // Not a date.
        (&[|| later("Wed, 32 Oct 2065 07:28:00 GMT"), five], Some(0)),
        (&[|| later("11"), five], None),
    ];
    for (steps, seconds) in table {
        let (client, seen) = retrying(RetryPolicy::default(), steps);
        let result = client.call::<i64>("m", ()).idempotent().await;
        let waited = seen.waits().first().map(Duration::as_secs);
        assert_eq!((waited, result.is_ok()), (seconds, seconds.is_some()));
    }
    let forever = quick(3).backoff(Duration::MAX, Duration::MAX);
    let (client, seen) = retrying(forever, &[|| later("18446744073709551615"), five]);
    let call = client
        .call::<i64>("m", ())
        .idempotent()
        .timeout(Duration::from_secs(9));
    assert!(call.await.unwrap_err().is_timeout());
    assert_eq!(seen.attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_time_of_a_call_is_for_all_attempts() {
    let (client, seen) = retrying(RetryPolicy::new(100).without_budget(), &[cut]);
    let call = client.call::<i64>("m", ()).idempotent();
    let error = call.timeout(Duration::from_millis(2500)).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!((3..=6).contains(&seen.attempts()), "{}", seen.attempts());
}

#[tokio::test]
async fn a_budget_is_shared_by_all_calls() {
    // A budget of three retries per second; successful calls add nothing to it.
    let budget = TpsBudget::new(Duration::from_secs(1), 3, 0.0);
    let policy = quick(3).budget(budget);
    let (client, seen) = retrying(policy, &[cut]);
    for _ in 0..4 {
        let clone = client.clone();
        clone.call::<i64>("m", ()).idempotent().await.unwrap_err();
    }
    assert_eq!(seen.attempts(), 4 + 3);
}

#[tokio::test]
async fn errors_of_every_type() {
    async fn attempts<E: Into<BoxError> + Send + 'static>(error: fn() -> E) -> usize {
        let seen = Seen::default();
        let log = seen.clone();
        let transport = service_fn(move |request: Request| {
            log.0.lock().unwrap().push((request, Instant::now()));
            std::future::ready(Err::<Response, E>(error()))
        });
        let transport = ServiceBuilder::new().retry(quick(2)).service(transport);
        let call = Client::new(transport).call::<i64>("m", ()).idempotent();
        call.await.unwrap_err();
        seen.attempts()
    }
    assert_eq!(attempts(|| io::Error::other("cut")).await, 2);
    assert_eq!(attempts(|| TransportError::other("cut")).await, 2);
    assert_eq!(attempts(|| TransportError::limit("too large")).await, 1);
    assert_eq!(attempts(|| "cut").await, 2);
    // Errors of a layer above or below the retries.
    let slow = service_fn(|_: Request| std::future::pending::<Result<Response, BoxError>>());
    let layers = ServiceBuilder::new()
        .retry(quick(2))
        .timeout(Duration::from_millis(10));
    let client = Client::new(layers.service(slow));
    let error = client.call::<i64>("m", ()).idempotent().await.unwrap_err();
    assert!(error.is_timeout());
    let layers = ServiceBuilder::new()
        .retry(quick(2))
        .service(Dispatcher::new());
    let names = Client::new(layers).call::<Vec<String>>("system.listMethods", ());
    assert!(names.idempotent().await.is_ok());
}

#[test]
fn without_a_runtime_nothing_is_sent_again() {
    let (client, seen) = retrying(quick(3), &[cut, five]);
    let call = client.call::<i64>("m", ()).idempotent().into_future();
    let result = futures_util::future::FutureExt::now_or_never(call).unwrap();
    assert!(result.is_err());
    assert_eq!(seen.attempts(), 1);
}

/// An error of the last attempt does not hide that an earlier one may have run.
#[tokio::test(start_paused = true)]
async fn errors_tell_whether_any_attempt_was_sent() {
    fn refused() -> Result<Response, BoxError> {
        Err(TransportError::connect("refused").into())
    }
    fn broken() -> Result<Response, BoxError> {
        Err(TransportError::other("broken").into())
    }
    fn busy() -> Result<Response, BoxError> {
        let mut response = Response::new("");
        response.status = StatusCode::GATEWAY_TIMEOUT;
        Ok(response)
    }
    let cases: [(&[Step], bool); 5] = [
        (&[refused, refused, refused], false),
        (&[broken, refused, refused], true),
        (&[busy, refused, refused], true),
        (&[refused, broken, refused], true),
        (&[refused, refused, broken], true),
    ];
    for (steps, was_sent) in cases {
        let mut left = steps.iter();
        let peer = service_fn(move |_: Request| {
            let step = left.next().expect("no further attempt");
            async move { step() }
        });
        let peer = Arc::new(Mutex::new(peer));
        let transport = service_fn(move |request: Request| peer.lock().unwrap().call(request));
        let transport = ServiceBuilder::new()
            .retry(RetryPolicy::new(3).without_budget())
            .service(transport);
        let client = Client::new(transport);
        let call = client.call::<i64>("price", ["nail"]).idempotent();
        let error = call.await.unwrap_err();
        assert_eq!(error.was_sent(), was_sent, "{error}");
        assert_eq!(error.is_connect(), !was_sent, "{error}");
        assert!(error.retryable(), "{error}");
    }
}
