//! Multicalls, from both sides.
//!
//! A response has one result for each entry of the request, in the same order. A malformed entry does not affect the
//! others. A client has one result for each of its calls, whatever the response is.

#![no_main]

use arbitrary::Unstructured;
use bytes::Bytes;
use futures_util::FutureExt as _;
use libfuzzer_sys::fuzz_target;
use tower::service_fn;
use xmlrpc_core::{
    Category, Client, ClientError, Dialect, Fault, Limits, Request, Response, Value,
    client::BoxError,
    message::{IncomingCall, MulticallResponse},
};
use xmlrpc_fuzz::{
    choices::Choices,
    document::{Root, array, member, structure, value},
    input::{Input, expanded},
    service::{dispatcher, is_alive, response},
    xml::{Style, Xml},
};

fuzz_target!(|data: &[u8]| match &*expanded(data) {
    [4, choices @ ..] => requests(&mut Unstructured::new(choices)),
    [5, choices @ ..] => responses(&mut Unstructured::new(choices)),
    data => {
        any_request(&Input::new(data, Root::Multicall));
        any_response(&Input::new(data, Root::MulticallResponse));
    }
});

/// The dispatcher responds to each entry of a document, or to none.
fn any_request(input: &Input) {
    const MOST: usize = 5;
    let body = Bytes::copy_from_slice(&input.document);
    let dispatcher = dispatcher(Dialect::EXTENDED, &input.limits).max_multicall_entries(MOST);
    let response = response(&dispatcher, &input.document, input.charset);
    is_alive();
    let Ok(call) = IncomingCall::read(body, input.charset, &input.limits) else {
        return assert!(response.is_err());
    };
    if call.method() != "system.multicall" {
        return;
    }
    match call.params().multicall_entries(MOST) {
        Ok(entries) => {
            let responses = response.expect("the entries can be read");
            let responses = responses.as_array().expect("the response is an array");
            assert_eq!(responses.len(), entries.len());
            for (entry, response) in entries.iter().zip(responses) {
                let is_fault = response
                    .as_struct()
                    .is_some_and(|fault| fault.contains("faultCode"));
                let is_wrapped = response.as_array().is_some_and(|values| values.len() == 1);
                assert!(is_fault != is_wrapped, "{response:?}");
                assert!(is_fault || entry.is_ok(), "{response:?}");
            }
        }
        Err(error) => {
            let fault = response.expect_err("the entries cannot be read");
            assert_eq!(fault.code(), error.fault_code());
        }
    }
    if let Ok(entries) = call.params().multicall_entries(usize::MAX) {
        let count = entries.len();
        assert!(call.params().multicall_entries(count).is_ok());
        if count > 0 {
            let error = call
                .params()
                .multicall_entries(count - 1)
                .expect_err("there is one more");
            assert_eq!(error.category(), Category::Limit);
        }
    }
}

/// Each of so many calls has its result, or the multicall has an error.
fn any_response(input: &Input) {
    for calls in [1, 3] {
        let Some(results) = called(input.document.clone(), calls, &input.limits) else {
            continue;
        };
        let body = Bytes::copy_from_slice(&input.document);
        let response = MulticallResponse::read(body, None, &input.limits);
        let response = response
            .expect("the response was read")
            .expect("the response is not a fault");
        assert_eq!((results.len(), response.len()), (calls, calls));
        for (index, result) in results.into_iter().enumerate() {
            match (result, response.entry::<Value>(index)) {
                (Ok(found), Ok(Ok(entry))) => {
                    assert_eq!(format!("{found:?}"), format!("{entry:?}"));
                }
                (Err(error), Ok(Err(fault))) => assert_eq!(error.fault(), Some(&fault)),
                (Err(error), Err(_)) => assert!(error.is_decode()),
                (result, entry) => panic!("the client has {result:?}, the entry is {entry:?}"),
            }
        }
    }
}

/// The results of so many calls, if this is the response.
fn called(
    document: Vec<u8>,
    calls: usize,
    limits: &Limits,
) -> Option<Vec<Result<Value, ClientError>>> {
    let body = Bytes::from(document);
    let transport = service_fn(move |_: Request| {
        let response = Response::new(body.clone());
        async move { Ok::<_, BoxError>(response) }
    });
    let client = Client::new(transport).limits(*limits);
    let calls: Vec<_> = (0..calls)
        .map(|number| client.call::<Value>("echo", (number,)))
        .collect();
    let multicall = client.multicall(calls).into_future();
    multicall
        .now_or_never()
        .expect("the transport waits for nothing")
        .ok()
}

/// The maximum depth of an entry: a deeper one would invalidate the whole document.
const DEEPEST: usize = 100;

/// The expected result of an entry.
#[derive(Debug)]
enum Expected {
    Value(Value),
    Fault,
    /// A fault about a parameter, or a value, depending on the choices.
    Anything,
}

/// Requests with valid entries beside malformed ones.
fn requests(choices: &mut Unstructured<'_>) {
    let style = choices.pick(&[Style::Plain, Style::Spaced, Style::Odd]);
    let count = choices.below(8);
    let mut expected = Vec::new();
    let mut xml = Xml::new(choices, style);
    xml.deepest = DEEPEST;
    xml.element("methodCall", |xml| {
        xml.leaf("methodName", "system.multicall");
        xml.element("params", |xml| {
            xml.element("param", |xml| {
                array(xml, |xml| {
                    expected.extend((0..count).map(|number| entry(xml, number)));
                });
            });
        });
    });
    let document = xml.finish();
    let dispatcher = dispatcher(Dialect::EXTENDED, &Limits::default());
    let responses = response(&dispatcher, document.as_bytes(), None);
    let responses = responses.unwrap_or_else(|fault| panic!("{fault}: {document}"));
    let responses = responses.as_array().expect("the response is an array");
    assert_eq!(responses.len(), expected.len(), "{document}");
    for (response, expected) in responses.iter().zip(expected) {
        let is_right = match &expected {
            Expected::Value(value) => response.as_array() == Some(std::slice::from_ref(value)),
            Expected::Fault => response
                .as_struct()
                .is_some_and(|fault| fault.contains("faultCode")),
            Expected::Anything => true,
        };
        assert!(
            is_right,
            "expected {expected:?}, found {response:?}: {document}"
        );
    }
    is_alive();
}

/// Writes an entry.
fn entry(xml: &mut Xml<'_, '_>, number: usize) -> Expected {
    let text = number.to_string();
    match xml.choices.below(12) {
        0..4 => {
            call(xml, "echo", |xml| {
                xml.element("value", |xml| xml.leaf("int", &text));
            });
            let number = i32::try_from(number).expect("the number is small");
            Expected::Value(Value::Int(number))
        }
        4 => {
            call(xml, "text", |xml| xml.leaf("value", &text));
            Expected::Value(Value::from(text.as_str()))
        }
        5 => {
            call(xml, "echo", value);
            Expected::Anything
        }
        6 => {
            call(xml, "nothing", value);
            Expected::Fault
        }
        7 => {
            call(xml, "system.multicall", value);
            Expected::Fault
        }
        8 => {
            call(xml, "add", |xml| xml.leaf("value", &text));
            Expected::Fault
        }
        9 => {
            xml.element("value", |xml| xml.leaf("int", &text));
            Expected::Fault
        }
        10 => {
            structure(xml, |xml| member(xml, "params", |xml| array(xml, |_| {})));
            Expected::Fault
        }
        _ => {
            let name = xml.choices.pick(&["member", "name", "value", "other"]);
            structure(xml, |xml| xml.element(name, |_| {}));
            Expected::Fault
        }
    }
}

fn call(xml: &mut Xml<'_, '_>, method: &str, param: impl FnOnce(&mut Xml<'_, '_>)) {
    structure(xml, |xml| {
        member(xml, "methodName", |xml| xml.leaf("value", method));
        member(xml, "params", |xml| array(xml, param));
    });
}

/// Responses with valid entries beside malformed ones.
fn responses(choices: &mut Unstructured<'_>) {
    let style = choices.pick(&[Style::Plain, Style::Spaced, Style::Odd]);
    let count = choices.below(8);
    let mut expected = Vec::new();
    let mut xml = Xml::new(choices, style);
    xml.deepest = DEEPEST;
    xml.element("methodResponse", |xml| {
        xml.element("params", |xml| {
            xml.element("param", |xml| {
                array(xml, |xml| {
                    expected.extend((0..count).map(|number| result(xml, number)));
                });
            });
        });
    });
    let document = xml.finish();
    let results = called(document.clone().into_bytes(), count, &Limits::RESPONSE);
    let results = results.unwrap_or_else(|| panic!("the response has {count} entries: {document}"));
    assert_eq!(results.len(), count);
    for (result, expected) in results.into_iter().zip(expected) {
        let Some(expected) = expected else {
            continue;
        };
        let found = result.map_err(|error| error.fault().cloned());
        assert_eq!(found, expected.map_err(Some), "{document}");
    }
    assert!(called(document.into_bytes(), count + 1, &Limits::RESPONSE).is_none());
}

/// Writes a result, and returns it if it is known.
fn result(xml: &mut Xml<'_, '_>, number: usize) -> Option<Result<Value, Fault>> {
    let text = number.to_string();
    let number = i32::try_from(number).expect("the number is small");
    match xml.choices.below(6) {
        0..2 => array(xml, |xml| xml.element("value", |xml| xml.leaf("i4", &text))),
        2 => xml.element("value", |xml| xml.leaf("int", &text)),
        3 => {
            structure(xml, |xml| {
                member(xml, "faultCode", |xml| {
                    xml.element("value", |xml| xml.leaf("int", &text));
                });
                member(xml, "faultString", |xml| xml.leaf("value", &text));
            });
            return Some(Err(Fault::new(number, text)));
        }
        4 => {
            // At level 0 it has its `<value>`. Without it, an unknown type is an error of the whole response.
            let level = std::mem::take(&mut xml.level);
            value(xml);
            xml.level = level;
            return None;
        }
        _ => {
            xml.element("value", |xml| xml.leaf("other", &text));
            return None;
        }
    }
    Some(Ok(Value::Int(number)))
}
