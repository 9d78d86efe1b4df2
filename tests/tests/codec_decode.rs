//! What real peers send, as it is put together: arrays, structs, calls, answers, faults.

use std::collections::BTreeMap;

use bytes::Bytes;
use xmlrpc_core::{
    Category, Fault, Limits, Struct, Value, from_str,
    message::{IncomingCall, read_response},
};

#[allow(dead_code)] // shared by several tests
#[path = "common/decode.rs"]
mod decode;
use decode::{read, reads, refused, string};

#[test]
fn arrays_in_all_forms() {
    reads(&[
        ("<array/>", vec![]),
        ("<array></array>", vec![]),
        ("<array><data/></array>", vec![]),
        ("<array><data></data></array>", vec![]),
        (
            "<array><value><int>1</int></value><value><int>2</int></value></array>",
            vec![1, 2],
        ),
        (
            "<array><data><value><int>1</int></value></data></array>",
            vec![1],
        ),
    ]);
    for inner in [
        "<array><data/><value/></array>",
        "<array><data/><data><value/></data></array>",
        "<array><int>1</int></array>",
        "<array><value/><data/></array>",
        "<array/><array/>",
    ] {
        let error = from_str::<Value>(&format!("<value>{inner}</value>")).unwrap_err();
        assert_eq!(error.category(), Category::Protocol, "{inner}: {error}");
    }
}

#[test]
fn structs_in_all_forms() {
    let member = |name: &str, value: i32| Value::from(Struct::from([(name, value)]));
    reads(&[
        ("<struct/>", Value::from(Struct::new())),
        ("<struct></struct>", Value::from(Struct::new())),
        (
            "<struct><member><value><int>1</int></value><name>a</name></member></struct>",
            member("a", 1),
        ),
        (
            "<struct><member><name>a</name><value><int>1</int></value></member>\
             <member><name>a</name><value><int>2</int></value></member></struct>",
            member("a", 2),
        ),
        (
            "<struct><member><name/><value><int>1</int></value></member></struct>",
            member("", 1),
        ),
        (
            "<struct><member><name>&lt;&#233;</name><value><int>1</int></value></member></struct>",
            member("<é", 1),
        ),
    ]);
}

#[test]
fn the_last_duplicate_wins() {
    let member =
        |number: i32| format!("<member><name>a</name><value><int>{number}</int></value></member>");
    let other = "<member><name>b</name><value>x</value></member>";
    let inner = format!(
        "<struct>{}{}{other}{}</struct>",
        member(1),
        member(2),
        member(3)
    );
    // The comment keeps the document from the scanner.
    for inner in [inner.clone(), format!("<!---->{inner}")] {
        let members: Struct = read(&inner);
        assert_eq!(members.len(), 2);
        assert_eq!(members["a"], Value::Int(3));
        assert_eq!(members["b"], Value::from("x"));
        let map: BTreeMap<String, Value> = read(&inner);
        assert_eq!(map["a"], Value::Int(3));
        assert_eq!(read::<Value>(&inner), Value::from(members));
    }
}

#[test]
fn structs_that_are_none() {
    for (inner, expected) in [
        (
            "<struct><member><name>a</name></member></struct>",
            "the member has no <value>",
        ),
        (
            "<struct><member><value/></member></struct>",
            "the member has no <name>",
        ),
        ("<struct><member/></struct>", "the member has no <name>"),
        (
            "<struct><name>a</name></struct>",
            "expected <member>, found <name>",
        ),
        (
            "<struct><member><name>a</name><int>1</int></member></struct>",
            "expected <value>, found <int>",
        ),
        (
            "<struct><member><name>a</name><value/><value/></member></struct>",
            "expected </member>, found <value>",
        ),
        (
            "<struct><member><name>a<b/></name><value/></member></struct>",
            "expected text, found <b>",
        ),
    ] {
        refused::<Value>(inner, expected);
    }
}

#[test]
fn members_by_name_whatever_their_order() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Pair {
        a: i32,
        b: String,
    }
    let inner = "<struct><member><value>x</value><name>b</name></member>\
                 <member><name>unknown</name><value><array/></value></member>\
                 <member><value><int>1</int></value><name>a</name></member></struct>";
    assert_eq!(
        read::<Pair>(inner),
        Pair {
            a: 1,
            b: string("x")
        }
    );
}

#[test]
fn a_value_of_two_types_is_refused() {
    refused::<i32>(
        "<int>1</int><int>2</int>",
        "<value> holds more than it may: <int>",
    );
}

#[test]
fn calls_without_params_and_in_any_order() {
    for (document, params) in [
        (
            "<methodCall><methodName>m</methodName><params/></methodCall>",
            0,
        ),
        ("<methodCall><methodName>m</methodName></methodCall>", 0),
        (
            "<methodCall><params><param><value/></param></params><methodName>m</methodName></methodCall>",
            1,
        ),
        (
            "<methodCall>\n<methodName>\n m\n</methodName>\n<params>\n</params>\n</methodCall>\n",
            0,
        ),
    ] {
        let call = IncomingCall::read(Bytes::from(document), None, &Limits::default()).unwrap();
        assert_eq!(
            (call.method(), call.params().len()),
            ("m", params),
            "{document}"
        );
    }
}

#[test]
fn answers_without_a_declaration_and_without_a_value() {
    let read = |document: &'static str| {
        read_response::<Option<i32>>(Bytes::from(document), None, &Limits::default())
    };
    let value = "<methodResponse><params><param><value><int>1</int></value></param></params></methodResponse>";
    assert_eq!(read(value).unwrap(), Ok(Some(1)));
    assert_eq!(
        read("<methodResponse><params/></methodResponse>").unwrap(),
        Ok(None)
    );
    assert_eq!(
        read("<methodResponse/>").unwrap_err().category(),
        Category::Protocol
    );
}

#[test]
fn faults_as_peers_send_them() {
    let member = |name: &str, value: &str| {
        format!("<member><name>{name}</name><value>{value}</value></member>")
    };
    let code = |value: &str| member("faultCode", value);
    let text = member("faultString", "no");
    for (members, expected) in [
        (
            format!("{}{text}", code("<int>4</int>")),
            Fault::new(4, "no"),
        ),
        (
            format!("{text}{}", code("<int>4</int>")),
            Fault::new(4, "no"),
        ),
        (
            format!(
                "{}{}{text}",
                code("<i8>4</i8>"),
                member("faultCause", "<base64>QQ==</base64>")
            ),
            Fault::new(4, "no"),
        ),
        (format!("{}{text}", code("12")), Fault::new(12, "no")),
        (
            format!("{}{text}", code("Client")),
            Fault::new(Fault::APPLICATION_ERROR, "Client: no"),
        ),
        (
            format!("{}{text}", code("<i8>3000000000</i8>")),
            Fault::new(Fault::APPLICATION_ERROR, "3000000000: no"),
        ),
        (code("<int>4</int>"), Fault::new(4, "")),
        (text.clone(), Fault::new(Fault::APPLICATION_ERROR, "no")),
        (
            format!(
                "{}{}",
                code("<double>4.0</double>"),
                member("faultString", "<int>5</int>")
            ),
            Fault::new(4, "5"),
        ),
    ] {
        let document = format!(
            "<methodResponse><fault><value><struct>{members}</struct></value></fault></methodResponse>"
        );
        let answer = read_response::<i32>(Bytes::from(document), None, &Limits::default()).unwrap();
        assert_eq!(answer, Err(expected), "{members}");
    }
}
