//! Methods that receive their parameters undecoded.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use xmlrpc_core::{
    Client, Context, Dispatcher, Error, Fault, Limits, Value,
    message::Params,
    service::{Next, RpcCall, from_fn},
    value,
};

use crate::common::work::{answer, call, fault, ints};

async fn sum(params: Params, _: Context) -> Result<i64, Fault> {
    let numbers = params.decode(|params| params.rest::<i64>("numbers"));
    Ok(numbers.map_err(Error::into_fault)?.iter().sum())
}

fn dispatcher() -> Dispatcher {
    Dispatcher::new().raw_method("sum", sum)
}

#[tokio::test]
async fn any_number_of_parameters() {
    let client = Client::new(dispatcher());
    for count in [0, 1, 2, 9, 1_000] {
        let numbers: Vec<i64> = (0..count).collect();
        let expected: i64 = numbers.iter().sum();
        let answer = client.call::<i64>("sum", numbers).await.unwrap();
        assert_eq!(answer, expected, "{count} parameters");
    }
}

#[tokio::test]
async fn what_it_returns_and_gets() {
    let prefix = "seen".to_owned();
    let dispatcher = Dispatcher::new()
        .raw_method("values", |params, _| {
            params.to_values().map_err(Error::into_fault)
        })
        .raw_method("at_once", |_, _| 3)
        .raw_method("nothing", |_, _| async {})
        .raw_method("fault", |_, _| Err::<i32, _>(Fault::new(7, "no")))
        .raw_method("panic", |_, _| -> i32 { panic!("as requested") })
        .raw_method("agent", move |params, cx| {
            let prefix = prefix.clone();
            async move { (prefix, params.len(), cx.headers().contains_key("x-agent")) }
        });
    let client = Client::new(dispatcher);
    let values = client.call::<Value>("values", (1, "two", [3.0]));
    assert_eq!(values.await.unwrap(), value!([1, "two", [3.0]]));
    assert_eq!(client.call::<i32>("at_once", (1, 2)).await.unwrap(), 3);
    client.call::<()>("nothing", ()).await.unwrap();
    for (name, code) in [("fault", 7), ("panic", Fault::INTERNAL_ERROR)] {
        let error = client.call::<i32>(name, ()).await.unwrap_err();
        assert_eq!(error.fault().map(Fault::code), Some(code), "{name}");
    }
    let agent = client.call::<(String, usize, bool)>("agent", (1, 2));
    let agent = agent.header("x-agent", "test").await.unwrap();
    assert_eq!(agent, ("seen".to_owned(), 2, true));
}

#[tokio::test]
async fn errors_of_parameters_are_faults() {
    let small = dispatcher().limits(Limits::default().depth(5));
    let deep = "<array><data><value>".repeat(9) + &"</value></data></array>".repeat(9);
    let table = [
        (
            ints(&[1]) + "<param><value>x</value></param>",
            Fault::INVALID_PARAMS,
            "parameter 2 `numbers`: expected int, found string \"x\"",
        ),
        (
            format!("<param><value>{deep}</value></param>"),
            Fault::INVALID_REQUEST,
            "",
        ),
    ];
    for (params, code, text) in table {
        let fault = fault(&small, call("sum", &params)).await;
        assert_eq!(fault.code(), code, "{params}: {fault}");
        assert!(fault.message().contains(text), "{params}: {fault}");
    }
}

#[tokio::test]
async fn it_is_not_run_before_its_document_has_been_read() {
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&runs);
    let dispatcher = Dispatcher::new().raw_method("any", move |_, _| {
        counted.fetch_add(1, Ordering::Relaxed);
        "run"
    });
    let whole = call("any", "<param><value>a</value></param>");
    assert!(answer(&dispatcher, &*whole).await.contains("run"));
    for document in [
        &whole[..whole.len() - 3],
        &whole.replace("</value>", ""),
        &whole.replace("a</value>", "<int>x"),
        &whole.replace("</params>", "</params><more/>"),
    ] {
        let fault = fault(&dispatcher, document).await;
        let codes = Fault::INVALID_CHARACTER..=Fault::INVALID_REQUEST;
        assert!(codes.contains(&fault.code()), "{document}: {fault}");
    }
    assert_eq!(runs.load(Ordering::Relaxed), 1);
}

/// Also of documents that only the lenient reader reads, and of those that are read on another thread.
#[tokio::test]
async fn odd_and_large_documents() {
    let odd = call("sum", &ints(&[1, 2])).replace("<params>", "<!-- odd --><params\n>");
    let in_cdata = call(
        "sum",
        "<param><value><int><![CDATA[5]]></int></value></param>",
    );
    let large = call("sum", &ints(&vec![1; 10_000]));
    assert!(large.len() > 64 << 10);
    let table = [(odd, 3), (in_cdata, 5), (large, 10_000)];
    for (document, expected) in table {
        let answer = answer(&dispatcher(), &*document).await;
        assert!(
            answer.contains(&format!("<int>{expected}</int>")),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn in_a_multicall_under_a_prefix_and_in_layers() {
    async fn twice(
        call: RpcCall,
        next: Next,
    ) -> Result<xmlrpc_core::message::EncodedResponse, Fault> {
        if call.params().len() > 3 {
            return Err(Fault::new(1, "too many"));
        }
        next.run(call).await
    }
    let nested = Dispatcher::new()
        .nest("math", dispatcher())
        .method_layer("math.sum", from_fn(twice));
    let client = Client::new(nested);
    let calls = [vec![], vec![1, 2, 3], vec![1, 2, 3, 4]];
    let calls = calls.map(|numbers| client.call::<i64>("math.sum", numbers));
    let answers = client.multicall(Vec::from(calls)).await.unwrap();
    let [none, three, four] = <[_; 3]>::try_from(answers).unwrap();
    assert_eq!((none.unwrap(), three.unwrap()), (0, 6));
    assert_eq!(four.unwrap_err().fault(), Some(&Fault::new(1, "too many")));
}

#[test]
fn a_name_that_is_taken_is_an_error() {
    let error = dispatcher().try_raw_method("sum", sum).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the method name `sum` of the function `service::raw_methods::sum` is already taken \
         by the function `service::raw_methods::sum`"
    );
    assert!(dispatcher().try_method("sum", || 1).is_err());
    let system = Dispatcher::new().introspection(false);
    assert!(system.try_raw_method("system.listMethods", sum).is_ok());
}

#[test]
#[should_panic(expected = "the method name `sum` of the function")]
fn a_second_method_of_the_same_name_panics() {
    let _ = dispatcher().raw_method("sum", sum);
}
