//! One call of `add(1, 2)`, and many: from stub to result, and from document to document.

use std::{collections::HashMap, sync::Arc};

use bytes::Bytes;
use dxr::{MethodCall, MethodResponse, TryFromValue, TryToParams};
use dxr_server::HandlerMap;
use futures_util::FutureExt;
use http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_LENGTH};
use xmlrpc_core::{
    Client, Dialect, Dispatcher, Limits, Request,
    message::{CallWriter, MulticallWriter, read_response},
};

use crate::{
    calc::{self, CalcClient},
    harness::{
        task::{Case, Verdict, borrowing, owning},
        text,
    },
};

/// The contenders of jsonrpsee and their methods: one is async, as ours is, and one a plain function.
const JSONRPSEE: [(&str, &str); 2] = [
    ("jsonrpsee", "add"),
    ("jsonrpsee, no future", "add_at_once"),
];

/// The entries of the multicall: the maximum that a dispatcher accepts by default.
pub(crate) const ENTRIES: u32 = 1_000;

/// From the parameters of a call to its result.
pub(crate) fn typed() -> Result<Vec<Case>, String> {
    let calc = CalcClient::new(Client::new(calc::ours()));
    let add = move || ready(calc.add(1, 2))?.map_err(text);
    let handlers = dxr_handlers();
    let dxr = move || dxr_typed(&handlers).map(i64::from);
    let mut cases = vec![borrowing("ours", add, is_three)];
    for (contender, method) in JSONRPSEE {
        let module = calc::jsonrpsee().map_err(text)?;
        let add = move || {
            let result = ready(module.call::<_, i64>(method, (1_i64, 2_i64)))?;
            result.map_err(text)
        };
        cases.push(borrowing(contender, add, is_three));
    }
    cases.push(borrowing("dxr", dxr, is_three));
    Ok(cases)
}

/// The work of `dxr_client` before a call is sent and after its response arrives, with the work of
/// `dxr_server` in between.
fn dxr_typed(handlers: &HandlerMap) -> Result<i32, String> {
    let params = (1, 2).try_to_params().map_err(text)?;
    let call = MethodCall {
        name: "add".into(),
        params,
    };
    let body = dxr_client::utils::request_to_body(&call).map_err(text)?;
    let headers = dxr_headers(body.len());
    let (_, _, response) = ready(dxr_server::server(Arc::clone(handlers), &body, headers))?;
    let result = dxr_client::utils::response_to_result(&response).map_err(text)?;
    let MethodResponse { value } = result.map_err(|fault| format!("{fault:?}"))?;
    i32::try_from_value(&value).map_err(text)
}

/// From the document of a call to that of its response.
pub(crate) fn document() -> Result<Vec<Case>, String> {
    let call = add_document()?;
    let mut cases = vec![dispatched("ours", calc::ours(), call.clone(), is_three_in)];
    for (contender, method) in JSONRPSEE {
        let module = calc::jsonrpsee().map_err(text)?;
        let call = format!(r#"{{"jsonrpc":"2.0","id":0,"method":"{method}","params":[1,2]}}"#);
        let add = move || {
            let response = ready(module.raw_json_request(&call, 1))?;
            response.map_err(text)
        };
        cases.push(borrowing(contender, add, |(response, _)| {
            let response = response.get();
            let is_right = response == r#"{"jsonrpc":"2.0","id":0,"result":3}"#;
            Verdict(is_right, response.len())
        }));
    }
    cases.push(dxr_document(call, is_three_in)?);
    Ok(cases)
}

/// A document for a dispatcher, which owns it, as it owns that of a transport.
fn dispatched(
    contender: &'static str,
    dispatcher: Dispatcher,
    call: Vec<u8>,
    is_right: fn(&[u8]) -> bool,
) -> Case {
    owning(
        contender,
        call.len(),
        move || Request::new("add", call.clone()),
        move |request| Ok(ready(dispatcher.dispatch(request))?.map(|response| response.body)),
        move |body: Result<Bytes, _>| {
            let body = body.unwrap_or_default();
            Verdict(is_right(&body), body.len())
        },
    )
}

fn dxr_document(call: Vec<u8>, is_right: fn(&[u8]) -> bool) -> Result<Case, String> {
    let handlers = dxr_handlers();
    let call = String::from_utf8(call).map_err(text)?;
    let length = call.len();
    Ok(owning(
        "dxr",
        length,
        move || dxr_headers(length),
        move |headers| ready(dxr_server::server(Arc::clone(&handlers), &call, headers)),
        move |(status, _, body)| {
            let is_right = status == StatusCode::OK && is_right(body.as_bytes());
            Verdict(is_right, body.len())
        },
    ))
}

fn add_document() -> Result<Vec<u8>, String> {
    let mut call = CallWriter::new("add", Dialect::EXTENDED);
    call.param(&1);
    call.param(&2);
    let call = call.finish().map_err(text)?;
    Ok(call.into_document())
}

fn is_three_in(body: &[u8]) -> bool {
    let body = Bytes::copy_from_slice(body);
    let sum = read_response::<i64>(body, None, &Limits::RESPONSE);
    matches!(sum, Ok(Ok(3)))
}

fn is_three(result: i64) -> Verdict {
    Verdict(result == 3, 0)
}

fn dxr_handlers() -> HandlerMap {
    Arc::new(HashMap::from(calc::dxr()))
}

/// The header that dxr's server requires.
fn dxr_headers(length: usize) -> HeaderMap {
    HeaderMap::from_iter([(CONTENT_LENGTH, HeaderValue::from(length))])
}

/// One call of dispatchers with different numbers of methods, not counting those of `system.`.
pub(crate) fn methods() -> Result<Vec<Case>, String> {
    let sizes = [
        ("3 methods", 3),
        ("100 methods", 100),
        ("10,000 methods", 10_000),
    ];
    let call = add_document()?;
    let case = |(name, count)| dispatched(name, of_methods(count), call.clone(), is_three_in);
    Ok(sizes.map(case).into())
}

fn of_methods(count: u32) -> Dispatcher {
    let add = |a: i64, b: i64| a + b;
    let others = (1..count).map(|number| format!("store.item_{number}.add"));
    let dispatcher = Dispatcher::new().method("add", add);
    others.fold(dispatcher, |all, name| all.method(&name, add))
}

/// A `system.multicall` of `add`.
pub(crate) fn multicall() -> Result<Vec<Case>, String> {
    let client = Client::new(calc::ours());
    let calc = CalcClient::new(&client);
    let typed = move || {
        let calls: Vec<_> = (0..ENTRIES).map(|n| calc.add(n.into(), 1)).collect();
        ready(client.multicall(calls))?.map_err(text)
    };
    let is_right = |sums: Vec<Result<i64, _>>| {
        let sums = sums.into_iter().map(Result::ok);
        Verdict(sums.eq((1..=i64::from(ENTRIES)).map(Some)), 0)
    };
    let document = multicall_document()?;
    Ok(vec![
        borrowing("ours, typed", typed, is_right),
        dispatched("ours", calc::ours(), document.clone(), are_sums),
        dxr_document(document, are_sums)?,
    ])
}

fn multicall_document() -> Result<Vec<u8>, String> {
    let mut multicall = MulticallWriter::new(Dialect::EXTENDED);
    for n in 0..ENTRIES {
        let mut call = CallWriter::new("add", Dialect::EXTENDED);
        call.param(&n);
        call.param(&1);
        let call = call.finish().map_err(text)?;
        multicall.push("add", &call);
    }
    Ok(multicall.finish())
}

fn are_sums(body: &[u8]) -> bool {
    let body = Bytes::copy_from_slice(body);
    match read_response::<Vec<[u32; 1]>>(body, None, &Limits::RESPONSE) {
        Ok(Ok(sums)) => sums.into_iter().eq((1..=ENTRIES).map(|sum| [sum])),
        _ => false,
    }
}

/// Polls a future once. No contender waits for anything, so that is enough.
fn ready<F: IntoFuture>(future: F) -> Result<F::Output, String> {
    let polled = future.into_future().now_or_never();
    polled.ok_or_else(|| "the call waits for something".to_owned())
}
