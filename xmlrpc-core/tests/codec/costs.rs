//! Hostile documents stay cheap to read. The tests show it by results and allocations, not by a
//! clock.

use allocation_counter::measure;
use bytes::Bytes;
use serde::{Deserialize, Deserializer};
use xmlrpc_core::{
    Category, Error, Limits, Value, from_slice_with, from_str,
    message::{IncomingCall, MulticallResponse},
};

fn call(method: &str, array: &str) -> IncomingCall {
    let document = format!(
        "<methodCall><methodName>{method}</methodName><params><param>\
         <value><array><data>{array}</data></array></value></param></params></methodCall>"
    );
    IncomingCall::read(Bytes::from(document), None, &Limits::default()).unwrap()
}

/// roxmltree compares the attributes of an element with each other, including their namespaces. It
/// never gets any to compare; otherwise it would reject these two as duplicates.
#[test]
fn attributes_do_not_reach_the_tree() {
    let document = "<value xmlns:a='u' xmlns:b='u' a:x='1' b:x='2'><int b:y=''>7</int></value>";
    assert_eq!(from_str::<i32>(document).unwrap(), 7);
    let again = from_str::<i32>("<value x='1' x='2'><int>7</int></value>").unwrap_err();
    assert_eq!(again.category(), Category::Syntax);
    let joined = from_str::<i32>("<value x='1'y='2'><int>7</int></value>").unwrap_err();
    assert_eq!(joined.category(), Category::Syntax);
}

/// roxmltree reserves room for an attribute at every `=`. So the number of `=` in the text that it
/// gets is bounded, and it gets only the text around something that it has to read.
#[test]
fn equals_signs_are_bounded_where_there_is_a_tree() {
    let limits = Limits::default().elements(100);
    let read = |prefix: &str, odd: &str, signs: usize| {
        let document = format!("{prefix}<value>{odd}{}</value>", "=".repeat(signs));
        from_slice_with::<String>(document.as_bytes(), &limits)
    };
    // The `=` of an XML declaration do not count.
    let declaration = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>";
    for head in ["", declaration, "<?xml version='1.0'?>"] {
        assert_eq!(read(head, "<!-- -->", 100).unwrap().len(), 100);
        let error = read(head, "<!-- -->", 101).unwrap_err();
        assert_eq!(error.category(), Category::Limit);
    }
    let error = read("", "<!-- -->", 101).unwrap_err();
    assert_eq!(error.category(), Category::Limit);
    assert!(
        error
            .to_string()
            .contains("more `=` characters than the 100"),
        "{error}"
    );
    assert_eq!(error.offset(), Some("<value><!-- -->".len() + 100));
    // In ordinary texts, `=` does not count.
    assert_eq!(read("<!-- -->", "", 10_000).unwrap().len(), 10_000);
    assert_eq!(read("", "", 10_000).unwrap().len(), 10_000);
}

/// Computing a line reads the document from its start, so errors of entries have only a byte
/// offset.
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
    let answer = MulticallResponse::read(Bytes::from(answer), None, &Limits::RESPONSE).unwrap();
    let error = answer.unwrap().entry::<i32>(0).unwrap_err();
    assert!(
        error.offset().is_some() && error.line().is_none(),
        "{error}"
    );

    // A call has only one error, which has the line too.
    let single = call("m", "<value>x</value>");
    let error = single
        .params()
        .decode(|params| params.required::<i32>("a"))
        .unwrap_err();
    assert_eq!(error.line(), Some(1));
}

/// An error that a type swallows has no line either: the line is computed later.
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

/// Deep nesting is rejected before there is a tree, whatever the elements are.
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

/// The result of reading a document, and the peak of allocated bytes. While a vector grows, its old
/// and its new block both count.
fn peak(document: &str, limits: &Limits) -> (Result<(), Error>, usize) {
    let mut result = Ok(());
    let memory = measure(|| {
        result = from_slice_with::<Value>(document.as_bytes(), limits).map(drop);
    });
    (result, usize::try_from(memory.bytes_max).unwrap())
}

/// An array that holds `unit` `times` times, followed by `end`.
fn many(unit: &str, times: usize, end: &str) -> String {
    let units = unit.repeat(times);
    format!("<value><array><data>{units}{end}</data></array></value>")
}

/// The memory for a rejected document stays within the promise of `Limits`, at N and at N + 1.
#[test]
fn a_refused_document_took_little() {
    const A_REFUSED_ELEMENT: usize = 256;
    const AN_ELEMENT: usize = 320;
    // One more than a power of two, so vectors have just grown.
    const TIMES: usize = (1 << 11) + 1;
    let one_of_each = "<value><struct><member><name>a</name><value/></member></struct></value>";
    let one_again = "<member><name>a</name><value/></member>";
    // A unit of the array, its number of elements and texts, and its number of places to repair.
    for (unit, nodes, places) in [
        ("<value/>", 1, 0),
        ("<value>x</value>", 2, 0),
        ("<value><int>1</int></value>", 3, 0),
        ("<value><base64>AA==</base64></value>", 3, 0),
        ("<value><array/></value>", 2, 0),
        ("<value><array><data/></array></value>", 3, 0),
        ("<value><array><data><value/></data></array></value>", 4, 0),
        (one_of_each, 6, 0),
        (&[one_of_each, "\r\n"].concat(), 7, 1),
        ("<value a=''/>", 1, 1),
        ("<a:value></a:value>", 1, 2),
        ("<value>&#55357;&#56832;</value>", 2, 1),
        ("<value/><!---->", 2, 0),
        ("<value><![CDATA[<]]></value>", 3, 0),
        (
            &["<value><struct>", one_again, one_again, "</struct></value>"].concat(),
            10,
            0,
        ),
    ] {
        for (end, nodes_of_end) in [("", 0), ("<!---->", 1)] {
            let document = many(unit, TIMES, end);
            let elements = 3 + TIMES * nodes + nodes_of_end;
            let (read, taken) = peak(&document, &Limits::default().elements(elements));
            read.unwrap_or_else(|error| panic!("{unit}: {error}"));
            let repaired = (document.len() + 24 * places * TIMES) * usize::from(places > 0);
            // The allocations are measured at all, and stay within the promise.
            assert!(taken >= 8 * TIMES, "{unit}: {taken}");
            assert!(taken <= AN_ELEMENT * elements + repaired, "{unit}: {taken}");
            for allowed in [elements - 1, elements / 10] {
                let (read, taken) = peak(&document, &Limits::default().elements(allowed));
                assert_eq!(read.unwrap_err().category(), Category::Limit, "{unit}");
                let promised = A_REFUSED_ELEMENT * allowed + repaired;
                assert!(taken <= promised, "{unit}: {taken} of {promised}");
            }
        }
    }
}

/// A document with too many bytes is rejected before anything is allocated.
#[test]
fn a_document_of_too_many_bytes_took_nothing() {
    let document = many("<value/>", 100_000, "");
    let (read, taken) = peak(&document, &Limits::default().bytes(document.len()));
    assert!(read.is_ok() && taken > document.len());
    let (read, taken) = peak(&document, &Limits::default().bytes(document.len() - 1));
    assert_eq!(read.unwrap_err().category(), Category::Limit);
    assert!(taken < 1024, "{taken}");
}
