//! What is sent, and what has to come.

use bytes::Bytes;
use dxr::{MethodResponse, TryToValue};
use serde::Serialize;
use xmlrpc_core::{
    Dialect,
    message::{CallWriter, EncodedResponse},
};

pub(crate) const PATH: &str = "/RPC2";

/// What the servers are loaded with.
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
    pub(crate) fn request(self, server: &str) -> Result<Vec<u8>, String> {
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

    /// The body of the right answer of a server, byte by byte.
    pub(crate) fn answer(self, server: &str) -> Result<Vec<u8>, String> {
        match server {
            "ours" => reply(self.result()),
            "dxr" => {
                let value = self.result().try_to_value();
                let value = value.map_err(|error| error.to_string())?;
                let document = MethodResponse { value }.to_xml();
                document
                    .map(String::into_bytes)
                    .map_err(|error| error.to_string())
            }
            "jsonrpsee" => Ok(json_answer("0", self.result())),
            _ => Ok(constant_answer()),
        }
    }

    /// The body of a request of XML-RPC.
    pub(crate) fn document(self) -> Result<Vec<u8>, String> {
        let mut call = CallWriter::new(self.name(), Dialect::EXTENDED);
        match self {
            Self::Add => {
                call.param(&2);
                call.param(&3);
            }
            Self::Sum => call.param(&numbers()),
        }
        let call = call.finish().map_err(|error| error.to_string())?;
        Ok(call.into_document())
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

fn reply<T: Serialize>(result: T) -> Result<Vec<u8>, String> {
    let reply =
        EncodedResponse::new(&result, Dialect::EXTENDED).map_err(|error| error.to_string())?;
    Ok(reply.into_document())
}

fn json_answer(id: &str, result: i32) -> Vec<u8> {
    format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{result}}}"#).into_bytes()
}

/// What the servers answer that do not look at what they are asked: the right answer to `add`.
pub(crate) fn constant_answer() -> Vec<u8> {
    reply(Load::Add.result()).unwrap_or_default()
}

/// The same of JSON-RPC, where a client looks for the number of its request.
pub(crate) fn constant_json(request: &[u8]) -> Bytes {
    const KEY: &[u8] = br#""id":"#;
    let start = memchr::memmem::find(request, KEY).map_or(0, |at| at + KEY.len());
    let digits = request[start..].iter().take_while(|it| it.is_ascii_digit());
    let id: String = digits.map(|digit| char::from(*digit)).collect();
    Bytes::from(json_answer(&id, Load::Add.result()))
}
