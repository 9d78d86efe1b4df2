//! Compares the two readers with each other and with roxmltree.
//!
//! If the scanner accepts a document, the other reader reads the same. Both find the same errors at the same
//! places. If roxmltree refuses the whole document, both refuse it. If roxmltree accepts it, neither finds a syntax
//! error, and both read what the tree means. The places at which batches for roxmltree end make no difference.

#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use xmlrpc_core::{
    Category, Error, Limits, Value, from_str,
    message::{self, IncomingCall, MulticallResponse},
};
use xmlrpc_fuzz::{
    document::Root,
    input::{Input, expanded},
    readers::{Pair, message, outcome},
    reference::{self, Whole},
    types::{Forgiving, IgnoredAny, Map},
};

fuzz_target!(|data: &[u8]| run(&expanded(data)));

fn run(data: &[u8]) {
    // Most documents have one root. The length of the input selects the others, so that no byte is spent on it.
    let roots = [
        Root::Value,
        Root::Value,
        Root::Call,
        Root::Multicall,
        Root::Response,
        Root::MulticallResponse,
    ];
    let input = Input::new(data, roots[data.len() % roots.len()]);
    if let Some(pair) = Pair::new(&input.document, None, &input.limits) {
        values(&pair);
    }
    let is_message = input.document.windows(7).any(|name| name == b"<method");
    if let Some(pair) = Pair::new(&input.document, input.charset, &input.limits)
        && is_message
    {
        messages(&pair, input.charset);
    }
    let Some(text) = input.text() else {
        return;
    };
    whole(text);
    if let Some(value) = value_in(text) {
        if value.len() < text.len() {
            whole(value);
        }
        // This is slow, so it does not run for every input.
        let sum: usize = data.iter().copied().map(usize::from).sum();
        if sum.is_multiple_of(16) {
            batches(value, 640 + sum / 16 % 192);
        }
    }
}

/// The part of a document that is a `<value>`, or looks like one.
fn value_in(text: &str) -> Option<&str> {
    let text = &text[text.find("<value")?..];
    let end = text.rfind("</value>").map(|at| at + "</value>".len());
    Some(&text[..end.unwrap_or(text.len())])
}

/// Checks the document as a `<value>`. The target `typed` has more types.
fn values(pair: &Pair) {
    pair.same_value::<Value>();
    pair.same_value::<Forgiving>();
    pair.same_value::<IgnoredAny>();
    pair.same_value::<Vec<i64>>();
    pair.same_value::<Map<Value>>();
    pair.same_value::<String>();
    pair.same_value::<f64>();
}

/// Checks the document as a call, as a multicall, and as the responses to them.
fn messages(pair: &Pair, charset: Option<&str>) {
    let call = |document: &[u8], limits: &Limits| {
        IncomingCall::read(Bytes::copy_from_slice(document), charset, limits)
    };
    pair.same("call", |document, limits| {
        let call = call(document, limits)?;
        Ok((call.method().to_owned(), call.params().to_values()?))
    });
    pair.same("parameters", |document, limits| {
        call(document, limits)?.params().decode(|params| {
            let pair: (i64, Option<String>) =
                (params.required("first")?, params.optional("second")?);
            params.end()?;
            Ok(pair)
        })
    });
    pair.same("multicall", |document, limits| {
        let entries = call(document, limits)?.params().multicall_entries(3)?;
        let entries = entries.into_iter().map(|entry| {
            let entry = entry.map_err(|error| (error.category(), message(&error)))?;
            let params = outcome(entry.params().to_values());
            Ok::<_, (_, String)>((entry.method().to_owned(), entry.params().len(), params))
        });
        Ok(entries.collect::<Vec<_>>())
    });
    let body = Bytes::copy_from_slice;
    pair.same("response", |document, limits| {
        message::read_response::<Value>(body(document), charset, limits)
    });
    pair.same("response to a multicall", |document, limits| {
        let response = MulticallResponse::read(body(document), charset, limits)?;
        Ok(response.map(|response| {
            let entry = |index| outcome(response.entry::<Value>(index));
            (0..response.len()).map(entry).collect::<Vec<_>>()
        }))
    });
}

/// Compares what is read with what roxmltree makes of the whole document.
fn whole(text: &str) {
    let Some(text) = reference::repaired(text) else {
        return;
    };
    let value = from_str::<Value>(&text);
    let tree = match reference::parse(&text) {
        Whole::Tree(tree) => tree,
        Whole::Refused(theirs) => return refused(&text, &theirs, value),
        Whole::Unclear => return,
    };
    if let Err(error) = &value {
        // roxmltree reads the second reference as the first one again, which XML forbids.
        if message(error) == "duplicate attribute xmlns" {
            return;
        }
        assert_ne!(error.category(), Category::Syntax, "{error}: {text:?}");
    }
    let Some(expected) = reference::value(tree.root_element()) else {
        return;
    };
    match value {
        Ok(value) => assert_eq!(format!("{value:?}"), format!("{expected:?}"), "{text:?}"),
        Err(error) => assert_eq!(error.category(), Category::Limit, "{error}: {text:?}"),
    }
}

/// Neither reader accepts a document that is not well-formed.
fn refused(text: &str, theirs: &roxmltree::Error, value: Result<Value, Error>) {
    let body = Bytes::copy_from_slice(text.as_bytes());
    let limits = Limits::default();
    let response = message::read_response::<Value>(body.clone(), Some("utf-8"), &limits);
    let call = IncomingCall::read(body, Some("utf-8"), &limits);
    let params = call.and_then(|call| call.params().to_values());
    for result in [value.map(drop), response.map(drop), params.map(drop)] {
        let Err(error) = result else {
            panic!("{theirs}: {text:?}");
        };
        let is_right = match error.category() {
            Category::Syntax | Category::Limit => true,
            // A document type is refused wherever it stands.
            Category::Protocol => text.to_ascii_uppercase().contains("<!DOCTYPE"),
            _ => false,
        };
        assert!(is_right, "{error}, {theirs}: {text:?}");
    }
}

/// A value after so many odd ones that a batch ends between them reads as it does alone.
fn batches(text: &str, fillers: usize) {
    const FILLER: &str = "<value>&lt;</value>";
    let read = |fillers: usize| {
        let before = FILLER.repeat(fillers);
        let document = format!("<!-- --><value><array><data>{before}{text}</data></array></value>");
        match from_str::<Vec<Value>>(&document) {
            Ok(values) => Ok(format!("{:?}", values.get(fillers..))),
            Err(error) => {
                let message = message(&error);
                let message = message.split(" at [").next().map(str::to_owned);
                let offset = error.offset().map(|at| at - fillers * FILLER.len());
                Err((error.category(), message, offset))
            }
        }
    };
    assert_eq!(read(0), read(fillers), "{text:?} after {fillers} others");
}
