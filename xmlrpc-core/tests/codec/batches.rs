//! The unusual parts of a document reach roxmltree in batches. Batches must not affect any result.
//!
//! Each document is read many times, with more and more filler elements before it, so that each
//! unusual place is once the first of a batch. The results are compared with those of a single
//! batch.

use core::ops::Range;

use proptest::{collection::vec, prelude::*};
use serde::Deserialize;
use xmlrpc_core::{Category, Error, Limits, Value, from_str};

use crate::common::markup::content;

/// The number of unusual places in a batch.
const BATCH: usize = 800;
/// More unusual places than any document here has.
const ROOM: usize = 70;

const ENVELOPE: (&str, &str) = ("<!-- --><value><array><data>", "</data></array></value>");
const FILLER: &str = "<value><!----></value>";

fn document(fillers: usize, rest: &str) -> String {
    format!("{}{}{rest}", ENVELOPE.0, FILLER.repeat(fillers))
}

fn cuts() -> Range<usize> {
    BATCH - ROOM..BATCH + 4
}

#[track_caller]
fn last(document: &str) -> Value {
    match from_str(document).unwrap() {
        Value::Array(mut values) => values.pop().unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn values_are_the_same() {
    const APACHE: &str = "xmlns:ex='http://ws.apache.org/xmlrpc/namespaces/extensions'";
    let values = [
        "<value><int>1</int></value>".to_owned(),
        "<value> <int> 1 </int> </value> ".to_owned(),
        "<value>a<!-- b -->c<?d e?>f<![CDATA[<g>&amp;]]>h</value>".to_owned(),
        "<value><!-- --><!-- --> a <!-- --><!-- --> </value>".to_owned(),
        "<value><string>a\r\nb\r&#13;\rc</string></value>".to_owned(),
        "<value><string>&#55357;&#56832;</string></value>".to_owned(),
        "<value>beside<int>1<!-- --></int>beside &amp; beside</value>".to_owned(),
        "<value><ex:i8>5</ex:i8></value>".to_owned(),
        format!("<value><array {APACHE}><data><value><ex:i8>5</ex:i8></value><value><ex:nil/></value></data></array></value>"),
        format!("<value a='' {APACHE} b=''><array c='1' d='2'><data><!-- --><value><ex:nil e=''></ex:nil ></value></data></array></value >"),
        "<value><array><data><value xmlns:ex='urn:a'><int xmlns:ex='urn:b'>1</int></value></data></array></value>".to_owned(),
        format!("<value><struct xmlns:ex='urn:a'><member {APACHE}><name>a</name><value><ex:i8>1</ex:i8></value></member></struct></value>"),
        "<value><struct><member><name>a</name><value><struct><member><value>c</value><name>b</name></member></struct></value></member></struct></value>".to_owned(),
        format!("<value>{}1{}</value>", "<array><data><value>".repeat(10), "</value></data></array>".repeat(10)),
        format!("<value>{}</value>", "a<!---->".repeat(20)),
    ];
    for value in values {
        let rest = format!("{value}{}", ENVELOPE.1);
        let expected = last(&document(0, &rest));
        for fillers in cuts() {
            let found = last(&document(fillers, &rest));
            assert_eq!(found, expected, "{value} after {fillers}");
        }
    }
}

/// A text with so many unusual places that roxmltree gets it in several batches.
#[test]
fn long_texts_are_the_same() {
    let parts = ["x<!---->", "<?a?>x\r", "<![CDATA[]]]]>&gt;", "<!---->\r\n"];
    for times in cuts() {
        let odd: String = parts.iter().cycle().take(times).copied().collect();
        let texts = ["x", "x\n", "]]>", "\n"];
        let expected: String = texts.iter().cycle().take(times).copied().collect();
        let value = |inner: &str| from_str::<Value>(&format!("<value>{inner}</value>"));
        assert_eq!(value(&odd).unwrap(), Value::from(expected), "{times}");
        assert_eq!(
            value(&format!("{odd}<int>1</int>")).unwrap(),
            Value::from(1)
        );
        assert_eq!(
            value(&format!("<int>1</int>{odd}")).unwrap(),
            Value::from(1)
        );
        let error = value(&format!("{odd}\n&x;")).unwrap_err();
        assert_eq!(
            error.offset(),
            Some("<value>\n".len() + odd.len()),
            "{error}"
        );
    }
}

#[test]
fn errors_are_the_same() {
    let rests = [
        "<value><int>x</int></value></data></array></value>",
        "<value><x/></value></data></array></value>",
        "<value><x xmlns:y='u'><y:z>a</y:z></x></value></data></array></value>",
        "<value><int>1</int><int>2</int></value></data></array></value>",
        "<value><struct><member><name>a</name></member></struct></value></data></array></value>",
        "<value><struct><member><name>a</name><value/><x></x></member></struct></value></data></array></value>",
        "<value></data></array></value>",
        "<value><a:int xmlns:a='u'>1</b:int></value></data></array></value>",
        "<value>1</value></data></array></other>",
        "<value>1</value></data></a></value>",
        "<value>1</value></data></array></value x>",
        "<value>1</value></data></array></value/>",
        "<value>1</value></data></array>",
        "<value>1</value></data></array> x",
        "<value>1</value></data></array>&unknown;</value>",
        "<value>1</value></data></array>]]></value>",
        "<value>1</value></data></array>\u{1}</value>",
        "<value>1</value></data></array>\u{FFFF}</value>",
        "<value>&unknown;</value></data></array></value>",
        "<value>1<!-- -- --></value></data></array></value>",
        "<value>1<?xml ?></value></data></array></value>",
        "<value>1</value></data></array></value",
        "<value>1</value><!DOCTYPE a></data></array></value>",
        "<value>1</value>\r\n\r\n  <value a='' a=''/></data></array></value>",
        "<value>1</value>\r\n\r\n  <value>\r\n&#xD800;</value></data></array></value>",
        "<value>1</value>\r\n\r\n  <value>\r\n&x;</value></data></array></value>",
        "<value><string><b/></string></value></data></array></value>",
    ];
    for rest in rests {
        let failed = |fillers| from_str::<Value>(&document(fillers, rest)).unwrap_err();
        let shown = |error: &Error, fillers: usize| {
            let offset = error.offset().unwrap() - fillers * FILLER.len();
            let text = error.to_string();
            // The column and the index of the element differ, so leave them out.
            let text = text
                .split(" at [")
                .next()
                .unwrap()
                .split(" (line")
                .next()
                .unwrap();
            (
                error.category(),
                offset,
                error.line(),
                text.split(": ").last().unwrap().to_owned(),
            )
        };
        let expected = shown(&failed(0), 0);
        for fillers in cuts() {
            let found = shown(&failed(fillers), fillers);
            assert_eq!(found, expected, "{rest:?} after {fillers}");
        }
    }
}

proptest! {
    #[test]
    fn any_content_is_the_same(content in vec(content(), 0..4), fillers in cuts()) {
        let rest = format!("{}{}", content.concat(), ENVELOPE.1);
        let read = |fillers| match from_str(&document(fillers, &rest)) {
            Ok(Value::Array(values)) => Ok(values[fillers..].to_vec()),
            Ok(other) => panic!("{other:?}"),
            Err(error) => Err((error.category(), error.offset().unwrap() - fillers * FILLER.len())),
        };
        prop_assert_eq!(read(fillers), read(0));
    }
}

/// Text that needs no change can be borrowed, even if other parts of the document are repaired,
/// left out or cut.
#[test]
fn text_is_lent() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Lent<'a> {
        a: &'a str,
    }

    let value = "<value>\r\n <struct>\r\n <member x='y'><!-- --><name>a</name>\
                 <value><x:string>text</x:string></value></member></struct></value>";
    for fillers in [0, 10, 200, 1000] {
        let document = format!("{}{}{}", ENVELOPE.0, value.repeat(fillers + 1), ENVELOPE.1);
        let lent = from_str::<Vec<Lent<'_>>>(&document).unwrap();
        assert_eq!(lent.len(), fillers + 1);
        let range = document.as_bytes().as_ptr_range();
        for one in lent {
            assert_eq!(one, Lent { a: "text" });
            assert!(range.contains(&one.a.as_ptr()));
        }
    }
}

/// Names and declarations are not read again for every batch. Otherwise each of these documents
/// would take minutes.
#[test]
fn documents_with_much_around_a_batch_end_with_an_answer() {
    let limits = Limits::default().depth(usize::MAX).bytes(usize::MAX);
    let long = "n".repeat(10_000);
    let levels = 100_000;
    let documents = [
        (
            "levels",
            format!(
                "{}{}",
                "<x><!---->".repeat(levels),
                "<!----></x>".repeat(levels)
            ),
        ),
        (
            "long names",
            format!(
                "{}{}{}",
                format!("<{long}>").repeat(100),
                "<!----><x/>".repeat(levels),
                format!("</{long}>").repeat(100)
            ),
        ),
        (
            "a long declaration",
            format!(
                "<x xmlns:a='{}'>{}</x>",
                long.repeat(20),
                "<!----><a:x/>".repeat(levels)
            ),
        ),
    ];
    for (what, inner) in documents {
        let document = format!("<value><struct><member>{inner}</member></struct></value>");
        let error =
            xmlrpc_core::from_slice_with::<Value>(document.as_bytes(), &limits).unwrap_err();
        assert_eq!(error.category(), Category::Protocol, "{what}: {error}");
    }
}
