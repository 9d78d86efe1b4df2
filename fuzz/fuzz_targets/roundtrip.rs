//! Any value in every dialect.
//!
//! What has a form is written, as a well-formed document that is read, on both ways, as the value that it
//! was, but for what the dialect has no form for; what has none is an error that says so. The same
//! holds for values in calls, answers, faults, and multicalls.

#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use roxmltree::Document;
use xmlrpc_core::{
    Category, Fault, Limits, Value, from_slice_with, from_value,
    message::{
        CallWriter, EncodedResponse, IncomingCall, MulticallResponse, MulticallResponseWriter,
        MulticallWriter, fault_response, read_response,
    },
    to_value, to_vec_with,
};
use xmlrpc_fuzz::{
    choices::is_allowed,
    input::expanded,
    readers::Pair,
    values::{AnyValue, Switches, has_dates},
};

fuzz_target!(|data: &[u8]| {
    if let Ok(written) = Written::arbitrary(&mut Unstructured::new(&expanded(data))) {
        run(&written);
    }
});

/// What is written, and how.
#[derive(Arbitrary, Debug)]
struct Written {
    switches: Switches,
    value: AnyValue,
    more: AnyValue,
    code: i32,
    text: String,
}

fn run(written: &Written) {
    let values = [&written.value.0, &written.more.0];
    for value in values {
        alone(value, written.switches);
        without_xml(value);
    }
    call(&written.text, values, written.switches);
    answer(values[0], written.switches);
    fault(written);
    multicall(&written.text, values, written.switches);
}

/// Checks a document that was written, and what is read of it on both ways.
fn check(document: &[u8], switches: Switches) {
    let text = str::from_utf8(document).expect("it is in UTF-8");
    assert!(text.is_ascii() || !switches.is_ascii(), "{text:?}");
    let tree = Document::parse(text);
    assert!(tree.is_ok(), "{tree:?}: {text:?}");
    let pair = Pair::new(document, None, &Limits::default()).expect("it is not in UTF-16");
    pair.same_value::<Value>();
}

/// As a document that is nothing but the value.
fn alone(value: &Value, switches: Switches) {
    let document = match to_vec_with(value, switches.dialect()) {
        Ok(document) => document,
        Err(error) => {
            assert_eq!(error.category(), Category::Data);
            assert!(!switches.has_form(value), "{error}: {value:?} {switches:?}");
            return;
        }
    };
    assert!(switches.has_form(value), "{value:?} {switches:?}");
    check(&document, switches);
    // What is at a bound is read, what is beyond it is not.
    let limits = Limits::default().bytes(document.len());
    let read = from_slice_with::<Value>(&document, &limits).expect("it was written");
    same(&read, value, switches);
    let limits = limits.bytes(document.len() - 1);
    let error = from_slice_with::<Value>(&document, &limits).expect_err("it is too long");
    assert_eq!(error.category(), Category::Limit);
}

fn same(read: &Value, value: &Value, switches: Switches) {
    // By what they show: NaN is no other than itself, and -0 no 0.
    assert_eq!(
        format!("{read:?}"),
        format!("{:?}", switches.as_read(value)),
        "{switches:?}"
    );
}

fn without_xml(value: &Value) {
    if has_dates(value) {
        let read = from_value::<Value>(value.clone()).expect("it is one");
        assert_eq!(format!("{read:?}"), format!("{value:?}"));
        assert!(to_value(value).is_ok(), "{value:?}");
    }
}

/// As the parameters of a call.
fn call(method: &str, values: [&Value; 2], switches: Switches) {
    let mut call = CallWriter::new(method, switches.dialect());
    for value in values {
        call.param(value);
    }
    let has_form =
        method.chars().all(is_allowed) && values.iter().all(|value| switches.has_form(value));
    let call = match call.finish() {
        Ok(call) => call,
        Err(error) => return assert!(!has_form, "{error}"),
    };
    assert!(has_form);
    assert_eq!(call.params(), 2);
    let document = Bytes::from(call.into_document());
    check(&document, switches);
    let read = match IncomingCall::read(document, Some("utf-8"), &Limits::default()) {
        Ok(read) => read,
        Err(error) => {
            assert!(method.trim_ascii().is_empty(), "{error}");
            return;
        }
    };
    assert_eq!(read.method(), method.trim_ascii());
    let params = read.params().to_values().expect("it was written");
    assert_eq!(params.len(), 2);
    for (read, value) in params.iter().zip(values) {
        same(read, value, switches);
    }
}

fn answer(value: &Value, switches: Switches) {
    let Ok(reply) = EncodedResponse::new(value, switches.dialect()) else {
        return assert!(!switches.has_form(value));
    };
    check(reply.document(), switches);
    let document = Bytes::from(reply.into_document());
    let read = read_response::<Value>(document, None, &Limits::default());
    same(
        &read.expect("it was written").expect("it is no fault"),
        value,
        switches,
    );
}

/// A fault of any text: what XML cannot carry is replaced.
fn fault(written: &Written) {
    let fault = Fault::new(written.code, &written.text);
    let document = fault_response(&fault, written.switches.dialect());
    check(&document, written.switches);
    let read = read_response::<Value>(document.into(), None, &Limits::default());
    let found = read.expect("it was written").expect_err("it is a fault");
    assert_eq!(found, replaced(&fault));
}

fn replaced(fault: &Fault) -> Fault {
    let allowed = |c| if is_allowed(c) { c } else { '\u{FFFD}' };
    Fault::new(
        fault.code(),
        fault.message().chars().map(allowed).collect::<String>(),
    )
}

/// A call with the values, and a fault beside their answers, in multicalls.
fn multicall(text: &str, values: [&Value; 2], switches: Switches) {
    let dialect = switches.dialect();
    let mut writer = MulticallWriter::new(dialect);
    let mut replies = MulticallResponseWriter::new(dialect, usize::MAX);
    let values: Vec<_> = values
        .into_iter()
        .filter(|value| switches.has_form(value))
        .collect();
    let fault = Fault::new(7, text);
    for value in &values {
        let mut call = CallWriter::new("m", dialect);
        call.param(value);
        writer.push("m", &call.finish().expect("it has a form"));
        let reply = EncodedResponse::new(value, dialect).expect("it has a form");
        replies.push(Ok(&reply)).expect("there is room");
        replies.push(Err(&fault)).expect("there is room");
    }
    let document = writer.finish();
    check(&document, switches);
    let call = IncomingCall::read(document.into(), None, &Limits::default());
    let entries = call.expect("it was written").params().multicall_entries(2);
    let entries = entries.expect("it was written");
    assert_eq!(entries.len(), values.len());
    for (entry, value) in entries.into_iter().zip(&values) {
        let entry = entry.expect("it was written");
        assert_eq!((entry.method(), entry.params().len()), ("m", 1));
        same(
            &entry.params().to_values().expect("it was written")[0],
            value,
            switches,
        );
    }
    let document = replies.finish().into_document();
    check(&document, switches);
    let answer = MulticallResponse::read(document.into(), None, &Limits::default());
    let answer = answer.expect("it was written").expect("it is no fault");
    assert_eq!(answer.len(), 2 * values.len());
    for (index, value) in values.into_iter().enumerate() {
        let read = answer.entry::<Value>(2 * index).expect("it was written");
        same(&read.expect("it is no fault"), value, switches);
        let found = answer
            .entry::<Value>(2 * index + 1)
            .expect("it was written");
        assert_eq!(found.expect_err("it is a fault"), replaced(&fault));
    }
}
