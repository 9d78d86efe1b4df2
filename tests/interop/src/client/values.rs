//! Each type, with its extreme values.

use xmlrpc_client::Http;
use xmlrpc_core::{Base64, DateTime, Value, value};
use xmlrpc_examples::interop::PeerClient;

use super::{Result, Server, same};

pub(super) const CASES: &[&str] = &[
    "int",
    "i8",
    "boolean",
    "double",
    "string",
    "line_ends",
    "unicode",
    "base64",
    "base64_large",
    "date",
    "array",
    "struct",
    "nested",
    "nil",
];

pub(super) async fn case(server: &Server<'_>, case: &str) -> Result {
    let peer = server.stub()?;
    for value in values(case)? {
        echo(&peer, value).await?;
    }
    Ok(())
}

/// How many values come back changed, and how many there are.
pub(super) async fn lost(server: &Server<'_>, case: &str) -> Result<(usize, usize)> {
    let peer = server.stub()?;
    let (values, mut lost) = (values(case)?, 0);
    let all = values.len();
    for value in values {
        lost += usize::from(echo(&peer, value).await.is_err());
    }
    Ok((lost, all))
}

async fn echo(peer: &PeerClient<Http>, value: Value) -> Result {
    // A peer with one type for all numbers may return an integer, so ask for a double.
    if let Value::Double(number) = value {
        let echoed = peer.client().call::<f64>("peer.echo", (number,)).await?;
        return same(&echoed, &number);
    }
    let echoed = plain(peer.echo(value.clone()).await?);
    same(&echoed, &plain(value))
}

pub(crate) fn values(case: &str) -> Result<Vec<Value>> {
    Ok(match case {
        "int" => [0, 1, -1, i32::MAX, i32::MIN].map(Value::from).into(),
        "i8" => [i64::MAX, i64::MIN, 1 << 53, -(1 << 53), 1 << 31]
            .map(Value::I8)
            .into(),
        "boolean" => [true, false].map(Value::from).into(),
        "double" => [
            0.5,
            -0.25,
            0.1,
            1.0 / 3.0,
            0.300_000_000_000_000_04,
            123_456_789.123_456_79,
            1e15,
            1e300,
            -1e-7,
            2.5e-300,
        ]
        .map(Value::from)
        .into(),
        "string" => ["", "text", " ", " a\tb ", "<&>\"'", "]]>", "&amp;amp;"]
            .map(Value::from)
            .into(),
        "line_ends" => ["one\ntwo", "one\r\ntwo\rthree", "\r"]
            .map(Value::from)
            .into(),
        "unicode" => [
            "n\u{e9}e",
            "\u{65e5}\u{672c}\u{8a9e}",
            "\u{1f600}",
            "\u{ffe6}a\u{10fffd}",
        ]
        .map(Value::from)
        .into(),
        "base64" => vec![bytes(0), bytes(1), bytes(2), bytes(256)],
        "base64_large" => vec![bytes(10_000_000)],
        "date" => [
            "19980717T14:08:55",
            "00010101T00:00:00",
            "99991231T23:59:59",
        ]
        .map(|date| date.parse::<DateTime>().map(Value::from))
        .into_iter()
        .collect::<std::result::Result<_, _>>()?,
        "array" => vec![value!([]), value!([1, "a", [[], [2.5]], {"b": [true]}])],
        "struct" => vec![
            value!({}),
            value!({"a": 1, "b": {"c": {}}}),
            value!({"": 1, "two words": 2, "<&>\"'": 3, "]]>": 4, "n\u{e9}e": 5}),
        ],
        "nested" => vec![(0..50).fold(value!(1), |inner, level| {
            if level % 2 == 0 {
                value!([inner])
            } else {
                value!({"in": inner})
            }
        })],
        "nil" => vec![Value::Nil, value!([1, nil, "a"])],
        other => return Err(format!("unknown case {other}").into()),
    })
}

fn bytes(length: usize) -> Value {
    Value::from(Base64(
        (0..=u8::MAX).cycle().take(length).collect::<Vec<_>>(),
    ))
}

/// The value with all integers as `i8` and all members sorted, for comparisons.
pub(crate) fn plain(value: Value) -> Value {
    match value {
        Value::Int(number) => Value::I8(number.into()),
        Value::Array(elements) => Value::Array(elements.into_iter().map(plain).collect()),
        Value::Struct(members) => {
            let mut members: Vec<_> = members
                .into_iter()
                .map(|(name, value)| (name, plain(value)))
                .collect();
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Struct(members.into_iter().collect())
        }
        other => other,
    }
}
