//! What a client learns about the methods of a server.

use std::{
    collections::HashMap,
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tower::service_fn;
use xmlrpc_core::{
    Client, Dispatcher, Fault, Request, Response, Transport, Value,
    client::{BoxError, Introspection, TransportError},
    schema::Schema,
    service::MethodDoc,
    value,
};

/// A server with these signatures, as it returns them, and this help.
fn server(signatures: Value, help: &'static str) -> Dispatcher {
    Dispatcher::new()
        .introspection(false)
        .method("system.listMethods", || vec!["b", "a"])
        .method("system.methodSignature", move |name: String| {
            let signatures = signatures.clone();
            match name.as_str() {
                "a" => Ok(signatures),
                _ => Err(Fault::new(1, "unknown")),
            }
        })
        .method("system.methodHelp", move |_: String| help)
}

#[tokio::test]
async fn signatures() {
    for (signatures, expected) in [
        (
            value!([["int", "string", "struct"]]),
            "a(param1: string, param2: struct): int",
        ),
        (value!([["int"]]), "a(): int"),
        // Several signatures.
        (
            value!([["int", "string"], ["int", "string", "int"]]),
            "a(param1: string, param2?: int): int",
        ),
        (
            value!([["int", "string"], ["array", "int"], ["int"]]),
            "a(param1?: undefined): undefined",
        ),
        // One signature without the array around it, as Supervisor sends it.
        (value!(["struct", "string"]), "a(param1: string): struct"),
        // Other names of types.
        (
            value!([[
                "dateTime.iso8601",
                "i4",
                "i8",
                "bool",
                "float",
                "base64",
                "nil",
                "dict",
                "list",
                "mixed"
            ]]),
            "a(param1: int, param2: i8, param3: boolean, param4: double, param5: base64, param6: nil, \
             param7: struct, param8: array, param9: undefined): dateTime.iso8601",
        ),
        // Supervisor's multicall also omits the array around a signature without parameters.
        (value!("boolean"), "a(): boolean"),
        // Unknown.
        (value!("undef"), "a(…): undefined"),
        (value!([]), "a(…): undefined"),
        (value!([[]]), "a(…): undefined"),
        (value!([[1, 2]]), "a(…): undefined"),
        (value!(false), "a(…): undefined"),
        (
            value!([["int", "string"], "undef"]),
            "a(param1: string): int",
        ),
    ] {
        for multicall in [true, false] {
            let server = server(signatures.clone(), "text").multicall(multicall);
            let found = Client::new(server).introspect().await.unwrap();
            let methods: Vec<_> = found.methods.iter().map(ToString::to_string).collect();
            assert_eq!(methods, [expected, "b(…): undefined"], "{signatures:?}");
            assert_eq!(found.methods[0].help, "text");
            assert_eq!(found.warning, None);
        }
    }
}

#[tokio::test]
async fn signatures_that_differ_are_overloads() {
    for (signatures, expected) in [
        (
            value!([["int", "string"], ["array", "int"], ["int"]]),
            &["(param1: string): int", "(param1: int): array", "(): int"][..],
        ),
        // The optional parameter says everything.
        (value!([["int", "string"], ["int"]]), &[]),
        (value!([["int", "string"]]), &[]),
    ] {
        let found = Client::new(server(signatures, "")).introspect().await;
        let method = &found.unwrap().methods[0];
        let overloads: Vec<_> = method.overloads.iter().map(ToString::to_string).collect();
        assert_eq!(overloads, expected);
        let names = method.signatures().unwrap();
        let count = if expected.is_empty() {
            method.params.as_ref().unwrap().len() + 1
        } else {
            3
        };
        assert!(names.len() <= count, "{names:?}");
    }
}

#[tokio::test]
async fn described_signatures_that_differ_are_overloads() {
    let described = value!({ "methodList": [{
        "name": "find",
        "signatures": [
            { "params": [{ "name": "id", "type": "int" }], "returns": [{ "type": "struct" }] },
            { "params": [{ "name": "name", "type": "string" }, { "name": "limit", "type": "int" }],
              "returns": [{ "type": "struct" }] },
        ],
    }], "typeList": [] });
    let server = Dispatcher::new()
        .method("find", || 1)
        .method("system.describeMethods", move |_: Value| described.clone());
    let found = Client::new(server).introspect().await.unwrap();
    let find = found
        .methods
        .iter()
        .find(|method| method.name == "find")
        .unwrap();
    assert_eq!(
        find.to_string(),
        "find(name: undefined, limit?: int): struct"
    );
    let overloads: Vec<_> = find.overloads.iter().map(ToString::to_string).collect();
    assert_eq!(
        overloads,
        ["(id: int): struct", "(name: string, limit: int): struct"]
    );
}

#[tokio::test]
async fn our_own_servers() {
    let dispatcher = Dispatcher::new()
        .method("add", |a: i64, b: Option<i64>| a + b.unwrap_or(1))
        .method_doc("add", MethodDoc::new("Adds."));
    for multicall in [true, false] {
        let dispatcher = dispatcher.clone().multicall(multicall);
        let found = Client::new(dispatcher.clone()).introspect().await.unwrap();
        let names: Vec<_> = found
            .methods
            .iter()
            .map(|method| method.name.as_str())
            .collect();
        assert_eq!(names, dispatcher.method_names().collect::<Vec<_>>());
        let add = &found.methods[0];
        assert_eq!(add.to_string(), "add(param1: int, param2?: int): undefined");
        assert_eq!(add.help, "Adds.");
    }
}

#[tokio::test]
async fn without_introspection() {
    let client = Client::new(Dispatcher::new().introspection(false));
    let error = client.introspect().await.unwrap_err();
    assert_eq!(
        error.fault().map(Fault::code),
        Some(Fault::METHOD_NOT_FOUND)
    );
    // Only the list.
    let dispatcher = Dispatcher::new()
        .without_method("system.methodHelp")
        .without_method("system.methodSignature");
    let found = Client::new(dispatcher).introspect().await.unwrap();
    assert!(
        found
            .methods
            .iter()
            .all(|method| method.params.is_none() && method.help.is_empty())
    );
    assert_eq!(found.warning, None);
}

#[tokio::test]
async fn bounds() {
    // Two methods, with four bytes of help each.
    let client = Client::new(server(value!("undef"), "text"));
    for (methods, bytes, helps, warns) in [
        (2, 8, vec!["text", "text"], false),
        (1, 8, vec!["text"], true),
        (0, 8, vec![], true),
        (2, 7, vec!["text", "tex"], true),
        (2, 0, vec!["", ""], true),
    ] {
        let introspect = client
            .introspect()
            .max_methods(methods)
            .max_help_bytes(bytes);
        let found = introspect.await.unwrap();
        let found_helps: Vec<_> = found
            .methods
            .iter()
            .map(|method| method.help.as_str())
            .collect();
        assert_eq!(found_helps, helps, "{methods}, {bytes}");
        assert_eq!(
            found.warning.is_some(),
            warns,
            "{methods}, {bytes}: {found:?}"
        );
    }
    // A text ends between two characters.
    let client = Client::new(server(value!("undef"), "éé"));
    let found = client.introspect().max_help_bytes(3).await.unwrap();
    assert_eq!(found.methods[0].help, "é");
    // A name may have 1,024 bytes, and a text 65,536.
    for (name, help, warns) in [
        (1_024, 65_536, false),
        (1_025, 65_536, true),
        (1_024, 65_537, true),
    ] {
        let dispatcher = Dispatcher::new().method(&"n".repeat(name), || 1);
        let doc = MethodDoc::new("h".repeat(help));
        let dispatcher = dispatcher.method_doc(&"n".repeat(name), doc);
        let found = Client::new(dispatcher).introspect().await.unwrap();
        assert_eq!(found.warning.is_some(), warns, "{name}, {help}");
        let longest = found.methods.iter().map(|method| method.help.len()).max();
        assert!(longest <= Some(65_536));
    }
}

/// A transport to a dispatcher that lets only so many requests pass, and then does something else.
fn limited<F>(
    dispatcher: Dispatcher,
    requests: usize,
    then: impl Fn() -> F + Clone + Send + 'static,
) -> impl Transport
where
    F: Future<Output = Result<Response, BoxError>> + Send + 'static,
{
    let seen = Arc::new(AtomicUsize::new(0));
    service_fn(move |request: Request| {
        let allowed = seen.fetch_add(1, Ordering::SeqCst) < requests;
        let dispatch = dispatcher.dispatch(request);
        let then = then();
        async move {
            if allowed {
                let Ok(response) = dispatch.await;
                Ok(response)
            } else {
                then.await
            }
        }
    })
}

#[tokio::test]
async fn a_server_that_stops_answering() {
    for multicall in [true, false] {
        let dispatcher = server(value!([["int"]]), "text").multicall(multicall);
        let silent = limited(dispatcher.clone(), 1, pending);
        let client = Client::new(silent);
        let found = client
            .introspect()
            .timeout(Duration::from_millis(200))
            .await
            .unwrap();
        assert_eq!(found.methods.len(), 2);
        assert!(found.methods.iter().all(|method| method.params.is_none()));
        // Without the time that was left.
        assert_eq!(
            found.warning.as_deref(),
            Some("the server took too long to describe all methods")
        );

        let broken = limited(dispatcher, 1, || async {
            Err::<Response, BoxError>(TransportError::connect("refused").into())
        });
        let found = Client::new(broken).introspect().await.unwrap();
        assert_eq!(found.methods.len(), 2);
        let warning = found.warning.unwrap();
        assert!(warning.contains("could not connect"), "{warning}");
    }
    let silent = limited(Dispatcher::new(), 0, pending);
    let introspect = Client::new(silent)
        .introspect()
        .timeout(Duration::from_millis(50));
    let error = introspect.await.unwrap_err();
    assert!(error.is_timeout());
    assert!(error.to_string().ends_with("within 50ms"), "{error}");
}

/// Many methods take few requests.
#[tokio::test]
async fn many_methods() {
    let dispatcher = (0..250).fold(Dispatcher::new(), |dispatcher, index| {
        dispatcher.method(&format!("m{index:03}"), |a: i64| a)
    });
    let transport = limited(dispatcher, 4, || async {
        Err::<Response, BoxError>("too many requests".into())
    });
    let found = Client::new(transport).introspect().await.unwrap();
    assert_eq!(found.methods.len(), 256);
    assert_eq!(found.warning, None);
    assert_eq!(
        found.methods[249].to_string(),
        "m249(param1: int): undefined"
    );
}

/// Python's server lets only 5 connections wait, and answers each question for a signature with the same text.
#[tokio::test]
async fn few_calls_run_at_the_same_time() {
    for (answer, questions) in [
        (value!("signatures not supported"), 100),
        (value!("undef"), 250),
        (value!([["signatures not supported"]]), 250),
    ] {
        let signatures = Arc::new(AtomicUsize::new(0));
        let asked = Arc::clone(&signatures);
        let dispatcher = Dispatcher::new()
            .introspection(false)
            .multicall(false)
            .method("system.listMethods", || {
                (0..250)
                    .map(|index| format!("m{index:03}"))
                    .collect::<Vec<_>>()
            })
            .method("system.methodSignature", move |_: String| {
                asked.fetch_add(1, Ordering::SeqCst);
                answer.clone()
            })
            .method("system.methodHelp", |name: String| name);
        let running = Arc::new(AtomicUsize::new(0));
        let most = Arc::new(AtomicUsize::new(0));
        let (now, highest) = (Arc::clone(&running), Arc::clone(&most));
        let transport = service_fn(move |request: Request| {
            highest.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            let now = Arc::clone(&now);
            let dispatch = dispatcher.dispatch(request);
            async move {
                tokio::task::yield_now().await;
                let Ok(response) = dispatch.await;
                now.fetch_sub(1, Ordering::SeqCst);
                Ok::<_, BoxError>(response)
            }
        });
        let found = Client::new(transport).introspect().await.unwrap();
        assert_eq!(found.warning, None);
        assert!(found.methods.len() == 250 && found.methods.iter().all(|it| it.help == it.name));
        assert_eq!(most.load(Ordering::SeqCst), 4);
        assert_eq!(signatures.load(Ordering::SeqCst), questions);
    }
}

/// A multicall that the server has, but answers wrongly, does not hide what the server knows.
#[tokio::test]
async fn a_wrong_multicall() {
    for answer in [value!([]), value!("no"), value!([[1]]), value!(nil)] {
        let dispatcher = server(value!([["int"]]), "text")
            .multicall(false)
            .method("system.multicall", move |_: Value| answer.clone());
        let found = Client::new(dispatcher).introspect().await.unwrap();
        assert_eq!(found.methods[0].to_string(), "a(): int");
        assert_eq!(found.methods[0].help, "text");
        assert_eq!(found.warning, None);
    }
}

/// Names that are not texts are left out.
#[tokio::test]
async fn odd_names() {
    let names = value!(["add", 5, nil, ["x"]]);
    let dispatcher = Dispatcher::new()
        .introspection(false)
        .method("system.listMethods", move || names.clone());
    let found = Client::new(dispatcher).introspect().await.unwrap();
    assert_eq!(found.methods.len(), 1);
    assert_eq!(
        found.warning.as_deref(),
        Some("the list of the server's methods has 3 names that are not texts")
    );
}

/// A server that has no list can still describe a method.
#[tokio::test]
async fn without_a_list() {
    let dispatcher =
        Dispatcher::new()
            .introspection(false)
            .method("system.methodHelp", |name: String| match &*name {
                "hidden" => Ok("Still works."),
                _ => Err(Fault::new(1, "unknown")),
            });
    let client = Client::new(dispatcher);
    let asking = || client.introspect().only(["hidden", "missing"]);
    let found = asking().unlisted(true).await.unwrap();
    assert_eq!(found.methods.len(), 1);
    assert_eq!(found.methods[0].help, "Still works.");
    assert!(asking().await.unwrap_err().fault().is_some());
    let error = client.introspect().unlisted(true).await.unwrap_err();
    assert!(error.fault().is_some());
}

/// `system.describeMethods` knows more than the other methods together.
#[tokio::test]
async fn described_methods() {
    let order = || Schema::of::<Order>();
    let dispatcher = Dispatcher::new()
        .describe_methods(true)
        .raw_method("order", |_, _| 1)
        .method_doc(
            "order",
            MethodDoc::new("Orders.")
                .param("order", order())
                .optional_param("pairs", Schema::of::<Vec<(i32, bool)>>())
                .result(Schema::of::<HashMap<String, f64>>())
                .fault(404, "no such item: tea")
                .deprecated("use `buy`"),
        )
        .raw_method("raw", |_, _| 1);
    let found = Client::new(dispatcher.clone()).introspect().await.unwrap();
    assert_eq!(found.warning, None);
    let names: Vec<_> = found
        .methods
        .iter()
        .map(|method| method.name.as_str())
        .collect();
    assert_eq!(names, dispatcher.method_names().collect::<Vec<_>>());
    let described = &found.methods[0];
    assert_eq!(
        described.to_string(),
        "order(order: struct {item: string, lines?: array of struct {count: int}}, \
         pairs?: array of array [int, boolean]): struct of double"
    );
    assert_eq!(described.help, "Orders.");
    assert_eq!(described.faults[0].to_string(), "404: no such item: tea");
    assert_eq!(described.deprecated.as_deref(), Some("use `buy`"));
    assert_eq!(found.methods[1].to_string(), "raw(…): undefined");
}

#[derive(serde::Deserialize)]
#[allow(dead_code)]
struct Order {
    item: String,
    #[serde(default)]
    lines: Vec<Line>,
}

#[derive(serde::Deserialize)]
#[allow(dead_code)]
struct Line {
    count: i32,
}

/// What a peer may send there.
#[tokio::test]
async fn odd_descriptions() {
    let types: Vec<_> = (0..40)
        .map(|index| {
            let next = Value::from(format!("t{}", index + 1));
            let member = |name: &str| value!({"name": name, "type": next.clone()});
            value!({"name": format!("t{index}"), "type": "struct", "member": [member("a"), member("b"), member("c")]})
        })
        .collect();
    let looping = value!({"name": "loop", "type": "array", "member": [{"type": "loop"}]});
    let types = Value::from([types, vec![looping]].concat());
    for (method, expected) in [
        (
            value!({"name": "a", "signatures": [{"params": [{"name": "x", "type": "string", "optional": 1}], "returns": [{"type": "int"}]}]}),
            "a(x?: string): int",
        ),
        (
            value!({"name": "a", "signatures": [
                {"params": [{"type": "int", "optional": true}, {"name": "", "type": "int"}], "returns": []},
            ]}),
            "a(param1: int, param2: int): undefined",
        ),
        (
            value!({"name": "a", "signatures": [{"returns": [{"type": "int"}]}, {"params": [{"name": "x", "type": "i8"}]}]}),
            "a(x?: i8): undefined",
        ),
        (
            value!({"name": "a", "signatures": [{"params": 3}]}),
            "a(): undefined",
        ),
        (
            value!({"name": "a", "signatures": "none"}),
            "a(…): undefined",
        ),
        (value!({"name": 3}), "a(…): undefined"),
        (value!("text"), "a(…): undefined"),
    ] {
        let answer = value!({"methodList": [method.clone()], "typeList": types.clone()});
        let found = describing(answer).await;
        assert_eq!(found.methods[0].to_string(), expected, "{method:?}");
    }
    // Types that stand for more types than there is memory, or for themselves.
    for name in ["t0", "loop"] {
        let method =
            value!({"name": "a", "signatures": [{"params": [{"name": "x", "type": name}]}]});
        let answer = value!({"methodList": [method], "typeList": types.clone()});
        let text = describing(answer).await.methods[0].to_string();
        assert!(text.len() < 4 << 20, "{name}: {}", text.len());
    }
    for answer in [
        value!({}),
        value!("none"),
        value!({"methodList": 1, "typeList": [1, {"name": 2}]}),
    ] {
        assert_eq!(
            describing(answer).await.methods[0].to_string(),
            "a(…): undefined"
        );
    }
}

/// Each struct stands for many members, and each of them for such a struct.
#[tokio::test]
async fn wide_descriptions() {
    let described = |name: &str, width: usize| {
        let member = value!({"name": name, "type": "t"});
        let members = Value::from(vec![member; width]);
        let method = value!({"name": "a", "signatures": [{"returns": [{"type": "t"}]}]});
        let kind = value!({"name": "t", "type": "struct", "member": members});
        value!({"methodList": [method], "typeList": [kind]})
    };
    for width in [2, 20, 1000] {
        let found = describing(described("x", width)).await;
        let members = count(&found.methods[0].result);
        // The bound on all types, and the rest of the structs that were begun.
        assert!(members < 50_000 + 16 * width, "{width}: {members}");
    }
    for (length, members) in [(1024, 1), (1025, 0)] {
        let found = describing(described(&"x".repeat(length), 1)).await;
        let Schema::Struct(found) = &found.methods[0].result else {
            assert_eq!(members, 0, "{length}");
            continue;
        };
        assert_eq!(found.len(), members, "{length}");
    }
}

/// The members of structs.
fn count(schema: &Schema) -> usize {
    match schema {
        Schema::Struct(members) => members.iter().map(|it| 1 + count(&it.schema)).sum(),
        _ => 0,
    }
}

/// The types of all signatures are counted together. Those of each method here differ, so they are kept one by one.
#[tokio::test]
async fn many_signatures() {
    for (extra, complete) in [(0, true), (1, false)] {
        // 249 + 1 agreed types and 4 · 250 of the signatures for each method, so 400 methods have 500,000.
        let mut signatures: Vec<Vec<&str>> = vec![vec!["int"; 250]; 4];
        signatures[3][1] = "string";
        let mut methods: Vec<_> = (0..400).map(|number| format!("m{number:03}")).collect();
        methods.extend((0..extra).map(|_| "z".to_owned()));
        let dispatcher = Dispatcher::new()
            .introspection(false)
            .method("system.listMethods", move || methods.clone())
            .method("system.methodSignature", move |_: String| {
                signatures.clone()
            });
        let found = Client::new(dispatcher).introspect().await.unwrap();
        assert_eq!(found.warning.is_none(), complete, "{:?}", found.warning);
        let all = found.methods.iter().all(|it| it.params.is_some());
        assert_eq!(all, complete);
    }
}

/// What a client learns from this answer about the method `a`.
async fn describing(answer: Value) -> Introspection {
    let dispatcher = Dispatcher::new()
        .introspection(false)
        .multicall(false)
        .method("system.listMethods", || vec!["a", "system.describeMethods"])
        .method("system.describeMethods", move |_: Vec<String>| {
            answer.clone()
        });
    Client::new(dispatcher).introspect().await.unwrap()
}
