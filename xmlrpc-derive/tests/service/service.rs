//! Names, parameters and results of a generated service.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tower::service_fn;
use xmlrpc_core::{
    BoxTransport, Client, Dispatcher, Fault, Request, Response, Value, client::BoxError,
    xmlrpc_service,
};

mod cases {
    use super::*;

    #[xmlrpc_service]
    pub trait Plain {
        async fn get_some_data(&self);
        #[xmlrpc(name = "other", aliases = ["alias.one", "aliasTwo"])]
        async fn renamed(&self);
    }

    macro_rules! services {
        ($($name:ident: $($attr:tt)*);*) => {
            $(#[xmlrpc_service($($attr)*)] pub trait $name { async fn get_some_data(&self); })*
        };
    }

    #[xmlrpc_service(namespace = "a.b")]
    pub trait Namespace {
        async fn get_some_data(&self);
    }
    #[xmlrpc_service(namespace = "a", separator = "/")]
    pub trait Separator {
        async fn get_some_data(&self);
    }
    #[xmlrpc_service(rename_all = "camelCase", namespace = "ns")]
    pub trait Camel {
        async fn get_some_data(&self);
    }
    services!(Lower: rename_all = "lowercase");
    services!(Upper: rename_all = "UPPERCASE");
    services!(Pascal: rename_all = "PascalCase");
    services!(Snake: rename_all = "snake_case");
    services!(Screaming: rename_all = "SCREAMING_SNAKE_CASE");
}

#[test]
fn names_on_the_wire() {
    use cases::*;
    let client = || Client::new(Dispatcher::new());
    let plain = PlainClient::new(client());
    let table = [
        (plain.get_some_data(), "get_some_data"),
        (plain.renamed(), "other"),
        (
            NamespaceClient::new(client()).get_some_data(),
            "a.b.get_some_data",
        ),
        (
            SeparatorClient::new(client()).get_some_data(),
            "a/get_some_data",
        ),
        (LowerClient::new(client()).get_some_data(), "getsomedata"),
        (UpperClient::new(client()).get_some_data(), "GETSOMEDATA"),
        (PascalClient::new(client()).get_some_data(), "GetSomeData"),
        (CamelClient::new(client()).get_some_data(), "ns.getSomeData"),
        (SnakeClient::new(client()).get_some_data(), "get_some_data"),
        (
            ScreamingClient::new(client()).get_some_data(),
            "GET_SOME_DATA",
        ),
    ];
    for (call, name) in table {
        assert_eq!(call.method(), name);
    }
}

#[tokio::test]
async fn aliases_are_complete_names_of_the_same_method() {
    struct Nothing;
    impl cases::Plain for Nothing {
        async fn get_some_data(&self) {}
        async fn renamed(&self) {}
    }
    let client = Client::new(Dispatcher::new().service(cases::PlainServer::new(Nothing)));
    for name in ["other", "alias.one", "aliasTwo"] {
        client.call::<()>(name, ()).await.unwrap();
    }
    assert!(client.call::<()>("renamed", ()).await.is_err());
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    name: String,
    age: u8,
}

type Name = str;
type Numbers = [i64];

mod alias {
    pub type Result<T> = std::result::Result<T, Error>;

    #[derive(Debug)]
    pub struct Error(pub i32);

    impl From<Error> for super::Fault {
        fn from(error: Error) -> Self {
            Self::new(error.0, "an error of its own")
        }
    }
}

#[xmlrpc_service]
pub trait Params {
    async fn none(&self) -> Vec<i64>;
    async fn text(&self, text: &str) -> u32;
    async fn aliases(&self, name: &Name, numbers: &Numbers) -> String;
    async fn person(&self, person: &Person) -> String;
    async fn maybe_person(&self, person: Option<&Person>, more: i64) -> bool;
    async fn trailing(&self, a: i64, b: Option<i64>, c: Option<&str>) -> String;
    async fn path(&self, path: &std::path::Path) -> bool;
    async fn own(&self, code: i32) -> alias::Result<i64>;
}

struct Server;

impl Params for Server {
    async fn none(&self) -> Vec<i64> {
        Vec::new()
    }
    async fn text(&self, text: &str) -> u32 {
        text.chars().map(|_| 1).sum()
    }
    async fn aliases(&self, name: &Name, numbers: &Numbers) -> String {
        format!("{name} {numbers:?}")
    }
    async fn person(&self, person: &Person) -> String {
        person.name.clone()
    }
    async fn maybe_person(&self, person: Option<&Person>, _more: i64) -> bool {
        person.is_some()
    }
    async fn trailing(&self, a: i64, b: Option<i64>, c: Option<&str>) -> String {
        format!("{a} {b:?} {c:?}")
    }
    async fn path(&self, path: &std::path::Path) -> bool {
        path.is_absolute()
    }
    async fn own(&self, code: i32) -> alias::Result<i64> {
        if code == 0 {
            Ok(1)
        } else {
            Err(alias::Error(code))
        }
    }
}

fn params() -> ParamsClient<Dispatcher> {
    let server = ParamsServer::new(Arc::new(Server));
    ParamsClient::new(Client::new(Dispatcher::new().service(server)))
}

#[tokio::test]
async fn parameters_are_lent() {
    let params = params();
    let ada = Person {
        name: "Ada".into(),
        age: 36,
    };
    assert_eq!(params.none().await.unwrap(), Vec::<i64>::new());
    assert_eq!(params.text("four").await.unwrap(), 4);
    assert_eq!(params.aliases("a", &[1, 2]).await.unwrap(), "a [1, 2]");
    assert_eq!(params.person(&ada).await.unwrap(), "Ada");
    assert!(params.maybe_person(Some(&ada), 1).await.unwrap());
    assert!(!params.maybe_person(None, 1).await.unwrap());
    assert!(params.path("/etc".as_ref()).await.unwrap());
}

#[tokio::test]
async fn errors_become_faults() {
    let params = params();
    assert_eq!(params.own(0).await.unwrap(), 1);
    let error = params.own(17).await.unwrap_err();
    assert_eq!(error.fault(), Some(&Fault::new(17, "an error of its own")));
}

/// A client whose transport returns the number of parameters and of nils of each call.
fn counting() -> Client<BoxTransport> {
    let transport = service_fn(|request: Request| async move {
        let document = std::str::from_utf8(&request.body)?;
        let count = document.matches("<param>").count();
        let nils = document.matches("<nil/>").count();
        let body = format!(
            "<methodResponse><params><param><value>{count} {nils}</value></param></params></methodResponse>"
        );
        Ok::<_, BoxError>(Response::new(body))
    });
    Client::new(transport).boxed()
}

#[tokio::test]
async fn trailing_options_are_left_out() {
    let wire = ParamsClient::new(counting());
    let server = params();
    let table = [
        ((None, None), "1 0", "1 None None"),
        ((Some(2), None), "2 0", "1 Some(2) None"),
        ((Some(2), Some("3")), "3 0", "1 Some(2) Some(\"3\")"),
        ((None, Some("3")), "3 1", "1 None Some(\"3\")"),
    ];
    for ((b, c), count, shown) in table {
        assert_eq!(wire.trailing(1, b, c).await.unwrap(), count);
        assert_eq!(server.trailing(1, b, c).await.unwrap(), shown);
    }
    // An `Option` before a required parameter is sent as nil.
    let error = wire.maybe_person(None, 1).await.unwrap_err();
    assert!(error.to_string().contains("\"2 1\""), "{error}");
}

#[tokio::test]
async fn mistaken_parameters_are_named() {
    let client = params().client().clone();
    let call = async |method: &str, params: Vec<Value>| {
        let error = client.call::<Value>(method, params).await.unwrap_err();
        let fault = error.fault().expect("a fault");
        assert_eq!(fault.code(), Fault::INVALID_PARAMS, "{fault}");
        fault.message().to_owned()
    };
    let text = call("text", vec![]).await;
    assert!(
        text.starts_with("text: missing parameter 1 `text`"),
        "{text}"
    );
    let text = call("text", vec![Value::from(1)]).await;
    assert!(text.contains("parameter 1 `text`"), "{text}");
    assert!(text.contains("expected string, found int"), "{text}");
    let text = call("text", vec![Value::from("a"), Value::from("b")]).await;
    assert!(text.contains("takes 1 parameter, 2 given"), "{text}");
    let text = call("trailing", vec![Value::from("a")]).await;
    assert!(text.contains("parameter 1 `a`"), "{text}");
}

mod one_side {
    use super::*;

    /// Types that implement only one of serde's traits.
    #[derive(Deserialize)]
    pub struct In(pub i64);
    #[derive(Serialize)]
    pub struct Out(pub i64);

    #[xmlrpc_service(server)]
    pub trait Serves {
        async fn negate(&self, value: In) -> Out;
    }

    #[xmlrpc_service(client)]
    pub trait Calls {
        async fn negate(&self, value: Out) -> In;
    }
}

#[tokio::test]
async fn one_side_needs_one_half_of_serde() {
    struct Negation;
    impl one_side::Serves for Negation {
        async fn negate(&self, value: one_side::In) -> one_side::Out {
            one_side::Out(-value.0)
        }
    }
    let client = Client::new(Dispatcher::new().service(one_side::ServesServer::new(Negation)));
    let calls = one_side::CallsClient::new(client);
    assert_eq!(calls.negate(one_side::Out(3)).await.unwrap().0, -3);
}
