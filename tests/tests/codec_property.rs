//! What holds for every value and for every sequence of bytes.

use std::sync::LazyLock;

use bytes::Bytes;
use futures_util::FutureExt as _;
use proptest::{collection::vec, prelude::*};
use serde::{Deserialize, de::IgnoredAny};
use xmlrpc_core::{
    DateTime, Dialect, Dispatcher, Fault, Limits, Request, Struct, Value, from_slice,
    from_slice_with, from_value,
    message::{
        CallWriter, IncomingCall, MulticallAnswer, MulticallWriter, Reply, fault_document,
        read_response,
    },
    to_value, to_vec_with, xmlrpc_service,
};

/// Characters that XML 1.0 can carry, the troublesome ones more often than chance has it.
fn character() -> impl Strategy<Value = char> {
    prop_oneof![
        3 => any::<char>(),
        1 => prop::sample::select(vec!['&', '<', '>', '"', '\'', '\r', '\n', '\t', ' ', ']', ';', '#', '\u{FFFD}', '\u{EFFF}']),
    ]
    .prop_map(|c| match c {
        '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'.. => c,
        _ => 'x',
    })
}

fn text() -> impl Strategy<Value = String> {
    vec(character(), 0..40).prop_map(|characters| characters.into_iter().collect())
}

fn date() -> impl Strategy<Value = DateTime> {
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

fn value() -> impl Strategy<Value = Value> {
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
            vec(inner.clone(), 0..6).prop_map(Value::Array),
            vec((text(), inner), 0..6)
                .prop_map(|members| Value::Struct(members.into_iter().collect())),
        ]
    })
}

fn dialect() -> impl Strategy<Value = Dialect> {
    (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(apache, i4, ascii, nil)| {
            let dialect = if apache {
                Dialect::APACHE
            } else {
                Dialect::EXTENDED
            };
            dialect.i4(i4).ascii(ascii).nil_members(nil)
        },
    )
}

/// Lets a document loose on every way in.
fn read_every_way(bytes: &[u8], charset: Option<&str>) {
    #[derive(Deserialize)]
    #[allow(dead_code, reason = "only what happens on the way is of interest")]
    #[serde(untagged)]
    enum Any {
        Number(i8),
        Date(DateTime),
        Text(String),
        List(Vec<Any>),
        Members(Struct),
    }
    let limits = Limits::default();
    let body = Bytes::copy_from_slice(bytes);
    if let Ok(value) = from_slice::<Value>(bytes) {
        let _ = from_value::<Any>(value.clone());
        let _ = from_value::<Vec<Option<u64>>>(value);
    }
    let _ = from_slice::<Any>(bytes);
    let _ = from_slice::<(i32, Option<bool>)>(bytes);
    let _ = from_slice::<IgnoredAny>(bytes);
    if let Ok(call) = IncomingCall::read(body.clone(), charset, &limits) {
        let _ = call.params().to_values();
        let _ = call.params().multicall_entries(3);
        let _ = call.params().decode(|params| {
            params.required::<String>("a")?;
            params.optional::<DateTime>("b")?;
            params.end()
        });
    }
    let _ = read_response::<Value>(body.clone(), charset, &limits);
    if let Ok(Ok(answer)) = MulticallAnswer::read(body, charset, &limits) {
        let _ = answer.entry::<Vec<i32>>(0);
        let _ = answer.entry::<Value>(answer.len());
    }
}

/// Pieces of which documents are made, well or badly.
fn piece() -> impl Strategy<Value = String> {
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
enum Change {
    Remove(prop::sample::Index),
    Insert(prop::sample::Index, String),
    Set(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Double(prop::sample::Index, prop::sample::Index),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        any::<prop::sample::Index>().prop_map(Change::Remove),
        (any::<prop::sample::Index>(), piece()).prop_map(|(at, piece)| Change::Insert(at, piece)),
        (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        any::<prop::sample::Index>().prop_map(Change::Cut),
        any::<(prop::sample::Index, prop::sample::Index)>()
            .prop_map(|(from, to)| Change::Double(from, to)),
    ]
}

fn apply(document: &mut Vec<u8>, change: Change) {
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

#[xmlrpc_service(server)]
trait Service {
    async fn add(&self, a: i64, b: i64) -> i64;
    async fn echo(&self, value: Value) -> Value;
    async fn any(&self, first: Option<String>, second: Option<Vec<Struct>>);
}

struct Echo;

impl Service for Echo {
    async fn add(&self, a: i64, b: i64) -> i64 {
        a.wrapping_add(b)
    }
    async fn echo(&self, value: Value) -> Value {
        value
    }
    async fn any(&self, _first: Option<String>, _second: Option<Vec<Struct>>) {}
}

/// One for all documents: none may do it harm.
static DISPATCHER: LazyLock<Dispatcher> =
    LazyLock::new(|| Dispatcher::new().service(ServiceServer::new(Echo)));

fn dispatch(document: &[u8]) -> Result<Value, Fault> {
    let request = Request::new("", Bytes::copy_from_slice(document));
    let response = DISPATCHER.dispatch(request).now_or_never();
    let Ok(response) = response.expect("no method waits for anything");
    read_response(response.body, None, &Limits::default()).expect("the answer is a document")
}

/// Whatever came, a document is the answer; and so it is to the call that follows.
fn is_answered(document: &[u8]) {
    let _ = dispatch(document);
    let mut call = CallWriter::new("add", Dialect::STANDARD);
    call.param(&2);
    call.param(&3);
    let five = dispatch(&call.finish().unwrap().into_document());
    assert_eq!(five, Ok(Value::Int(5)));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_value_comes_back(value in value(), dialect in dialect()) {
        let bytes = to_vec_with(&value, dialect).unwrap();
        prop_assert_eq!(&from_slice::<Value>(&bytes).unwrap(), &value, "{}", String::from_utf8_lossy(&bytes));
        let limits = Limits::default().bytes(bytes.len());
        prop_assert!(from_slice_with::<Value>(&bytes, &limits).is_ok());
    }

    #[test]
    fn every_value_comes_back_through_a_value(value in value()) {
        prop_assert_eq!(&to_value(&value).unwrap(), &value);
        prop_assert_eq!(&from_value::<Value>(value.clone()).unwrap(), &value);
    }

    #[test]
    fn every_call_comes_back(method in text(), params in vec(value(), 0..4), dialect in dialect()) {
        let method = format!("m{method}");
        let mut call = CallWriter::new(&method, dialect);
        for param in &params {
            call.param(param);
        }
        let document = Bytes::from(call.finish().unwrap().into_document());
        let call = IncomingCall::read(document, Some("utf-8"), &Limits::default()).unwrap();
        prop_assert_eq!(call.method(), method.trim_ascii());
        prop_assert_eq!(call.params().to_values().unwrap(), params);
    }

    #[test]
    fn every_answer_comes_back(value in value(), code: i32, message in text(), dialect in dialect()) {
        let document = Bytes::from(Reply::new(&value, dialect).unwrap().into_document());
        prop_assert_eq!(read_response::<Value>(document, None, &Limits::default()).unwrap(), Ok(value));
        let fault = Fault::new(code, message);
        let document = Bytes::from(fault_document(&fault, dialect));
        prop_assert_eq!(read_response::<Value>(document, None, &Limits::default()).unwrap(), Err(fault));
    }

    #[test]
    fn a_fault_of_any_text_can_be_read(message: String) {
        let document = Bytes::from(fault_document(&Fault::new(1, message), Dialect::STANDARD));
        prop_assert!(read_response::<Value>(document, None, &Limits::default()).unwrap().is_err());
    }

    #[test]
    fn doubles_come_back_to_the_bit(bits: u64) {
        let number = f64::from_bits(bits);
        prop_assume!(number.is_finite());
        let text = xmlrpc_core::to_string(&number).unwrap();
        prop_assert_eq!(xmlrpc_core::from_str::<f64>(&text).unwrap().to_bits(), bits);
        let digits = text.trim_start_matches("<value><double>").trim_end_matches("</double></value>");
        prop_assert!(digits.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'), "{}", digits);
        prop_assert_eq!(digits.matches('.').count(), 1);
    }

    #[test]
    fn floats_come_back_to_the_bit(bits: u32) {
        let number = f32::from_bits(bits);
        prop_assume!(number.is_finite());
        let text = xmlrpc_core::to_string(&number).unwrap();
        prop_assert_eq!(xmlrpc_core::from_str::<f32>(&text).unwrap().to_bits(), bits);
    }

    #[test]
    fn dates_never_panic(text in "[0-9TZ:.+-]{0,30}|\\PC{0,20}") {
        let _ = text.parse::<DateTime>();
    }

    #[test]
    fn bytes_never_panic(bytes in vec(any::<u8>(), 0..200), charset in prop::sample::select(vec![None, Some("utf-16"), Some("shift_jis"), Some("x")])) {
        read_every_way(&bytes, charset);
    }

    #[test]
    fn pieces_never_panic(pieces in vec(piece(), 0..60)) {
        read_every_way(pieces.concat().as_bytes(), None);
    }

    #[test]
    fn any_bytes_are_answered(bytes in vec(any::<u8>(), 0..200)) {
        is_answered(&bytes);
    }

    #[test]
    fn any_pieces_are_answered(pieces in vec(piece(), 0..60)) {
        is_answered(pieces.concat().as_bytes());
    }

    #[test]
    fn changed_calls_are_answered(value in value(), method in prop::sample::select(vec!["echo", "any", "add"]), many: bool, changes in vec(change(), 0..4)) {
        let mut call = CallWriter::new(method, Dialect::EXTENDED);
        call.param(&value);
        let call = call.finish().unwrap();
        let mut document = if many {
            let mut multicall = MulticallWriter::new(Dialect::EXTENDED);
            multicall.push(method, &call);
            multicall.push(method, &call);
            multicall.finish()
        } else {
            call.into_document()
        };
        for change in changes {
            apply(&mut document, change);
        }
        is_answered(&document);
    }

    #[test]
    fn changed_documents_never_panic(value in value(), dialect in dialect(), kind in 0..4, changes in vec(change(), 1..8)) {
        let mut document = match kind {
            0 => to_vec_with(&value, dialect).unwrap(),
            1 => Reply::new(&value, dialect).unwrap().into_document(),
            2 => fault_document(&Fault::new(1, "text"), dialect),
            _ => {
                let mut call = CallWriter::new("method", dialect);
                call.param(&value);
                call.finish().unwrap().into_document()
            }
        };
        for change in changes {
            apply(&mut document, change);
        }
        read_every_way(&document, None);
    }
}
