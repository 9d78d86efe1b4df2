//! Traits for a client alone, of services that somebody else wrote.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, Mutex},
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use xmlrpc_core::{
    Client, Context, Dispatcher, Fault, Value, from_value, message::Params,
    schema::MethodDescription, to_value, value, xmlrpc_service,
};

#[derive(Debug, Default, Serialize)]
pub struct Options<'a> {
    pub fields: &'a [&'a str],
    pub limit: Option<u32>,
}

/// It can be decoded, but only from a document that outlives it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Reference<'a> {
    pub name: &'a str,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Partner {
    pub name: String,
}

#[derive(Debug, Serialize)]
pub struct NewPartner<'a> {
    pub name: &'a str,
}

type Domain<'a> = (&'a str, &'a str, &'a str);

/// Odoo's `execute_kw`: one name on the wire, many types.
#[xmlrpc_service(client)]
pub trait Object {
    #[xmlrpc(name = "execute_kw")]
    async fn read<R: DeserializeOwned>(
        &self,
        model: &str,
        method: &str,
        args: impl Serialize,
        options: &Options<'_>,
    ) -> Result<Vec<R>, Fault>;

    #[xmlrpc(name = "execute_kw")]
    async fn create(&self, model: &str, method: &str, records: &[&NewPartner<'_>]) -> Vec<i64>;

    #[xmlrpc(name = "execute_kw")]
    async fn call<A, R>(&self, model: &str, method: &str, #[xmlrpc(rest)] args: &[A]) -> R
    where
        A: Serialize,
        R: DeserializeOwned + Send + 'static;
}

/// Each kind of borrowed parameter.
#[xmlrpc_service(client, namespace = "b")]
pub trait Borrowed {
    async fn list(&self, a: &[&str]) -> Value;
    async fn pair(&self, a: (&str, i32)) -> Value;
    async fn map(&self, a: Option<BTreeMap<&str, i32>>) -> Value;
    async fn deep<'a>(&self, a: &[Vec<(&'a str, Option<&'a str>)>]) -> Value;
    async fn sets(&self, a: &HashMap<&str, HashSet<&str>>, b: Box<[&str]>) -> Value;
    async fn by_value(&self, a: Vec<&str>, b: Cow<'_, str>, c: Reference<'_>) -> Value;
    async fn maybe(&self, a: Option<&[&str]>, b: &str, c: Option<&Options<'_>>) -> Value;
    async fn rest(&self, #[xmlrpc(rest)] a: Vec<&str>) -> Value;
    async fn rest_of_any(&self, #[xmlrpc(rest)] a: &[impl Serialize]) -> Value;
    #[xmlrpc(params = struct)]
    async fn named(&self, ids: &[&str], any: impl Serialize, maybe: Option<&[&str]>) -> Value;
    async fn domain(&self, a: &[Domain<'_>]) -> Value;
    async fn reference_to_any(&self, a: &impl Serialize) -> Value;
    async fn array<const N: usize>(&self, a: &[[i32; N]]) -> Value
    where
        [i32; N]: Serialize;
    async fn of_the_stub<T: Serialize>(&self, a: T) -> Value;
    fn at_once(&self, a: impl Serialize) -> Value;
}

/// A client of a server whose methods return their parameters.
fn echo() -> Client<Dispatcher> {
    let echo = |_: String, params: Params, _: Context| {
        let values = params.to_values().map_err(Fault::internal)?;
        Ok::<_, Fault>(values)
    };
    Client::new(Dispatcher::new().fallback(echo))
}

#[tokio::test]
async fn parameters_can_borrow_at_any_depth() {
    let b = BorrowedClient::new(echo());
    let text = "text".to_owned();
    let map = HashMap::from([("k", HashSet::from(["v"]))]);
    let options = Options {
        fields: &["name"],
        limit: None,
    };
    let cases = [
        (b.list(&["a", &text]), value!([["a", "text"]])),
        (b.pair((&text, 1)), value!([["text", 1]])),
        (
            b.map(Some(BTreeMap::from([(&*text, 1)]))),
            value!([{"text": 1}]),
        ),
        (b.map(None), value!([])),
        (b.deep(&[vec![("a", Some("b"))]]), value!([[[["a", "b"]]]])),
        (b.sets(&map, Box::new(["x"])), value!([{"k": ["v"]}, ["x"]])),
        (
            b.by_value(vec![&text], Cow::Borrowed("b"), Reference { name: "c" }),
            value!([["text"], "b", {"name": "c"}]),
        ),
        (
            b.maybe(None, "b", Some(&options)),
            value!([nil, "b", {"fields": ["name"]}]),
        ),
        (b.maybe(Some(&["a"]), "b", None), value!([["a"], "b"])),
        (b.rest(vec!["a", &text]), value!(["a", "text"])),
        (b.rest_of_any(&[(1, "a")]), value!([[1, "a"]])),
        (
            b.named(&["a"], 1.5, None),
            value!([{"ids": ["a"], "any": 1.5}]),
        ),
        (
            b.named(&[], "x", Some(&["m"])),
            value!([{"ids": [], "any": "x", "maybe": ["m"]}]),
        ),
        (
            b.domain(&[("name", "=", "x")]),
            value!([[["name", "=", "x"]]]),
        ),
        (b.reference_to_any(&[1, 2]), value!([[1, 2]])),
        (b.array(&[[1, 2], [3, 4]]), value!([[[1, 2], [3, 4]]])),
        (b.of_the_stub(&options), value!([{"fields": ["name"]}])),
        (b.at_once(true), value!([true])),
    ];
    for (call, expected) in cases {
        assert_eq!(call.await.unwrap(), expected);
    }
}

#[tokio::test]
async fn one_name_has_several_types() {
    let object = ObjectClient::new(echo());
    let create = object.create("partner", "create", &[&NewPartner { name: "a" }]);
    assert_eq!(create.method(), "execute_kw");
    assert!(
        create.await.unwrap_err().is_decode(),
        "the echo is not a list of ids"
    );
    let read = object.read::<Value>("partner", "read", (1, [2]), &Options::default());
    assert_eq!(read.method(), "execute_kw");
    assert_eq!(
        read.await.unwrap(),
        value!(["partner", "read", [1, [2]], {"fields": []}])
            .as_array()
            .unwrap()
            .to_vec()
    );
    let called = object.call::<_, (String, String, i64)>("a", "b", &[7]);
    assert_eq!(called.await.unwrap().2, 7);
}

#[test]
fn open_types_are_described_as_any() {
    let described = |methods: Vec<MethodDescription>| -> Vec<String> {
        methods.iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        described(ObjectClient::describe().methods),
        [
            "execute_kw(model: string, method: string, args: undefined, options: undefined): array",
            "execute_kw(model: string, method: string, records: array): array of i8",
            "execute_kw(model: string, method: string, args…: undefined): undefined",
        ]
    );
    assert_eq!(
        described(BorrowedClient::describe().methods),
        [
            "b.list(a: array of string): undefined",
            "b.pair(a: array [string, int]): undefined",
            "b.map(a?: struct of int or nil): undefined",
            "b.deep(a: array of array of array [string, string or nil]): undefined",
            "b.sets(a: struct of array of string, b: array of string): undefined",
            "b.by_value(a: array of string, b: string, c: undefined): undefined",
            "b.maybe(a: array of string or nil, b: string, c?: undefined): undefined",
            "b.rest(a…: string): undefined",
            "b.rest_of_any(a…: undefined): undefined",
            "b.named(params: struct {ids: array of string, any: undefined, maybe?: array of string or nil}): undefined",
            "b.domain(a: array): undefined",
            "b.reference_to_any(a: undefined): undefined",
            "b.array(a: array of array of int): undefined",
            "b.of_the_stub(a: undefined): undefined",
            "b.at_once(a: undefined): undefined",
        ]
    );
}

/// A mock that keeps its calls and returns a prepared value. It does not repeat the bounds `Send` and `Sync`.
#[derive(Default)]
struct Mock {
    calls: Mutex<Vec<Value>>,
    result: Value,
}

impl Mock {
    /// Waits while it holds its arguments, as a mock with a delay does.
    async fn called<R: DeserializeOwned>(&self, call: impl Serialize) -> R {
        tokio::task::yield_now().await;
        self.calls.lock().unwrap().push(to_value(&call).unwrap());
        from_value(self.result.clone()).unwrap()
    }
}

impl Object for Mock {
    async fn read<R: DeserializeOwned>(
        &self,
        model: &str,
        method: &str,
        args: impl Serialize,
        options: &Options<'_>,
    ) -> Result<Vec<R>, Fault> {
        Ok(self.called((model, method, args, options)).await)
    }

    async fn create(&self, model: &str, method: &str, records: &[&NewPartner<'_>]) -> Vec<i64> {
        self.called((model, method, records)).await
    }

    async fn call<A, R>(&self, model: &str, method: &str, args: &[A]) -> R
    where
        A: Serialize,
        R: DeserializeOwned + Send + 'static,
    {
        self.called((model, method, args)).await
    }
}

/// The names of all partners, read in another task.
async fn names<O: Object>(object: Arc<O>) -> Result<Vec<String>, Fault> {
    let names = tokio::spawn(async move {
        let fields = ["name".to_owned()];
        let options = Options {
            fields: &[&fields[0]],
            limit: Some(2),
        };
        let partners = object.read::<Partner>("partner", "search_read", [()], &options);
        let partners = partners.await?;
        let touched: Value = object.call("partner", "touch", &fields).await;
        assert!(touched.as_array().is_some());
        Ok(partners.into_iter().map(|partner| partner.name).collect())
    });
    names.await.unwrap()
}

#[tokio::test]
async fn a_mock_has_futures_that_can_be_spawned() {
    let mock = Arc::new(Mock {
        result: value!([{"name": "Ada"}]),
        ..Mock::default()
    });
    assert_eq!(names(Arc::clone(&mock)).await.unwrap(), ["Ada"]);
    let calls = mock.calls.lock().unwrap();
    assert_eq!(
        *calls,
        [
            value!(["partner", "search_read", [nil], {"fields": ["name"], "limit": 2}]),
            value!(["partner", "touch", ["name"]]),
        ]
    );
}
