//! The client over transports in memory: options, errors, multicall, tower's layers.

use std::{
    convert::Infallible,
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::StatusCode;
use tower::{Service, ServiceBuilder, service_fn};
use xmlrpc_core::{
    BoxTransport, Client, ClientError, Context, Dispatcher, Fault, Request, Response, Transport,
    Value,
    client::{BoxError, TransportError},
    xmlrpc_service,
};

#[xmlrpc_service]
pub trait Calc {
    async fn add(&self, a: i64, b: i64) -> i64;
    async fn text(&self) -> String;
    async fn fail(&self) -> Result<i64, Fault>;
    async fn header(&self, #[xmlrpc(context)] cx: &Context, name: &str) -> Option<String>;
    async fn extension(&self, #[xmlrpc(context)] cx: &Context) -> Option<u32>;
    async fn slow(&self, milliseconds: u64) -> bool;
}

struct Exact;

impl Calc for Exact {
    async fn add(&self, a: i64, b: i64) -> i64 {
        a + b
    }
    async fn text(&self) -> String {
        "text".to_owned()
    }
    async fn fail(&self) -> Result<i64, Fault> {
        Err(Fault::new(17, "as asked"))
    }
    async fn header(&self, cx: &Context, name: &str) -> Option<String> {
        Some(cx.headers().get(name)?.to_str().ok()?.to_owned())
    }
    async fn extension(&self, cx: &Context) -> Option<u32> {
        cx.get::<u32>().copied()
    }
    async fn slow(&self, milliseconds: u64) -> bool {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        true
    }
}

fn dispatcher() -> Dispatcher {
    Dispatcher::new().service(CalcServer::new(Exact))
}

fn calc() -> CalcClient<Dispatcher> {
    CalcClient::new(Client::new(dispatcher()))
}

/// A client of a peer that always answers this.
fn answering(status: u16, body: &'static str) -> Client<BoxTransport> {
    Client::new(service_fn(move |_: Request| async move {
        let mut response = Response::new(body);
        response.status = StatusCode::from_u16(status)?;
        Ok::<_, BoxError>(response)
    }))
    .boxed()
}

fn failing<E: Into<BoxError>>(
    error: impl Fn() -> E + Clone + Send + Sync + 'static,
) -> Client<BoxTransport>
where
    E: Send + 'static,
{
    Client::new(service_fn(move |_: Request| {
        let error: BoxError = error().into();
        async move { Err::<Response, _>(error) }
    }))
    .boxed()
}

#[tokio::test]
async fn a_call_is_a_value() {
    let calc = calc();
    let call = calc.add(1, 2);
    assert_eq!(call.method(), "add");
    drop(calc.add(1, 2)); // not sent
    assert_eq!(call.await.unwrap(), 3);

    // Futures with a name, `'static` and `Send`: spawned, and joined.
    let spawned = tokio::spawn(calc.add(3, 4).into_future());
    assert_eq!(spawned.await.unwrap().unwrap(), 7);
    let joined =
        futures_util::future::join_all((0..10).map(|n| calc.add(n, n).into_future())).await;
    let sums: Result<Vec<_>, _> = joined.into_iter().collect();
    assert_eq!(sums.unwrap(), (0..10).map(|n| 2 * n).collect::<Vec<_>>());
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
    assert_eq!(error.to_string(), "calling `slow`: no answer within 10ms");
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
    let client = Client::new(dispatcher()).with_timeout(Duration::from_millis(10));
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
    // And without a time-out none is needed.
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

    // A fault is one whatever the status is.
    for status in [200, 404, 500] {
        let error = answering(status, fault)
            .call::<i64>("m", ())
            .await
            .unwrap_err();
        assert_eq!(error.fault(), Some(&Fault::new(4, "no")));
        assert_eq!(error.status(), None);
    }

    // No answer, under a status that says so.
    let html = "<html>\n <h1>Bad   Gateway</h1></html>";
    let error = answering(502, html).call::<i64>("m", ()).await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
    assert_eq!(
        error.to_string(),
        "calling `m`: HTTP status 502 Bad Gateway; the body, which is no XML-RPC answer, begins: \
         <html> <h1>Bad Gateway</h1></html>"
    );
    let error = answering(401, "").call::<i64>("m", ()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "calling `m`: HTTP status 401 Unauthorized, without a body"
    );

    // No answer, under 200; and one of another type.
    let error = answering(200, html).call::<i64>("m", ()).await.unwrap_err();
    assert!(error.is_decode() && error.status().is_none(), "{error}");
    let text = "<methodResponse><params><param><value>a</value></param></params></methodResponse>";
    let error = answering(200, text).call::<i64>("m", ()).await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert!(error.to_string().contains("expected int"), "{error}");

    let unsendable = f64::NAN;
    let error = answering(200, text)
        .call::<i64>("m", (unsendable,))
        .await
        .unwrap_err();
    assert!(error.is_encode(), "{error}");
}

#[tokio::test]
async fn what_an_error_of_the_transport_is() {
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

#[tokio::test]
async fn multicall_of_every_shape() {
    let calc = calc();
    let client = calc.client();
    let (sum, text, fault) = client
        .multicall((calc.add(1, 2), calc.text(), calc.fail()))
        .await
        .unwrap();
    assert_eq!(sum.unwrap(), 3);
    assert_eq!(text.unwrap(), "text");
    assert_eq!(
        fault.unwrap_err().fault(),
        Some(&Fault::new(17, "as asked"))
    );

    let sums = client
        .multicall([calc.add(1, 2), calc.add(3, 4)])
        .await
        .unwrap();
    assert_eq!(sums.map(Result::unwrap), [3, 7]);
    let sums = client
        .multicall((0..5).map(|n| calc.add(n, 1)).collect::<Vec<_>>())
        .await
        .unwrap();
    assert_eq!(
        sums.into_iter().map(Result::unwrap).collect::<Vec<_>>(),
        [1, 2, 3, 4, 5]
    );
    assert!(
        client
            .multicall(Vec::<xmlrpc_core::Call<_, i64>>::new())
            .await
            .unwrap()
            .is_empty()
    );

    let calls = (calc.header("x-a"), calc.extension());
    let (header, extension) = client
        .multicall(calls)
        .header("x-a", "b")
        .extension(8_u32)
        .await
        .unwrap();
    assert_eq!(header.unwrap().as_deref(), Some("b"));
    assert_eq!(extension.unwrap(), Some(8));
    let late = client
        .multicall((calc.slow(10_000),))
        .timeout(Duration::from_millis(10))
        .await;
    assert!(late.unwrap_err().is_timeout());
}

/// Counts the requests, and fails from the `fail_from`th on.
#[derive(Clone)]
struct Counting {
    inner: Dispatcher,
    requests: Arc<AtomicUsize>,
    fail_from: usize,
}

impl Service<Request> for Counting {
    type Response = Response;
    type Error = BoxError;
    type Future = futures_util::future::BoxFuture<'static, Result<Response, BoxError>>;

    fn poll_ready(
        &mut self,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), BoxError>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        if number >= self.fail_from {
            return Box::pin(async { Err("the line is cut".into()) });
        }
        let response = self.inner.dispatch(request);
        Box::pin(async {
            Ok(response
                .await
                .unwrap_or_else(|error: Infallible| match error {}))
        })
    }
}

fn counting(fail_from: usize) -> (Client<Counting>, Arc<AtomicUsize>) {
    let requests = Arc::new(AtomicUsize::new(0));
    let transport = Counting {
        inner: dispatcher(),
        requests: Arc::clone(&requests),
        fail_from,
    };
    (Client::new(transport), requests)
}

#[tokio::test]
async fn a_multicall_beyond_the_bound_of_the_peer_is_split() {
    for (calls, requests) in [(0, 0), (1, 1), (3, 1), (4, 2), (7, 3)] {
        let (client, sent) = counting(usize::MAX);
        let client = client.with_multicall_entries(3);
        let calc = CalcClient::new(&client);
        let sums = client
            .multicall((0..calls).map(|n| calc.add(n, 1)).collect::<Vec<_>>())
            .await;
        let sums: Vec<_> = sums.unwrap().into_iter().map(Result::unwrap).collect();
        assert_eq!(sums, (1..=calls).collect::<Vec<_>>());
        assert_eq!(sent.load(Ordering::Relaxed), requests, "{calls} calls");
    }
}

#[tokio::test]
async fn what_was_answered_before_a_failure_stays() {
    let (client, sent) = counting(1);
    let client = client.with_multicall_entries(2);
    let calc = CalcClient::new(&client);
    let calls = (0..6).map(|n| calc.add(n, 1)).collect::<Vec<_>>();
    let results = client.multicall(calls).await.unwrap();
    assert_eq!(results[0].as_ref().unwrap(), &1);
    assert_eq!(results[1].as_ref().unwrap(), &2);
    for result in &results[2..] {
        assert!(
            result
                .as_ref()
                .unwrap_err()
                .to_string()
                .contains("the line is cut")
        );
    }
    assert_eq!(
        sent.load(Ordering::Relaxed),
        2,
        "nothing is sent after a failure"
    );
}

#[tokio::test]
async fn entries_that_do_not_belong_are_errors_before_anything_is_sent() {
    let (client, sent) = counting(usize::MAX);
    let (other, _) = counting(usize::MAX);
    let calc = CalcClient::new(&client);
    let stranger = CalcClient::new(&other).add(1, 2);
    let error = client
        .multicall((calc.add(1, 2), stranger))
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("entry 1, `add`, was made for another client"),
        "{error}"
    );
    let optional = calc.add(1, 2).timeout(Duration::from_secs(1));
    let error = client.multicall((optional,)).await.unwrap_err();
    assert!(error.to_string().contains("options of its own"), "{error}");
    let unsendable = client.call::<i64>("add", (f64::NAN, 1));
    let error = client.multicall((unsendable,)).await.unwrap_err();
    assert!(error.is_encode(), "{error}");
    assert_eq!(sent.load(Ordering::Relaxed), 0);

    // A clone is the same client.
    let clone = CalcClient::new(client.clone()).add(1, 2);
    assert_eq!(client.multicall((clone,)).await.unwrap().0.unwrap(), 3);
}

fn array(entries: &str) -> &'static str {
    format!(
        "<methodResponse><params><param><value><array><data>{entries}</data></array></value>\
         </param></params></methodResponse>"
    )
    .leak()
}

#[tokio::test]
async fn answers_to_a_multicall_as_peers_send_them() {
    let multicall = async |body: &'static str| {
        let client = answering(200, body);
        let calls = (client.call::<i64>("a", ()), client.call::<String>("b", ()));
        client.multicall(calls).await
    };
    let wrapped = array(
        "<value><array><data><value><int>1</int></value></data></array></value>\
         <value><array><data><value>b</value></data></array></value>",
    );
    let bare = array("<value><int>1</int></value><value>b</value>");
    for body in [wrapped, bare] {
        let (a, b) = multicall(body).await.unwrap();
        assert_eq!((a.unwrap(), b.unwrap()), (1, "b".to_owned()));
    }
    // A struct that is no fault, where none was asked for, spoils its own entry.
    let strange = array("<value><int>1</int></value><value><struct/></value>");
    let (a, b) = multicall(strange).await.unwrap();
    assert_eq!(a.unwrap(), 1);
    assert!(b.unwrap_err().is_decode());

    let short = multicall(array("<value><int>1</int></value>"))
        .await
        .unwrap_err();
    assert!(
        short.to_string().contains("2 calls were sent, 1 answered"),
        "{short}"
    );
    let no_array =
        "<methodResponse><params><param><value>no</value></param></params></methodResponse>";
    assert!(multicall(no_array).await.unwrap_err().is_decode());
    let bad_gateway = answering(502, "<html/>");
    let error = bad_gateway
        .multicall((bad_gateway.call::<i64>("a", ()),))
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
}

/// Retries once, whatever the error is.
#[derive(Clone)]
struct Once(bool);

impl tower::retry::Policy<Request, Response, BoxError> for Once {
    type Future = std::future::Ready<()>;

    fn retry(
        &mut self,
        _: &mut Request,
        result: &mut Result<Response, BoxError>,
    ) -> Option<Self::Future> {
        (result.is_err() && std::mem::take(&mut self.0)).then(|| std::future::ready(()))
    }

    fn clone_request(&mut self, request: &Request) -> Option<Request> {
        Some(request.clone())
    }
}

#[tokio::test]
async fn layers_of_tower_stack_over_any_transport() {
    async fn works<T: Transport>(transport: T) {
        let calc = CalcClient::new(Client::new(transport));
        assert_eq!(calc.add(2, 3).await.unwrap(), 5);
    }
    let layers = || ServiceBuilder::new();
    works(
        layers()
            .timeout(Duration::from_secs(10))
            .service(dispatcher()),
    )
    .await;
    works(layers().concurrency_limit(2).service(dispatcher())).await;
    works(
        layers()
            .load_shed()
            .concurrency_limit(2)
            .service(dispatcher()),
    )
    .await;
    works(layers().buffer(8).service(dispatcher())).await;
    let flaky = counting(0).0.transport().clone();
    works(layers().retry(Once(true)).service(Recovering(flaky))).await;
    let all = layers()
        .buffer(8)
        .load_shed()
        .concurrency_limit(2)
        .timeout(Duration::from_secs(10))
        .service(dispatcher());
    works(all).await;
}

/// Fails on its first request alone.
#[derive(Clone)]
struct Recovering(Counting);

impl Service<Request> for Recovering {
    type Response = Response;
    type Error = BoxError;
    type Future = <Counting as Service<Request>>::Future;

    fn poll_ready(
        &mut self,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), BoxError>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let future = self.0.call(request);
        self.0.fail_from = usize::MAX;
        future
    }
}

#[tokio::test]
async fn the_time_out_of_a_layer_is_one() {
    let transport = ServiceBuilder::new()
        .timeout(Duration::from_millis(10))
        .service(dispatcher());
    let error = CalcClient::new(Client::new(transport))
        .slow(10_000)
        .await
        .unwrap_err();
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test]
async fn a_concurrency_limit_holds_calls_back() {
    let transport = ServiceBuilder::new()
        .concurrency_limit(1)
        .service(dispatcher());
    let calc = CalcClient::new(Client::new(transport));
    let first = calc.slow(100).into_future();
    let second = calc
        .slow(0)
        .timeout(Duration::from_millis(10))
        .into_future();
    let (first, second) = futures_util::future::join(first, second).await;
    assert!(first.unwrap());
    assert!(second.unwrap_err().is_timeout());
}
