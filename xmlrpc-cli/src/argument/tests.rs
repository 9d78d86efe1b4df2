//! Tables of arguments.

use xmlrpc_core::{Value, value};

use super::{Argument, values};
use crate::signature::Signature;

/// The arguments, the signatures, and the values or the error.
type Case<'a> = (&'a [&'a str], Value, Result<Vec<Value>, &'a str>);

fn call(arguments: &[&str], signatures: &Value) -> Result<Vec<Value>, String> {
    let arguments = arguments.iter().map(|it| Argument::read(it));
    let arguments: Result<Vec<_>, _> = arguments.collect();
    let signatures = Signature::read(signatures);
    let values = arguments.and_then(|it| values("m", it, &signatures));
    values.map_err(|failure| {
        failure
            .message
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned()
    })
}

#[test]
fn without_signatures() {
    let cases = [
        ("5", value!(5)),
        ("-5", value!(-5)),
        ("3000000000", value!(3_000_000_000_i64)),
        ("5.0", value!(5.0)),
        ("true", value!(true)),
        ("null", Value::Nil),
        ("hello", value!("hello")),
        ("007", value!("007")),
        ("1.2.3", value!("1.2.3")),
        ("NaN", value!("NaN")),
        ("", value!("")),
        ("http://x/", value!("http://x/")),
        ("[1, \"a\"]", value!([1, "a"])),
        ("{\"a\": {\"$i8\": 1}}", value!({"a": (Value::I8(1))})),
        ("\"5\"", value!("5")),
        ("text:5", value!("5")),
        ("text:date:x", value!("date:x")),
        ("nil:", Value::Nil),
        ("i8:5", Value::I8(5)),
        ("base64:AAE=", Value::Base64(vec![0, 1])),
        ("json:5", value!(5)),
        (
            "date:20261127T10:00:00",
            Value::DateTime("2026-11-27T10:00:00".parse().unwrap()),
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(call(&[text], &Value::Nil), Ok(vec![expected]), "{text}");
    }
}

#[test]
fn signatures_decide() {
    let pow = value!([["int", "int", "int"]]);
    let cases: Vec<Case<'_>> = vec![
        (&["2", "9"], pow.clone(), Ok(vec![value!(2), value!(9)])),
        (
            &["2", "x"],
            pow.clone(),
            Err("argument 2: expected int, found string \"x\"; nothing was sent"),
        ),
        (
            &["2", "1.5"],
            pow.clone(),
            Err("argument 2: expected int, found double 1.5; nothing was sent"),
        ),
        // Nor can they say that a method takes any number.
        (
            &["1", "2", "3"],
            pow.clone(),
            Ok(vec![value!(1), value!(2), value!(3)]),
        ),
        // Servers rarely say which parameters are optional.
        (&["2"], pow, Ok(vec![value!(2)])),
        (&["5"], value!([["int", "string"]]), Ok(vec![value!("5")])),
        (
            &["null"],
            value!([["int", "string"]]),
            Ok(vec![value!("null")]),
        ),
        (&["nil:"], value!([["int", "string"]]), Ok(vec![Value::Nil])),
        (
            &["\"5\""],
            value!([["int", "string"]]),
            Ok(vec![value!("5")]),
        ),
        (
            &["[oops"],
            value!([["int", "string"]]),
            Ok(vec![value!("[oops")]),
        ),
        (
            &["[oops"],
            value!([["int", "array"]]),
            Err(
                "argument 1: invalid JSON: expected a JSON value at line 1, column 2; for text, write text:…; nothing was sent",
            ),
        ),
        (&["5"], value!([["int", "double"]]), Ok(vec![value!(5.0)])),
        (&["5"], value!([["int", "i8"]]), Ok(vec![Value::I8(5)])),
        (&["1"], value!([["int", "boolean"]]), Ok(vec![value!(true)])),
        (
            &["2"],
            value!([["int", "boolean"]]),
            Err("argument 1: expected boolean, found int 2; nothing was sent"),
        ),
        (
            &["i8:5"],
            value!([["int", "string"]]),
            Err("argument 1: expected string, found i8 5; nothing was sent"),
        ),
        (
            &["2026-11-27"],
            value!([["int", "dateTime.iso8601"]]),
            Ok(vec![Value::DateTime("20261127T00:00:00".parse().unwrap())]),
        ),
        (
            &["soon"],
            value!([["int", "dateTime.iso8601"]]),
            Err(
                "argument 1: expected dateTime.iso8601, found string \"soon\"; write 2026-11-27T10:00:00; nothing was sent",
            ),
        ),
        (
            &["AAE="],
            value!([["int", "base64"]]),
            Ok(vec![Value::Base64(vec![0, 1])]),
        ),
        (&["5"], value!([["int", "odd"]]), Ok(vec![value!(5)])),
        // The best of several.
        (
            &["5"],
            value!([["int", "string"], ["int", "int"]]),
            Ok(vec![value!(5)]),
        ),
        (
            &["a"],
            value!([["int", "string"], ["int", "int"]]),
            Ok(vec![value!("a")]),
        ),
        (
            &["a", "5"],
            value!([["int", "string"], ["int", "string", "int"]]),
            Ok(vec![value!("a"), value!(5)]),
        ),
    ];
    for (arguments, signatures, expected) in cases {
        assert_eq!(
            call(arguments, &signatures),
            expected.map_err(str::to_owned),
            "{arguments:?}"
        );
    }
}

#[test]
fn mistakes() {
    let cases = [
        (
            "[1",
            "argument 1 of `m`: invalid JSON: expected `,` or `]` at line 1, column 3; for text, write text:…",
        ),
        (
            "i8:x",
            "invalid argument `i8:x`: expected an integer of 64 bits after `i8:`",
        ),
        (
            "nil:x",
            "invalid argument `nil:x`: nothing may follow `nil:`; write text:nil:… for text",
        ),
        (
            "base64:?",
            "invalid argument `base64:?`: the text is not base64; for a file, write base64:@FILE",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(
            call(&[text], &Value::Nil),
            Err(expected.to_owned()),
            "{text}"
        );
    }
}
