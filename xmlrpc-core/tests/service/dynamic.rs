//! Functions and closures as methods.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use serde::{Deserialize, Serialize};
use xmlrpc_core::{
    Base64, Client, ClientError, Context, DateTime, Dispatcher, Fault, Struct, Value,
    xmlrpc_service,
};

async fn pow(base: i64, exponent: u32) -> Result<i64, Fault> {
    base.checked_pow(exponent)
        .ok_or_else(|| Fault::new(1, "the result exceeds 64 bits"))
}

async fn nothing() {}

fn sum(numbers: Vec<i64>) -> i64 {
    numbers.iter().sum()
}

fn fault(error: &ClientError) -> (i32, &str) {
    let fault = error.fault().expect("a fault");
    (fault.code(), fault.message())
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Account {
    id: u32,
    name: Option<String>,
}

enum StoreError {
    NotFound,
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Fault::new(7, "not found"),
        }
    }
}

#[tokio::test]
async fn return_types_are_inferred() {
    let dispatcher = Dispatcher::new()
        .method("int", || async move { 3 })
        .method("float", || async { 1.5 })
        .method("ok", || async move { Ok::<_, Fault>(3) })
        .method("unit", || async {})
        .method("item", nothing)
        .method("text", || async { "static" })
        .method("own", |id: u32| async move { Account { id, name: None } })
        .method("own_error", |id: u32| async move {
            if id == 0 {
                return Err(StoreError::NotFound);
            }
            Ok(Account { id, name: None })
        })
        .method("question", |text: String| async move {
            let number: i64 = text.parse().map_err(Fault::disclose)?;
            Ok::<_, Fault>(number)
        })
        .method("boxed", || {
            Box::pin(async { 3 }) as std::pin::Pin<Box<dyn Future<Output = i32> + Send>>
        })
        .method("option", || async { Some(3) })
        .method("at_once", || 3)
        .method("at_once_fault", || Err::<i32, _>(StoreError::NotFound))
        .method("sum", sum)
        .method("value", || async { Value::from("v") });
    let client = Client::new(dispatcher);
    for method in ["int", "ok", "boxed", "option", "at_once"] {
        assert_eq!(client.call::<i32>(method, ()).await.unwrap(), 3, "{method}");
    }
    assert_eq!(client.call::<f64>("float", ()).await.unwrap(), 1.5);
    assert_eq!(client.call::<Value>("unit", ()).await.unwrap(), Value::Nil);
    client.call::<()>("item", ()).await.unwrap();
    for (method, text) in [("text", "static"), ("value", "v")] {
        assert_eq!(client.call::<String>(method, ()).await.unwrap(), text);
    }
    assert_eq!(client.call::<i64>("sum", ([1, 2],)).await.unwrap(), 3);
    let account = Account { id: 5, name: None };
    for method in ["own", "own_error"] {
        let got = client.call::<Account>(method, (5,)).await.unwrap();
        assert_eq!(got, account, "{method}");
    }
    for (method, id) in [("own_error", vec![0]), ("at_once_fault", vec![])] {
        let error = client.call::<Value>(method, id).await.unwrap_err();
        assert_eq!(fault(&error), (7, "not found"));
    }
    let error = client.call::<i64>("question", ("x",)).await.unwrap_err();
    assert_eq!(fault(&error).0, Fault::APPLICATION_ERROR);
}

#[tokio::test]
async fn any_decodable_type_is_a_parameter() {
    type Eight = (i32, bool, String, f64, Vec<u8>, Base64, DateTime, Struct);
    let dispatcher =
        Dispatcher::new()
            .method("pow", pow)
            .method(
                "eight",
                |a: i32,
                 b: bool,
                 c: String,
                 d: f64,
                 e: Vec<u8>,
                 f: Base64,
                 g: DateTime,
                 h: Struct| async move { (a, b, c, d, e, f, g, h) },
            )
            .method("account", |account: Account| async move {
                account.name.unwrap_or_default()
            })
            .method("any", |value: Value| async move { value });
    let client = Client::new(dispatcher);
    assert_eq!(client.call::<i64>("pow", (2, 9)).await.unwrap(), 512);
    let error = client.call::<i64>("pow", (2, 99)).await.unwrap_err();
    assert_eq!(fault(&error), (1, "the result exceeds 64 bits"));

    let eight: Eight = (
        1,
        true,
        "c".to_owned(),
        0.5,
        vec![1, 2],
        Base64(vec![3]),
        DateTime::new(1998, 7, 17, 14, 8, 55).unwrap(),
        Struct::from([("x", 1)]),
    );
    let (a, b, c, d, e, f, g, h) = &eight;
    let answer = client
        .call::<Eight>("eight", (a, b, c, d, e, f, g, h))
        .await
        .unwrap();
    assert_eq!(answer, eight);
    let account = Account {
        id: 1,
        name: Some("Ada".to_owned()),
    };
    let name = client.call::<String>("account", (account,)).await.unwrap();
    assert_eq!(name, "Ada");
    let value = Value::from(vec![Value::from(1), Value::Nil]);
    let echoed = client.call::<Value>("any", (&value,)).await.unwrap();
    assert_eq!(echoed, value);
}

#[tokio::test]
async fn options_at_the_end_may_be_left_out() {
    let dispatcher = Dispatcher::new()
        .method(
            "range",
            |from: i64, to: Option<i64>, step: Option<u8>| async move {
                format!("{from} {to:?} {step:?}")
            },
        )
        .method("middle", |a: Option<i64>, b: i64| async move {
            a.unwrap_or(10) + b
        })
        .method("unit", |(): ()| 1)
        .method("list", |list: Vec<i64>| list.len());
    let client = Client::new(dispatcher);
    let table: [(&[Option<i64>], &str); 5] = [
        (&[Some(1)], "1 None None"),
        (&[Some(1), Some(2)], "1 Some(2) None"),
        (&[Some(1), None], "1 None None"),
        (&[Some(1), None, Some(3)], "1 None Some(3)"),
        (&[Some(1), Some(2), Some(3)], "1 Some(2) Some(3)"),
    ];
    for (params, expected) in table {
        let answer = client.call::<String>("range", params).await.unwrap();
        assert_eq!(answer, expected, "{params:?}");
    }
    assert_eq!(
        client
            .call::<i64>("middle", (None::<i64>, 1))
            .await
            .unwrap(),
        11
    );
    for (method, params, message) in [
        (
            "range",
            &[][..],
            "range: missing parameter 1: expected int, found nothing",
        ),
        ("range", &[1, 2, 3, 4], "range: takes 3 parameters, 4 given"),
        (
            "middle",
            &[1],
            "middle: missing parameter 2: expected int, found nothing",
        ),
        ("unit", &[], "unit: missing parameter 1"),
        (
            "list",
            &[],
            "list: missing parameter 1: expected array, found nothing",
        ),
    ] {
        let error = client.call::<Value>(method, params).await.unwrap_err();
        let (code, text) = fault(&error);
        assert_eq!(code, Fault::INVALID_PARAMS);
        assert!(text.starts_with(message), "{text}");
    }
}

#[tokio::test]
async fn errors_name_the_method_and_the_parameter() {
    let client = Client::new(Dispatcher::new().method("pow", pow));
    let error = client.call::<i64>("pow", (2, -1)).await.unwrap_err();
    let (code, message) = fault(&error);
    assert_eq!(code, Fault::INVALID_PARAMS);
    assert!(message.starts_with("pow: parameter 2: "), "{message}");
    let error = client.call::<i64>("pow", ("two", 2)).await.unwrap_err();
    let (_, message) = fault(&error);
    assert!(
        message.starts_with("pow: parameter 1: expected int, found string \"two\""),
        "{message}"
    );
}

#[tokio::test]
async fn the_context_stands_anywhere_and_is_not_on_the_wire() {
    fn agent(cx: &Context) -> String {
        let agent = cx.headers().get("x-agent");
        String::from_utf8_lossy(agent.map_or(&[], |agent| agent.as_bytes())).into_owned()
    }
    let dispatcher = Dispatcher::new()
        .method("alone", |cx: Context| async move { agent(&cx) })
        .method("first", |cx: Context, n: i32| async move {
            format!("{} {n}", agent(&cx))
        })
        .method("last", |n: i32, cx: Context| async move {
            format!("{} {n}", agent(&cx))
        })
        .method(
            "nine",
            |cx: Context, a: i8, b: i8, c: i8, d: i8, e: i8, f: i8, g: i8, h: i8| async move {
                format!("{} {}", agent(&cx), a + b + c + d + e + f + g + h)
            },
        );
    let client = Client::new(dispatcher);
    let call = client.call::<String>("alone", ());
    assert_eq!(call.header("x-agent", "test").await.unwrap(), "test");
    for method in ["first", "last"] {
        let call = client.call::<String>(method, (5,));
        assert_eq!(call.header("x-agent", "test").await.unwrap(), "test 5");
    }
    let call = client.call::<String>("nine", [1; 8]);
    assert_eq!(call.header("x-agent", "test").await.unwrap(), "test 8");
}

#[tokio::test]
async fn state_is_captured() {
    let count = Arc::new(AtomicI64::new(0));
    let seen = Arc::clone(&count);
    let dispatcher = Dispatcher::new().method("count", move |by: i64| {
        let count = Arc::clone(&count);
        async move {
            tokio::task::yield_now().await;
            count.fetch_add(by, Ordering::Relaxed) + by
        }
    });
    let client = Client::new(dispatcher);
    assert_eq!(client.call::<i64>("count", (2,)).await.unwrap(), 2);
    assert_eq!(client.call::<i64>("count", (3,)).await.unwrap(), 5);
    assert_eq!(seen.load(Ordering::Relaxed), 5);
}

#[tokio::test]
async fn a_panic_is_a_fault() {
    fn odd(number: i64) -> i64 {
        assert!(number % 2 == 1, "the secret is {number}");
        number
    }
    let dispatcher = Dispatcher::new()
        .method("at_once", odd)
        .method("later", |number: i64| async move { odd(number) });
    let client = Client::new(dispatcher);
    for method in ["at_once", "later"] {
        let error = client.call::<i64>(method, (2,)).await.unwrap_err();
        assert_eq!(fault(&error), (Fault::INTERNAL_ERROR, "internal error"));
        assert_eq!(client.call::<i64>(method, (3,)).await.unwrap(), 3);
    }
}

#[xmlrpc_service]
trait Demo {
    async fn pow(&self, base: i64, exponent: u32) -> i64;
}

struct Example;

impl Demo for Example {
    async fn pow(&self, _: i64, _: u32) -> i64 {
        0
    }
}

#[tokio::test]
async fn functions_and_services_stand_beside_each_other() {
    let dispatcher = Dispatcher::new()
        .service(DemoServer::new(Example))
        .method("add", |a: i64, b: i64| a + b);
    let client = Client::new(dispatcher);
    assert_eq!(client.call::<i64>("add", (1, 2)).await.unwrap(), 3);
    assert_eq!(DemoClient::new(&client).pow(1, 2).await.unwrap(), 0);
    let names = client.call::<Vec<String>>("system.listMethods", ());
    assert_eq!(
        names.await.unwrap()[..3],
        ["add", "pow", "system.getCapabilities"]
    );
    let calls = ["add", "nothing"].map(|name| client.call::<i64>(name, (1, 2)));
    let answers = client.multicall(Vec::from(calls)).await.unwrap();
    assert_eq!(*answers[0].as_ref().unwrap(), 3);
    assert_eq!(
        fault(answers[1].as_ref().unwrap_err()).0,
        Fault::METHOD_NOT_FOUND
    );
}

#[test]
fn a_name_that_is_taken_is_an_error() {
    let dispatcher = Dispatcher::new().service(DemoServer::new(Example));
    let error = dispatcher.try_method("pow", pow).unwrap_err().to_string();
    assert_eq!(
        error,
        "the method name `pow` of the function `service::dynamic::pow` is already taken \
         by the service `Demo`"
    );
    let error = Dispatcher::new()
        .method("pow", pow)
        .try_service(DemoServer::new(Example))
        .unwrap_err();
    assert!(error.to_string().contains("function"), "{error}");
    assert!(
        Dispatcher::new()
            .try_method("system.multicall", pow)
            .is_err()
    );
}

#[test]
#[should_panic(
    expected = "the method name `pow` of the function `service::dynamic::pow` is already taken \
                by the function `service::dynamic::pow`"
)]
fn two_functions_of_one_name_stop_the_start() {
    let _ = Dispatcher::new().method("pow", pow).method("pow", pow);
}

#[tokio::test]
async fn signatures_have_the_types_of_the_parameters() {
    let dispatcher = Dispatcher::new().method("none", nothing).method(
        "range",
        |_: Context, _: Option<i32>, _: i32, _: Option<String>, _: Option<Base64>| 1,
    );
    let nested = Dispatcher::new().nest("a", dispatcher.clone());
    for (dispatcher, prefix) in [(dispatcher, ""), (nested, "a.")] {
        let described: Vec<_> = dispatcher
            .describe()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(described[0], format!("{prefix}none(): undefined"));
        assert_eq!(
            described[1],
            format!(
                "{prefix}range(param1: int or nil, param2: int, param3?: string or nil, \
                 param4?: base64 or nil): undefined"
            )
        );
        let client = Client::new(dispatcher);
        let name = format!("{prefix}range");
        let signatures = client
            .call::<Vec<Vec<String>>>("system.methodSignature", (&name,))
            .await
            .unwrap();
        assert_eq!(signatures.len(), 3);
        assert_eq!(signatures[2][1..], ["int", "int", "string", "base64"]);
        let help = client.call::<String>("system.methodHelp", (&name,));
        assert_eq!(help.await.unwrap(), "");
    }
}
