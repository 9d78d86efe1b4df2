//! Types from real results.

use xmlrpc_cli::codegen::{Description, Generator, Samples, check};
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
        // Nil says nothing about the next value.
        (&[value!(nil)], "undefined or nil"),
        (
            &[value!({ "a": nil, "b": [nil] })],
            "struct {a: undefined or nil, b: array of (undefined or nil)}",
        ),
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

/// A member that was nil in each sample keeps the values that come later.
#[test]
fn members_that_are_only_nil_can_be_anything() {
    let server = Description::from_json(r#"[{ "name": "get", "params": [] }]"#).unwrap();
    let mut samples = Samples::new();
    samples.add(
        "get",
        &value!([{ "id": 1, "task_id": nil }, { "id": 2, "extra": nil }]),
    );
    let code = Generator::new(&server).samples(&samples).generate().code;
    assert!(code.contains("pub task_id: Option<Value>,"), "{code}");
    assert!(code.contains("pub extra: Option<Value>,"), "{code}");
    assert!(!code.contains("()>"), "{code}");
    let mut samples = Samples::new();
    samples.add("get", &value!({ "n": nil }));
    let code = Generator::new(&server).samples(&samples).generate().code;
    assert!(code.contains("pub n: Value,"), "{code}");
}

/// A sample of a method with several results refines those of its kind, and the check agrees.
#[test]
fn a_sample_belongs_to_the_signatures_of_its_kind() {
    let overload = |params: &str, result: &str| {
        format!(r#"{{ "params": [{params}], "result": {{ "type": "{result}" }} }}"#)
    };
    let param = |schema: &str| format!(r#"{{ "name": "p", "schema": {{ "type": "{schema}" }} }}"#);
    let text = format!(
        r#"[{{ "name": "getBuild", "params": [{{ "name": "p", "optional": true }}], "overloads": [{}, {}, {}] }}]"#,
        overload(&param("string"), "struct"),
        overload(&param("int"), "struct"),
        overload("", "array"),
    );
    let server = Description::from_json(&text).unwrap();
    let cases: &[(&[Value], &[&str])] = &[
        (
            &[value!({ "id": 1 })],
            &["Result<GetBuildResult, Fault>", "Result<Vec<Value>, Fault>"],
        ),
        (
            &[value!(["a"])],
            &[
                "Result<BTreeMap<String, Value>, Fault>",
                "Result<Vec<String>, Fault>",
            ],
        ),
        (
            &[value!(["a"]), value!({ "id": 1 })],
            &[
                "Result<GetBuildResult, Fault>",
                "Result<Vec<String>, Fault>",
            ],
        ),
        (
            &[value!({ "id": 1 }), value!(nil)],
            &[
                "Result<Option<GetBuildResult>, Fault>",
                "Result<Option<Vec<Value>>, Fault>",
            ],
        ),
        // The server does not do what it says.
        (&[value!(5)], &["Result<Value, Fault>"]),
    ];
    for (results, expected) in cases {
        let mut samples = Samples::new();
        for result in *results {
            samples.add("getBuild", result);
        }
        for both in [false, true] {
            let generator = Generator::new(&server).samples(&samples).both(both);
            let code = generator.generate().code;
            if both {
                assert!(code.contains("Result<Value, Fault>"), "{code}");
            } else {
                let missing = expected.iter().find(|it| !code.contains(**it));
                assert_eq!(missing, None, "{results:?}: {code}");
            }
            let report = check(&server, &code).unwrap();
            assert!(!report.is_breaking(), "{results:?}: {report}");
        }
    }
}
