//! Layers of calls: where they apply, what they see, and what happens to their errors.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use tower::{BoxError, ServiceBuilder, limit::ConcurrencyLimitLayer, timeout::TimeoutLayer};
use xmlrpc_core::{
    Client, ClientError, Context, Dispatcher, Fault, Value,
    message::EncodedResponse,
    service::{Next, RpcCall, RpcLayer, from_fn},
    xmlrpc_service,
};

#[xmlrpc_service]
trait Calc {
    #[xmlrpc(aliases = ["plus"])]
    async fn add(&self, a: i64, b: i64) -> i64;
    async fn slow(&self);
    async fn panics(&self);
    async fn user(&self, #[xmlrpc(context)] cx: &Context) -> String;
}

struct Work;

impl Calc for Work {
    async fn add(&self, a: i64, b: i64) -> i64 {
        a + b
    }

    async fn slow(&self) {
        std::future::pending().await
    }

    async fn panics(&self) {
        panic!("as requested")
    }

    async fn user(&self, cx: &Context) -> String {
        cx.get::<User>()
            .map_or_else(String::new, |user| user.0.clone())
    }
}

#[derive(Clone)]
struct User(String);

fn server() -> CalcServer<Work> {
    CalcServer::new(Work)
}

fn calc(dispatcher: Dispatcher) -> CalcClient<Dispatcher> {
    CalcClient::new(Client::new(dispatcher))
}

fn code<T: std::fmt::Debug>(result: Result<T, ClientError>) -> Option<i32> {
    result.unwrap_err().fault().map(Fault::code)
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    /// A layer that logs what it sees.
    fn layer(&self, name: &'static str) -> impl RpcLayer + use<> {
        let log = self.clone();
        from_fn(move |call: RpcCall, next: Next| {
            let line = format!("{name}: {} of {:?}", call.method(), call.service());
            log.0.lock().unwrap().push(line);
            next.run(call)
        })
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

#[tokio::test]
async fn layers_are_called_from_the_outermost_to_the_innermost() {
    let log = Log::default();
    let dispatcher = Dispatcher::new()
        .layer(log.layer("dispatcher"))
        .service(
            server()
                .layer(log.layer("service"))
                .layer(log.layer("around the service")),
        )
        .method_layer("add", log.layer("method"))
        .method_layer("plus", log.layer("around the method"))
        .layer(log.layer("around the dispatcher"));
    let calc = calc(dispatcher);

    assert_eq!(calc.add(1, 2).await.unwrap(), 3);
    let layers = [
        "around the dispatcher",
        "dispatcher",
        "around the method",
        "method",
        "around the service",
        "service",
    ];
    let seen = |method: &str| layers.map(|layer| format!("{layer}: {method} of Some(\"Calc\")"));
    assert_eq!(log.take(), seen("add"));

    // An alias is another name of the same method.
    let sum = calc.client().call::<i64>("plus", (1, 2)).await;
    assert_eq!(sum.unwrap(), 3);
    assert_eq!(log.take(), seen("plus"));
}

#[tokio::test]
async fn layers_of_the_dispatcher_are_around_every_call() {
    let log = Log::default();
    let dispatcher = Dispatcher::new()
        .layer(log.layer("d"))
        .service(server())
        .method("three", || 3)
        .fallback(|name, _, _| async move {
            match &*name {
                "known" => Ok(1),
                _ => Err(Fault::method_not_found(name)),
            }
        });
    let client = Client::new(dispatcher);
    for (method, line) in [
        ("three", "d: three of None"),
        (
            "system.listMethods",
            "d: system.listMethods of Some(\"system\")",
        ),
        ("known", "d: known of None"),
    ] {
        client.call::<Value>(method, ()).await.unwrap();
        assert_eq!(log.take(), [line]);
    }
    for unknown in ["unknown", "system.unknown"] {
        let result = client.call::<Value>(unknown, ()).await;
        assert_eq!(code(result), Some(Fault::METHOD_NOT_FOUND));
        assert_eq!(log.take(), [format!("d: {unknown} of None")]);
    }
}

#[tokio::test]
async fn layers_see_the_entries_of_a_multicall_but_not_the_multicall() {
    let log = Log::default();
    // One call at a time: if the multicall counted as a call, its entries would wait for it
    // forever.
    let dispatcher = Dispatcher::new()
        .service(server())
        .layer(ConcurrencyLimitLayer::new(1))
        .layer(log.layer("d"));
    let calc = calc(dispatcher);
    let answers = calc
        .client()
        .multicall((calc.add(1, 2), calc.user(), calc.add(3, 4)));
    let (one, user, other) = tokio::time::timeout(Duration::from_secs(20), answers)
        .await
        .expect("no entry waits for itself")
        .unwrap();
    assert_eq!((one.unwrap(), other.unwrap()), (3, 7));
    assert_eq!(user.unwrap(), "");
    let seen = ["add", "user", "add"].map(|method| format!("d: {method} of Some(\"Calc\")"));
    assert_eq!(log.take(), seen);
}

#[tokio::test]
async fn layers_see_undecoded_parameters() {
    let refuse = |call: RpcCall, _: Next| async move {
        Err::<EncodedResponse, _>(Fault::new(
            i32::try_from(call.params().len()).unwrap(),
            "no",
        ))
    };
    let client = Client::new(Dispatcher::new().service(server()).layer(from_fn(refuse)));
    let result = client.call::<i64>("add", ("no", "numbers", 1)).await;
    assert_eq!(code(result), Some(3));
}

#[tokio::test]
async fn extensions_of_a_layer_belong_to_one_call() {
    let mark = |mut call: RpcCall, next: Next| async move {
        if call.method() == "user" && call.context().get::<User>().is_none() {
            call.extensions_mut().insert(User("ada".to_owned()));
        }
        next.run(call).await
    };
    let look = |call: RpcCall, next: Next| async move {
        let is_marked = call.context().get::<User>().is_some();
        assert_eq!(is_marked, call.method() == "user");
        next.run(call).await
    };
    let dispatcher = Dispatcher::new().service(server());
    let calc = calc(dispatcher.layer(from_fn(look)).layer(from_fn(mark)));
    let answers = calc
        .client()
        .multicall((calc.user(), calc.add(1, 1), calc.user()));
    let (one, sum, other) = answers.await.unwrap();
    assert_eq!(
        (one.unwrap(), other.unwrap()),
        ("ada".to_owned(), "ada".to_owned())
    );
    assert_eq!(sum.unwrap(), 2);
}

#[tokio::test]
async fn layers_stay_around_what_is_nested() {
    let closed = || {
        from_fn(|_: RpcCall, _: Next| async { Err::<EncodedResponse, _>(Fault::new(403, "no")) })
    };
    let inner = Dispatcher::new()
        .service(server())
        .fallback(|_, _, _| async { 1 })
        .layer(closed());
    let log = Log::default();
    let dispatcher = Dispatcher::new()
        .method("open", || 3)
        .nest("inner", inner)
        .method_layer("inner.plus", log.layer("m"));
    let client = Client::new(dispatcher);
    assert_eq!(client.call::<i64>("open", ()).await.unwrap(), 3);
    for method in ["inner.add", "inner.plus", "inner.other"] {
        assert_eq!(
            code(client.call::<i64>(method, (1, 2)).await),
            Some(403),
            "{method}"
        );
    }
    // A layer around one name of a method also applies to its other names.
    assert_eq!(log.take().len(), 2);
}

#[test]
#[should_panic(expected = "cannot add a layer to `ad`: no such method")]
fn a_layer_for_an_unknown_method_panics() {
    let log = Log::default();
    let _ = Dispatcher::new()
        .service(server())
        .method_layer("ad", log.layer("m"));
}

#[tokio::test]
async fn errors_of_layers_are_faults() {
    let short = TimeoutLayer::new(Duration::from_millis(5));
    let other = || {
        ServiceBuilder::new().map_err(|error: Fault| -> BoxError {
            io::Error::other(format!("secret: {error}")).into()
        })
    };
    let stacks: [(&str, Dispatcher, i32, &str); 3] = [
        (
            "slow",
            Dispatcher::new().layer(short.clone()),
            Fault::TIMED_OUT,
            "the call took too long",
        ),
        (
            "slow",
            // The text of an error that has a source.
            Dispatcher::new().layer(ServiceBuilder::new().buffer(8).layer(short.clone())),
            Fault::TIMED_OUT,
            "the call took too long",
        ),
        (
            "panics",
            Dispatcher::new().layer(other()),
            Fault::INTERNAL_ERROR,
            "internal error",
        ),
    ];
    for (method, dispatcher, code, text) in stacks {
        let client = Client::new(dispatcher.service(server()));
        let error = client.call::<()>(method, ()).await.unwrap_err();
        assert_eq!(error.fault(), Some(&Fault::new(code, text)));
    }
}

#[tokio::test]
async fn excess_calls_are_shed() {
    let layer = || ServiceBuilder::new().load_shed().concurrency_limit(1);
    let calc = calc(Dispatcher::new().service(server().layer(layer())));
    let running = tokio::spawn(calc.slow().into_future());
    while code_of(&calc).await != Some(Fault::OVERLOADED) {
        tokio::task::yield_now().await;
    }
    // All methods of the service share one permit, which is released when the call is cancelled.
    running.abort();
    assert!(running.await.unwrap_err().is_cancelled());
    assert_eq!(calc.add(1, 2).await.unwrap(), 3);
}

async fn code_of(calc: &CalcClient<Dispatcher>) -> Option<i32> {
    calc.add(1, 2).await.err()?.fault().map(Fault::code)
}

#[tokio::test(start_paused = true)]
async fn a_rate_is_kept() {
    let layer = ServiceBuilder::new()
        .buffer(16)
        .rate_limit(2, Duration::from_secs(1));
    let calc = calc(
        Dispatcher::new()
            .service(server())
            .method_layer("add", layer),
    );
    let start = tokio::time::Instant::now();
    for _ in 0..5 {
        assert_eq!(calc.add(1, 2).await.unwrap(), 3);
    }
    assert!(start.elapsed() >= Duration::from_secs(2));
    // The other methods are not limited.
    let start = tokio::time::Instant::now();
    for _ in 0..5 {
        calc.user().await.unwrap();
    }
    assert!(start.elapsed() < Duration::from_millis(500));
}

/// A panic must not end the task of a buffer, which serves all later calls.
#[tokio::test]
async fn a_panic_does_not_break_a_layer() {
    let dispatcher = Dispatcher::new()
        .service(server())
        .method("at_once", || -> i32 { panic!("before there is a future") })
        .layer(ServiceBuilder::new().buffer(8));
    let calc = calc(dispatcher);
    let internal = Some(Fault::INTERNAL_ERROR);
    for _ in 0..3 {
        assert_eq!(code(calc.panics().await), internal);
        assert_eq!(
            code(calc.client().call::<i32>("at_once", ()).await),
            internal
        );
        assert_eq!(calc.add(1, 2).await.unwrap(), 3);
    }
}

#[tokio::test]
async fn a_panic_of_a_layer_is_a_fault() {
    let panics = from_fn(|call: RpcCall, next: Next| async move {
        assert_ne!(call.method(), "add", "not with me");
        next.run(call).await
    });
    let calc = calc(Dispatcher::new().service(server()).layer(panics));
    assert_eq!(code(calc.add(1, 2).await), Some(Fault::INTERNAL_ERROR));
    assert_eq!(calc.user().await.unwrap(), "");
}

/// A layer may run a call again, or respond without running it.
#[tokio::test]
async fn a_layer_may_run_a_call_again_or_not_at_all() {
    let twice = from_fn(|call: RpcCall, next: Next| async move {
        if call.method() == "slow" {
            return EncodedResponse::new(&(), call.dialect()).map_err(Fault::internal);
        }
        next.clone().run(call.clone()).await?;
        next.run(call).await
    });
    let log = Log::default();
    let dispatcher = Dispatcher::new().service(server());
    let calc = calc(dispatcher.layer(log.layer("d")).layer(twice));
    calc.slow().await.unwrap();
    assert_eq!(log.take(), [""; 0]);
    assert_eq!(calc.add(1, 2).await.unwrap(), 3);
    assert_eq!(log.take().len(), 2);
}
