//! `default` and `rest`: parameters that a caller may leave out, and any number of parameters.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use xmlrpc_core::{Client, Context, Dispatcher, Fault, Value, xmlrpc_service};

use crate::wire::{echo, fault};

const LIMIT: u32 = 10;

mod settings {
    pub fn host() -> String {
        "localhost".to_owned()
    }
}

#[xmlrpc_service]
pub trait Defaults {
    async fn list(
        &self,
        folder: &str,
        #[xmlrpc(default = LIMIT)] limit: u32,
        #[xmlrpc(default)] offset: i64,
    ) -> String;
    async fn connect(
        &self,
        #[xmlrpc(default = settings::host())] host: String,
        #[xmlrpc(default = 80)] port: u16,
        user: Option<&str>,
    ) -> String;
    async fn lent(
        &self,
        #[xmlrpc(default = "nobody")] name: &str,
        #[xmlrpc(default)] empty: &str,
        #[xmlrpc(default = &[1, 2])] numbers: &[i64],
        #[xmlrpc(default = &BTreeMap::from([("a".to_owned(), 1)]))] map: &BTreeMap<String, i64>,
        #[xmlrpc(default = Cow::Borrowed("cow"))] cow: Cow<'_, str>,
    ) -> String;
    async fn spelt<'a>(
        &self,
        #[xmlrpc(context)] context: &Context,
        #[xmlrpc(default = "here")] text: &'a str,
        #[xmlrpc(default = Cow::Borrowed("there"))] other: Cow<'a, str>,
    ) -> String;
    /// An expression sees only what is in scope at the trait.
    async fn scope(&self, limit: u32, #[xmlrpc(default = LIMIT + 1)] params: u32) -> u32;
}

#[xmlrpc_service]
pub trait Rest {
    async fn join(&self, separator: &str, #[xmlrpc(rest)] words: Vec<String>) -> String;
    async fn sum(&self, #[xmlrpc(rest)] numbers: &[i64]) -> i64;
    async fn mixed(
        &self,
        first: Option<i64>,
        #[xmlrpc(default = 7)] second: i64,
        #[xmlrpc(rest)] others: &[(String, i64)],
        #[xmlrpc(context)] context: &Context,
    ) -> String;
}

pub struct Server;

impl Defaults for Server {
    async fn list(&self, folder: &str, limit: u32, offset: i64) -> String {
        format!("{folder} {limit} {offset}")
    }
    async fn connect(&self, host: String, port: u16, user: Option<&str>) -> String {
        format!("{user:?}@{host}:{port}")
    }
    async fn lent(
        &self,
        name: &str,
        empty: &str,
        numbers: &[i64],
        map: &BTreeMap<String, i64>,
        cow: Cow<'_, str>,
    ) -> String {
        format!("{name} {empty:?} {numbers:?} {map:?} {cow}")
    }
    async fn spelt<'a>(&self, context: &Context, text: &'a str, other: Cow<'a, str>) -> String {
        format!("{} {text} {other}", context.headers().len())
    }
    async fn scope(&self, limit: u32, params: u32) -> u32 {
        limit + params
    }
}

impl Rest for Server {
    async fn join(&self, separator: &str, words: Vec<String>) -> String {
        words.join(separator)
    }
    async fn sum(&self, numbers: &[i64]) -> i64 {
        numbers.iter().sum()
    }
    async fn mixed(
        &self,
        first: Option<i64>,
        second: i64,
        others: &[(String, i64)],
        _: &Context,
    ) -> String {
        format!("{first:?} {second} {others:?}")
    }
}

fn server() -> Client<Dispatcher> {
    let server = Arc::new(Server);
    Client::new(
        Dispatcher::new()
            .service(DefaultsServer::new(server.clone()))
            .service(RestServer::new(server)),
    )
}

#[tokio::test]
async fn a_parameter_that_is_left_out_or_nil_is_its_default() {
    let text = |text: &str| Value::from(text);
    let table: [(&str, Vec<Value>, &str); 12] = [
        ("list", vec![text("/")], "/ 10 0"),
        ("list", vec![text("/"), Value::Nil], "/ 10 0"),
        ("list", vec![text("/"), 3.into()], "/ 3 0"),
        ("list", vec![text("/"), Value::Nil, 4.into()], "/ 10 4"),
        ("connect", vec![], "None@localhost:80"),
        ("connect", vec![text("h")], "None@h:80"),
        (
            "connect",
            vec![text("h"), 1.into(), text("u")],
            "Some(\"u\")@h:1",
        ),
        ("lent", vec![], "nobody \"\" [1, 2] {\"a\": 1} cow"),
        (
            "lent",
            vec![text("n"), text("e")],
            "n \"e\" [1, 2] {\"a\": 1} cow",
        ),
        ("spelt", vec![], "0 here there"),
        ("spelt", vec![text("a"), text("b")], "0 a b"),
        ("spelt", vec![Value::Nil, text("b")], "0 here b"),
    ];
    for (method, params, answer) in table {
        let found = server().call::<String>(method, &params).await.unwrap();
        assert_eq!(found, answer, "{method} {params:?}");
    }
    assert_eq!(server().call::<u32>("scope", (100,)).await.unwrap(), 111);
}

#[tokio::test]
async fn a_stub_sends_what_has_a_default() {
    let defaults = DefaultsClient::new(server());
    assert_eq!(defaults.list("/", 1, 2).await.unwrap(), "/ 1 2");
    assert_eq!(defaults.list("/", 10, 0).await.unwrap(), "/ 10 0");
    let map = BTreeMap::new();
    let lent = defaults.lent("n", "", &[], &map, Cow::Borrowed("c")).await;
    assert_eq!(lent.unwrap(), "n \"\" [] {} c");

    let wire = DefaultsClient::new(echo());
    let sent = wire.list("/", 10, 0).await.unwrap();
    assert_eq!(
        sent,
        "<value><string>/</string></value>,<value><int>10</int></value>,<value><int>0</int></value>,"
    );
    let sent = wire.connect("h".to_owned(), 80, None).await.unwrap();
    assert_eq!(
        sent,
        "<value><string>h</string></value>,<value><int>80</int></value>,"
    );
}

#[tokio::test]
async fn the_rest_is_any_number_of_parameters() {
    let rest = RestClient::new(server());
    let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(rest.join("-", words(&[])).await.unwrap(), "");
    assert_eq!(
        rest.join("-", words(&["a", "b", "c"])).await.unwrap(),
        "a-b-c"
    );
    assert_eq!(rest.sum(&[]).await.unwrap(), 0);
    assert_eq!(rest.sum(&[1, 2, 3, 4]).await.unwrap(), 10);
    let client = rest.client();
    assert_eq!(client.call::<i64>("sum", (1, 2)).await.unwrap(), 3);
    assert_eq!(
        client.call::<String>("mixed", ()).await.unwrap(),
        "None 7 []"
    );
    let pair = [("a".to_owned(), 1)];
    let mixed = rest.mixed(None, 2, &pair).await.unwrap();
    assert_eq!(mixed, "None 2 [(\"a\", 1)]");

    let wire = RestClient::new(echo());
    assert_eq!(
        wire.join("-", words(&["a", "b"])).await.unwrap(),
        "<value><string>-</string></value>,<value><string>a</string></value>,<value><string>b</string></value>,"
    );
}

#[tokio::test]
async fn mistakes_name_the_method_the_parameter_and_both_types() {
    let server = Arc::new(Server);
    let dispatcher = Dispatcher::new()
        .service(DefaultsServer::new(server.clone()))
        .service(RestServer::new(server));
    let text = "<string>x</string>";
    let table: [(&str, &[&str], &str); 7] = [
        (
            "list",
            &[],
            "list: missing parameter 1 `folder`: expected string, found nothing",
        ),
        (
            "list",
            &["<int>1</int>"],
            "list: parameter 1 `folder`: expected string, found int 1 at params[0] (line 1, column 64)",
        ),
        (
            "list",
            &[text, text],
            "list: parameter 2 `limit`: expected int, found string \"x\" at params[1]",
        ),
        (
            "list",
            &[text, "<int>1</int>", "<int>1</int>", "<double>1.5</double>"],
            "list: takes 3 parameters, 4 given: parameter 4: expected nothing, found double 1.5 at params[3]",
        ),
        (
            "scope",
            &[],
            "scope: missing parameter 1 `limit`: expected int, found nothing",
        ),
        (
            "scope",
            &["<nil/>"],
            "scope: parameter 1 `limit`: expected int, found nil at params[0]",
        ),
        (
            "join",
            &[text, text, "<boolean>1</boolean>"],
            "join: parameter 3 `words`: expected string, found boolean 1 at params[2]",
        ),
    ];
    for (method, params, message) in table {
        let fault = fault(&dispatcher, method, params).await;
        assert_eq!(fault.code(), Fault::INVALID_PARAMS, "{fault}");
        assert!(fault.message().contains(message), "{fault}");
    }
}
