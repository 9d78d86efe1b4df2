//! Documents at a bound, which are read; one beyond it, which are rejected; and hostile documents.

#![allow(
    clippy::format_collect,
    reason = "documents of a test are built in whatever way reads best"
)]

use bytes::Bytes;
use serde::de::IgnoredAny;
use xmlrpc_core::{
    Category, Error, Limits, Value, from_slice_with, from_str,
    message::{IncomingCall, MulticallResponse, Params, read_response},
};

fn value(inner: &str) -> String {
    format!("<value>{inner}</value>")
}

fn nested(open: &str, close: &str, levels: usize) -> String {
    value(&[open.repeat(levels), close.repeat(levels)].concat())
}

fn read(document: &str, limits: &Limits) -> Result<Value, Error> {
    from_slice_with(document.as_bytes(), limits)
}

#[track_caller]
fn at_the_limit(error: &Error, expected: &str) {
    assert_eq!(
        (error.category(), error.fault_code()),
        (Category::Limit, -32600)
    );
    assert_eq!(error.to_string(), expected);
}

#[test]
fn bytes() {
    let document = value("abc");
    let limits = Limits::default().bytes(document.len());
    assert!(read(&document, &limits).is_ok());
    at_the_limit(
        &read(&document, &limits.bytes(17)).unwrap_err(),
        "the document has 18 bytes, more than the 17 of `Limits::bytes`; raise it with `Limits::bytes(n)`",
    );
    assert_eq!(Limits::default().bytes, 8 << 20);
}

const ARRAY: (&str, &str) = ("<array><data><value>", "</value></data></array>");
const STRUCT: (&str, &str) = (
    "<struct><member><name/><value>",
    "</value></member></struct>",
);
const SHORT_ARRAY: (&str, &str) = ("<array><value>", "</value></array>");

const TOO_DEEP: &str = "arrays and structs nest deeper than the 128 levels of `Limits::depth`; raise it with `Limits::depth(n)`";

#[test]
fn depth() {
    for (open, close) in [ARRAY, STRUCT, SHORT_ARRAY] {
        let limits = Limits::default();
        assert!(read(&nested(open, close, 128), &limits).is_ok(), "{open}");
        let error = read(&nested(open, close, 129), &limits).unwrap_err();
        let offset = "<value>".len() + 128 * open.len();
        assert_eq!(error.offset(), Some(offset));
        at_the_limit(
            &error,
            &format!("{TOO_DEEP} (line 1, column {})", offset + 1),
        );
        assert!(
            read(&nested(open, close, 129), &limits.depth(129)).is_ok(),
            "{open}"
        );
        assert!(
            read(&nested(open, close, 300), &limits.depth(300)).is_ok(),
            "{open}"
        );
    }
    assert!(read(&value("<int>1</int>"), &Limits::default().depth(0)).is_ok());
    assert!(read(&value("<array/>"), &Limits::default().depth(0)).is_err());
}

/// A recursive type of a user.
#[derive(serde::Deserialize)]
#[allow(dead_code, reason = "it is read for the depth of it")]
struct Linked {
    #[serde(rename = "", default)]
    next: Option<Box<Linked>>,
}

/// The bound protects the stack: a document at the bound must fit, even in a build without
/// optimizations. If it does not fit, the test process aborts.
#[test]
fn depth_fits_the_stack() {
    const OPTIMIZED: usize = 256 << 10;
    const STACK: usize = if cfg!(debug_assertions) {
        2 << 20
    } else {
        OPTIMIZED
    };
    let within = |work: fn()| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        thread.spawn(work).unwrap().join().unwrap();
    };
    within(|| {
        let depth = Limits::default().depth;
        for (open, close) in [ARRAY, STRUCT, SHORT_ARRAY] {
            let document = nested(open, close, depth);
            for document in [&document, &format!("<!-- beyond the scanner -->{document}")] {
                let value: Value = from_str(document).unwrap();
                let again = xmlrpc_core::to_string(&value).unwrap();
                assert_eq!(from_str::<Value>(&again).unwrap(), value);
            }
        }
    });
    within(|| {
        let depth = Limits::default().depth;
        let document =
            nested(STRUCT.0, STRUCT.1, depth).replace("<value></value>", "<value><nil/></value>");
        for document in [&document, &format!("<!-- beyond the scanner -->{document}")] {
            assert!(from_str::<Linked>(document).unwrap().next.is_some());
        }
    });
}

#[test]
fn depth_counts_ignored_values_too() {
    let (open, close) = ARRAY;
    for levels in [128, 129, 10_000] {
        let result = from_str::<IgnoredAny>(&nested(open, close, levels));
        assert_eq!(result.is_ok(), levels == 128);
    }
}

#[test]
fn depth_of_a_whole_call() {
    let (open, close) = STRUCT;
    for (levels, ok) in [(128, true), (129, false)] {
        let document = format!(
            "<methodCall><methodName>m</methodName><params><param>{}</param></params></methodCall>",
            nested(open, close, levels)
        );
        let call = IncomingCall::read(Bytes::from(document), None, &Limits::default());
        let values = call.and_then(|call| call.params().to_values());
        assert_eq!(values.is_ok(), ok);
    }
}

#[test]
fn unknown_elements_nest_no_deeper_than_data() {
    for (levels, depth) in [(16, 0), (528, 128), (536, 130)] {
        let limits = Limits::default().depth(depth);
        // The root is one level. The end tags are wrong: a parser that builds a tree reports that,
        // unless the nesting is rejected first.
        for (tags, ok) in [(levels - 1, true), (levels, false)] {
            let broken = read(&nested("<x>", "</y>", tags), &limits).unwrap_err();
            let whole = read(&nested("<x>", "</x>", tags), &limits).unwrap_err();
            let categories = (broken.category(), whole.category());
            if ok {
                assert_eq!(categories, (Category::Syntax, Category::Protocol));
            } else {
                assert_eq!(categories, (Category::Limit, Category::Limit));
                assert_eq!(
                    whole.offset(),
                    Some("<value>".len() + (tags - 1) * "<x>".len())
                );
                let text = format!(
                    "elements nest deeper than the {depth} levels of `Limits::depth` can need"
                );
                assert!(whole.to_string().starts_with(&text), "{whole}");
            }
        }
    }
}

#[test]
fn elements() {
    // <value>, <array> and <data>, then <value>, <int> and a text for each element.
    let document = value(&format!(
        "<array><data>{}</data></array>",
        value("<int>1</int>").repeat(10)
    ));
    assert!(read(&document, &Limits::default().elements(33)).is_ok());
    let error = read(&document, &Limits::default().elements(32)).unwrap_err();
    assert_eq!(error.category(), Category::Limit);
    assert!(
        error.to_string().starts_with(
            "the document has more than the 32 elements and texts of `Limits::elements`; \
             raise it with `Limits::elements(n)` (line 1,"
        ),
        "{error}"
    );
    for (inner, elements) in [
        ("", 1),
        ("a", 2),
        ("<!-- < -->", 3),
        ("<![CDATA[<<<]]>", 5),
        ("<?a?>", 2),
        ("a<!---->b", 4),
    ] {
        assert!(
            read(&value(inner), &Limits::default().elements(elements)).is_ok(),
            "{inner}"
        );
        assert!(
            read(&value(inner), &Limits::default().elements(elements - 1)).is_err(),
            "{inner}"
        );
    }
}

#[test]
fn elements_of_a_whole_call() {
    // Eight elements and two texts. Some of them are read only with the parameters.
    let document = "<methodCall><methodName>m</methodName><params>\
                    <param><value><int>1</int></value></param>\
                    <param><value/></param></params></methodCall>";
    const DECLARATION: &str = "<?xml version=\"1.0\"?>";
    // An XML declaration counts as nothing, a comment as one.
    for (head, more) in [
        ("", 0),
        ("<!-- -->", 1),
        (DECLARATION, 0),
        (&format!("{DECLARATION}<!-- -->"), 1),
        ("<?xml version='1.0' standalone='yes'?>", 0),
    ] {
        let document = format!("{head}{document}");
        let nodes = 10 + more;
        for (elements, ok) in [(nodes, true), (nodes - 1, false)] {
            let limits = Limits::default().elements(elements);
            let call = IncomingCall::read(Bytes::from(document.clone()), None, &limits);
            let values = call.and_then(|call| call.params().to_values());
            assert_eq!(values.is_ok(), ok, "{elements} {values:?}");
        }
    }
}

#[test]
fn attributes() {
    let document = |attributes: usize| {
        let attributes: String = (0..attributes)
            .map(|index| format!(" a{index}=''"))
            .collect();
        format!("<value{attributes}><int{attributes}>1</int></value>")
    };
    assert_eq!(from_str::<i32>(&document(64)).unwrap(), 1);
    at_the_limit(
        &from_str::<i32>(&document(65)).unwrap_err(),
        "an element has more than 64 attributes; XML-RPC has none (line 1, column 446)",
    );
}

#[test]
fn namespaces() {
    let siblings = |declarations: usize| {
        let values: String = (0..declarations)
            .map(|index| format!("<value xmlns:p{index}='u'/>"))
            .collect();
        value(&format!("<array><data>{values}</data></array>"))
    };
    assert!(from_str::<Value>(&siblings(16)).is_ok());
    at_the_limit(
        &from_str::<Value>(&siblings(17)).unwrap_err(),
        "the document has more than 16 namespace declarations (line 1, column 370)",
    );
    let defaults = "<int xmlns='a'>1</int>";
    let call = |n: usize| {
        value(&format!(
            "<array><data>{}</data></array>",
            value(defaults).repeat(n)
        ))
    };
    assert!(from_str::<Value>(&call(16)).is_ok());
    assert!(from_str::<Value>(&call(17)).is_err());
}

#[test]
fn document_type_declarations() {
    for document in [
        "<!DOCTYPE value><value/>",
        "<?xml version='1.0'?>\n<!-- a --><!DOCTYPE value [<!ENTITY a 'b'>]><value>&a;</value>",
        "<!DOCTYPE value SYSTEM 'file:///etc/passwd'><value/>",
    ] {
        let error = from_str::<Value>(document).unwrap_err();
        assert_eq!(error.category(), Category::Protocol);
        assert!(
            error
                .to_string()
                .starts_with("document type declarations are not accepted"),
            "{error}"
        );
    }
    let error = from_str::<Value>("<value>&a;</value>").unwrap_err();
    assert_eq!(error.to_string(), "unknown entity &a; (line 1, column 8)");
}

#[test]
fn html_is_not_xml() {
    for document in [
        "<!DOCTYPE html><html><br></html>",
        "<!doctype HTML PUBLIC \"-//W3C//DTD HTML 4.0//EN\"><HTML>",
    ] {
        let error = from_str::<Value>(document).unwrap_err();
        assert_eq!(
            (error.category(), error.to_string().as_str()),
            (Category::Syntax, "the document is HTML (line 1, column 1)")
        );
    }
}

/// Documents of a few hundred kilobytes, each of which has hurt some parser.
fn hostile() -> Vec<(&'static str, String)> {
    const SIZE: usize = 300_000;
    let fill =
        |head: &str, unit: &str, tail: &str| [head, &unit.repeat(SIZE / unit.len()), tail].concat();
    let numbered =
        |make: &dyn Fn(usize) -> String| -> String { (0..SIZE / 20).map(make).collect() };
    let name = "n".repeat(SIZE);
    vec![
        ("nothing but <", fill("", "<", "")),
        ("nothing but >", fill("", ">", "")),
        ("nothing but &", fill("<value>", "&", "</value>")),
        ("nothing but &#", fill("<value>", "&#", "</value>")),
        ("nothing but spaces", fill("", " ", "")),
        ("nothing but =", fill("<value>", "=", "</value>")),
        ("nothing but ]]>", fill("<value>", "]]>", "</value>")),
        ("nothing but CR", fill("<value>", "\r", "</value>")),
        ("nothing but NUL", fill("", "\0", "")),
        ("tags without an end", fill("", "<a ", "")),
        ("elements without an end", fill("", "<a>", "")),
        ("closing tags", fill("", "</a>", "")),
        ("empty elements", fill("<value>", "<a/>", "</value>")),
        ("comments without an end", fill("<value>", "<!--", "")),
        ("CDATA without an end", fill("<value>", "<![CDATA[", "")),
        ("instructions without an end", fill("<value>", "<?a ", "")),
        ("pieces of text", fill("<value>", "a<!---->", "</value>")),
        (
            "pieces of CDATA",
            fill("<value>", "<![CDATA[a]]>b", "</value>"),
        ),
        ("an attribute without an end", fill("<value a='", "x", "")),
        (
            "attributes on one element",
            format!("<value {}/>", numbered(&|index| format!("a{index:09}='' "))),
        ),
        (
            "namespaces on one element",
            format!(
                "<value {}/>",
                numbered(&|index| format!("xmlns:a{index}='u' "))
            ),
        ),
        (
            "namespaces on nested elements",
            numbered(&|index| format!("<a xmlns:a{index}='u'>")),
        ),
        (
            "namespaces on sibling elements",
            format!(
                "<value>{}</value>",
                numbered(&|index| format!("<a xmlns:a{index}='u'/>"))
            ),
        ),
        (
            "undeclared prefixes",
            fill("<value>", "<a:b c:d=''/>", "</value>"),
        ),
        (
            "entities",
            format!(
                "<!DOCTYPE a [{}]><value/>",
                numbered(&|index| format!("<!ENTITY e{index} 'x'>"))
            ),
        ),
        ("unknown entities", fill("<value>", "&a;", "</value>")),
        (
            "surrogates",
            fill("<value>", "&#55357;&#56832;", "</value>"),
        ),
        ("a long name", format!("<value><{name}></{name}></value>")),
        (
            "a long name that is not closed",
            format!("<value><{name}></value>"),
        ),
        ("a long prefix", format!("<value><{name}:nil/></value>")),
        (
            "a long number",
            format!("<value><int>{}</int></value>", "9".repeat(SIZE)),
        ),
        (
            "a long reference",
            format!("<value>&#{};</value>", "9".repeat(SIZE)),
        ),
        ("100,000 levels", nested("<a>", "</a>", 100_000)),
        ("100,000 arrays", nested(ARRAY.0, ARRAY.1, 100_000)),
        (
            "one member again and again",
            value(&fill(
                "<struct>",
                "<member><name>a</name><value/></member>",
                "</struct>",
            )),
        ),
        (
            "a document without an end",
            fill("<value><array><data>", "<value/>", ""),
        ),
    ]
}

#[test]
fn hostile_documents_end_with_an_answer() {
    let limits = Limits::default();
    for (name, document) in hostile() {
        let body = Bytes::from(document);
        for error in [
            from_slice_with::<Value>(&body, &limits).err(),
            IncomingCall::read(body.clone(), None, &limits).err(),
            read_response::<Value>(body.clone(), None, &limits).err(),
            MulticallResponse::read(body.clone(), None, &limits).err(),
        ]
        .into_iter()
        .flatten()
        {
            assert!(error.to_string().chars().count() < 250, "{name}: {error}");
        }
    }
}

#[test]
fn entries_of_a_multicall() {
    let entry =
        "<value><struct><member><name>methodName</name><value>m</value></member></struct></value>";
    let params = |entries: usize| -> Params {
        let document = format!(
            "<methodCall><methodName>system.multicall</methodName><params><param><value><array><data>{}\
             </data></array></value></param></params></methodCall>",
            entry.repeat(entries)
        );
        IncomingCall::read(Bytes::from(document), None, &Limits::default())
            .unwrap()
            .into_parts()
            .1
    };
    assert_eq!(params(3).multicall_entries(3).unwrap().len(), 3);
    at_the_limit(
        &params(4).multicall_entries(3).unwrap_err(),
        "the multicall has more than the 3 entries that this server accepts; split it into several",
    );
}
