//! Parameters that a client sends before those of each call.

use serde::{Deserialize, Serialize, Serializer, ser::Error as _};
use tower::service_fn;
use xmlrpc_core::{
    BoxTransport, Call, Client, ClientError, Dialect, Limits, Request, Response, Value,
    client::{BoxError, ClientErrorKind},
    message::{EncodedResponse, IncomingCall},
    value, xmlrpc_service,
};

use crate::common::log::Log;

type Params = Vec<Value>;

/// The interface of a server of somebody else.
#[xmlrpc_service(client, namespace = "aria2", rename_all = "camelCase")]
trait Aria2 {
    async fn tell_status(&self, gid: &str, keys: Option<&[&str]>) -> Params;
    #[xmlrpc(no_leading)]
    async fn list_notifications(&self, kind: i64) -> Params;
    async fn change(&self, #[xmlrpc(rest)] options: &[&str]) -> Params;
}

#[xmlrpc_service(client)]
trait Bugs {
    #[xmlrpc(params = struct)]
    async fn search(&self, product: &str) -> Params;
    #[xmlrpc(params = struct, no_leading)]
    async fn get(&self, id: i64) -> Params;
    async fn by_position(&self, id: i64) -> Params;
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    method_name: String,
    params: Params,
}

/// A client of a server whose methods return their parameters. It logs nothing.
fn echoing() -> Client<BoxTransport> {
    let echo = service_fn(|request: Request| async move {
        let call = IncomingCall::read(request.body, None, &Limits::default())?;
        let params = call.params().to_values()?;
        let response = if call.method() == "system.multicall" && !params.is_empty() {
            let entries = call.params().decode(|params| params.required("calls"))?;
            let entries: Vec<Entry> = entries;
            assert!(entries.iter().all(|entry| !entry.method_name.is_empty()));
            let results: Vec<_> = entries.into_iter().map(|entry| (entry.params,)).collect();
            EncodedResponse::new(&results, Dialect::EXTENDED)?
        } else {
            EncodedResponse::new(&params, Dialect::EXTENDED)?
        };
        Ok::<_, BoxError>(Response::new(response.into_document()))
    });
    Client::new(echo).boxed()
}

fn params(values: Value) -> Params {
    values.as_array().unwrap().to_vec()
}

#[tokio::test]
async fn each_call_of_a_stub_has_them() {
    let aria2 = Aria2Client::new(echoing()).with_leading_params(("token:x", 7));
    let cases: [(Call<_, Params>, Value); 6] = [
        (aria2.tell_status("a", None), value!(["token:x", 7, "a"])),
        (
            aria2.tell_status("a", Some(&["gid", "status"])),
            value!(["token:x", 7, "a", ["gid", "status"]]),
        ),
        (aria2.list_notifications(1), value!([1])),
        (aria2.change(&[]), value!(["token:x", 7])),
        (aria2.change(&["b", "c"]), value!(["token:x", 7, "b", "c"])),
        (
            aria2.clone().tell_status("d", None),
            value!(["token:x", 7, "d"]),
        ),
    ];
    for (call, expected) in cases {
        assert_eq!(call.await.unwrap(), params(expected));
    }
    // They can be replaced and removed.
    let other = aria2.clone().with_leading_params(["y"]);
    assert_eq!(other.change(&[]).await.unwrap(), params(value!(["y"])));
    let bare = other.with_leading_params(());
    assert_eq!(bare.change(&["b"]).await.unwrap(), params(value!(["b"])));
}

#[tokio::test]
async fn each_entry_of_a_multicall_has_them() {
    let client = echoing();
    let aria2 = Aria2Client::new(&client).with_leading_params(("token:x",));
    let other = Aria2Client::new(&client).with_leading_params(("y", "z"));
    let calls = (
        aria2.tell_status("a", None),
        aria2.list_notifications(2),
        other.change(&["b"]),
        client.call::<Params>("plain", (3,)),
        aria2.client().call::<Params>("dynamic", ()),
    );
    let (status, notifications, change, plain, dynamic) = client.multicall(calls).await.unwrap();
    assert_eq!(status.unwrap(), params(value!(["token:x", "a"])));
    assert_eq!(notifications.unwrap(), params(value!([2])));
    assert_eq!(change.unwrap(), params(value!(["y", "z", "b"])));
    assert_eq!(plain.unwrap(), params(value!([3])));
    assert_eq!(dynamic.unwrap(), params(value!(["token:x"])));

    // The client of the stub sends it as well. The multicall itself has none.
    let calls = (0..3).map(|_| aria2.change(&[]));
    for result in aria2.client().multicall_iter(calls).await.unwrap() {
        assert_eq!(result.unwrap(), params(value!(["token:x"])));
    }
    // So have the calls of a multicall that are sent individually.
    let client = echoing().system_multicall(false);
    let aria2 = Aria2Client::new(&client).with_leading_params(("token:x",));
    let (change,) = client.multicall((aria2.change(&[]),)).await.unwrap();
    assert_eq!(change.unwrap(), params(value!(["token:x"])));
}

#[tokio::test]
async fn each_call_by_name_has_them() {
    let client = echoing().with_leading_params((1,));
    let with = params(value!([1, 2]));
    let without = params(value!([2]));
    for (method, expected) in [
        ("system.listMethods", &without),
        ("system.methodSignature", &without),
        ("system.methodHelp", &without),
        ("system.methodExist", &without),
        ("system.getCapabilities", &without),
        ("system.describeMethods", &without),
        ("system.multicall", &without),
        ("system.listSystems", &with),
        ("System.listMethods", &with),
        ("systemXlistMethods", &with),
        ("listMethods", &with),
    ] {
        let call = client.call::<Params>(method, (2,));
        if method == "system.multicall" {
            // The peer rejects the entry 2, which is the first parameter.
            assert!(call.await.is_err());
        } else {
            assert_eq!(&call.await.unwrap(), expected, "{method}");
        }
    }
    // A stub that is made from the client has them too.
    let aria2 = Aria2Client::new(&client);
    assert_eq!(
        aria2.change(&["a"]).await.unwrap(),
        params(value!([1, "a"]))
    );
    // So has a client with other settings, in the same dialect.
    let client = client.multicall_fallback(true).boxed();
    assert_eq!(client.call::<Params>("m", (2,)).await.unwrap(), with);
}

async fn encode_error(call: Call<BoxTransport, Params>) -> String {
    let error: ClientError = call.await.unwrap_err();
    assert_eq!(error.kind(), ClientErrorKind::Encode);
    error.to_string()
}

#[tokio::test]
async fn errors_do_not_show_them() {
    struct Failing;

    impl Serialize for Failing {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(S::Error::custom("my secret is hunter2"))
        }
    }

    for (client, number) in [
        (
            echoing().with_leading_params(("hunter2", "hunter2\u{1}", 3)),
            2,
        ),
        (echoing().with_leading_params((1, Failing)), 2),
        (echoing().with_leading_params([Some("hunter2\u{1}"); 2]), 1),
    ] {
        let expected = format!(
            "calling `m`: cannot encode the parameters: leading parameter {number} cannot be written as XML-RPC; \
             the reason is not shown, because the parameter may be secret"
        );
        assert_eq!(encode_error(client.call("m", (1,))).await, expected);
        // In a multicall as well.
        let error = client.multicall([client.call::<Params>("m", ())]).await;
        assert!(error.unwrap_err().is_encode());
        // Methods without them still work.
        let names = client.call::<Params>("system.listMethods", ()).await;
        assert!(names.unwrap().is_empty());
    }
    // An error of another parameter counts from the first one on the wire.
    let client = echoing().with_leading_params(("hunter2", "hunter2"));
    let error = encode_error(client.call("m", ("\u{1}",))).await;
    assert!(
        error.ends_with("at params[2]") && !error.contains("hunter2"),
        "{error}"
    );
}

#[tokio::test]
async fn the_dialect_comes_first() {
    let standard = echoing().dialect(Dialect::STANDARD);
    let client = standard.clone().with_leading_params((1,));
    assert_eq!(
        client.call::<Params>("m", ()).await.unwrap(),
        params(value!([1]))
    );
    let late = client.dialect(Dialect::EXTENDED);
    assert_eq!(
        encode_error(late.call("m", ())).await,
        "calling `m`: cannot encode the parameters: the leading parameters are in another dialect; \
         call `Client::dialect` before `with_leading_params`"
    );
    let client = standard.with_leading_params((i64::MAX,));
    let error = encode_error(client.call("m", ())).await;
    assert!(error.contains("leading parameter 1"), "{error}");
}

#[tokio::test]
async fn a_struct_has_no_place_for_them() {
    let bugs = BugsClient::new(echoing().with_leading_params(("hunter2",)));
    assert_eq!(
        encode_error(bugs.search("Core")).await,
        "calling `search`: cannot encode the parameters: \
         the parameters of this method are one struct, which has no place for leading parameters; \
         use `with_leading_members` for members of the struct, \
         add `no_leading` to its `#[xmlrpc(params = struct)]`, or use a client without leading parameters"
    );
    let expected = params(value!([{"id": 1}]));
    assert_eq!(bugs.get(1).await.unwrap(), expected);
    assert_eq!(
        bugs.by_position(1).await.unwrap(),
        params(value!(["hunter2", 1]))
    );
}

#[test]
fn logs_and_debug_do_not_show_them() {
    let client = echoing();
    let aria2 = Aria2Client::new(&client).with_leading_params(("hunter2", "more of hunter2"));
    let call = aria2.tell_status("gid-1", None);
    for debug in [
        format!("{aria2:?}"),
        format!("{call:?}"),
        format!("{:?}", aria2.client()),
    ] {
        assert!(!debug.contains("hunter2"), "{debug}");
    }
    // Some servers return no parameters.
    let silent =
        service_fn(|_: Request| async { Err::<Response, _>(BoxError::from("the line is cut")) });
    let client = Client::new(silent).with_leading_params(("hunter2", "more of hunter2"));
    let aria2 = Aria2Client::new(&client);
    let (_, lines) = Log::all_of(async {
        call.into_future().await.ok();
        let calls = [
            aria2.tell_status("gid-1", None),
            aria2.list_notifications(5),
            aria2.change(&[]),
        ];
        client.multicall(calls).await.ok();
        client.call::<Params>("by name", ("own",)).await.ok();
    });
    let sent: Vec<_> = lines
        .iter()
        .filter(|line| line.contains("request sent"))
        .collect();
    assert_eq!(sent.len(), 3, "{lines:#?}");
    let hidden = "[leading parameters]";
    for (line, times) in sent.iter().zip([1, 2, 1]) {
        assert!(!line.contains("hunter2"), "{line}");
        assert_eq!(line.matches(hidden).count(), times, "{line}");
    }
    assert!(
        sent[0].contains("<param>[leading parameters]</param><param><value><string>gid-1</string>")
    );
    assert!(
        sent[1].contains("<data>[leading parameters]<value><string>gid-1</string></value></data>")
    );
    assert!(sent[1].contains("<data><value><int>5</int></value></data>"));
    assert!(sent[2].contains("<string>own</string>"));
}
