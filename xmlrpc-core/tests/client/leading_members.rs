//! Members that a client adds to the struct of each call.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer, ser::Error as _};
use tower::service_fn;
use xmlrpc_core::{
    BoxTransport, Call, Client, Dialect, Limits, Request, Response, Value,
    client::{BoxError, ClientErrorKind},
    message::{EncodedResponse, IncomingCall},
    value, xmlrpc_service,
};

use crate::common::log::Log;

/// The interface of a server whose methods take one struct.
#[xmlrpc_service(client)]
trait Bugs {
    #[xmlrpc(params = struct)]
    async fn search(&self, product: &str, limit: Option<i64>) -> Value;
    async fn create(&self, bug: &BTreeMap<&str, i64>) -> Value;
    async fn version(&self) -> Value;
    async fn find(&self, criteria: Option<Empty>) -> Value;
    #[xmlrpc(params = struct, no_leading)]
    async fn open(&self, id: i64) -> Value;
    async fn by_position(&self, id: i64) -> Value;
    async fn two(&self, one: Empty, other: Empty) -> Value;
}

#[derive(Clone, Copy, Serialize)]
struct Empty {}

#[derive(Clone, Copy, Serialize)]
struct Login {
    key: &'static str,
    realm: Option<i32>,
}

const LOGIN: Login = Login {
    key: "hunter2 <&>",
    realm: None,
};

/// A client of a server whose methods return the list of their parameters.
fn echoing() -> Client<BoxTransport> {
    let echo = service_fn(|request: Request| async move {
        let call = IncomingCall::read(request.body, None, &Limits::default())?;
        let params = call.params().to_values()?;
        let entries = params.first().and_then(Value::as_array);
        let response = match (call.method(), entries) {
            ("system.multicall", Some(entries)) => {
                let results: Vec<_> = entries.iter().map(|entry| (&entry["params"],)).collect();
                EncodedResponse::new(&results, Dialect::EXTENDED)?
            }
            _ => EncodedResponse::new(&params, Dialect::EXTENDED)?,
        };
        Ok::<_, BoxError>(Response::new(response.into_document()))
    });
    Client::new(echo).boxed()
}

#[tokio::test]
async fn each_struct_has_them() {
    let client = echoing();
    let bugs = BugsClient::new(&client).with_leading_members(LOGIN);
    let bug = BTreeMap::from([("priority", 1)]);
    let key = "hunter2 <&>";
    let cases = || -> [(Call<_, Value>, Value); 9] {
        [
            (
                bugs.search("Core", Some(5)),
                value!([{"key": key, "product": "Core", "limit": 5}]),
            ),
            (
                bugs.search("Core", None),
                value!([{"key": key, "product": "Core"}]),
            ),
            (bugs.create(&bug), value!([{"key": key, "priority": 1}])),
            (bugs.version(), value!([{"key": key}])),
            (bugs.find(None), value!([{"key": key}])),
            (bugs.find(Some(Empty {})), value!([{"key": key}])),
            (bugs.open(3), value!([{"id": 3}])),
            (
                bugs.client().call("by name", (&bug,)),
                value!([{"key": key, "priority": 1}]),
            ),
            (client.call("without", (&bug,)), value!([{"priority": 1}])),
        ]
    };
    for (call, expected) in cases() {
        assert_eq!(call.await.unwrap(), expected);
    }
    // The entries of a multicall have them as well, and so have entries that are sent individually.
    let (calls, expected): (Vec<_>, Vec<_>) = cases().into_iter().unzip();
    let results = client.multicall(calls).await.unwrap();
    let results: Vec<_> = results.into_iter().map(Result::unwrap).collect();
    assert_eq!(results, expected);
    let individual = echoing().system_multicall(false);
    let one = BugsClient::new(&individual).with_leading_members(LOGIN);
    let (version,) = individual.multicall((one.version(),)).await.unwrap();
    assert_eq!(version.unwrap(), value!([{"key": key}]));

    // The introspection of a server has none.
    let call = bugs.client().call::<Value>("system.listMethods", ());
    assert_eq!(call.await.unwrap(), value!([]));
    // Members come first on the wire.
    let values = bugs.search("Core", None).await.unwrap();
    let names: Vec<_> = values[0].as_struct().unwrap().keys().collect();
    assert_eq!(names, ["key", "product"]);
}

#[tokio::test]
async fn they_are_replaced_and_removed() {
    let bugs = BugsClient::new(echoing()).with_leading_members(LOGIN);
    let version = async |bugs: &BugsClient| bugs.version().await.unwrap();
    let other = bugs
        .clone()
        .with_leading_members(BTreeMap::from([("a", 1)]));
    assert_eq!(version(&other).await, value!([{"a": 1}]));
    for bare in [
        bugs.clone().with_leading_members(Empty {}),
        bugs.clone()
            .with_leading_members(BTreeMap::<String, i32>::new()),
        BugsClient::new(bugs.client().clone().with_leading_params(())),
    ] {
        assert_eq!(version(&bare).await, value!([]));
    }
    // A client has either parameters or members.
    let params = BugsClient::new(bugs.client().clone().with_leading_params((7,)));
    assert_eq!(version(&params).await, value!([7]));
    let members = params.with_leading_members(LOGIN);
    assert_eq!(version(&members).await, value!([{"key": "hunter2 <&>"}]));
}

async fn encode_error(call: Call<BoxTransport, Value>) -> String {
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ClientErrorKind::Encode);
    error.to_string()
}

#[tokio::test]
async fn other_parameters_are_errors() {
    let bugs = BugsClient::new(echoing()).with_leading_members(LOGIN);
    for (call, name) in [
        (bugs.by_position(1), "by_position"),
        (bugs.two(Empty {}, Empty {}), "two"),
        (bugs.client().call("text", ("<value><struct>",)), "text"),
        (bugs.client().call("list", ([Empty {}],)), "list"),
    ] {
        assert_eq!(
            encode_error(call).await,
            format!(
                "calling `{name}`: cannot encode the parameters: \
                 the leading members of the client can only be added to a struct, \
                 but the parameters of this method are not one struct; \
                 add `#[xmlrpc(no_leading)]` to it, or use a client without leading members"
            )
        );
    }
    let error = encode_error(bugs.search("\u{1}", None)).await;
    assert!(error.ends_with("at params[0].product"), "{error}");
    assert!(!error.contains("hunter2"), "{error}");
}

#[tokio::test]
async fn errors_do_not_show_them() {
    struct Failing;

    impl Serialize for Failing {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(S::Error::custom("my secret is hunter2"))
        }
    }

    let hidden = "the leading members cannot be written as XML-RPC; \
                  the reason is not shown, because they may be secret";
    let shape = "the leading members must be a struct or a map";
    let standard = echoing().dialect(Dialect::STANDARD);
    for (client, reason) in [
        (echoing().with_leading_members(Failing), hidden),
        (
            echoing().with_leading_members(BTreeMap::from([("k", "hunter2\u{1}")])),
            hidden,
        ),
        (
            echoing().with_leading_members(BTreeMap::from([("k\u{1}", "hunter2")])),
            hidden,
        ),
        (echoing().with_leading_members("hunter2"), shape),
        (echoing().with_leading_members(("hunter2", 1)), shape),
        (echoing().with_leading_members(()), shape),
        (
            standard
                .clone()
                .with_leading_members(BTreeMap::from([("k", i64::MAX)])),
            hidden,
        ),
        (
            standard
                .with_leading_members(LOGIN)
                .dialect(Dialect::EXTENDED),
            "the leading members are in another dialect; \
             call `Client::dialect` before `with_leading_members`",
        ),
    ] {
        assert_eq!(
            encode_error(client.call("m", (Empty {},))).await,
            format!("calling `m`: cannot encode the parameters: {reason}")
        );
        let error = client.multicall([client.call::<Value>("m", ())]).await;
        assert!(error.unwrap_err().is_encode());
        let names = client.call::<Value>("system.listMethods", ()).await;
        assert_eq!(names.unwrap(), value!([]));
    }
}

#[test]
fn logs_and_debug_do_not_show_them() {
    let silent =
        service_fn(|_: Request| async { Err::<Response, _>(BoxError::from("the line is cut")) });
    let client = Client::new(silent);
    let bugs = BugsClient::new(&client).with_leading_members(LOGIN);
    for debug in [
        format!("{bugs:?}"),
        format!("{:?}", bugs.version()),
        format!("{:?}", bugs.client()),
    ] {
        assert!(!debug.contains("hunter2"), "{debug}");
    }
    let (_, lines) = Log::all_of(async {
        bugs.search("Core", None).await.ok();
        bugs.version().await.ok();
        let calls = [bugs.search("Core", None), bugs.open(5), bugs.version()];
        client.multicall(calls).await.ok();
    });
    let sent: Vec<_> = lines
        .iter()
        .filter(|line| line.contains("request sent"))
        .collect();
    assert_eq!(sent.len(), 3, "{lines:#?}");
    for (line, times) in sent.iter().zip([1, 1, 2]) {
        assert!(!line.contains("hunter2"), "{line}");
        assert_eq!(line.matches("[leading members]").count(), times, "{line}");
    }
    let own = "<struct>[leading members]<member><name>product</name>";
    assert!(sent[0].contains(own), "{}", sent[0]);
    assert!(sent[2].contains(own), "{}", sent[2]);
    for line in &sent[1..] {
        assert!(
            line.contains("<struct>[leading members]</struct>"),
            "{line}"
        );
    }
}
