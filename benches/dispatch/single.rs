//! One call of `add(1, 2)`, from a typed call to a typed result, and from a document to a document.

use std::{collections::HashMap, sync::Arc};

use bytes::Bytes;
use dxr::{MethodCall, MethodResponse, TryFromValue, TryToParams};
use dxr_server::HandlerMap;
use http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_LENGTH};
use xmlrpc_core::{
    Client, Dialect, Dispatcher, Limits, Request,
    message::{CallWriter, read_response},
};

use crate::{
    calc::{self, CalcClient},
    ready::ready,
    task::{Case, Verdict, borrowing, owning},
};

/// With the name of its method: one is a future, as ours is, and the other a plain function.
const JSONRPSEE: [(&str, &str); 2] = [
    ("jsonrpsee", "add"),
    ("jsonrpsee, no future", "add_at_once"),
];

/// From the parameters to the result.
pub(crate) fn typed() -> Result<Vec<Case>, String> {
    let calc = CalcClient::new(Client::new(calc::ours()));
    let add = move || ready(calc.add(1, 2))?.map_err(|error| error.to_string());
    let handlers = dxr_handlers();
    let dxr = move || dxr_typed(&handlers).map(i64::from);
    let mut cases = vec![borrowing("ours", add, is_three)];
    for (contender, method) in JSONRPSEE {
        let module = calc::jsonrpsee().map_err(|error| error.to_string())?;
        let add = move || {
            let result = ready(module.call::<_, i64>(method, (1_i64, 2_i64)))?;
            result.map_err(|error| error.to_string())
        };
        cases.push(borrowing(contender, add, is_three));
    }
    cases.push(borrowing("dxr", dxr, is_three));
    Ok(cases)
}

/// What `dxr_client` does with a call before it is sent and after it was answered, around what
/// `dxr_server` does with it in between.
fn dxr_typed(handlers: &HandlerMap) -> Result<i32, String> {
    let text = |error: dxr::Error| error.to_string();
    let params = (1, 2).try_to_params().map_err(text)?;
    let call = MethodCall {
        name: "add".into(),
        params,
    };
    let body = dxr_client::utils::request_to_body(&call).map_err(text)?;
    let headers = dxr_headers(body.len());
    let (_, _, answer) = ready(dxr_server::server(Arc::clone(handlers), &body, headers))?;
    let answer = dxr_client::utils::response_to_result(&answer).map_err(text)?;
    let MethodResponse { value } = answer.map_err(|fault| format!("{fault:?}"))?;
    i32::try_from_value(&value).map_err(text)
}

/// From the document of the call to that of the answer.
pub(crate) fn document() -> Result<Vec<Case>, String> {
    let call = add_document()?;
    let mut cases = vec![dispatched("ours", calc::ours(), call.clone(), is_three_in)];
    for (contender, method) in JSONRPSEE {
        let module = calc::jsonrpsee().map_err(|error| error.to_string())?;
        let call = format!(r#"{{"jsonrpc":"2.0","id":0,"method":"{method}","params":[1,2]}}"#);
        let add = move || {
            let answer = ready(module.raw_json_request(&call, 1))?;
            answer.map_err(|error| error.to_string())
        };
        cases.push(borrowing(contender, add, |(answer, _)| Verdict {
            correct: answer.get() == r#"{"jsonrpc":"2.0","id":0,"result":3}"#,
            bytes: answer.get().len(),
        }));
    }
    cases.push(dxr_document(call, is_three_in)?);
    Ok(cases)
}

/// A document for a dispatcher, which owns it, as it does that of a transport.
pub(crate) fn dispatched(
    contender: &'static str,
    dispatcher: Dispatcher,
    call: Vec<u8>,
    is_right: fn(&[u8]) -> bool,
) -> Case {
    owning(
        contender,
        call.len(),
        move || Request::new("add", call.clone()),
        move |request| Ok(ready(dispatcher.dispatch(request))?.map(|answer| answer.body)),
        move |answer: Result<Bytes, _>| {
            let answer = answer.unwrap_or_default();
            Verdict {
                correct: is_right(&answer),
                bytes: answer.len(),
            }
        },
    )
}

pub(crate) fn dxr_document(call: Vec<u8>, is_right: fn(&[u8]) -> bool) -> Result<Case, String> {
    let handlers = dxr_handlers();
    let call = String::from_utf8(call).map_err(|error| error.to_string())?;
    let length = call.len();
    Ok(owning(
        "dxr",
        length,
        move || dxr_headers(length),
        move |headers| ready(dxr_server::server(Arc::clone(&handlers), &call, headers)),
        move |(status, _, answer)| Verdict {
            correct: status == StatusCode::OK && is_right(answer.as_bytes()),
            bytes: answer.len(),
        },
    ))
}

pub(crate) fn add_document() -> Result<Vec<u8>, String> {
    let mut call = CallWriter::new("add", Dialect::EXTENDED);
    call.param(&1);
    call.param(&2);
    let call = call.finish().map_err(|error| error.to_string())?;
    Ok(call.into_document())
}

pub(crate) fn is_three_in(answer: &[u8]) -> bool {
    let answer = Bytes::copy_from_slice(answer);
    matches!(
        read_response::<i64>(answer, None, &Limits::RESPONSE),
        Ok(Ok(3))
    )
}

fn is_three(result: i64) -> Verdict {
    Verdict {
        correct: result == 3,
        bytes: 0,
    }
}

fn dxr_handlers() -> HandlerMap {
    Arc::new(HashMap::from(calc::dxr()))
}

/// What its server insists on.
fn dxr_headers(length: usize) -> HeaderMap {
    HeaderMap::from_iter([(CONTENT_LENGTH, HeaderValue::from(length))])
}
