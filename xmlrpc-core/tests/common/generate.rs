//! Strategies for values and for documents made of pieces, valid or not.

use proptest::{collection::vec, prelude::*};
use xmlrpc_core::{DateTime, Value};

/// Characters that XML 1.0 allows. Troublesome ones are more frequent than by chance.
pub fn character() -> impl Strategy<Value = char> {
    prop_oneof![
        3 => any::<char>(),
        1 => prop::sample::select(vec!['&', '<', '>', '"', '\'', '\r', '\n', '\t', ' ', ']', ';', '#', '\u{FFFD}', '\u{EFFF}']),
    ]
    .prop_map(|c| match c {
        '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'.. => c,
        _ => 'x',
    })
}

pub fn text() -> impl Strategy<Value = String> {
    vec(character(), 0..40).prop_map(|characters| characters.into_iter().collect())
}

pub fn date() -> impl Strategy<Value = DateTime> {
    (
        0..=9999_i16,
        1..=12_i8,
        1..=28_i8,
        0..24_i8,
        0..60_i8,
        0..60_i8,
    )
        .prop_map(|(y, m, d, h, min, s)| DateTime::new(y, m, d, h, min, s).unwrap())
}

pub fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        any::<i32>().prop_map(Value::Int),
        any::<i64>().prop_map(Value::I8),
        any::<bool>().prop_map(Value::Bool),
        text().prop_map(Value::String),
        any::<f64>()
            .prop_filter("finite", |number| number.is_finite())
            .prop_map(Value::Double),
        date().prop_map(Value::DateTime),
        vec(any::<u8>(), 0..40).prop_map(Value::Base64),
        Just(Value::Nil),
    ];
    scalar.prop_recursive(6, 60, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((text(), inner), 0..6)
                .prop_map(|members| Value::Struct(members.into_iter().collect())),
        ]
    })
}

/// Pieces of documents, valid and invalid.
pub fn piece() -> impl Strategy<Value = String> {
    let pieces: Vec<String> = [
        "<?xml version='1.0'?>",
        "<?xml version=\"1.0\" encoding='utf-16'?>",
        "<!-- x -->",
        "<![CDATA[",
        "]]>",
        "<!DOCTYPE a>",
        "<?pi?>",
        "&amp;",
        "&lt;",
        "&#13;",
        "&#55357;",
        "&#56832;",
        "&#x0;",
        "&x;",
        "&",
        "<",
        ">",
        "/>",
        "\r",
        "\r\n",
        " ",
        "é",
        "😀",
        "\u{FEFF}",
        "\0",
        " a='1'",
        " xmlns:ex='u'",
        " x:y=\"<\"",
        "text",
        "1",
        "-7",
        "1e5",
        "faultCode",
        "methodName",
    ]
    .iter()
    .map(ToString::to_string)
    .chain(
        [
            "methodCall",
            "methodResponse",
            "methodName",
            "params",
            "param",
            "fault",
            "value",
            "array",
            "data",
            "struct",
            "member",
            "name",
            "int",
            "i8",
            "ex:i8",
            "boolean",
            "string",
            "double",
            "dateTime.iso8601",
            "base64",
            "nil",
            "ex:nil",
            "dom",
            "other",
        ]
        .iter()
        .flat_map(|tag| {
            [
                format!("<{tag}>"),
                format!("</{tag}>"),
                format!("<{tag}/>"),
                format!("<{tag} a='b'"),
            ]
        }),
    )
    .collect();
    prop::sample::select(pieces)
}

#[derive(Clone, Debug)]
pub enum Change {
    Remove(prop::sample::Index),
    Insert(prop::sample::Index, String),
    Set(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Double(prop::sample::Index, prop::sample::Index),
}

pub fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        any::<prop::sample::Index>().prop_map(Change::Remove),
        (any::<prop::sample::Index>(), piece()).prop_map(|(at, piece)| Change::Insert(at, piece)),
        (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        any::<prop::sample::Index>().prop_map(Change::Cut),
        any::<(prop::sample::Index, prop::sample::Index)>()
            .prop_map(|(from, to)| Change::Double(from, to)),
    ]
}

pub fn apply(document: &mut Vec<u8>, change: Change) {
    let len = document.len() + 1;
    match change {
        Change::Remove(at) if len > 1 => drop(document.remove(at.index(len - 1))),
        Change::Set(at, byte) if len > 1 => document[at.index(len - 1)] = byte,
        Change::Remove(_) | Change::Set(..) => {}
        Change::Insert(at, piece) => {
            let at = at.index(len);
            document.splice(at..at, piece.into_bytes());
        }
        Change::Cut(at) => document.truncate(at.index(len)),
        Change::Double(from, to) => {
            let (from, to) = (from.index(len), to.index(len));
            document.extend_from_within(from.min(to)..from.max(to));
        }
    }
}
