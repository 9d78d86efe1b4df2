//! The fallback for calls of unknown methods, and dispatchers nested under a prefix.

use std::time::{Duration, Instant};

use xmlrpc_core::{
    Client, Context, Dialect, Dispatcher, Fault, Limits, Request, Value, message::Params, value,
    xmlrpc_service,
};

use crate::common::work::{answer, call, fault};

/// The name and the parameters of the call.
async fn echo(name: String, params: Params, _: Context) -> Result<Value, Fault> {
    if name.ends_with("unknown") {
        return Err(Fault::method_not_found(name));
    }
    let params = params.to_values().map_err(Fault::disclose)?;
    Ok(value!([name, params]))
}

fn code<T: std::fmt::Debug>(result: Result<T, xmlrpc_core::ClientError>) -> i32 {
    result.unwrap_err().fault().expect("a fault").code()
}

#[tokio::test]
async fn the_fallback_answers_calls_of_unknown_methods() {
    let dispatcher = Dispatcher::new()
        .method("add", |a: i64, b: i64| a + b)
        .fallback(echo);
    let client = Client::new(dispatcher);
    assert_eq!(client.call::<i64>("add", (1, 2)).await.unwrap(), 3);
    let table = [
        ("sub", vec![1, 2], value!(["sub", [1, 2]])),
        ("a.b/c", vec![], value!(["a.b/c", []])),
        ("system", vec![], value!(["system", []])),
        ("systematic.list", vec![], value!(["systematic.list", []])),
    ];
    for (name, params, expected) in table {
        let answer = client.call::<Value>(name, params).await.unwrap();
        assert_eq!(answer, expected);
    }
    assert_eq!(
        code(client.call::<Value>("unknown", ()).await),
        Fault::METHOD_NOT_FOUND
    );
    let names = client.call::<Vec<String>>("system.listMethods", ());
    assert_eq!(names.await.unwrap()[..2], ["add", "system.getCapabilities"]);
    let calls = ["sub", "system.other", "unknown"].map(|name| client.call::<Value>(name, (1,)));
    let answers = client.multicall(Vec::from(calls)).await.unwrap();
    let [sub, system, unknown] = <[_; 3]>::try_from(answers).unwrap();
    assert_eq!(sub.unwrap(), value!(["sub", [1]]));
    assert_eq!(system.unwrap(), value!(["system.other", [1]]));
    assert_eq!(code(unknown), Fault::METHOD_NOT_FOUND);
}

#[tokio::test]
async fn the_fallback_gets_the_system_names_that_no_method_has() {
    let dispatcher = Dispatcher::new().fallback(|name, _, _| async move { name });
    let all = [
        "system.listMethods",
        "system.methodHelp",
        "system.multicall",
        "system.other",
        "system.",
    ];
    // What is switched off, and the names that then reach the fallback.
    let table = [
        (dispatcher.clone(), &all[3..]),
        (dispatcher.clone().multicall(false), &all[2..]),
        (
            dispatcher.clone().introspection(false).multicall(false),
            &all[..],
        ),
        (
            dispatcher
                .clone()
                .without_method("system.methodHelp")
                .without_method("system.multicall"),
            &all[1..],
        ),
        (Dispatcher::new().nest("", dispatcher), &all[3..]),
    ];
    for (dispatcher, reached) in table {
        let client = Client::new(dispatcher);
        for name in all {
            let answer = client.call::<Value>(name, ()).await;
            let by_fallback = answer.is_ok_and(|answer| answer == name);
            assert_eq!(by_fallback, reached.contains(&name), "{name}");
        }
    }
}

/// A multicall must not hide another one, wherever it would be run.
#[tokio::test]
async fn the_fallback_gets_no_multicall_inside_a_multicall() {
    let client = Client::new(Dispatcher::new().fallback(|name, _, _| async move { name }));
    let calls = ["system.multicall", "system.other"].map(|name| client.call::<String>(name, ()));
    let answers = client.multicall(Vec::from(calls)).await.unwrap();
    let [inner, other] = <[_; 2]>::try_from(answers).unwrap();
    assert_eq!(code(inner), Fault::INVALID_REQUEST);
    assert_eq!(other.unwrap(), "system.other");
}

#[tokio::test]
async fn what_a_fallback_returns_and_gets() {
    let client = Client::new(Dispatcher::new().fallback(|name, params, cx| async move {
        let agent = cx.headers().contains_key("x-agent");
        (name, params.len(), agent)
    }));
    let call = client.call::<(String, usize, bool)>("any", (1, 2));
    let answer = call.header("x-agent", "test").await.unwrap();
    assert_eq!(answer, ("any".to_owned(), 2, true));

    // A fallback may be synchronous, and a second one replaces the first.
    let dispatcher = Dispatcher::new()
        .fallback(|_, _, _| 1)
        .fallback(|_, _, _| 2);
    let client = Client::new(dispatcher);
    assert_eq!(client.call::<i32>("any", ()).await.unwrap(), 2);

    let panics = Dispatcher::new().fallback(|name, _, _| -> i32 { panic!("no {name}") });
    let answer = Client::new(panics).call::<i32>("any", ()).await;
    assert_eq!(code(answer), Fault::INTERNAL_ERROR);
}

/// This holds even if the fallback ignores the parameters.
#[tokio::test]
async fn a_fallback_is_not_run_before_its_document_has_been_read() {
    let dispatcher = Dispatcher::new().fallback(|_, _, _| "run");
    let whole = call("any", "<param><value>a</value></param>");
    assert!(answer(&dispatcher, &*whole).await.contains("run"));
    for document in [
        &whole[..whole.len() - 3],
        &whole.replace("</value>", ""),
        &whole.replace("a</value>", "<int>x"),
        &whole.replace("</params>", "</params><more/>"),
    ] {
        let fault = fault(&dispatcher, document).await;
        assert!(
            (-32702..=-32600).contains(&fault.code()),
            "{document}: {fault}"
        );
    }
    let bounded = dispatcher.limits(Limits::default().depth(3));
    let deep = "<array><data><value>".repeat(9) + &"</value></data></array>".repeat(9);
    let deep = call("any", &format!("<param><value>{deep}</value></param>"));
    assert_eq!(fault(&bounded, deep).await.code(), Fault::INVALID_REQUEST);
}

#[xmlrpc_service(namespace = "items")]
trait Items {
    #[xmlrpc(aliases = ["size"])]
    async fn count(&self) -> i64;
    async fn wide(&self) -> i64;
}

struct Three;

impl Items for Three {
    async fn count(&self) -> i64 {
        3
    }
    async fn wide(&self) -> i64 {
        i64::MAX
    }
}

fn store() -> Dispatcher {
    Dispatcher::new()
        .service(ItemsServer::new(Three))
        .method(
            "open",
            |name: String| async move { format!("{name} is open") },
        )
}

#[tokio::test]
async fn methods_are_nested_under_a_prefix() {
    let dispatcher = Dispatcher::new()
        .method("open", || "outside")
        .nest("store", store())
        .nest("a.b", store());
    let client = Client::new(dispatcher.clone());
    let names = client.call::<Vec<String>>("system.listMethods", ());
    let expected = [
        "a.b.items.count",
        "a.b.items.wide",
        "a.b.open",
        "a.b.size",
        "open",
        "store.items.count",
        "store.items.wide",
        "store.open",
        "store.size",
        "system.getCapabilities",
    ];
    assert_eq!(names.await.unwrap()[..expected.len()], expected);
    for name in ["store.items.count", "a.b.size"] {
        assert_eq!(client.call::<i64>(name, ()).await.unwrap(), 3);
    }
    let open = client.call::<String>("store.open", ("it",));
    assert_eq!(open.await.unwrap(), "it is open");
    let error = client.call::<String>("store.open", ()).await.unwrap_err();
    assert_eq!(
        error.fault().unwrap().message(),
        "store.open: missing parameter 1: expected string, found nothing"
    );
    let multicall = [
        client.call::<i64>("store.size", ()),
        client.call::<i64>("a.b.size", ()),
    ];
    let answers = client.multicall(Vec::from(multicall)).await.unwrap();
    assert!(answers.into_iter().all(|answer| answer.unwrap() == 3));

    // Nested in a third dispatcher, beside its methods.
    let outer = Dispatcher::new()
        .nest("v1", dispatcher)
        .nest("", Dispatcher::new().method("ping", || "pong"));
    let client = Client::new(outer);
    let deep = client.call::<i64>("v1.a.b.size", ());
    assert_eq!(deep.await.unwrap(), 3);
    assert_eq!(client.call::<String>("ping", ()).await.unwrap(), "pong");
    for name in ["store.size", "v1.system.listMethods", "v1"] {
        let answer = client.call::<Value>(name, ()).await;
        assert_eq!(code(answer), Fault::METHOD_NOT_FOUND);
    }
}

#[tokio::test]
async fn the_outer_settings_count() {
    let strict = store()
        .dialect(Dialect::STANDARD)
        .limits(Limits::default().bytes(1));
    let dispatcher = Dispatcher::new().nest("store", strict);
    let wide = answer(&dispatcher, call("store.items.wide", "")).await;
    assert!(wide.contains("<i8>"), "{wide}");
}

#[tokio::test]
async fn a_nested_fallback_answers_under_its_prefix() {
    let dispatcher = Dispatcher::new()
        .nest("store", store().fallback(echo))
        .nest(
            "store.old",
            Dispatcher::new().fallback(|name, _, _| async move { ("old", name) }),
        )
        .nest("plain", store());
    let outer = dispatcher
        .clone()
        .fallback(|name, _, _| async move { ("outer", name) });
    let (client, outer) = (Client::new(dispatcher), Client::new(outer));
    for client in [&client, &outer] {
        let call = |name| client.call::<Value>(name, ());
        assert_eq!(call("store.size").await.unwrap(), 3);
        assert_eq!(call("store.x.y").await.unwrap(), value!(["x.y", []]));
        assert_eq!(call("store.old.x").await.unwrap(), value!(["old", "x"]));
        assert_eq!(
            call("store.system.listMethods").await.unwrap(),
            value!(["system.listMethods", []])
        );
        assert_eq!(code(call("store.unknown").await), Fault::METHOD_NOT_FOUND);
    }
    for name in ["store", "stores.x", "plain.x", "x"] {
        let answer = client.call::<Value>(name, ()).await;
        assert_eq!(code(answer), Fault::METHOD_NOT_FOUND);
        let answer = outer.call::<Value>(name, ()).await.unwrap();
        assert_eq!(answer, value!(["outer", name]));
    }
    let twice = Dispatcher::new().nest(
        "v1",
        Dispatcher::new().nest("store", store().fallback(echo)),
    );
    let answer = Client::new(twice).call::<Value>("v1.store.x", ()).await;
    assert_eq!(answer.unwrap(), value!(["x", []]));
}

#[test]
fn names_and_fallbacks_that_are_taken_are_errors() {
    let once = Dispatcher::new().nest("store", store());
    let error = once.clone().try_nest("store", store()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the method name `store.items.count` of the service `Items` is already taken \
         by the service `Items`"
    );
    assert!(once.clone().try_method("store.open", || 1).is_err());
    let fallback = || Dispatcher::new().fallback(echo);
    let both = once.nest("store", fallback());
    let error = both.try_nest("store", fallback()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the method name `store.*` of a fallback is already taken by a fallback"
    );
    assert!(fallback().try_nest("", fallback()).is_err());
    assert!(Dispatcher::new().try_nest("", fallback()).is_ok());
}

#[test]
#[should_panic(expected = "the method name `store.open` of the function")]
fn a_second_nested_method_of_the_same_name_panics() {
    let _ = Dispatcher::new()
        .method("store.open", || 1)
        .nest("store", store());
}

/// Finding a method costs the same among many: 3,000 calls among 10,000 methods take far less time
/// than comparing all names would.
#[tokio::test]
async fn finding_a_method_among_many_costs_no_more() {
    async fn time(dispatcher: &Dispatcher, name: &str) -> Duration {
        let document = call(name, "");
        let begin = Instant::now();
        for _ in 0..3_000 {
            let request = Request::new("", document.clone());
            dispatcher.dispatch(request).await.unwrap();
        }
        begin.elapsed()
    }
    let few = Dispatcher::new().method("m7", || 7);
    let inner = (0..10_000).fold(Dispatcher::new(), |dispatcher, number| {
        dispatcher.method(&format!("m{number}"), move || number)
    });
    let many = Dispatcher::new().nest("n", inner);
    let mut ratios = Vec::new();
    for _ in 0..5 {
        let few = time(&few, "m7").await;
        ratios.push(time(&many, "n.m7777").await.as_secs_f64() / few.as_secs_f64());
    }
    ratios.sort_by(f64::total_cmp);
    assert!(ratios[0] < 3.0, "{ratios:?}");
}
