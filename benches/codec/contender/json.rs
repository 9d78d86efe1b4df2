//! `serde_json` on the same data: alone, or in the envelopes of JSON-RPC where the envelope matters.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::text;
use crate::{
    datum::Datum,
    document::Document,
    task::{Case, Verdict, borrowing},
    xml::Shape,
};

#[derive(Serialize, Deserialize)]
struct Call<'a, M, P> {
    jsonrpc: &'a str,
    method: M,
    params: P,
    id: u64,
}

#[derive(Serialize, Deserialize)]
struct Answer<'a, R> {
    jsonrpc: &'a str,
    result: R,
    id: u64,
}

/// How much JSON-RPC there is around the data.
#[derive(Clone, Copy)]
enum Envelope {
    None,
    Call(&'static str),
    Answer,
}

impl Envelope {
    fn of<T>(document: &Document<T>) -> Self {
        match document.shape {
            Shape::Call { method } => Self::Call(method),
            Shape::Response if document.name == "tiny_response" => Self::Answer,
            Shape::Response => Self::None,
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
            Self::Answer => serde_json::to_vec(&Answer {
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
            Self::Answer => {
                let answer: Answer<'_, T> = serde_json::from_slice(json)?;
                Ok((String::new(), answer.result))
            }
        }
    }

    /// Whether this is the JSON of the data.
    fn holds<T: Datum>(self, json: &[u8], data: &T) -> bool {
        match self {
            Self::None => data.is_json(json),
            _ => self.read::<T>(json).is_ok_and(|(_, read)| read == *data),
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
        move |(_, data)| Verdict {
            correct: data == document.data,
            bytes,
        },
    )]
}

pub(super) fn encode<T: Datum>(document: &Rc<Document<T>>) -> Vec<Case> {
    let envelope = Envelope::of(document);
    let expected = Rc::clone(document);
    let document = Rc::clone(document);
    vec![borrowing(
        "serde_json",
        move || envelope.write(&document.data).map_err(text),
        move |json| Verdict {
            correct: envelope.holds(&json, &expected.data),
            bytes: json.len(),
        },
    )]
}
