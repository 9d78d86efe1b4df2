//! Any value in every dialect.
//!
//! If the dialect has a form for a value, the value is written as a well-formed document. Both readers read it as
//! the same value, except for details that the dialect has no form for. Otherwise writing fails with an error that
//! says so. The same holds for values in calls, responses, faults and multicalls.

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

/// A value, and the dialect to write it in.
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
    response(values[0], written.switches);
    fault(written);
    multicall(&written.text, values, written.switches);
}

/// Checks a document that was written, and that both readers read the same.
fn check(document: &[u8], switches: Switches) {
    let text = str::from_utf8(document).expect("documents are in UTF-8");
    assert!(text.is_ascii() || !switches.is_ascii(), "{text:?}");
    let tree = Document::parse(text);
    assert!(tree.is_ok(), "{tree:?}: {text:?}");
    let pair =
        Pair::new(document, None, &Limits::default()).expect("the document is not in UTF-16");
    pair.same_value::<Value>();
}

/// Checks a document that is only the value.
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
    // A document at a limit is read, one beyond it is refused.
    let limits = Limits::default().bytes(document.len());
    let read = from_slice_with::<Value>(&document, &limits).expect("the document was written");
    same(&read, value, switches);
    let limits = limits.bytes(document.len() - 1);
    let error = from_slice_with::<Value>(&document, &limits).expect_err("it is too long");
    assert_eq!(error.category(), Category::Limit);
}

fn same(read: &Value, value: &Value, switches: Switches) {
    // Compares what `Debug` prints: then NaN equals NaN, and -0 differs from 0.
    assert_eq!(
        format!("{read:?}"),
        format!("{:?}", switches.as_read(value)),
        "{switches:?}"
    );
}

fn without_xml(value: &Value) {
    if has_dates(value) {
        let read = from_value::<Value>(value.clone()).expect("a `Value` reads as a `Value`");
        assert_eq!(format!("{read:?}"), format!("{value:?}"));
        assert!(to_value(value).is_ok(), "{value:?}");
    }
}

/// Checks the value as a parameter of a call.
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
    let params = read.params().to_values().expect("the document was written");
    assert_eq!(params.len(), 2);
    for (read, value) in params.iter().zip(values) {
        same(read, value, switches);
    }
}

fn response(value: &Value, switches: Switches) {
    let Ok(response) = EncodedResponse::new(value, switches.dialect()) else {
        return assert!(!switches.has_form(value));
    };
    check(response.document(), switches);
    let document = Bytes::from(response.into_document());
    let read = read_response::<Value>(document, None, &Limits::default());
    same(
        &read
            .expect("the document was written")
            .expect("the response is not a fault"),
        value,
        switches,
    );
}

/// Checks a fault with any text. Characters that XML does not allow are replaced.
fn fault(written: &Written) {
    let fault = Fault::new(written.code, &written.text);
    let document = fault_response(&fault, written.switches.dialect());
    check(&document, written.switches);
    let read = read_response::<Value>(document.into(), None, &Limits::default());
    let found = read
        .expect("the document was written")
        .expect_err("the response is a fault");
    assert_eq!(found, replaced(&fault));
}

fn replaced(fault: &Fault) -> Fault {
    let allowed = |c| if is_allowed(c) { c } else { '\u{FFFD}' };
    Fault::new(
        fault.code(),
        fault.message().chars().map(allowed).collect::<String>(),
    )
}

/// Checks multicalls: a call for each value, and a fault beside each result.
fn multicall(text: &str, values: [&Value; 2], switches: Switches) {
    let dialect = switches.dialect();
    let mut writer = MulticallWriter::new(dialect);
    let mut responses = MulticallResponseWriter::new(dialect, usize::MAX);
    let values: Vec<_> = values
        .into_iter()
        .filter(|value| switches.has_form(value))
        .collect();
    let fault = Fault::new(7, text);
    for value in &values {
        let mut call = CallWriter::new("m", dialect);
        call.param(value);
        writer.push("m", &call.finish().expect("the value has a form"));
        let response = EncodedResponse::new(value, dialect).expect("the value has a form");
        responses
            .push(Ok(&response))
            .expect("the response has room");
        responses.push(Err(&fault)).expect("the response has room");
    }
    let document = writer.finish();
    check(&document, switches);
    let call = IncomingCall::read(document.into(), None, &Limits::default());
    let entries = call
        .expect("the document was written")
        .params()
        .multicall_entries(2);
    let entries = entries.expect("the document was written");
    assert_eq!(entries.len(), values.len());
    for (entry, value) in entries.into_iter().zip(&values) {
        let entry = entry.expect("the document was written");
        assert_eq!((entry.method(), entry.params().len()), ("m", 1));
        same(
            &entry
                .params()
                .to_values()
                .expect("the document was written")[0],
            value,
            switches,
        );
    }
    let document = responses.finish().into_document();
    check(&document, switches);
    let response = MulticallResponse::read(document.into(), None, &Limits::default());
    let response = response
        .expect("the document was written")
        .expect("the response is not a fault");
    assert_eq!(response.len(), 2 * values.len());
    for (index, value) in values.into_iter().enumerate() {
        let read = response
            .entry::<Value>(2 * index)
            .expect("the document was written");
        same(&read.expect("the entry is not a fault"), value, switches);
        let found = response
            .entry::<Value>(2 * index + 1)
            .expect("the document was written");
        assert_eq!(
            found.expect_err("the response is a fault"),
            replaced(&fault)
        );
    }
}
