//! What real peers send, habit by habit. A row names the habit and the peers that have it. Both
//! readers read its documents. Habits of HTTP responses are in `tests/client/peers.rs`.

mod documents;
mod scalars;
mod types;
mod xml;

/// The habit, the peers that have it, and the function that reads its documents.
const ROWS: [(&str, &str, fn()); 27] = [
    (
        "untyped strings; extensions with their namespace declared",
        "Apache ws-xmlrpc",
        types::untyped_strings_and_declared_extensions,
    ),
    (
        "the same prefix, or any, with no declaration",
        "seen in the wild, Python",
        types::undeclared_prefixes,
    ),
    (
        "extensions without a prefix",
        "Python, xmlrpc-c, rTorrent, PHP",
        types::extensions_without_a_prefix,
    ),
    (
        "every extension with its prefix; `dom` and `serializable` are refused",
        "Apache",
        types::extensions_with_a_prefix,
    ),
    (
        "`<int>` beyond 32 bits",
        "PHP, Python, node",
        scalars::wide_ints,
    ),
    (
        "white space around a scalar's text, around tags, before `<?xml`, after the root",
        "many; WordPress plug-ins, Winer",
        xml::white_space,
    ),
    (
        "booleans as words",
        "Winer's JavaScript toolkit, WordPress",
        scalars::booleans,
    ),
    (
        "doubles with exponents, NaN and the infinities",
        "Python, node, ROS",
        scalars::doubles,
    ),
    (
        "a number in the wrong but harmless tag",
        "many",
        scalars::numbers_in_other_tags,
    ),
    (
        "dates in all forms, and empty",
        "WordPress, DokuWiki, Magento, JavaScript",
        scalars::dates,
    ),
    (
        "white space alone is a string; in `<string>` it is kept",
        "Python, xmlrpc-c, PHP, node",
        scalars::white_space_alone,
    ),
    (
        "base64 wrapped at 76 columns, unpadded",
        "Python, xmlrpc-c, PHP",
        scalars::base64,
    ),
    (
        "strings in CDATA; comments inside text",
        "node",
        xml::cdata_and_comments,
    ),
    (
        "arrays without `<data>`, or without anything",
        "various",
        documents::arrays,
    ),
    (
        "`<struct/>`; `<value>` before `<name>`; duplicate members",
        "various",
        documents::structs,
    ),
    (
        "an empty value is an empty string",
        "kolo (Go) for nil, aXMLRPC",
        scalars::empty_values,
    ),
    (
        "`<params/>`, no `<params>`, `<params>` before `<methodName>`",
        "Ruby, old epi",
        documents::calls,
    ),
    (
        "text beside a type means nothing",
        "Python, xmlrpc-c, PHP, node",
        xml::text_beside_a_type,
    ),
    (
        "attributes on any element",
        "Python, xmlrpc-c, PHP, node ignore them",
        xml::attributes,
    ),
    (
        "faults in any order, with a string for a code, with more",
        "LiveJournal, Apache",
        documents::faults,
    ),
    (
        "other encodings, said by a BOM, the header or the declaration; the header wins",
        "Homematic, PHP",
        documents::encodings,
    ),
    (
        "a character as two surrogate references",
        "Apache's server",
        xml::surrogates,
    ),
    (
        "a raw `>` in text; references for all that is not ASCII",
        "aXMLRPC, PHP",
        xml::references,
    ),
    (
        "no `<value>` around a type, no `<param>` around a `<value>`; several `<data>`",
        "rTorrent, OpenSIPS, KDE, DokuWiki, ROS",
        documents::missing_elements,
    ),
    (
        "scalars without text, and zero dates, for nothing",
        "WordPress, PHP, kolo",
        scalars::nothing,
    ),
    (
        "an empty array for an empty struct",
        "PHP",
        documents::empty_arrays,
    ),
    (
        "a fault that is a text or a number, or has no readable code",
        "rTorrent without XML-RPC",
        documents::other_faults,
    ),
];

#[test]
fn every_habit_of_real_peers() {
    for (habit, who, check) in ROWS {
        // Printed if the test fails: the last row is the one that failed.
        println!("{habit} ({who})");
        check();
    }
}

#[test]
fn unknown_members_are_ignored_unless_they_are_denied() {
    use crate::common::decode::{reads, refused};

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Open {
        a: i32,
        b: String,
    }
    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Closed {
        a: i32,
        b: String,
    }
    let inner = "<struct><member><value>x</value><name>b</name></member>\
                 <member><name>other</name><value><array/></value></member>\
                 <member><value><int>1</int></value><name>a</name></member></struct>";
    let b = "x".to_owned();
    reads(&[(inner, Open { a: 1, b })]);
    refused::<Closed>(inner, "unknown field `other`, expected `a` or `b` at other");
}
