//! What a server tells about itself, and what a program can learn about a service without a server.

use serde::{Deserialize, Serialize};
use serde_json::json;
use xmlrpc_core::{
    Client, ClientError, Dispatcher, Fault, Struct, Value,
    schema::{MethodDescription, Schema},
    xmlrpc_service,
};

use crate::common::files::{FilesClient, dispatcher};

async fn ask<T: serde::de::DeserializeOwned>(method: &str, name: &str) -> Result<T, ClientError> {
    Client::new(dispatcher()).call::<T>(method, (name,)).await
}

async fn signature(name: &str) -> Vec<Vec<String>> {
    ask("system.methodSignature", name).await.unwrap()
}

#[tokio::test]
async fn signatures() {
    let list = [
        vec!["array", "string"],
        vec!["array", "string", "int"],
        vec!["array", "string", "int", "string"],
    ];
    for name in ["files.list", "ls", "files.dir"] {
        assert_eq!(signature(name).await, list, "{name}");
    }
    let table = [
        ("files.readFile", vec!["base64", "string"]),
        (
            "files.put",
            vec!["nil", "struct", "struct", "array", "struct"],
        ),
        ("files.old", vec!["undefined"]),
        ("files.veryOld", vec!["array"]),
        ("system.listMethods", vec!["array"]),
        ("system.methodSignature", vec!["array", "string"]),
        ("system.methodHelp", vec!["string", "string"]),
        ("system.methodExist", vec!["boolean", "string"]),
        ("system.getCapabilities", vec!["struct"]),
        ("system.multicall", vec!["array", "array"]),
    ];
    for (name, expected) in table {
        assert_eq!(signature(name).await, [expected], "{name}");
    }
}

#[tokio::test]
async fn help() {
    let help = "The entries of a folder.\n\nAt most `limit` of them.";
    for (name, expected) in [("files.list", help), ("ls", help), ("files.readFile", "")] {
        let help: String = ask("system.methodHelp", name).await.unwrap();
        assert_eq!(help, expected, "{name}");
    }
    for name in dispatcher().method_names() {
        let help: String = ask("system.methodHelp", name).await.unwrap();
        assert!(!name.starts_with("system.") || !help.is_empty(), "{name}");
    }
}

#[tokio::test]
async fn existing_and_missing_methods() {
    for (name, expected) in [
        ("files.list", true),
        ("ls", true),
        ("list", false),
        ("", false),
    ] {
        let exists: bool = ask("system.methodExist", name).await.unwrap();
        assert_eq!(exists, expected, "{name}");
    }
    for method in ["system.methodSignature", "system.methodHelp"] {
        let error = ask::<Value>(method, "list").await.unwrap_err();
        let fault = error.fault().expect("a fault");
        assert_eq!(fault, &Fault::method_not_found("list"), "{method}");
    }
    let client = Client::new(dispatcher());
    for method in [
        "system.methodSignature",
        "system.methodHelp",
        "system.methodExist",
    ] {
        for params in [
            vec![],
            vec![Value::from(1)],
            vec![Value::from("ls"), Value::from("ls")],
        ] {
            let error = client.call::<Value>(method, params).await.unwrap_err();
            assert_eq!(
                error.fault().unwrap().code(),
                Fault::INVALID_PARAMS,
                "{method}"
            );
        }
    }
}

async fn capabilities(dispatcher: Dispatcher) -> Vec<(String, i32)> {
    let client = Client::new(dispatcher);
    let capabilities: Struct = client.call("system.getCapabilities", ()).await.unwrap();
    let versions = capabilities.into_iter().map(|(name, capability)| {
        let capability = capability.as_struct().unwrap().clone();
        let address = capability.get("specUrl").unwrap();
        assert!(address.as_str().unwrap().starts_with("http://"), "{name}");
        let Some(Value::Int(version)) = capability.get("specVersion") else {
            panic!("{name}");
        };
        (name, *version)
    });
    versions.collect()
}

#[tokio::test]
async fn capabilities_are_those_that_are_on() {
    let all = [
        ("xmlrpc", 1),
        ("system.multicall", 1),
        ("introspection", 2),
        ("nil", 1),
        ("faults_interop", 20_010_516),
    ];
    let all = all.map(|(name, version)| (name.to_owned(), version));
    assert_eq!(capabilities(dispatcher()).await, all);
    let without = capabilities(dispatcher().multicall(false)).await;
    assert!(without.iter().all(|(name, _)| name != "system.multicall"));
    let without = capabilities(dispatcher().without_method("system.methodHelp")).await;
    assert!(without.iter().all(|(name, _)| name != "introspection"));
}

#[tokio::test]
async fn each_can_be_switched_off() {
    let methods = [
        "system.listMethods",
        "system.methodSignature",
        "system.methodHelp",
        "system.methodExist",
        "system.getCapabilities",
    ];
    let off = Client::new(dispatcher().introspection(false));
    for method in methods {
        let code = |error: ClientError| error.fault().map(Fault::code);
        let error = off.call::<Value>(method, ("ls",)).await.unwrap_err();
        assert_eq!(code(error), Some(Fault::METHOD_NOT_FOUND), "{method}");

        let without = dispatcher().without_method(method);
        assert_eq!(
            without.method_names().count(),
            dispatcher().method_names().count() - 1
        );
        let client = Client::new(without.clone());
        let error = client.call::<Value>(method, ("ls",)).await.unwrap_err();
        assert_eq!(code(error), Some(Fault::METHOD_NOT_FOUND), "{method}");
        // It can be switched on again.
        let again = without.introspection(true);
        assert!(again.method_names().eq(dispatcher().method_names()));
    }
}

#[test]
#[should_panic(expected = "cannot remove `system.methodhelp`: no such method")]
fn removing_a_missing_method_panics() {
    let _ = dispatcher().without_method("system.methodhelp");
}

#[tokio::test]
async fn within_a_multicall() {
    let client = Client::new(dispatcher());
    let calls = (
        client.call::<Vec<Vec<String>>>("system.methodSignature", ("files.readFile",)),
        client.call::<String>("system.methodHelp", ("nothing",)),
        client.call::<bool>("system.methodExist", ("ls",)),
        client.call::<Vec<String>>("system.listMethods", ()),
    );
    let (signature, help, exists, names) = client.multicall(calls).await.unwrap();
    assert_eq!(signature.unwrap(), [["base64", "string"]]);
    assert!(help.unwrap_err().fault().is_some());
    assert!(exists.unwrap());
    assert!(names.unwrap().iter().any(|name| name == "ls"));
}

fn lines(methods: &[MethodDescription]) -> Vec<String> {
    methods.iter().map(ToString::to_string).collect()
}

#[test]
fn a_service_is_described_without_a_server() {
    let files = FilesClient::describe();
    assert_eq!(
        (files.name.as_str(), files.help.as_str()),
        ("Files", "Files and folders.")
    );
    let entry = "struct {name: string, size: i8, changed?: dateTime.iso8601 or nil}";
    assert_eq!(
        lines(&files.methods),
        [
            format!(
                "files.list(path: string, limit?: i8 or nil, after?: string or nil): array of {entry}"
            ),
            "files.readFile(path: string): base64".to_owned(),
            format!(
                "files.put(entry: {entry}, old: {entry} or nil, parts: array of base64, by_name: struct): nil"
            ),
            "files.old(): undefined".to_owned(),
            "files.veryOld(): array [i8, double]".to_owned(),
        ],
    );
    let [list, read, _, old, very_old] = &files.methods[..] else {
        panic!("{files:?}");
    };
    assert_eq!(list.aliases, ["ls", "files.dir"]);
    assert_eq!((list.deprecated.as_deref(), read.help.as_str()), (None, ""));
    assert_eq!(old.deprecated.as_deref(), Some("call `list`"));
    assert_eq!(very_old.deprecated.as_deref(), Some(""));
    assert_eq!(
        serde_json::to_value(read).unwrap(),
        json!({
            "name": "files.readFile", "aliases": [], "help": "", "deprecated": null,
            "params": [{"name": "path", "schema": {"type": "string"}, "optional": false, "rest": false}],
            "result": {"type": "base64"},
        }),
    );
}

#[test]
fn a_dispatcher_describes_each_method_once() {
    let off = dispatcher().introspection(false).multicall(false);
    let mut methods = FilesClient::describe().methods;
    methods.sort_by(|one, other| one.name.cmp(&other.name));
    assert_eq!(off.describe(), methods);
    // A method is listed under the first of its names that is left.
    let described = off.without_method("files.list").describe();
    let ls = described.iter().find(|method| method.name == "ls").unwrap();
    assert_eq!(ls.aliases, ["files.dir"]);
    assert_eq!(dispatcher().describe().len(), 11);
}

mod one_side {
    use super::*;

    #[derive(Deserialize)]
    pub struct In(pub i64);
    #[derive(Serialize)]
    pub struct Out(pub i64);

    #[xmlrpc_service(server)]
    pub trait Serves {
        async fn negate(&self, value: In, other: &In) -> Out;
        async fn fails(&self) -> Result<Out, Fault>;
    }

    #[xmlrpc_service(client)]
    pub trait Calls {
        async fn negate(&self, value: Out, other: &Out, last: Option<&Out>) -> In;
        async fn fails(&self) -> Result<In, Fault>;
    }

    pub struct Negation;

    impl Serves for Negation {
        async fn negate(&self, value: In, _: &In) -> Out {
            Out(-value.0)
        }
        async fn fails(&self) -> Result<Out, Fault> {
            Err(Fault::new(1, "no"))
        }
    }
}

#[test]
fn types_that_are_only_serialized_are_undefined() {
    let dispatcher = Dispatcher::new().introspection(false).multicall(false);
    let dispatcher = dispatcher.service(one_side::ServesServer::new(one_side::Negation));
    let serves = [
        "fails(): undefined",
        "negate(value: i8, other: i8): undefined",
    ];
    assert_eq!(lines(&dispatcher.describe()), serves);
    let calls = [
        "negate(value: undefined, other: undefined, last?: undefined): i8",
        "fails(): i8",
    ];
    assert_eq!(lines(&one_side::CallsClient::describe().methods), calls);
}

#[xmlrpc_service]
pub trait Store<K>
where
    K: Serialize + serde::de::DeserializeOwned + Send + Sync + 'static,
{
    async fn put(&self, key: K, keys: &[K], maybe: Option<&K>) -> Result<Vec<K>, Fault>;
}

#[xmlrpc_service(client)]
pub trait Writes<K: Serialize> {
    async fn put(&self, key: &K) -> bool;
}

#[test]
fn traits_with_parameters() {
    let put = &StoreClient::<_, String>::describe().methods[0];
    assert_eq!(
        put.to_string(),
        "put(key: string, keys: array of string, maybe?: string or nil): array of string"
    );
    // The trait does not require `Deserialize`, so the schema is unknown.
    let put = &WritesClient::<_, String>::describe().methods[0];
    assert_eq!(put.to_string(), "put(key: undefined): boolean");
}

/// The transport parameter of a stub has a default.
pub struct Holder {
    pub files: FilesClient,
}

#[tokio::test]
async fn a_stub_over_any_transport() {
    let files = FilesClient::new(Client::new(dispatcher()).boxed());
    let holder = Holder { files };
    assert_eq!(holder.files.read_file("a".into()).await.unwrap().0, b"");
    let params = FilesClient::describe().methods.remove(0).params.unwrap();
    assert_eq!(params[0].schema, Schema::String);
}

/// Parameters with defaults, rest parameters, and parameters that are members of one struct.
#[test]
fn parameters_of_every_kind() {
    #[xmlrpc_service(client)]
    trait Shapes {
        async fn search(&self, text: &str, #[xmlrpc(default = 10)] limit: u32) -> Vec<String>;
        async fn sum(&self, first: f64, #[xmlrpc(rest)] more: Vec<f64>) -> f64;
        #[xmlrpc(params = struct, rename_all = "camelCase")]
        async fn find_post(&self, post_id: i32, with_text: Option<bool>) -> String;
    }

    let methods = ShapesClient::describe().methods;
    let texts: Vec<_> = methods.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "search(text: string, limit?: i8 or nil): array of string",
            "sum(first: double, more…: double): double",
            "find_post(params: struct {postId: int, withText?: boolean or nil}): string",
        ]
    );
    let signatures: Vec<_> = methods
        .iter()
        .map(|method| method.signatures().unwrap())
        .collect();
    assert_eq!(
        signatures[0],
        [vec!["array", "string"], vec!["array", "string", "int"]]
    );
    assert_eq!(
        signatures[1],
        [vec!["double", "double"], vec!["double", "double", "double"]]
    );
    assert_eq!(signatures[2], [vec!["string", "struct"]]);
}
