//! Arrays and structs, calls, responses and faults, and their encodings.

use std::collections::BTreeMap;

use bytes::Bytes;
use xmlrpc_core::{
    Fault, Limits, Struct, Value, from_slice,
    message::{IncomingCall, read_response},
};

use crate::common::decode::{both, read, reads};

pub(crate) fn arrays() {
    reads(&[
        ("<array/>", vec![]),
        ("<array></array>", vec![]),
        ("<array><data/></array>", vec![]),
        ("<array><data></data></array>", vec![]),
        (
            "<array><value><int>1</int></value><value><int>2</int></value></array>",
            vec![1, 2],
        ),
    ]);
}

pub(crate) fn structs() {
    reads(&[
        ("<struct/>", Struct::new()),
        ("<struct></struct>", Struct::new()),
        (
            "<struct><member><value><int>1</int></value><name>a</name></member></struct>",
            Struct::from([("a", 1)]),
        ),
    ]);
    let member =
        |number: i32| format!("<member><name>a</name><value><int>{number}</int></value></member>");
    let other = "<member><name>b</name><value>x</value></member>";
    let inner = format!(
        "<struct>{}{}{other}{}</struct>",
        member(1),
        member(2),
        member(3)
    );
    let members: Struct = read(&inner);
    assert_eq!(members.len(), 2);
    assert_eq!(
        (&members["a"], &members["b"]),
        (&Value::Int(3), &Value::from("x"))
    );
    assert_eq!(read::<BTreeMap<String, Value>>(&inner)["a"], Value::Int(3));
    assert_eq!(read::<Value>(&inner), Value::from(members));
}

pub(crate) fn calls() {
    for (inner, params) in [
        ("<methodName>m</methodName><params/>", 0),
        ("<methodName>m</methodName>", 0),
        (
            "<params><param><value/></param></params><methodName>m</methodName>",
            1,
        ),
        (
            "\n<methodName>\n m\n</methodName>\n<params>\n</params>\n",
            0,
        ),
    ] {
        let document = format!("<methodCall>{inner}</methodCall>");
        let read = |document: &str| {
            let body = Bytes::from(document.to_owned());
            let call = IncomingCall::read(body, None, &Limits::default())?;
            Ok((call.method().to_owned(), call.params().to_values()?.len()))
        };
        for call in both(&document, read) {
            assert_eq!(call.unwrap(), ("m".to_owned(), params), "{document}");
        }
    }
}

fn fault(members: &[(&str, &str)]) -> String {
    let members = members
        .iter()
        .map(|(name, value)| format!("<member><name>{name}</name><value>{value}</value></member>"));
    let members: String = members.collect();
    format!(
        "<methodResponse><fault><value><struct>{members}</struct></value></fault></methodResponse>"
    )
}

pub(crate) fn faults() {
    const OTHER: i32 = Fault::APPLICATION_ERROR;
    let text = ("faultString", "no");
    let cause = ("faultCause", "<base64>QQ==</base64>");
    let code = |code| ("faultCode", code);
    let four = code("<int>4</int>");
    for (members, expected) in [
        (vec![four, text], Fault::new(4, "no")),
        (vec![text, four], Fault::new(4, "no")),
        (vec![code("<i8>4</i8>"), cause, text], Fault::new(4, "no")),
        (vec![code("12"), text], Fault::new(12, "no")),
        (vec![code("Client"), text], Fault::new(OTHER, "Client: no")),
        (
            vec![code("<i8>3000000000</i8>"), text],
            Fault::new(OTHER, "3000000000: no"),
        ),
        (vec![four], Fault::new(4, "")),
        (vec![text], Fault::new(OTHER, "no")),
        (
            vec![
                code("<double>4.0</double>"),
                ("faultString", "<int>5</int>"),
            ],
            Fault::new(4, "5"),
        ),
    ] {
        for answer in both(&fault(&members), |document| {
            read_response::<i32>(Bytes::from(document.to_owned()), None, &Limits::default())
        }) {
            assert_eq!(answer.unwrap(), Err(expected.clone()), "{members:?}");
        }
    }
}

pub(crate) fn missing_elements() {
    reads(&[
        (
            "<array><data><int>1</int></data><data><value><int>2</int></value></data></array>",
            vec![1, 2],
        ),
        ("<array><data/><data/></array>", vec![]),
    ]);
    let member = "<struct><member><name>a</name><int>3</int></member></struct>";
    reads(&[(member, Struct::from([("a", 3)]))]);
    for params in ["<param><int>1</int></param>", "<value><int>1</int></value>"] {
        let document = format!("<methodResponse><params>{params}</params></methodResponse>");
        for response in both(&document, |document| {
            read_response::<i32>(Bytes::from(document.to_owned()), None, &Limits::default())
        }) {
            assert_eq!(response.unwrap(), Ok(1), "{params}");
        }
    }
}

pub(crate) fn empty_arrays() {
    reads(&[("<array><data/></array>", Struct::new())]);
    reads(&[("<struct/>", Vec::<i32>::new())]);
}

pub(crate) fn other_faults() {
    for (content, expected) in [
        (
            "<value><string>no</string></value>",
            Fault::new(Fault::APPLICATION_ERROR, "no"),
        ),
        ("<value><int>4</int></value>", Fault::new(4, "")),
        (
            "<struct><member><name>faultcode</name><int/></member>\
             <member><name>faultstring</name><value>no</value></member></struct>",
            Fault::new(Fault::APPLICATION_ERROR, "no"),
        ),
    ] {
        let document = format!("<methodResponse><fault>{content}</fault></methodResponse>");
        for response in both(&document, |document| {
            read_response::<i32>(Bytes::from(document.to_owned()), None, &Limits::default())
        }) {
            assert_eq!(response.unwrap(), Err(expected.clone()), "{content}");
        }
    }
}

/// Encodes in windows-1252, which differs from ISO-8859-1 in only a few characters.
fn latin(text: &str) -> Vec<u8> {
    let byte = |c| {
        if c == '€' {
            0x80
        } else {
            u8::try_from(c).unwrap()
        }
    };
    text.chars().map(byte).collect()
}

fn utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

pub(crate) fn encodings() {
    type Encode = fn(&str) -> Vec<u8>;
    let table: [(&str, &str, Encode); 5] = [
        ("<?xml version='1.0' encoding='ISO-8859-1'?>", "é", latin),
        ("<?xml version='1.0' encoding='windows-1252'?>", "é€", latin),
        ("<?xml version='1.0' encoding='UTF-16'?>", "é€😀", utf_16),
        ("", "é€😀", |text| utf_16(&format!("\u{feff}{text}"))),
        ("", "é€😀", |text| {
            format!("\u{feff}{text}").into_bytes()
        }),
    ];
    for (declaration, text, encode) in table {
        let document = format!("{declaration}<value>{text}</value>");
        for read in both(&document, |document| {
            from_slice::<String>(&encode(document))
        }) {
            assert_eq!(read.unwrap(), text, "{document}");
        }
    }
    for declaration in ["", "<?xml version='1.0' encoding='utf-8'?>"] {
        let document = format!("{declaration}{}", answer("é"));
        for read in both(&document, |document| {
            read_response::<String>(
                latin(document).into(),
                Some("ISO-8859-1"),
                &Limits::default(),
            )
        }) {
            assert_eq!(read.unwrap(), Ok("é".to_owned()), "{document}");
        }
    }
}

fn answer(value: &str) -> String {
    format!(
        "<methodResponse><params><param><value>{value}</value></param></params></methodResponse>"
    )
}
