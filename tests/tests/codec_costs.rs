//! What keeps hostile documents cheap, shown by what they read as rather than by a clock.

use bytes::Bytes;
use serde::{Deserialize, Deserializer};
use xmlrpc_core::{
    Category, Limits, Value, from_slice_with, from_str,
    message::{IncomingCall, MulticallAnswer},
};

fn call(method: &str, array: &str) -> IncomingCall {
    let document = format!(
        "<methodCall><methodName>{method}</methodName><params><param>\
         <value><array><data>{array}</data></array></value></param></params></methodCall>"
    );
    IncomingCall::read(Bytes::from(document), None, &Limits::default()).unwrap()
}

/// roxmltree compares the attributes of an element with each other, the whole text of their
/// namespaces included: it gets none to compare. Did it, it would refuse these two as one.
#[test]
fn attributes_do_not_reach_the_tree() {
    let document = "<value xmlns:a='u' xmlns:b='u' a:x='1' b:x='2'><int b:y=''>7</int></value>";
    assert_eq!(from_str::<i32>(document).unwrap(), 7);
    let again = from_str::<i32>("<value x='1' x='2'><int>7</int></value>").unwrap_err();
    assert_eq!(again.category(), Category::Syntax);
    let joined = from_str::<i32>("<value x='1'y='2'><int>7</int></value>").unwrap_err();
    assert_eq!(joined.category(), Category::Syntax);
}

/// roxmltree reserves room for an attribute at every `=`.
#[test]
fn equals_signs_are_bounded_where_there_is_a_tree() {
    let limits = Limits::default().elements(100);
    let read = |prefix: &str, signs: usize| {
        let document = format!("{prefix}<value>{}</value>", "=".repeat(signs));
        from_slice_with::<String>(document.as_bytes(), &limits)
    };
    assert_eq!(read("<!-- -->", 100).unwrap().len(), 100);
    let error = read("<!-- -->", 101).unwrap_err();
    assert_eq!(error.category(), Category::Limit);
    assert!(
        error.to_string().contains("more `=` than the 100"),
        "{error}"
    );
    // Ordinary documents have none.
    assert_eq!(read("", 10_000).unwrap().len(), 10_000);
}

/// To work out a line reads the document from its beginning: of many errors, none does.
#[test]
fn errors_of_entries_say_the_byte_alone() {
    let good = "<value><struct><member><name>methodName</name><value>m</value></member>\
                <member><name>params</name><value><array><data><value>x</value></data></array>\
                </value></member></struct></value>";
    let malformed = call("system.multicall", &format!("{good}<value>x</value>"));
    let entries = malformed.params().multicall_entries(10).unwrap();
    let error = entries[1].as_ref().unwrap_err();
    assert!(
        error.offset().is_some() && error.line().is_none(),
        "{error}"
    );

    let well_formed = call("system.multicall", good);
    let entries = well_formed.params().multicall_entries(10).unwrap();
    let entry = entries[0].as_ref().unwrap();
    let error = entry
        .params()
        .decode(|params| params.required::<i32>("a"))
        .unwrap_err();
    assert!(
        error.offset().is_some() && error.line().is_none(),
        "{error}"
    );

    let answer = "<methodResponse><params><param><value><array><data>\
                  <value><array><data><value>x</value></data></array></value>\
                  </data></array></value></param></params></methodResponse>";
    let answer = MulticallAnswer::read(Bytes::from(answer), None, &Limits::ANSWER).unwrap();
    let error = answer.unwrap().entry::<i32>(0).unwrap_err();
    assert!(
        error.offset().is_some() && error.line().is_none(),
        "{error}"
    );

    // The one error of a call says the line too.
    let single = call("m", "<value>x</value>");
    let error = single
        .params()
        .decode(|params| params.required::<i32>("a"))
        .unwrap_err();
    assert_eq!(error.line(), Some(1));
}

/// An error that a type swallows has no line either: it is gone before one is worked out.
#[test]
fn swallowed_errors_are_cheap() {
    struct Forgiving(i32);

    impl<'de> Deserialize<'de> for Forgiving {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let read = i32::deserialize(deserializer);
            if let Err(error) = &read {
                assert!(!error.to_string().contains("line"), "{error}");
            }
            Ok(Self(read.unwrap_or(-1)))
        }
    }

    let document =
        "<value><array><data><value>x</value><value><int>1</int></value></data></array></value>";
    for document in [document.to_owned(), format!("<!-- -->{document}")] {
        let read = from_str::<Vec<Forgiving>>(&document).unwrap();
        assert_eq!(read.iter().map(|one| one.0).collect::<Vec<_>>(), [-1, 1]);
    }
}

/// Deep nesting is refused before there is a tree, whatever the elements are.
#[test]
fn depth_is_bounded_before_there_is_a_tree() {
    for element in ["value", "data", "x"] {
        let deep = |levels: usize| {
            let (open, close) = (format!("<{element}>"), format!("</{element}>"));
            format!(
                "<value>{}{}</value>",
                open.repeat(levels),
                close.repeat(levels)
            )
        };
        let error = from_str::<Value>(&deep(100_000)).unwrap_err();
        assert_eq!(error.category(), Category::Limit, "{error}");
    }
}
