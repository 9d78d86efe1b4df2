//! The requests, and the right responses.

use bytes::Bytes;
use dxr::{MethodResponse, TryToValue};
use serde::Serialize;
use xmlrpc_core::{
    Dialect,
    message::{CallWriter, EncodedResponse},
};

use crate::harness::Outcome;

pub(crate) const PATH: &str = "/RPC2";

/// Our router under `axum::serve`, instead of an endpoint under `xmlrpc_axum::serve`.
pub(crate) const OURS_UNDER_AXUM: &str = "ours under axum";

/// Our client over hyper-util instead of reqwest.
pub(crate) const OURS_OVER_HYPER: &str = "ours over hyper-util";

/// The calls that the servers are loaded with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Load {
    /// `add(2, 3)`.
    Add,
    /// `sum` of the numbers from 1 to 100.
    Sum,
}

impl Load {
    pub(crate) const ALL: [Self; 2] = [Self::Add, Self::Sum];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Sum => "sum",
        }
    }

    fn result(self) -> i32 {
        match self {
            Self::Add => 5,
            Self::Sum => 5050,
        }
    }

    /// The head and the body of a request to a server.
    pub(crate) fn request(self, server: &str) -> Outcome<Vec<u8>> {
        let (content_type, body) = if server == "jsonrpsee" {
            ("application/json", self.json())
        } else {
            ("text/xml", self.document()?)
        };
        let mut request = format!(
            "POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        )
        .into_bytes();
        request.extend_from_slice(&body);
        Ok(request)
    }

    /// The exact body of a server's right response.
    pub(crate) fn response(self, server: &str) -> Outcome<Vec<u8>> {
        match server {
            "ours" | OURS_UNDER_AXUM => response(self.result()),
            "dxr" => {
                let value = self.result().try_to_value()?;
                Ok(MethodResponse { value }.to_xml()?.into_bytes())
            }
            "jsonrpsee" => Ok(json_response("0", self.result())),
            _ => Ok(constant_response()),
        }
    }

    /// The body of an XML-RPC request.
    pub(crate) fn document(self) -> Outcome<Vec<u8>> {
        let mut call = CallWriter::new(self.name(), Dialect::EXTENDED);
        match self {
            Self::Add => {
                call.param(&2);
                call.param(&3);
            }
            Self::Sum => call.param(&numbers()),
        }
        Ok(call.finish()?.into_document())
    }

    fn json(self) -> Vec<u8> {
        let params = match self {
            Self::Add => "[2,3]".to_owned(),
            Self::Sum => format!("[{:?}]", numbers()).replace(' ', ""),
        };
        let name = self.name();
        format!(r#"{{"jsonrpc":"2.0","id":0,"method":"{name}","params":{params}}}"#).into_bytes()
    }
}

fn numbers() -> Vec<i32> {
    (1..=100).collect()
}

fn response<T: Serialize>(result: T) -> Outcome<Vec<u8>> {
    Ok(EncodedResponse::new(&result, Dialect::EXTENDED)?.into_document())
}

fn json_response(id: &str, result: i32) -> Vec<u8> {
    format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{result}}}"#).into_bytes()
}

/// The response of servers that ignore the request: the right one to `add`.
pub(crate) fn constant_response() -> Vec<u8> {
    response(Load::Add.result()).unwrap_or_default()
}

/// The same in JSON-RPC, whose clients expect the number of their request.
pub(crate) fn constant_json(request: &[u8]) -> Bytes {
    const KEY: &[u8] = br#""id":"#;
    let start = memchr::memmem::find(request, KEY).map_or(0, |at| at + KEY.len());
    let digits = request[start..].iter().take_while(|it| it.is_ascii_digit());
    let id: String = digits.map(|digit| char::from(*digit)).collect();
    Bytes::from(json_response(&id, Load::Add.result()))
}
