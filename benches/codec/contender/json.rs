//! `serde_json` with the same data, alone or in an envelope of JSON-RPC if the envelope matters.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::{
    datum::Datum,
    documents::{Document, xml::Root},
    harness::{
        task::{Case, Verdict, borrowing},
        text,
    },
};

#[derive(Serialize, Deserialize)]
struct Call<'a, M, P> {
    jsonrpc: &'a str,
    method: M,
    params: P,
    id: u64,
}

#[derive(Serialize, Deserialize)]
struct Response<'a, R> {
    jsonrpc: &'a str,
    result: R,
    id: u64,
}

/// The part of JSON-RPC around the data.
#[derive(Clone, Copy)]
enum Envelope {
    None,
    Call(&'static str),
    Response,
}

impl Envelope {
    fn of<T>(document: &Document<T>) -> Self {
        match document.root {
            Root::Call { method } => Self::Call(method),
            Root::Response if document.name == "tiny_response" => Self::Response,
            Root::Response => Self::None,
        }
    }

    fn write<T: Datum>(self, data: &T) -> serde_json::Result<Vec<u8>> {
        match self {
            Self::None => data.to_json(),
            Self::Call(method) => serde_json::to_vec(&Call {
                jsonrpc: "2.0",
                method,
                params: (data,),
                id: 1,
            }),
            Self::Response => serde_json::to_vec(&Response {
                jsonrpc: "2.0",
                result: data,
                id: 1,
            }),
        }
    }

    fn read<T: Datum>(self, json: &[u8]) -> serde_json::Result<(String, T)> {
        match self {
            Self::None => T::from_json(json).map(|data| (String::new(), data)),
            Self::Call(_) => {
                let call: Call<'_, String, (T,)> = serde_json::from_slice(json)?;
                Ok((call.method, call.params.0))
            }
            Self::Response => {
                let response: Response<'_, T> = serde_json::from_slice(json)?;
                Ok((String::new(), response.result))
            }
        }
    }
}

pub(super) fn decode<T: Datum>(document: &Rc<Document<T>>) -> Vec<Case> {
    let envelope = Envelope::of(document);
    let Ok(json) = envelope.write(&document.data) else {
        return Vec::new();
    };
    let bytes = json.len();
    let document = Rc::clone(document);
    vec![borrowing(
        "serde_json",
        move || envelope.read::<T>(&json).map_err(text),
        move |(_, data)| Verdict(data == document.data, bytes),
    )]
}

pub(super) fn encode<T: Datum>(document: &Rc<Document<T>>) -> Vec<Case> {
    let envelope = Envelope::of(document);
    let document = Rc::clone(document);
    vec![borrowing(
        "serde_json",
        move || envelope.write(&document.data).map_err(text),
        // It writes doubles exactly, but reads some inexactly, so that the data cannot be compared.
        move |json| Verdict(envelope.read::<T>(&json).is_ok(), json.len()),
    )]
}
