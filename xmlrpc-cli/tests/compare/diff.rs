//! Changes of a server.

use serde_json::{Value, json};
use xmlrpc_cli::codegen::{Description, diff};

fn server(method: &Value) -> Description {
    Description::from_json(&json!([method]).to_string()).unwrap()
}

#[test]
#[allow(clippy::too_many_lines)] // a table
fn changes() {
    let int = || json!({ "type": "int" });
    let text = || json!({ "type": "string" });
    let nil = || json!({ "type": "string", "nil": true });
    let list = |schema: Value| json!({ "type": "array", "elements": schema });
    let of = |members: Value| json!({ "type": "struct", "members": members });
    let params = |params: Value| json!({ "name": "m", "params": params });
    let one = |schema: Value| params(json!([{ "name": "a", "schema": schema }]));
    let result = |schema: Value| json!({ "name": "m", "result": schema });
    let member =
        |optional: bool| json!({ "name": "x", "schema": { "type": "int" }, "optional": optional });
    let cases = [
        (one(int()), one(int()), ""),
        (
            one(int()),
            one(text()),
            "breaking: m: parameter `a` has the type string, before int\n",
        ),
        (
            one(int()),
            one(json!({ "type": "i8" })),
            "compatible: m: parameter `a` has the type i8, before int\n",
        ),
        (
            one(int()),
            one(json!({ "type": "undefined" })),
            "compatible: m: parameter `a` has the type undefined, before int\n",
        ),
        (
            one(json!({ "type": "undefined" })),
            one(int()),
            "breaking: m: parameter `a` has the type int, before undefined\n",
        ),
        (
            one(nil()),
            one(text()),
            "breaking: m: parameter `a` can no longer be nil\n",
        ),
        (
            one(text()),
            one(nil()),
            "compatible: m: parameter `a` can be nil\n",
        ),
        (
            params(json!([])),
            one(int()),
            "breaking: m: the new parameter `a` is required\n",
        ),
        (
            params(json!([])),
            params(json!([{ "name": "a", "optional": true }])),
            "compatible: m: the new parameter `a` is optional\n",
        ),
        (
            one(int()),
            params(json!([])),
            "breaking: m: the parameter `a` is gone\n",
        ),
        (
            one(int()),
            json!({ "name": "m" }),
            "compatible: m: the parameters are no longer described\n",
        ),
        (
            params(json!([{ "name": "a", "optional": true }])),
            params(json!([{ "name": "a" }])),
            "breaking: m: parameter `a` is required\n",
        ),
        (
            params(json!([{ "name": "a", "schema": list(int()), "rest": true }])),
            params(json!([{ "name": "a", "schema": list(int()) }])),
            "breaking: m: parameter `a` is required\nbreaking: m: parameter `a` takes one value instead of any number\n",
        ),
        (
            one(of(json!([]))),
            one(of(json!([member(false)]))),
            "breaking: m: parameter `a` has the new required member `x`\n",
        ),
        (
            one(of(json!([]))),
            one(of(json!([member(true)]))),
            "compatible: m: parameter `a` has the new optional member `x`\n",
        ),
        (
            result(int()),
            result(text()),
            "breaking: m: the result has the type string, before int\n",
        ),
        (
            result(text()),
            result(nil()),
            "breaking: m: the result can be nil\n",
        ),
        (
            result(nil()),
            result(text()),
            "compatible: m: the result can no longer be nil\n",
        ),
        (
            result(list(int())),
            result(list(text())),
            "breaking: m: each element of the result has the type string, before int\n",
        ),
        (
            result(of(json!([member(false)]))),
            result(of(json!([]))),
            "breaking: m: the result no longer has the member `x`\n",
        ),
        (
            result(of(json!([]))),
            result(of(json!([member(false)]))),
            "compatible: m: the result has the new member `x`\n",
        ),
        (
            result(of(json!([member(false)]))),
            result(of(json!([member(true)]))),
            "breaking: m: member `x` of the result is optional\n",
        ),
        (
            json!({ "name": "m", "aliases": ["n"] }),
            json!({ "name": "m" }),
            "breaking: m: the alias `n` is gone\n",
        ),
        // The old name still works.
        (
            json!({ "name": "m" }),
            json!({ "name": "n", "aliases": ["m"] }),
            "compatible: n: the method is new\n",
        ),
        (
            json!({ "name": "m" }),
            json!({ "name": "m", "deprecated": "use n" }),
            "compatible: m: the method is deprecated: use n\n",
        ),
        (
            json!({ "name": "m", "faults": [{ "code": 1, "message": "a" }] }),
            json!({ "name": "m", "faults": [{ "code": 2, "message": "a" }] }),
            "compatible: m: the fault 1 is gone\ncompatible: m: the fault 2 is new\n",
        ),
        (
            json!({ "name": "\u{1b}[31m" }),
            json!({ "name": "n" }),
            "breaking: \\u{1b}[31m: the method is gone\ncompatible: n: the method is new\n",
        ),
    ];
    for (old, new, expected) in cases {
        let report = diff(&server(&old), &server(&new));
        assert_eq!(report.to_string(), expected, "{old} {new}");
        assert_eq!(report.is_breaking(), expected.contains("breaking:"));
    }
}

#[test]
fn the_report_as_json() {
    let report = diff(
        &server(&json!({ "name": "a" })),
        &server(&json!({ "name": "b" })),
    );
    let expected = json!({
        "differences": [
            { "method": "a", "text": "the method is gone", "breaking": true },
            { "method": "b", "text": "the method is new", "breaking": false },
        ],
        "notes": [],
    });
    assert_eq!(json!(report), expected);
}
