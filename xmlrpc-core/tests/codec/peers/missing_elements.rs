//! No `<value>` around a typed element, no `<param>` around a `<value>`, and several `<data>`.

use xmlrpc_core::{Category, Fault, Value, from_str, value};

use super::{call, case, entry, in_response, response};
use crate::common::decode::{both, read, reads};

#[test]
fn cases() {
    let fault = Fault::new(-506, "no such method");
    assert_eq!(response::<i32>(&case("fault-no-value.xml")), Err(fault));
    assert_eq!(
        response::<Value>(&case("resp-param-no-value.xml")),
        Ok(value!({}))
    );
    assert_eq!(
        call(&case("call-param-struct-no-value.xml")).unwrap(),
        ("m".to_owned(), vec![value!("1"), value!({"title": "t"})])
    );
    assert_eq!(
        response::<Value>(&case("struct-array-of-members.xml")),
        Ok(value!([{"a": 1}]))
    );
    assert_eq!(
        call(&case("call-params-value.xml")).unwrap(),
        ("m".to_owned(), vec![value!("x")])
    );
}

#[test]
fn every_type_without_a_value() {
    for (inner, expected) in [
        ("<int>1</int>", value!(1)),
        ("<i4> 1 </i4>", value!(1)),
        ("<i8>1</i8>", Value::I8(1)),
        ("<boolean>1</boolean>", value!(true)),
        ("<double>1.5</double>", value!(1.5)),
        ("<string>a&amp;b</string>", value!("a&b")),
        ("<string/>", value!("")),
        ("<base64>QQ==</base64>", Value::Base64(b"A".to_vec())),
        ("<nil/>", Value::Nil),
        ("<ex:nil></ex:nil>", Value::Nil),
        ("<dateTime.iso8601/>", Value::Nil),
        ("<int/>", Value::Nil),
        ("<array/>", value!([])),
        ("<array><data><int>1</int></data></array>", value!([1])),
        ("<struct/>", value!({})),
    ] {
        assert_eq!(
            response::<Value>(&in_response(inner)),
            Ok(expected.clone()),
            "{inner}"
        );
        let params =
            format!("<params><param>{inner}</param><param><value>z</value></param></params>");
        assert_eq!(
            call(&format!(
                "<methodCall><methodName>m</methodName>{params}</methodCall>"
            ))
            .unwrap()
            .1,
            [expected.clone(), value!("z")],
            "{inner}"
        );
        let array = format!("<array><data>{inner}<value>z</value>{inner}</data></array>");
        let elements = Value::from(vec![expected.clone(), value!("z"), expected.clone()]);
        assert_eq!(read::<Value>(&array), elements, "{inner}");
        let members = format!(
            "<struct><member><name>a</name>{inner}</member><member>{inner}<name>b</name></member></struct>"
        );
        let members: Value = read(&members);
        assert_eq!(
            (&members["a"], &members["b"]),
            (&expected, &expected),
            "{inner}"
        );
        assert_eq!(
            entry::<Value>(&format!("<array><data>{inner}</data></array>")).unwrap(),
            Ok(expected),
            "{inner}"
        );
    }
}

#[test]
fn typed_values() {
    assert_eq!(response(&in_response("<int>7</int>")), Ok(7));
    assert_eq!(response(&in_response("<nil/>")), Ok(None::<i32>));
    assert_eq!(response(&in_response("<i8>7</i8>")), Ok(Some(7_u8)));
    assert_eq!(response::<()>(&in_response("<array/>")), Ok(()));
    reads(&[("<array><i4>1</i4><i4>2</i4></array>", vec![1, 2])]);
    let entry = entry::<Value>(
        "<struct><member><name>faultCode</name><int>1</int></member>\
         <member><name>faultString</name><string>no</string></member></struct>",
    );
    assert_eq!(entry.unwrap(), Err(Fault::new(1, "no")));
}

#[test]
fn errors_have_the_place_of_the_element() {
    for document in [
        "<value><array><data><string>a</string></data></array></value>",
        "<value><array><data><array/></data></array></value>",
    ] {
        let error = from_str::<Vec<i32>>(document).unwrap_err();
        assert_eq!(error.path(), "[0]");
        assert_eq!(error.offset(), Some(20), "{error}");
    }
}

#[test]
fn several_data_are_one_list() {
    reads(&[
        ("<array><data/><data><value>a</value></data></array>", vec!["a"]),
        (
            "<array><data><value>a</value></data> <data><value>b</value><string>c</string></data></array>",
            vec!["a", "b", "c"],
        ),
        ("<array><data/><data/>x<data>y</data></array>", vec![]),
    ].map(|(inner, expected)| (inner, expected.into_iter().map(str::to_owned).collect::<Vec<_>>())));
    let nested = "<array><data><value><array><data><value>a</value></data><data/></array></value></data>\
                  <data><value><array/></value></data></array>";
    assert_eq!(read::<Value>(nested), value!([["a"], []]));
}

#[test]
fn text_beside_the_elements_means_nothing() {
    assert_eq!(response(&in_response("x<int>7</int>y")), Ok(7));
    let array = "<array><data>x<int>7</int>y</data>z<data>x</data></array>";
    assert_eq!(read::<Vec<i32>>(array), [7]);
    let member = "<struct><member>x<name>a</name>y<int>7</int>z</member></struct>";
    assert_eq!(read::<Value>(member), value!({"a": 7}));
}

#[test]
fn what_remains_an_error() {
    for document in [
        in_response("<int>1</int><int>2</int>"),
        in_response("<value>1</value><value>2</value>"),
        in_response("<value>1</value><int>2</int>"),
        in_response("<foo/>"),
        in_response(""),
        "<methodResponse><params><int>1</int></params></methodResponse>".to_owned(),
        in_response("<array><value/><data/></array>"),
        in_response("<array><data/><value/></array>"),
        in_response("<array><data/></array><data><value/></data>"),
        in_response("<value><array><data/></array><data><value/></data></value>"),
        in_response("<struct><member><name>a</name><int>1</int><int>2</int></member></struct>"),
        in_response("<struct><member><int>1</int><name>a</name><int>2</int></member></struct>"),
    ] {
        for read in both(&document, |document| {
            xmlrpc_core::message::read_response::<Value>(
                document.to_owned().into(),
                None,
                &xmlrpc_core::Limits::RESPONSE,
            )
        }) {
            let error = read.expect_err(&document);
            assert_eq!(error.category(), Category::Protocol, "{document}: {error}");
        }
    }
    let call =
        call("<methodCall><methodName>m</methodName><params><int>1</int></params></methodCall>");
    assert_eq!(call.unwrap_err().category(), Category::Protocol);
    // The root must be a `<value>`.
    assert!(from_str::<i32>("<int>1</int>").is_err());
}
