//! A server and a trait.

use xmlrpc_cli::codegen::{Description, Generator, check};

const SERVER: &str = r#"[
    { "name": "calc.addNumbers", "result": { "type": "int" }, "params": [
        { "name": "a", "schema": { "type": "int" } },
        { "name": "b", "schema": { "type": "int" }, "optional": true }
    ] },
    { "name": "calc.find", "result": { "type": "array" }, "overloads": [
        { "params": [{ "name": "id", "schema": { "type": "int" } }], "result": { "type": "array" } },
        { "params": [{ "name": "name", "schema": { "type": "string" } }], "result": { "type": "array" } }
    ] },
    { "name": "calc.post", "result": { "type": "struct", "members": [
        { "name": "postId", "schema": { "type": "int" } },
        { "name": "title", "schema": { "type": "string" }, "optional": true }
    ] }, "params": [] },
    { "name": "system.listMethods" }
]"#;

const GOOD: &str = r#"
    use xmlrpc_core::{Fault, Value, xmlrpc_service};

    #[xmlrpc_service(client, namespace = "calc", rename_all = "camelCase")]
    pub trait Calc {
        async fn add_numbers(&self, a: i64, b: Option<u32>) -> Result<i64, Fault>;
        #[xmlrpc(name = "find")]
        async fn find_id(&self, id: i32) -> Vec<Value>;
        #[xmlrpc(name = "find")]
        async fn find_name(&self, name: &str) -> Vec<String>;
        async fn post(&self) -> Result<Post, Fault>;
    }

    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Post {
        post_id: PostId,
        title: Option<String>,
    }

    #[derive(serde::Deserialize)]
    struct PostId(i64);
"#;

fn checked(source: &str) -> String {
    let server = Description::from_json(SERVER).unwrap();
    check(&server, source).unwrap().to_string()
}

#[test]
fn differences() {
    let cases = [
        ("", "", ""),
        (
            "a: i64,",
            "a: &str,",
            "breaking: calc.addNumbers: parameter `a` is i8 on the server, and string in the trait (Calc::add_numbers)\n",
        ),
        (
            ", b: Option<u32>",
            "",
            "compatible: calc.addNumbers: the trait does not have the optional parameter `b` (Calc::add_numbers)\n",
        ),
        (
            "a: i64, b: Option<u32>",
            "",
            "breaking: calc.addNumbers: the server requires the parameter `a` (Calc::add_numbers)\n\
             compatible: calc.addNumbers: the trait does not have the optional parameter `b` (Calc::add_numbers)\n",
        ),
        (
            "b: Option<u32>",
            "b: Option<u32>, c: bool",
            "compatible: calc.addNumbers: parameter `b` is optional on the server (Calc::add_numbers)\n\
             breaking: calc.addNumbers: the server does not have the parameter `c` (Calc::add_numbers)\n",
        ),
        (
            "Result<i64, Fault>",
            "Result<String, Fault>",
            "breaking: calc.addNumbers: the result is int on the server, and string in the trait (Calc::add_numbers)\n",
        ),
        ("Result<i64, Fault>", "crate::Result<f64>", ""),
        ("Result<i64, Fault>", "Value", ""),
        (
            "id: i32",
            "id: f64",
            "breaking: calc.find: parameter `id` is i8 on the server, and double in the trait (Calc::find_id)\n",
        ),
        (
            "title: Option<String>",
            "title: String",
            "breaking: calc.post: member `title` of the result is optional on the server (Calc::post)\n",
        ),
        (
            "post_id: PostId",
            "post: PostId",
            "breaking: calc.post: the server does not have the member `post` of the result (Calc::post)\n",
        ),
        (
            "async fn post(",
            "#[xmlrpc(name = \"posts\")] async fn post(",
            "compatible: calc.post: the traits do not have this method\n\
             breaking: calc.posts: the server does not have this method (Calc::post)\n",
        ),
        (
            "post_id: PostId",
            "post_id: other::Id",
            "note: the result of `Calc::post` is not compared in full: the type `Id` is not in this file\n",
        ),
        (
            "struct PostId(i64);",
            "struct PostId(Vec<PostId>);",
            "breaking: calc.post: member `postId` of the result is int on the server, and array",
        ),
    ];
    for (old, new, expected) in cases {
        let source = GOOD.replacen(old, new, 1);
        let report = checked(&source);
        if expected.ends_with('\n') || expected.is_empty() {
            assert_eq!(report, expected, "{new}");
        } else {
            assert!(report.starts_with(expected), "{report}");
        }
    }
}

#[test]
fn errors() {
    let server = Description::from_json(SERVER).unwrap();
    let error = |source| check(&server, source).unwrap_err().to_string();
    assert!(error("fn x(").starts_with("this is not a Rust file: "));
    assert!(error("fn\nx( {").contains("(line "));
    assert_eq!(
        error("trait Calc {}"),
        "the file does not contain a trait with `#[xmlrpc_service]`"
    );
}

#[test]
fn parameters_by_name() {
    let server = r#"[{ "name": "search", "params": [{ "name": "params", "schema": { "type": "struct", "members": [
        { "name": "text", "schema": { "type": "string" } },
        { "name": "maxResults", "schema": { "type": "int" }, "optional": true }
    ] } }] }]"#;
    let server = Description::from_json(server).unwrap();
    let check = |params: &str| {
        let source = format!(
            "#[xmlrpc_service(client)] trait Blog {{\n\
             #[xmlrpc(params = struct, rename_all = \"camelCase\")] async fn search(&self, {params}); }}"
        );
        check(&server, &source).unwrap().to_string()
    };
    assert_eq!(check("text: &str, max_results: Option<u32>"), "");
    assert_eq!(check("#[xmlrpc(rename = \"text\")] query: &str"), "");
    assert_eq!(
        check("max_results: Option<u32>"),
        "breaking: search: the server requires the member `text` of parameter `params`, which the trait does not \
         have (Blog::search)\n"
    );
}

#[test]
fn methods_that_a_trait_cannot_have_are_notes() {
    use xmlrpc_cli::codegen::Generator;

    let server = r#"[{ "name": "a b" }, { "name": "x\"y" }, { "name": "good" }]"#;
    let server = Description::from_json(server).unwrap();
    let code = Generator::new(&server).generate().code;
    assert!(
        code.contains("// Warning: the method \"a b\" is left out"),
        "{code}"
    );
    let report = check(&server, &code).unwrap();
    assert_eq!(
        report.to_string(),
        "note: a trait cannot have the method \"a b\"; call it with `client().call(…)`\n\
         note: a trait cannot have the method \"x\\\"y\"; call it with `client().call(…)`\n"
    );
    // A new method is still a difference.
    let newer =
        Description::from_json(r#"[{ "name": "a b" }, { "name": "good" }, { "name": "new" }]"#)
            .unwrap();
    assert_eq!(check(&newer, &code).unwrap().differences.len(), 1);
}

#[test]
fn leading_parameters() {
    let text = r#"[
        { "name": "vm.copy", "help": "@param string session\n@param string id", "params": [
            { "name": "param1", "schema": { "type": "string" } }, { "name": "param2", "schema": { "type": "string" } }
        ] },
        { "name": "vm.find", "overloads": [
            { "params": [{ "name": "s", "schema": { "type": "string" } }], "result": { "type": "array" } },
            { "params": [{ "name": "s", "schema": { "type": "string" } }, { "name": "n", "schema": { "type": "int" } }],
              "result": { "type": "array" } }
        ] },
        { "name": "vm.sum", "params": [
            { "name": "s", "schema": { "type": "string" } },
            { "name": "all", "schema": { "type": "array" }, "rest": true }
        ] },
        { "name": "vm.unknown" },
        { "name": "system.methodHelp", "params": [{ "name": "name", "schema": { "type": "string" } }] }
    ]"#;
    let server = |count| Description::from_json(text).unwrap().without_leading(count);
    let names = |count| {
        let methods = server(count).methods.into_iter();
        let methods = methods.map(|it| {
            let names = it
                .params
                .map(|params| params.into_iter().map(|it| it.name).collect::<Vec<_>>());
            let lengths: Vec<_> = it.overloads.iter().map(|it| it.params.len()).collect();
            format!("{} {:?} {lengths:?}", it.name, names.unwrap_or_default())
        });
        methods.collect::<Vec<_>>()
    };
    let expected = |copy: &str, find: &str, sum: &str| {
        let methods = [
            "system.methodHelp [\"name\"] []",
            &*format!("vm.copy {copy} []"),
            &*format!("vm.find [] {find}"),
            &*format!("vm.sum {sum} []"),
            "vm.unknown [] []",
        ];
        methods.map(str::to_owned)
    };
    assert_eq!(
        names(0),
        expected(r#"["param1", "param2"]"#, "[1, 2]", r#"["s", "all"]"#)
    );
    assert_eq!(names(1), expected(r#"["id"]"#, "[0, 1]", r#"["all"]"#));
    assert_eq!(names(2), expected("[]", "[0, 0]", r#"["all"]"#));
    assert_eq!(names(usize::MAX), names(2));
    let code = Generator::new(&server(1)).generate().code;
    assert!(code.contains("async fn copy(&self, id: &str)"), "{code}");
    assert_eq!(check(&server(1), &code).unwrap().to_string(), "");
    assert!(check(&server(0), &code).unwrap().is_breaking());
}
