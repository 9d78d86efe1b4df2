//! `system.describeMethods`, the services of a dispatcher, and the faults of methods.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use tower::layer::util::Identity;
use xmlrpc_core::{
    Client, Dispatcher, Fault, TypedFault, Value,
    schema::{FaultDescription, Schema},
    service::MethodDoc,
    xmlrpc_service,
};

/// Orders of a shop.
#[xmlrpc_service(namespace = "shop")]
trait Shop {
    /// Orders items.
    #[xmlrpc(aliases = ["buy"])]
    async fn order(
        &self,
        order: Order,
        #[xmlrpc(default = 3)] priority: i32,
        note: Option<String>,
    ) -> Result<Order, ShopError>;

    #[deprecated(note = "use `shop.order`")]
    async fn label(&self, #[xmlrpc(rest)] labels: Vec<String>) -> Vec<(i64, bool)>;
}

#[derive(Serialize, Deserialize)]
struct Order {
    number: i64,
    #[serde(default)]
    lines: Vec<Line>,
}

#[derive(Serialize, Deserialize)]
struct Line {
    product: String,
}

#[derive(Debug, TypedFault)]
enum ShopError {
    /// The shop does not have it.
    #[fault(code = 404, message = "no {type} of {name}")]
    Unknown { r#type: String, name: String },
    #[fault(code = 500, internal)]
    Broken(String),
    #[fault(internal)]
    Hidden(String),
    #[fault(other)]
    Other(Fault),
}

#[derive(Debug, TypedFault)]
#[fault(code = 7, message = "{0} is closed")]
struct Closed(String);

struct Example;

impl Shop for Example {
    async fn order(&self, order: Order, _: i32, note: Option<String>) -> Result<Order, ShopError> {
        match note.as_deref() {
            None => Ok(order),
            Some("broken") => Err(ShopError::Broken("disk".to_owned())),
            Some("hidden") => Err(ShopError::Hidden("disk".to_owned())),
            Some("other") => Err(ShopError::Other(Fault::new(1, "other"))),
            Some(name) => Err(ShopError::Unknown {
                r#type: "tea".to_owned(),
                name: name.to_owned(),
            }),
        }
    }

    async fn label(&self, _: Vec<String>) -> Vec<(i64, bool)> {
        Vec::new()
    }
}

fn shop() -> Dispatcher {
    Dispatcher::new()
        .service(ShopServer::new(Example))
        .describe_methods(true)
}

async fn described(dispatcher: Dispatcher, params: Vec<Value>) -> Json {
    let call = Client::new(dispatcher).call::<Json>("system.describeMethods", params);
    call.await.unwrap()
}

#[tokio::test]
async fn a_method_with_structs() {
    let result = described(shop(), vec![Value::from("shop.order")]).await;
    let line = json!([{"name": "product", "type": "string", "description": "", "optional": false}]);
    let order = json!([
        {"name": "number", "type": "int", "description": "", "optional": false},
        {"name": "lines", "type": "array", "description": "", "optional": true,
         "member": [{"type": "struct", "description": "", "member": line}]},
    ]);
    let expected = json!({
        "methodList": [{
            "name": "shop.order",
            "purpose": "Orders items.",
            "signatures": [{
                "params": [
                    {"name": "order", "type": "struct", "description": "", "optional": false, "member": order},
                    {"name": "priority", "type": "int", "description": "may be nil", "optional": true, "default": "3"},
                    {"name": "note", "type": "string", "description": "may be nil", "optional": true},
                ],
                "returns": [{"type": "struct", "description": "", "member": order}],
            }],
            "errors": ["404: no {type} of {name}", "500: internal error"],
            "notes": ["Other name: buy"],
        }],
        "typeList": [
            {"name": "shop.order.params.order", "type": "struct", "description": "", "member": order},
            {"name": "shop.order.params.order.lines", "type": "struct", "description": "", "member": line},
        ],
    });
    assert_eq!(result, expected);
}

#[tokio::test]
async fn names_and_all_methods() {
    let names = |result: Json| -> Vec<String> {
        let list = result["methodList"].as_array().unwrap().clone();
        let names = list
            .iter()
            .map(|method| method["name"].as_str().unwrap().to_owned());
        names.collect()
    };
    let all: Vec<_> = shop()
        .describe()
        .into_iter()
        .map(|method| method.name)
        .collect();
    for (params, expected) in [
        (vec![], all.clone()),
        (vec![Value::Nil], all.clone()),
        (
            vec![Value::from("shop.label")],
            vec!["shop.label".to_owned()],
        ),
        (vec![Value::from("buy")], vec!["shop.order".to_owned()]),
        (
            vec![Value::from(vec![
                Value::from("shop.label"),
                Value::from("none"),
            ])],
            vec!["shop.label".to_owned()],
        ),
        (vec![Value::from(Vec::<Value>::new())], vec![]),
    ] {
        assert_eq!(
            names(described(shop(), params.clone()).await),
            expected,
            "{params:?}"
        );
    }
    let client = Client::new(shop());
    for params in [
        vec![Value::from(1)],
        vec![Value::from(vec![Value::from(1)])],
    ] {
        let error = client
            .call::<Json>("system.describeMethods", params)
            .await
            .unwrap_err();
        assert_eq!(
            error.fault().map(Fault::code),
            Some(Fault::INVALID_PARAMS),
            "{error}"
        );
    }
}

#[tokio::test]
async fn what_is_unknown_and_what_is_deprecated() {
    let dispatcher = shop()
        .raw_method("raw", |_, _| 1)
        .raw_method("map", |_, _| 1)
        .method_doc(
            "map",
            MethodDoc::new("").param("counts", Schema::Map(Box::new(Schema::Int))),
        );
    let result = described(dispatcher, vec![]).await;
    let method = |name: &str| {
        let list = result["methodList"].as_array().unwrap();
        list.iter()
            .find(|method| method["name"] == name)
            .unwrap()
            .clone()
    };
    assert_eq!(method("raw")["signatures"], json!([]));
    let label = method("shop.label");
    assert_eq!(label["notes"], json!(["Deprecated: use `shop.order`"]));
    let signature = &label["signatures"][0];
    assert_eq!(
        signature["params"],
        json!([{"name": "labels", "type": "string", "description": "any number of values", "optional": true}])
    );
    let pair = json!([{"type": "int", "description": ""}, {"type": "boolean", "description": ""}]);
    assert_eq!(
        signature["returns"],
        json!([{"type": "array", "description": "", "member": [{"type": "array", "description": "", "member": pair}]}])
    );
    let map = &method("map")["signatures"][0];
    assert_eq!(
        map["params"][0]["member"],
        json!([{"type": "int", "description": ""}])
    );
    assert_eq!(map["returns"][0]["type"], "any");
}

#[tokio::test]
async fn it_is_off_by_default() {
    let has = |dispatcher: &Dispatcher| {
        let mut names = dispatcher.method_names();
        names.any(|name| name == "system.describeMethods")
    };
    assert!(!has(&Dispatcher::new()));
    assert!(!has(&Dispatcher::new().introspection(true)));
    assert!(has(&shop()));
    assert!(has(&shop().introspection(false)));
    assert!(!has(&shop().describe_methods(false)));
    let error = Client::new(Dispatcher::new())
        .call::<Json>("system.describeMethods", ())
        .await
        .unwrap_err();
    assert_eq!(
        error.fault().map(Fault::code),
        Some(Fault::METHOD_NOT_FOUND)
    );
}

#[test]
fn faults_of_error_types() {
    let faults = ShopError::describe_faults();
    assert_eq!(
        faults,
        [
            FaultDescription::new(404, "no {type} of {name}").help("The shop does not have it."),
            FaultDescription::new(500, "internal error"),
        ]
    );
    assert_eq!(
        Closed::describe_faults(),
        [FaultDescription::new(7, "{0} is closed")]
    );
    assert_eq!(Fault::describe_faults(), []);
}

#[tokio::test]
async fn the_faults_are_those_that_are_sent() {
    let client = Client::new(shop());
    for (note, code, message) in [
        ("green", 404, "no tea of green"),
        ("broken", 500, "internal error"),
        ("hidden", Fault::INTERNAL_ERROR, "internal error"),
        ("other", 1, "other"),
    ] {
        let order = Order {
            number: 1,
            lines: Vec::new(),
        };
        let error = client
            .call::<Json>("shop.order", (order, 1, note))
            .await
            .unwrap_err();
        assert_eq!(error.fault(), Some(&Fault::new(code, message)), "{note}");
    }
}

#[test]
fn services_with_layers_and_nested() {
    let nested = Dispatcher::new().service(ShopServer::new(Example).layer(Identity::new()));
    let dispatcher = Dispatcher::new()
        .method("a.b.c", || 1)
        .method("plain", || 1)
        .nest("old", nested.layer(Identity::new()));
    let services = dispatcher.describe_services();
    let names = services.iter().map(|service| {
        let methods = service.methods.iter().map(|method| method.name.as_str());
        (
            service.name.as_str(),
            service.help.as_str(),
            methods.collect::<Vec<_>>(),
        )
    });
    let names: Vec<_> = names.collect();
    assert_eq!(
        names[..3],
        [
            (
                "Shop",
                "Orders of a shop.",
                vec!["old.buy", "old.shop.label"]
            ),
            ("", "", vec!["plain"]),
            ("a.b", "", vec!["a.b.c"]),
        ]
    );
    assert_eq!((names[3].0, names.len()), ("system", 4));
    assert_eq!(services[0].methods[0].rust_name.as_deref(), Some("order"));
    assert_eq!(services[1].methods[0].rust_name, None);
    // Together they are all methods.
    let mut all: Vec<_> = services
        .into_iter()
        .flat_map(|service| service.methods)
        .collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    assert_eq!(all, dispatcher.describe());
}
