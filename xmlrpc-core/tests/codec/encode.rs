//! Encoding: a test for each rule, except the rules for scalars.

#![allow(
    clippy::option_option,
    reason = "it is one of the shapes that serde knows"
)]

use std::collections::BTreeMap;

use serde::Serialize;
use xmlrpc_core::{
    Dialect, Fault, Struct, Value,
    message::{
        CallWriter, EncodedResponse, MulticallResponseWriter, MulticallWriter, fault_response,
    },
    to_string, to_vec, to_vec_with,
};

use crate::common::encode::{NAMESPACE, refuses, writes, written};

#[test]
fn names_are_escaped_too() {
    writes(
        &Struct::from([("a<b", 1)]),
        "<struct><member><name>a&lt;b</name><value><int>1</int></value></member></struct>",
    );
}

#[test]
fn arrays_have_data() {
    writes::<[i32]>(&[], "<array><data></data></array>");
    writes(
        &(1, "a"),
        "<array><data><value><int>1</int></value><value><string>a</string></value></data></array>",
    );
}

#[test]
fn structs_have_members() {
    writes(&Struct::new(), "<struct></struct>");
    writes(
        &BTreeMap::from([("a", 1), ("b", 2)]),
        "<struct><member><name>a</name><value><int>1</int></value></member>\
         <member><name>b</name><value><int>2</int></value></member></struct>",
    );
}

#[test]
fn nil_by_dialect() {
    assert_eq!(written(&None::<i32>, Dialect::EXTENDED), "<nil/>");
    assert_eq!(written(&None::<i32>, Dialect::APACHE), "<ex:nil/>");
    refuses(
        &None::<i32>,
        Dialect::STANDARD,
        "cannot write `None`: this dialect has no <nil/>; use `Dialect::EXTENDED`",
    );
    assert_eq!(
        written(&[None, Some(1)], Dialect::EXTENDED),
        "<array><data><value><nil/></value><value><int>1</int></value></data></array>"
    );
    refuses(
        &[Some(1), None],
        Dialect::STANDARD,
        "cannot write `None`: this dialect has no <nil/>; use `Dialect::EXTENDED` at [1]",
    );
    refuses(
        &Value::Nil,
        Dialect::STANDARD,
        "cannot write nil: this dialect has no <nil/>; use `Dialect::EXTENDED`",
    );
}

#[derive(Serialize)]
struct Entry {
    name: &'static str,
    note: Option<&'static str>,
    nested: Option<Option<i32>>,
}

const BARE: Entry = Entry {
    name: "x",
    note: None,
    nested: Some(None),
};

#[test]
fn members_that_are_none_are_left_out() {
    let expected =
        "<struct><member><name>name</name><value><string>x</string></value></member></struct>";
    for dialect in [Dialect::STANDARD, Dialect::EXTENDED, Dialect::APACHE] {
        assert_eq!(written(&BARE, dialect), expected);
    }
    writes(&BTreeMap::from([("a", None::<i32>)]), "<struct></struct>");
}

#[test]
fn members_that_are_none_as_a_switch() {
    assert_eq!(
        written(&BARE, Dialect::EXTENDED.nil_members(true)),
        "<struct><member><name>name</name><value><string>x</string></value></member>\
         <member><name>note</name><value><nil/></value></member>\
         <member><name>nested</name><value><nil/></value></member></struct>",
    );
    refuses(
        &BARE,
        Dialect::STANDARD.nil_members(true),
        "cannot write `None`: this dialect has no <nil/>; use `Dialect::EXTENDED` at note",
    );
}

#[test]
fn a_nil_value_is_a_member() {
    writes(
        &Struct::from([("a", Value::Nil)]),
        "<struct><member><name>a</name><value><nil/></value></member></struct>",
    );
}

#[test]
fn unit_by_dialect() {
    #[derive(Serialize)]
    struct Unit;
    assert_eq!(written(&(), Dialect::STANDARD), "<boolean>1</boolean>");
    assert_eq!(written(&(), Dialect::EXTENDED), "<nil/>");
    assert_eq!(written(&(), Dialect::APACHE), "<ex:nil/>");
    assert_eq!(written(&Unit, Dialect::STANDARD), "<boolean>1</boolean>");
}

#[test]
fn enums_as_in_json() {
    #[derive(Serialize)]
    enum Shape {
        Empty,
        Circle(f64),
        Line(i32, i32),
        Box { w: i32, h: Option<i32> },
        Maybe(Option<i32>),
    }
    let wrap = |name: &str, inner: &str| {
        format!("<struct><member><name>{name}</name><value>{inner}</value></member></struct>")
    };
    writes(&Shape::Empty, "<string>Empty</string>");
    writes(&Shape::Circle(1.5), &wrap("Circle", "<double>1.5</double>"));
    let line = "<array><data><value><int>1</int></value><value><int>2</int></value></data></array>";
    writes(&Shape::Line(1, 2), &wrap("Line", line));
    writes(
        &Shape::Box { w: 1, h: None },
        &wrap("Box", &wrap("w", "<int>1</int>")),
    );
    writes(&Shape::Maybe(None), &wrap("Maybe", "<nil/>"));
}

#[test]
fn newtypes_are_transparent() {
    #[derive(Serialize)]
    struct Id(u32);
    writes(&Id(7), "<int>7</int>");
}

#[test]
fn keys_of_maps_are_text() {
    let name = |key: &str| {
        format!("<struct><member><name>{key}</name><value><int>0</int></value></member></struct>")
    };
    writes(&BTreeMap::from([(-5, 0)]), &name("-5"));
    writes(&BTreeMap::from([(true, 0)]), &name("true"));
    writes(&BTreeMap::from([('<', 0)]), &name("&lt;"));
    writes(
        &BTreeMap::from([(u128::MAX, 0)]),
        &name(&u128::MAX.to_string()),
    );
    writes(&BTreeMap::from([(Some("a"), 0)]), &name("a"));
    for error in [
        to_vec(&BTreeMap::from([((), 0)])),
        to_vec(&BTreeMap::from([((1, 2), 0)])),
        to_vec(&BTreeMap::from([(None::<i32>, 0)])),
        to_vec(&BTreeMap::from([(vec![1], 0)])),
    ] {
        assert_eq!(
            error.unwrap_err().to_string(),
            "a key of a map must be a string, a number, a `bool` or a unit variant"
        );
    }
}

#[test]
fn no_attributes_but_the_namespace_of_apache_on_the_root() {
    assert_eq!(
        to_vec_with(&[1], Dialect::APACHE).unwrap(),
        format!(
            "<value{NAMESPACE}><array><data><value><int>1</int></value></data></array></value>"
        )
        .into_bytes(),
    );
    assert_eq!(to_string(&1).unwrap(), "<value><int>1</int></value>");
}

#[test]
fn paths_of_errors() {
    #[derive(Serialize)]
    enum Deep {
        Newtype(BTreeMap<&'static str, Vec<f64>>),
        Tuple(i32, f64),
        Struct { x: f64 },
    }
    let path = |value: &Deep| to_vec(value).unwrap_err().path().to_owned();
    assert_eq!(
        path(&Deep::Newtype(BTreeMap::from([("a", vec![0.0, f64::NAN])]))),
        "Newtype.a[1]"
    );
    assert_eq!(path(&Deep::Tuple(1, f64::NAN)), "Tuple[1]");
    assert_eq!(path(&Deep::Struct { x: f64::NAN }), "Struct.x");
}

/// A document of each kind.
fn documents(dialect: Dialect) -> [(&'static str, String); 5] {
    let mut call = CallWriter::new("m", dialect);
    call.param(&1);
    let call = call.finish().unwrap();
    let mut multicall = MulticallWriter::new(dialect);
    multicall.push("m", &call);
    let fault = Fault::new(4, "no");
    let response = EncodedResponse::new(&1, dialect).unwrap();
    let mut responses = MulticallResponseWriter::new(dialect, usize::MAX);
    responses.push(Ok(&response)).unwrap();
    responses.push(Err(&fault)).unwrap();
    [
        ("methodCall", call.into_document()),
        ("methodCall", multicall.finish()),
        ("methodResponse", response.into_document()),
        ("methodResponse", fault_response(&fault, dialect)),
        ("methodResponse", responses.finish().into_document()),
    ]
    .map(|(root, document)| (root, String::from_utf8(document).unwrap()))
}

#[test]
fn the_declaration_comes_first() {
    for dialect in [Dialect::STANDARD, Dialect::EXTENDED, Dialect::APACHE] {
        for (root, document) in documents(dialect) {
            let begin = format!("<?xml version=\"1.0\"?><{root}");
            assert!(document.starts_with(&begin), "{document}");
        }
    }
}

#[test]
fn the_fault_code_comes_first_and_nothing_follows_the_text() {
    let fault = "<struct><member><name>faultCode</name><value><int>4</int></value></member>\
                 <member><name>faultString</name><value><string>no</string></value></member></struct>";
    for dialect in [Dialect::STANDARD, Dialect::EXTENDED, Dialect::APACHE] {
        let [_, _, _, (_, single), (_, many)] = documents(dialect);
        assert!(
            single.ends_with(&format!(
                "<fault><value>{fault}</value></fault></methodResponse>"
            )),
            "{single}"
        );
        assert!(
            many.contains(&format!("</value><value>{fault}</value></data>")),
            "{many}"
        );
    }
}

#[test]
fn the_method_name_comes_first() {
    for dialect in [Dialect::STANDARD, Dialect::EXTENDED, Dialect::APACHE] {
        let [(_, call), (_, multicall), ..] = documents(dialect);
        assert!(
            call.contains("><methodName>m</methodName><params>"),
            "{call}"
        );
        let entry = "<struct><member><name>methodName</name><value><string>m</string></value></member>\
                     <member><name>params</name><value><array>";
        assert!(multicall.contains(entry), "{multicall}");
    }
}

#[test]
fn the_namespace_is_declared_in_the_apache_dialect_alone() {
    for (root, document) in documents(Dialect::APACHE) {
        // A fault holds only an int and a string, which need no namespace.
        let (begin, declarations) = if document.contains("<fault>") {
            (format!("<{root}>"), 0)
        } else {
            (format!("<{root}{NAMESPACE}>"), 1)
        };
        assert!(document.contains(&begin), "{document}");
        assert_eq!(
            document.matches("xmlns").count(),
            declarations,
            "{document}"
        );
    }
    for dialect in [Dialect::STANDARD, Dialect::EXTENDED] {
        for (root, document) in documents(dialect) {
            assert!(document.contains(&format!("<{root}>")), "{document}");
            assert!(!document.contains("xmlns"), "{document}");
        }
    }
}
