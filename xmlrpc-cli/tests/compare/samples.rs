//! Types from real results.

use xmlrpc_cli::codegen::{Description, Generator, Samples};
use xmlrpc_core::{Base64, Value, value};

/// The type of all these results.
fn merged(results: &[Value]) -> String {
    let mut samples = Samples::new();
    for result in results {
        samples.add("m", result);
    }
    format!("{:#}", samples.schema("m").unwrap())
}

#[test]
fn results_are_merged() {
    let cases: &[(&[Value], &str)] = &[
        (&[value!(1)], "i8"),
        (&[value!(1), value!(2.5)], "double"),
        (&[value!(1), value!("a")], "undefined"),
        (&[value!(nil)], "nil"),
        (&[value!(nil), value!(true)], "boolean or nil"),
        (&[Base64(vec![1_u8]).into()], "base64"),
        (&[value!([])], "array"),
        (&[value!([]), value!(["a"])], "array of string"),
        (&[value!([1, "a"])], "array"),
        (
            &[value!([[1, "a"], [2, "b"]])],
            "array of array [i8, string]",
        ),
        (&[value!([[1, "a"], [2, "b", 3]])], "array of array"),
        (&[value!([[1, 2], [3, 4]])], "array of array of i8"),
        (&[value!({})], "struct"),
        (
            &[value!({ "a": 1 }), value!({ "a": 2, "b": "x" })],
            "struct {a: i8, b?: string}",
        ),
        (
            &[value!([{ "a": nil }, { "a": [1] }])],
            "array of struct {a: array of i8 or nil}",
        ),
        // PHP sends an empty list for an empty struct.
        (&[value!([]), value!({ "a": 1 })], "struct {a?: i8}"),
        (&[value!({ "a": 1 }), value!([])], "struct {a?: i8}"),
        // Names that are data.
        (
            &[value!({ "1": { "n": 1 }, "2": { "n": 2 } })],
            "struct of struct {n: i8}",
        ),
        (&[value!({ "0123456789abcdef": 1 })], "struct of i8"),
        (
            &[value!({ "7": 1, "name": "x" })],
            "struct {7: i8, name: string}",
        ),
        (
            &[value!({ "a": { "b": { "c": [] } } })],
            "struct {a: struct {b: struct {c: array}}}",
        ),
    ];
    for (results, expected) in cases {
        assert_eq!(merged(results), *expected, "{results:?}");
    }
}

#[test]
fn bounds() {
    let deep = |levels: usize| {
        let mut value = Value::from(1);
        for _ in 1..levels {
            value = value!([value]);
        }
        merged(&[value])
    };
    assert!(deep(32).ends_with("of i8"));
    assert!(deep(33).ends_with("array"));
    let wide = |members: usize| {
        let members = (0..members).map(|number| (format!("m{number}"), 1));
        merged(&[members.collect::<std::collections::BTreeMap<_, _>>().into()])
    };
    assert!(wide(200).starts_with("struct {"));
    assert_eq!(wide(201), "struct of i8");
}

/// What the generator makes of a described type and a result.
#[test]
fn results_refine_what_the_server_says() {
    let cases = [
        (
            r#"{ "type": "struct" }"#,
            value!({ "id": 1 }),
            "Result<GetResult, Fault>",
        ),
        (
            r#"{ "type": "array" }"#,
            value!([{ "id": 1 }]),
            "Result<Vec<GetItem>, Fault>",
        ),
        (
            r#"{ "type": "array" }"#,
            value!([]),
            "Result<Vec<Value>, Fault>",
        ),
        (
            r#"{ "type": "undefined" }"#,
            value!("x"),
            "Result<String, Fault>",
        ),
        (
            r#"{ "type": "string" }"#,
            value!(nil),
            "Result<Option<String>, Fault>",
        ),
        (r#"{ "type": "double" }"#, value!(1), "Result<f64, Fault>"),
        // The server does not do what it says.
        (r#"{ "type": "int" }"#, value!("x"), "Result<String, Fault>"),
        (
            r#"{ "type": "struct" }"#,
            value!([]),
            "Result<BTreeMap<String, Value>, Fault>",
        ),
    ];
    for (described, result, expected) in cases {
        let text = format!(r#"[{{ "name": "get", "params": [], "result": {described} }}]"#);
        let server = Description::from_json(&text).unwrap();
        let mut samples = Samples::new();
        samples.add("get", &result);
        let code = Generator::new(&server).samples(&samples).generate().code;
        assert!(code.contains(expected), "{described} {result:?}: {code}");
    }
}
