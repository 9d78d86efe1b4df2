//! The texts of errors, with the path, the line and the column.

#![allow(
    clippy::redundant_closure_for_method_calls,
    reason = "the method alone is not general enough in its lifetime"
)]

use std::collections::HashMap;

use bytes::Bytes;
use serde::{Deserialize, de::DeserializeOwned};
use xmlrpc_core::{
    Category, DateTime, Dialect, Error, Fault, Limits, Struct, Value, from_str, from_str_with,
    from_value, message::IncomingCall,
};

#[test]
fn an_error_is_one_pointer_that_can_be_sent() {
    fn sendable<T: Send + Sync + std::error::Error + 'static>() {}
    sendable::<Error>();
    sendable::<Fault>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "only errors are looked at")]
struct Owner {
    name: String,
    since: DateTime,
    ids: Vec<u8>,
    kind: Option<Kind>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "only errors are looked at")]
enum Kind {
    Human { age: u8 },
    Robot(HashMap<i32, bool>),
}

#[track_caller]
fn error<T: DeserializeOwned + std::fmt::Debug>(document: &str) -> Error {
    from_str::<T>(document).unwrap_err()
}

fn owner(members: &str) -> String {
    format!("<value>\n <struct>\n{members}\n </struct>\n</value>")
}

fn member(name: &str, value: &str) -> String {
    format!("<member><name>{name}</name><value>{value}</value></member>")
}

#[test]
fn type_errors_name_both_types_and_the_place() {
    for (document, expected) in [
        (
            "<value><string>abc</string></value>",
            "expected int, found string \"abc\" (line 1, column 8)",
        ),
        (
            "<value>abc</value>",
            "expected int, found string \"abc\" (line 1, column 1)",
        ),
        (
            "<value>\n\n  <array/></value>",
            "expected int, found array (line 3, column 3)",
        ),
        (
            "<value><struct/></value>",
            "expected int, found struct (line 1, column 8)",
        ),
        (
            "<value><nil/></value>",
            "expected int, found nil (line 1, column 8)",
        ),
        (
            "<value><boolean>1</boolean></value>",
            "expected int, found boolean 1 (line 1, column 8)",
        ),
        (
            "<value><base64>QUJD</base64></value>",
            "expected int, found base64 of 3 bytes (line 1, column 8)",
        ),
        (
            "<value><dateTime.iso8601>19980717T14:08:55</dateTime.iso8601></value>",
            "expected int, found dateTime.iso8601 \"19980717T14:08:55\" (line 1, column 8)",
        ),
        (
            "<value><int>300</int></value>",
            "int 300 does not fit: expected 0 to 255 (line 1, column 8)",
        ),
        (
            "<value><i8>-1</i8></value>",
            "i8 -1 does not fit: expected 0 to 255 (line 1, column 8)",
        ),
        (
            "<value><int>x</int></value>",
            "invalid int \"x\" (line 1, column 8)",
        ),
    ] {
        assert_eq!(error::<u8>(document).to_string(), expected);
    }
    assert_eq!(
        error::<String>("<value><base64>QUJD</base64></value>").to_string(),
        "expected string, found base64 of 3 bytes (line 1, column 8)"
    );
    assert_eq!(
        error::<Vec<i32>>("<value>a</value>").to_string(),
        "expected array, found string \"a\" (line 1, column 1)"
    );
    assert_eq!(
        error::<Struct>("<value><array><value/></array></value>").to_string(),
        "expected struct, found array (line 1, column 8)"
    );
    assert_eq!(
        error::<DateTime>("<value><int>1</int></value>").to_string(),
        "expected dateTime.iso8601, found int 1 (line 1, column 8)"
    );
    assert_eq!(
        error::<bool>("<value>1</value>").to_string(),
        "expected boolean, found string \"1\" (line 1, column 1)"
    );
}

#[test]
fn paths_lead_to_the_value() {
    let ids =
        "<array><data><value><int>1</int></value>\n<value><int>256</int></value></data></array>";
    let human = format!(
        "<struct>{}</struct>",
        member("Human", &format!("<struct>{}</struct>", member("age", "x")))
    );
    let robot = format!(
        "<struct>{}</struct>",
        member("Robot", &format!("<struct>{}</struct>", member("y", "x")))
    );
    for (members, path, expected) in [
        (
            member("name", "<int>1</int>"),
            "name",
            "expected string, found int 1 at name (line 3, column 33)",
        ),
        (
            member("ids", ids),
            "ids[1]",
            "int 256 does not fit: expected 0 to 255 at ids[1] (line 4, column 8)",
        ),
        (
            member("kind", &human),
            "kind.Human.age",
            "expected int, found string \"x\" at kind.Human.age (line 3, column 106)",
        ),
        (
            member("kind", &robot),
            "kind.Robot.y",
            "the name \"y\" is not a valid i32 at kind.Robot.y (line 3, column 104)",
        ),
        (
            member("since", "<dateTime.iso8601/>"),
            "since",
            "invalid dateTime.iso8601 \"\" at since (line 3, column 34)",
        ),
        (
            member("other", "x"),
            "other",
            "unknown field `other`, expected one of `name`, `since`, `ids`, `kind` at other (line 3, column 27)",
        ),
        (String::new(), "", "missing field `name` (line 2, column 2)"),
        (
            member("name", "a") + &member("name", "b"),
            "",
            "duplicate field `name` (line 2, column 2)",
        ),
    ] {
        let error = error::<Owner>(&owner(&members));
        assert_eq!((error.path(), error.to_string().as_str()), (path, expected));
        assert_eq!(
            (error.category(), error.fault_code()),
            (Category::Data, -32602)
        );
    }
}

#[test]
fn columns_are_counted_in_characters() {
    let error = error::<Vec<i32>>(
        "<value><array><data>\n<!-- é😀 --><value>é</value></data></array></value>",
    );
    assert_eq!(
        (error.line(), error.column(), error.offset()),
        (Some(2), Some(12), Some(36))
    );
}

#[test]
fn positions_are_those_of_the_document_as_it_came() {
    // Before the wrong value, a prefix, surrogates and line ends are repaired.
    let document = "\u{FEFF}\r\n<value><array><data>\r\n<value><ex:nil/></value><value>&#55357;&#56832;\r</value>\r\n <value>a</value></data></array></value>";
    let error = error::<(Value, Value, i32)>(document);
    assert_eq!(
        error.to_string(),
        "expected int, found string \"a\" at [2] (line 4, column 2)"
    );
    assert_eq!(&document[error.offset().unwrap()..][..8], "<value>a");
}

#[test]
fn messages_quote_no_more_than_a_beginning() {
    let long = "x".repeat(1_000_000);
    let short = format!("{}…", "x".repeat(40));
    let errors = [
        (
            error::<i32>(&format!("<value>{long}</value>")),
            format!("expected int, found string \"{short}\""),
        ),
        (
            error::<i32>(&format!("<value><int>{long}</int></value>")),
            format!("invalid int \"{short}\""),
        ),
        (
            error::<i32>(&format!("<value><{long}/></value>")),
            format!("<{short}> is not an XML-RPC type"),
        ),
        (
            error::<Kind>(&format!("<value>{long}</value>")),
            format!("unknown variant `{short}`, expected `Human` or `Robot`"),
        ),
        (
            error::<Owner>(&owner(&member(&long, ""))),
            format!("unknown field `{short}`, expected one of `name`"),
        ),
        (
            error::<HashMap<String, i32>>(&owner(&member(&long, ""))),
            format!("expected int, found string \"\" at {short} ("),
        ),
        (
            error::<i32>(&format!("<{long}/>")),
            format!("expected <value>, found <{short}>"),
        ),
        (
            error::<i32>(&format!("<value>&{long};</value>")),
            format!("unknown entity &{short};"),
        ),
        (
            from_value::<i32>(Value::from(long.as_str())).unwrap_err(),
            format!("expected int, found string \"{short}\""),
        ),
        (
            long.parse::<DateTime>().unwrap_err(),
            format!("invalid dateTime.iso8601 \"{short}\""),
        ),
    ];
    for (error, expected) in errors {
        let text = error.to_string();
        assert!(
            text.starts_with(&expected),
            "{}",
            text.chars().take(200).collect::<String>()
        );
        assert!(text.len() < 300);
    }
    assert_eq!(
        error::<i32>("<value>\u{7}\n\"\\</value>").category(),
        Category::Syntax
    );
    assert_eq!(
        error::<i32>("<value>\n\"\\</value>").to_string(),
        "expected int, found string \"\\n\\\"\\\\\" (line 1, column 1)"
    );
}

fn call(params: &str) -> Result<IncomingCall, Error> {
    let document = format!(
        "<methodCall>\n<methodName>m</methodName>\n<params>{params}</params>\n</methodCall>"
    );
    IncomingCall::read(Bytes::from(document), None, &Limits::default())
}

#[test]
fn errors_of_parameters() {
    let params = "<param><value><int>1</int></value></param>\n<param><value><struct>\
                  <member><name>owner</name><value>moe</value></member></struct></value></param>";
    let call = call(params).unwrap();
    let error = call
        .params()
        .decode(|params| {
            params.required::<i32>("a")?;
            params.required::<HashMap<String, i32>>("b")
        })
        .unwrap_err();
    assert_eq!(error.path(), "params[1].owner");
    assert_eq!(
        error.to_string(),
        "parameter 2 `b`: expected int, found string \"moe\" at params[1].owner (line 4, column 49)"
    );
    let text = |error: Result<(), Error>| error.unwrap_err().to_string();
    let missing = call.params().decode(|params| {
        params.rest::<Value>("all")?;
        params.required::<i32>("c").map(drop)
    });
    assert_eq!(
        text(missing),
        "missing parameter 3 `c`: expected int, found nothing"
    );
    let too_many = call.params().decode(|params| {
        params.required::<i32>("a")?;
        params.end()
    });
    assert_eq!(
        text(too_many),
        "takes 1 parameter, 2 given: parameter 2: expected nothing, found struct at params[1] \
         (line 4, column 15)"
    );
    let none = call.params().decode(|params| params.end());
    assert_eq!(
        text(none),
        "takes 0 parameters, 2 given: parameter 1: expected nothing, found int 1 at params[0] \
         (line 3, column 23)"
    );
    let optional = call.params().decode(|params| {
        params.required::<Value>("a")?;
        params.optional::<bool>("flag").map(drop)
    });
    assert_eq!(
        text(optional),
        "parameter 2 `flag`: expected boolean, found struct at params[1] (line 4, column 15)"
    );
}

#[test]
fn a_fault_has_the_code_of_its_error() {
    assert_eq!(error::<i32>("<value>a</value>").fault_code(), -32602);
    let flat = from_str_with::<Vec<i32>>("<value><array/></value>", &Limits::default().depth(0));
    assert_eq!(flat.unwrap_err().fault_code(), -32600);
    let custom: Error = serde::de::Error::custom("too much");
    assert_eq!(
        (
            custom.to_string().as_str(),
            custom.fault_code(),
            custom.path()
        ),
        ("too much", -32602, "")
    );
    assert_eq!(
        (custom.offset(), custom.line(), custom.column()),
        (None, None, None)
    );
}

#[test]
fn faults_of_other_errors() {
    let nested = std::io::Error::other(Fault::new(1, "inner"));
    assert_eq!(Fault::disclose(nested).message(), "fault 1: inner");
    let boxed: Box<dyn std::error::Error + Send + Sync> = "boxed".into();
    assert_eq!(Fault::disclose(boxed), Fault::new(-32500, "boxed"));
    assert_eq!(
        Fault::internal("secret"),
        Fault::new(-32603, "internal error")
    );
    assert_eq!(
        Fault::method_not_found("a.b"),
        Fault::new(-32601, "method `a.b` not found")
    );
    assert_eq!(Fault::invalid_params("no"), Fault::new(-32602, "no"));
}

#[test]
fn the_source_of_a_fault_stays_here() {
    use std::error::Error as _;

    let fault = Fault::internal("secret");
    assert_eq!(fault.source().unwrap().to_string(), "secret");
    assert!(Fault::new(1, "no").source().is_none());

    // Neither text nor document has it; equality ignores it.
    let without = Fault::new(-32603, "internal error");
    assert_eq!(fault, without);
    assert_eq!(fault.to_string(), without.to_string());
    assert_eq!(Value::from(fault.clone()), Value::from(without.clone()));
    let document = |fault: &Fault| xmlrpc_core::message::fault_response(fault, Dialect::EXTENDED);
    assert_eq!(document(&fault), document(&without));

    assert_eq!(
        format!("{without:?}"),
        r#"Fault { code: -32603, message: "internal error" }"#
    );
    assert_eq!(
        format!("{fault:?}"),
        r#"Fault { code: -32603, message: "internal error", source: "secret" }"#
    );
    assert!(size_of::<Fault>() <= 40);
}

thread_local! {
    static RUNS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// An integer that counts how often it is read.
struct Counted;

impl<'de> Deserialize<'de> for Counted {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        RUNS.set(RUNS.get() + 1);
        i32::deserialize(deserializer).map(|_| Self)
    }
}

#[test]
fn a_missing_parameter_is_read_once() {
    let document = "<methodCall><methodName>m</methodName><params></params></methodCall>";
    let call = IncomingCall::read(document.into(), None, &Limits::default()).unwrap();
    let error = call
        .params()
        .decode(|params| params.required::<Counted>("a").map(drop))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "missing parameter 1 `a`: expected int, found nothing"
    );
    assert_eq!(RUNS.take(), 1);

    // Behind others, and in a document that only the lenient reader reads.
    for (before, value) in [("", "<int>1</int>"), ("<!-- a comment -->", "<int>1</int>")] {
        let document = format!(
            "<methodCall>{before}<methodName>m</methodName><params><param>\
             <value>{value}</value></param></params></methodCall>"
        );
        let call = IncomingCall::read(document.into(), None, &Limits::default()).unwrap();
        let error = call
            .params()
            .decode(|params| {
                let _: i32 = params.required("a")?;
                params.required::<Counted>("b").map(drop)
            })
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "missing parameter 2 `b`: expected int, found nothing"
        );
        assert_eq!(RUNS.take(), 1);
    }

    // A document that ends too early has another error.
    let document = "<methodCall><methodName>m</methodName><params></params>";
    let call = IncomingCall::read(document.into(), None, &Limits::default()).unwrap();
    let error = call
        .params()
        .decode(|params| params.required::<Counted>("a").map(drop))
        .unwrap_err();
    assert_eq!(error.category(), Category::Syntax);
}
