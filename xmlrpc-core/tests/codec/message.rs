//! Calls, responses and faults, written and read.

#![allow(
    clippy::redundant_closure_for_method_calls,
    reason = "the method alone is not general enough in its lifetime"
)]

use bytes::Bytes;
use serde::de::DeserializeOwned;
use xmlrpc_core::{
    Category, Dialect, Fault, Limits, Struct, Value,
    message::{
        CallWriter, EncodedCall, EncodedResponse, IncomingCall, MulticallWriter, Params,
        fault_response, read_response,
    },
};

const NAMESPACE: &str = " xmlns:ex=\"http://ws.apache.org/xmlrpc/namespaces/extensions\"";

fn text(document: Vec<u8>) -> String {
    String::from_utf8(document).unwrap()
}

fn call(method: &str, params: &[Value], dialect: Dialect) -> EncodedCall {
    let mut call = CallWriter::new(method, dialect);
    for param in params {
        call.param(param);
    }
    call.finish().unwrap()
}

fn incoming(document: impl Into<Bytes>) -> IncomingCall {
    IncomingCall::read(document.into(), None, &Limits::default()).unwrap()
}

fn decoded<T: DeserializeOwned>(document: impl Into<Bytes>) -> Result<T, Fault> {
    read_response(document.into(), None, &Limits::default()).unwrap()
}

#[test]
fn a_call_is_written_and_read() {
    let params = [Value::Int(1), Value::from("a & b"), Value::Nil];
    for dialect in [Dialect::EXTENDED, Dialect::APACHE] {
        let encoded = call("system.<listMethods>", &params, dialect);
        assert_eq!(encoded.params(), 3);
        let read = incoming(encoded.into_document());
        assert_eq!(read.method(), "system.<listMethods>");
        assert_eq!(read.params().to_values().unwrap(), params);
    }
}

#[test]
fn a_call_in_the_dialect_of_apache_declares_its_namespace_on_the_root() {
    assert_eq!(
        text(call("m", &[Value::Nil], Dialect::APACHE).into_document()),
        format!(
            "<?xml version=\"1.0\"?><methodCall{NAMESPACE}><methodName>m</methodName>\
             <params><param><value><ex:nil/></value></param></params></methodCall>"
        )
    );
    assert_eq!(
        text(call("m", &[], Dialect::STANDARD).into_document()),
        "<?xml version=\"1.0\"?><methodCall><methodName>m</methodName><params></params></methodCall>"
    );
}

#[test]
fn the_first_error_of_a_call_is_kept() {
    let mut call = CallWriter::new("m", Dialect::STANDARD);
    call.param(&1);
    call.param(&Struct::from([("when", Value::from(vec![Value::Nil]))]));
    call.param("\0");
    let error = call.finish().unwrap_err();
    assert_eq!(
        (error.category(), error.path()),
        (Category::Data, "params[1].when[0]")
    );
    let error = CallWriter::new("a\0", Dialect::STANDARD)
        .finish()
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the character U+0000 is not allowed in XML 1.0; send such data as `Base64` at methodName"
    );
}

#[test]
fn parameters_are_owned_and_shared() {
    fn spawned<T: Clone + Send + Sync + 'static>(_: &T) {}
    let (method, params) =
        incoming(call("m", &[Value::from("x")], Dialect::EXTENDED).into_document()).into_parts();
    spawned(&params);
    let clone = params.clone();
    drop(params);
    assert_eq!(
        (&*method, clone.to_values().unwrap()),
        ("m", vec![Value::from("x")])
    );
}

#[test]
fn parameters_are_decoded_one_after_the_other() {
    let document = call(
        "m",
        &[
            Value::Int(1),
            Value::from("x"),
            Value::Nil,
            Value::Int(4),
            Value::Int(5),
        ],
        Dialect::EXTENDED,
    );
    let call = incoming(document.into_document());
    let decoded = call.params().decode(|params| {
        assert_eq!(params.remaining(), 5);
        let first: i32 = params.required("first")?;
        let second: &str = params.required("second")?;
        let third: Option<i32> = params.optional("third")?;
        let rest: Vec<i32> = params.rest("rest")?;
        let absent: Option<i32> = params.optional("absent")?;
        params.end()?;
        Ok((first, second.to_owned(), third, rest, absent))
    });
    assert_eq!(
        decoded.unwrap(),
        (1, "x".to_owned(), None, vec![4, 5], None)
    );
}

#[test]
fn no_parameters() {
    let params = Params::empty();
    assert!(params.is_empty());
    assert_eq!((params.len(), params.to_values().unwrap()), (0, vec![]));
    assert!(params.decode(|params| params.end()).is_ok());
    assert_eq!(
        Params::default()
            .decode(|params| params.rest::<i32>("all"))
            .unwrap(),
        Vec::<i32>::new()
    );
}

#[test]
fn a_response_is_written_and_read() {
    let value = Value::from(Struct::from([(
        "a",
        Value::from(vec![Value::I8(1), Value::Nil]),
    )]));
    for dialect in [Dialect::EXTENDED, Dialect::APACHE] {
        let response = EncodedResponse::new(&value, dialect).unwrap();
        assert!(
            response
                .document()
                .ends_with(b"</value></param></params></methodResponse>")
        );
        assert!(
            response.value().starts_with(b"<value>") && response.value().ends_with(b"</value>")
        );
        assert_eq!(
            decoded::<Value>(response.into_document()),
            Ok(value.clone())
        );
    }
    let error = EncodedResponse::new(&Value::from(vec![f64::NAN]), Dialect::EXTENDED).unwrap_err();
    assert_eq!(error.path(), "[0]");
}

#[test]
fn a_fault_can_always_be_written() {
    for (message, read) in [
        ("no", "no"),
        ("a\0<b>\u{FFFF}\r\n", "a\u{FFFD}<b>\u{FFFD}\r\n"),
        ("é😀", "é😀"),
        ("", ""),
    ] {
        for dialect in [
            Dialect::STANDARD,
            Dialect::EXTENDED.ascii(true),
            Dialect::APACHE,
        ] {
            let fault = Fault::new(-7, message);
            assert_eq!(
                decoded::<i32>(fault_response(&fault, dialect)),
                Err(Fault::new(-7, read))
            );
        }
    }
}

#[test]
fn what_is_logged_holds_no_text_of_a_document() {
    let secret = [Value::from("secret")];
    let encoded = call("m", &secret, Dialect::EXTENDED);
    let mut multicall = MulticallWriter::new(Dialect::EXTENDED);
    multicall.push("m", &encoded);
    let read = incoming(encoded.clone().into_document());
    let response = EncodedResponse::new("secret", Dialect::EXTENDED).unwrap();
    for (debug, expected) in [
        (format!("{encoded:?}"), "EncodedCall { params: 1, .. }"),
        (
            format!("{multicall:?}"),
            "MulticallWriter { entries: 1, .. }",
        ),
        (
            format!("{read:?}"),
            "IncomingCall { method: \"m\", params: Params { document: Some(Document { bytes: 142, .. }), .. } }",
        ),
        (
            format!("{response:?}"),
            "EncodedResponse { bytes: 124, .. }",
        ),
    ] {
        assert_eq!(debug, expected);
    }
}

/// Characters that XML forbids are replaced in a fault, by characters that the dialect allows.
#[test]
fn faults_with_control_characters() {
    for (text, ascii, unicode) in [
        ("\u{1}", "&#65533;", "\u{FFFD}"),
        ("a\u{1}é", "a&#65533;&#233;", "a\u{FFFD}é"),
        ("\u{FFFF}", "&#65533;", "\u{FFFD}"),
    ] {
        for (dialect, expected) in [
            (Dialect::EXTENDED.ascii(true), ascii),
            (Dialect::EXTENDED, unicode),
        ] {
            let document = fault_response(&Fault::new(4, text), dialect);
            let document = String::from_utf8(document).unwrap();
            assert!(
                document.contains(&format!("<string>{expected}</string>")),
                "{document}"
            );
        }
    }
}

/// The line end makes the fast reader give up counting, and not reading.
#[test]
fn the_number_of_parameters_when_they_are_not_counted_at_once() {
    let call = "<methodCall><methodName>f</methodName><params><param><value>\r\n<nil/></value></param>\
                <param><value>a</value></param></params></methodCall>";
    let call = IncomingCall::read(call.into(), None, &Limits::default()).unwrap();
    let read = call.params().decode(|params| {
        let remaining = params.remaining();
        let first = params.optional::<Value>("first")?;
        Ok((remaining, first, params.rest::<String>("rest")?))
    });
    assert_eq!(read.unwrap(), (2, None, vec!["a".to_owned()]));
}
