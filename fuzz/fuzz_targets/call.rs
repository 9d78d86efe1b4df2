//! Any bytes as a call.
//!
//! The parameters are the same in whatever way they are read. Whatever the bytes are, a dispatcher responds with a
//! well-formed `methodResponse` that the codec can read, and then responds to the next call.

#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use serde::{Deserialize, de::IgnoredAny};
use xmlrpc_core::{
    Category, DateTime, Dialect, Error, Struct, Value,
    message::{IncomingCall, Params, ParamsReader},
};
use xmlrpc_fuzz::{
    document::Root,
    input::{Input, expanded},
    readers::outcome,
    record::Record,
    service::{dispatcher, is_alive, response},
    types::{Either, Forgiving, Untagged},
};

fuzz_target!(|data: &[u8]| run(&Input::new(&expanded(data), Root::Call)));

fn run(input: &Input) {
    let body = Bytes::copy_from_slice(&input.document);
    let read = IncomingCall::read(body, input.charset, &input.limits);
    let code = match &read {
        Ok(call) => {
            assert!(!call.method().is_empty());
            assert_eq!(call.method(), call.method().trim_ascii());
            params(call.params());
            None
        }
        Err(error) => Some(error.fault_code()),
    };
    for dialect in [Dialect::EXTENDED, Dialect::APACHE.ascii(true)] {
        let dispatcher = dispatcher(dialect, &input.limits);
        let response = response(&dispatcher, &input.document, input.charset);
        if let Some(code) = code {
            assert_eq!(
                response.expect_err("the call could not be read").code(),
                code
            );
        }
    }
    is_alive();
}

/// Reads the parameters in every way.
fn params(params: &Params) {
    let values = params.to_values();
    let count = params.len();
    if let Ok(values) = &values {
        assert_eq!(values.len(), count);
        assert_eq!(params.is_empty(), values.is_empty());
    }
    let values = outcome(values);
    assert_eq!(outcome(params.clone().to_values()), values);
    assert_eq!(
        outcome(params.decode(|params| params.rest::<Value>("rest"))),
        values
    );
    assert_eq!(outcome(params.decode(one_by_one)), values);
    assert_eq!(outcome(params.decode(counted)), values);

    // Texts that are borrowed from the document are the same as copies.
    let copied = outcome(params.decode(|params| params.rest::<String>("text")));
    assert_eq!(
        outcome(params.decode(|params| params.rest::<&str>("text").map(owned))),
        copied
    );
    assert_eq!(
        outcome(params.decode(|params| {
            Ok(params
                .rest::<Either<'_>>("text")?
                .into_iter()
                .map(|text| text.0.into_owned())
                .collect::<Vec<_>>())
        })),
        copied
    );

    tuple::<i64, bool>(params);
    tuple::<String, Option<DateTime>>(params);
    tuple::<Value, Vec<Struct>>(params);
    tuple::<Record, Forgiving>(params);
    tuple::<Untagged, IgnoredAny>(params);
    tuple::<Forgiving, f64>(params);

    for max in [0, 1, 3, 1_000] {
        let Ok(entries) = params.multicall_entries(max) else {
            continue;
        };
        assert!(entries.len() <= max);
        for entry in entries.into_iter().flatten() {
            assert!(!entry.method().trim_ascii().is_empty());
            let (_, params) = entry.into_parts();
            if let Ok(values) = params.to_values() {
                assert_eq!(values.len(), params.len());
            }
        }
    }
}

fn owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}

/// Reads parameters until none is left, and once more. What this function sees counts only if it is the result:
/// if the document turns out to be truncated, the parameters are read again.
fn one_by_one(params: &mut ParamsReader<'_>) -> Result<Vec<Value>, Error> {
    let mut values = Vec::new();
    while params.remaining() > 0 {
        values.push(params.required("value")?);
    }
    params.end()?;
    values.extend(params.optional("more")?);
    Ok(values)
}

/// Reads as many parameters as `remaining` says.
fn counted(params: &mut ParamsReader<'_>) -> Result<Vec<Value>, Error> {
    let count = params.remaining();
    let values = (0..count)
        .map(|_| params.required("value"))
        .collect::<Result<_, _>>()?;
    params.end()?;
    Ok(values)
}

/// Reads exactly two parameters, the second of which is optional.
fn tuple<'de, A, B>(params: &'de Params)
where
    A: for<'a> Deserialize<'a>,
    B: for<'a> Deserialize<'a>,
{
    let count = params.len();
    let read = params.decode(|params| {
        let pair: (A, Option<B>) = (params.required("first")?, params.optional("second")?);
        params.end()?;
        Ok(pair)
    });
    match read {
        Ok(_) => assert!(count == 1 || count == 2, "{count}"),
        Err(error) => assert_ne!(error.category(), Category::UnknownEncoding),
    }
}
