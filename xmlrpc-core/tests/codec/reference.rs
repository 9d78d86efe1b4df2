//! roxmltree and this library read every document in the same way.
//!
//! The library gives roxmltree only the unusual parts of a document, if any. Here roxmltree reads
//! whole documents, and this file makes values of its tree: slowly, but so simply that the code is
//! obviously right.

use std::fs;

use proptest::{collection::vec, prelude::*};
use roxmltree::{Document, Node};
use xmlrpc_core::{Category, Struct, Value, from_str};

use crate::common::markup::content;

const APACHE: &str = "http://ws.apache.org/xmlrpc/namespaces/extensions";

/// The name of an element, if XML-RPC can know it.
fn name<'a>(node: Node<'a, 'a>) -> Option<&'a str> {
    let has_prefix = node.document().input_text()[node.range()]
        .split([' ', '>', '/'])
        .next()?
        .contains(':');
    let is_known = !has_prefix || node.tag_name().namespace() == Some(APACHE);
    is_known.then(|| node.tag_name().name())
}

fn elements<'a>(node: Node<'a, 'a>) -> Vec<Node<'a, 'a>> {
    node.children().filter(Node::is_element).collect()
}

fn text(node: Node<'_, '_>) -> Option<String> {
    let texts = node.children().filter(Node::is_text);
    let has_element = node.children().any(|child| child.is_element());
    (!has_element).then(|| texts.filter_map(|text| text.text()).collect())
}

/// The value of an element, if it has the plainest form.
fn value(node: Node<'_, '_>) -> Option<Value> {
    if name(node)? != "value" {
        return None;
    }
    let inner = elements(node);
    let [inner] = inner[..] else {
        return text(node).map(Value::from);
    };
    match name(inner)? {
        "string" => text(inner).map(Value::from),
        "int" => text(inner)?
            .trim_ascii()
            .parse::<i32>()
            .ok()
            .map(Value::from),
        "nil" => Some(Value::Nil),
        "array" => {
            let data = elements(inner);
            let [data] = data[..] else { return None };
            if name(data)? != "data" {
                return None;
            }
            elements(data)
                .into_iter()
                .map(value)
                .collect::<Option<Vec<_>>>()
                .map(Value::from)
        }
        "struct" => {
            let mut members = Struct::new();
            for member in elements(inner) {
                let parts = elements(member);
                let [first, second] = parts[..] else {
                    return None;
                };
                if (name(member)?, name(first)?) != ("member", "name") {
                    return None;
                }
                members.insert(text(first)?, value(second)?);
            }
            Some(Value::Struct(members))
        }
        _ => None,
    }
}

/// The tree of a document. If the document cannot be parsed, the tree of the root at its start,
/// without the text that follows.
fn parse(document: &str) -> Result<Document<'_>, roxmltree::Error> {
    Document::parse(document).or_else(|error| {
        let ends = document.match_indices('>').map(|(at, end)| at + end.len());
        let mut trees = ends.filter_map(|end| Document::parse(&document[..end]).ok());
        trees.next().ok_or(error)
    })
}

/// Returns whether the values could be compared, not only whether the document is XML.
#[track_caller]
fn assert_same(document: &str) -> bool {
    let ours = from_str::<Value>(document);
    let tree = match parse(document) {
        Ok(tree) => tree,
        // The only repair that this damage can require.
        Err(roxmltree::Error::UnknownNamespace(..)) => return false,
        Err(theirs) => {
            let error = ours.expect_err(&format!("{theirs}: {document}"));
            assert_eq!(
                error.category(),
                Category::Syntax,
                "{error}; {theirs}: {document}"
            );
            return false;
        }
    };
    if let Err(error) = &ours {
        assert_ne!(error.category(), Category::Syntax, "{error}: {document}");
    }
    let Some(theirs) = value(tree.root_element()) else {
        return false;
    };
    assert_eq!(
        ours.map_err(|error| error.to_string()),
        Ok(theirs),
        "{document}"
    );
    true
}

/// The same content without the things that the library repairs and roxmltree rejects or reads
/// differently. The root declares the prefixes.
fn left_as_it_is(content: &str) -> String {
    content
        .replace("&#55357;&#56832;", "&#128512;")
        .replace("\r\n", "\n")
        .replace('\r', "\n")
}

proptest! {
    #[test]
    fn any_markup(content in vec(content(), 0..4)) {
        let content = left_as_it_is(&content.concat());
        let document = format!("<value xmlns:x='u'><array><data>{content}</data></array></value>");
        assert_same(&document);
    }

    #[test]
    fn damaged_markup(
        content in vec(content(), 0..3),
        cut in any::<prop::sample::Index>(),
        pasted in "[<>&a!?\\[\\]; -]{0,3}",
    ) {
        let content = left_as_it_is(&content.concat());
        let mut document = format!("<value xmlns:x='u'>{content}</value>");
        let mut at = cut.index(document.len());
        while !document.is_char_boundary(at) {
            at -= 1;
        }
        document.insert_str(at, &pasted);
        assert_same(&document);
    }
}

/// The root elements that real peers sent.
#[test]
fn names_that_are_odd() {
    let names = [
        "a", ":a", "a:", ":", "::", "a:b", "a::b", "a:b:c", ":a:b", "-a", "a:-b", "1", "xml:a",
        "xmlns", "x:!--",
    ];
    for name in names {
        for document in [
            format!("<value {name}='u'>x</value>"),
            format!("<value {name}='u' {name}='u'>x</value>"),
            format!("<value xmlns:a='u' {name}='u'>x</value>"),
            format!("<value><{name}/></value>"),
            format!("<value><{name}></{name}></value>"),
            format!("<value xmlns:a='u'><{name}/>x</value>"),
            format!("<value xmlns:{name}='u'>x</value>"),
        ] {
            let ours = from_str::<Value>(&document);
            let is_well_formed = !ours.is_err_and(|error| error.category() == Category::Syntax);
            match parse(&document) {
                // roxmltree accepts a repeated declaration, which XML forbids.
                Ok(_) if document.starts_with("<value xmlns='u' xmlns='u'") => {
                    assert!(!is_well_formed, "{document}");
                }
                Ok(_) => assert!(is_well_formed, "{document}"),
                // Real peers send undeclared prefixes.
                Err(roxmltree::Error::UnknownNamespace(..)) => {}
                Err(error) => assert!(!is_well_formed, "{error}: {document}"),
            }
        }
    }
}

#[test]
fn values_of_real_peers() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/wire");
    let (mut compared, mut read) = (0, 0);
    for entry in fs::read_dir(folder).unwrap() {
        let Ok(document) = fs::read_to_string(entry.unwrap().path()) else {
            continue;
        };
        let Ok(tree) = Document::parse(document.trim_ascii()) else {
            continue;
        };
        let values = tree.descendants().filter(|node| node.has_tag_name("value"));
        for node in
            values.filter(|node| !node.ancestors().skip(1).any(|it| it.has_tag_name("value")))
        {
            let value = left_as_it_is(&document.trim_ascii()[node.range()]);
            let has_prefix = |tag: &str| tag.split(['>', ' ']).next().unwrap().contains(':');
            if value.split('<').any(has_prefix) {
                continue;
            }
            read += 1;
            compared += usize::from(assert_same(&value));
            compared += usize::from(assert_same(&format!("<!---->{value}")));
        }
    }
    assert!(read > 150 && compared > 200, "{compared} of {read}");
}
