//! Documentation of functions, closures and raw methods.

use xmlrpc_core::{Client, Dispatcher, schema::Schema, service::MethodDoc, xmlrpc_service};

fn described(dispatcher: &Dispatcher, name: &str) -> String {
    let methods = dispatcher.describe();
    let method = methods.iter().find(|method| method.name == name);
    method.expect(name).to_string()
}

fn raw(doc: MethodDoc) -> String {
    let dispatcher = Dispatcher::new().raw_method("raw", |_, _| 1);
    described(&dispatcher.method_doc("raw", doc), "raw")
}

fn range(doc: MethodDoc) -> String {
    let range = |_: i32, _: Option<i32>, _: Option<String>| 1;
    let dispatcher = Dispatcher::new().method("range", range);
    described(&dispatcher.method_doc("range", doc), "range")
}

#[test]
fn parameters_of_functions() {
    let doc = || MethodDoc::new("");
    let table = [
        (
            doc(),
            "range(param1: int, param2?: int or nil, param3?: string or nil): undefined",
        ),
        (
            doc().params(["from", "to", "unit"]).result(Schema::Int),
            "range(from: int, to?: int or nil, unit?: string or nil): int",
        ),
        // Types that are given replace those of the function.
        (
            doc()
                .param("from", Schema::Double)
                .params(["to"])
                .param("unit", Schema::String),
            "range(from: double, to: int or nil, unit: string): undefined",
        ),
    ];
    for (doc, expected) in table {
        assert_eq!(range(doc), expected);
    }
}

#[test]
fn parameters_of_raw_methods() {
    let doc = || MethodDoc::new("");
    let int = || Schema::Int;
    let table = [
        (doc(), "raw(…): undefined"),
        (doc().params([""; 0]), "raw(): undefined"),
        (doc().params(["a", "b"]), "raw(a: any, b: any): undefined"),
        (
            doc().param("a", int()).optional_param("b", int()),
            "raw(a: int, b?: int): undefined",
        ),
        (
            doc().rest_param("all", Schema::of::<String>()),
            "raw(all…: string): undefined",
        ),
        // Nobody can omit a parameter before one that is required.
        (
            doc()
                .optional_param("a", int())
                .param("b", int())
                .optional_param("c", int()),
            "raw(a: int, b: int, c?: int): undefined",
        ),
        (
            doc().rest_param("a", int()).param("b", int()),
            "raw(a: int, b: int): undefined",
        ),
        (
            doc().rest_param("a", int()).rest_param("b", int()),
            "raw(a?: int, b…: int): undefined",
        ),
    ];
    for (doc, expected) in table {
        let expected = expected.replace("any", "undefined");
        assert_eq!(raw(doc), expected);
    }
}

#[tokio::test]
async fn introspection_shows_it() {
    let doc = MethodDoc::new("Adds numbers.")
        .param("first", Schema::Int)
        .rest_param("others", Schema::Int)
        .result(Schema::Int);
    let sum = Dispatcher::new()
        .raw_method("sum", |_, _| 1)
        .raw_method("unknown", |_, _| 1)
        .method_doc("sum", doc.deprecated("use total"));
    let dispatcher = Dispatcher::new().nest("math", sum);
    let method = &dispatcher.describe()[0];
    assert_eq!(method.name, "math.sum");
    assert_eq!(method.deprecated.as_deref(), Some("use total"));

    let client = Client::new(dispatcher);
    let help = client.call::<String>("system.methodHelp", ("math.sum",));
    assert_eq!(help.await.unwrap(), "Adds numbers.");
    let signatures = client.call::<Vec<Vec<String>>>("system.methodSignature", ("math.sum",));
    assert_eq!(
        signatures.await.unwrap(),
        [vec!["int", "int"], vec!["int", "int", "int"]]
    );
    let unknown = client.call::<String>("system.methodSignature", ("math.unknown",));
    assert_eq!(unknown.await.unwrap(), "undef");
}

#[xmlrpc_service(server)]
trait Calc {
    /// Adds.
    #[xmlrpc(aliases = ["sum", "plus"])]
    async fn add(&self, a: i32, b: i32) -> i32;
}

struct Exact;

impl Calc for Exact {
    async fn add(&self, a: i32, b: i32) -> i32 {
        a + b
    }
}

#[tokio::test]
async fn all_names_of_a_method_share_it() {
    let calc = Dispatcher::new().service(CalcServer::new(Exact));
    let calc = calc.method_doc("plus", MethodDoc::new("Ajoute.").params(["x", "y"]));
    let method = &calc.describe()[0];
    assert_eq!(method.to_string(), "add(x: int, y: int): int");
    assert_eq!(method.aliases, ["sum", "plus"]);
    // A second one adds to the first.
    let calc = calc.method_doc("sum", MethodDoc::new("Addiert."));
    let client = Client::new(calc);
    for name in ["add", "sum", "plus"] {
        let help = client.call::<String>("system.methodHelp", (name,));
        assert_eq!(help.await.unwrap(), "Addiert.", "{name}");
        assert_eq!(client.call::<i32>(name, (1, 2)).await.unwrap(), 3);
    }
}

#[test]
fn it_survives_a_layer_that_is_added_later() {
    let dispatcher = Dispatcher::new()
        .method("three", || 3)
        .method_doc("three", MethodDoc::new("").result(Schema::Int))
        .method_layer("three", tower::limit::ConcurrencyLimitLayer::new(1));
    assert_eq!(described(&dispatcher, "three"), "three(): int");
}

#[test]
#[should_panic(expected = "cannot document `sun`: no such method")]
fn a_misspelt_name_panics() {
    let _ = Dispatcher::new()
        .method("sum", || 1)
        .method_doc("sun", MethodDoc::new(""));
}

#[test]
#[should_panic(expected = "cannot document `system.listMethods`: no such method")]
fn methods_of_the_dispatcher_have_their_own() {
    let _ = Dispatcher::new().method_doc("system.listMethods", MethodDoc::new(""));
}

#[test]
#[should_panic(
    expected = "cannot document `range`: it takes 3 parameters, and the documentation has 2"
)]
fn another_number_of_parameters_panics() {
    range(MethodDoc::new("").params(["from", "to"]));
}
