//! Any bytes as a response or a fault, with and without a charset.
//!
//! A client, `read_response` and `MulticallResponse` read it the same. A document in another encoding reads as
//! in UTF-8, down to the text and the position of errors.

#![no_main]

use std::fmt::Debug;

use bytes::Bytes;
use encoding_rs::{Encoding, WINDOWS_1251, WINDOWS_1252};
use futures_util::FutureExt as _;
use http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use libfuzzer_sys::fuzz_target;
use serde::de::DeserializeOwned;
use tower::service_fn;
use xmlrpc_core::{
    Category, Client, Error, Fault, Limits, Request, Response, Struct, Value,
    client::{BoxError, ClientErrorKind},
    message::{MulticallResponse, read_response},
};
use xmlrpc_fuzz::{
    document::Root,
    input::{Input, expanded},
    types::{Forgiving, Record, Untagged},
};

fuzz_target!(|data: &[u8]| run(&Input::new(&expanded(data), Root::Response)));

fn run(input: &Input) {
    let read = read::<Value>(input);
    same_as_a_client(input, &read);
    same_as_a_multicall(input, &read);
    let _ = self::read::<i64>(input);
    let _ = self::read::<Vec<Struct>>(input);
    let _ = self::read::<Record>(input);
    let _ = self::read::<Forgiving>(input);
    let _ = self::read::<Untagged>(input);
    let _ = self::read::<Option<String>>(input);
    if let Some(text) = input.text() {
        same_in_other_encodings::<Value>(text);
        same_in_other_encodings::<Vec<String>>(text);
    }
}

/// Reads the response. A fault does not depend on the type.
fn read<T: DeserializeOwned + Debug>(input: &Input) -> Result<Result<T, Fault>, Error> {
    let body = Bytes::copy_from_slice(&input.document);
    let read = read_response::<T>(body.clone(), input.charset, &input.limits);
    if let Ok(Err(fault)) = &read {
        let any = read_response::<()>(body, input.charset, &input.limits);
        assert_eq!(any.expect("the response is a fault"), Err(fault.clone()));
    }
    read
}

/// Checks a client that receives this response, with any status.
fn same_as_a_client(input: &Input, read: &Result<Result<Value, Fault>, Error>) {
    for status in [StatusCode::OK, StatusCode::BAD_GATEWAY] {
        let mut response = Response::new(input.document.clone());
        response.status = status;
        if let Some(charset) = input.charset {
            let value = HeaderValue::from_str(&format!("text/xml; charset={charset}"));
            response
                .headers
                .insert(CONTENT_TYPE, value.expect("charsets are ASCII"));
        }
        let transport = service_fn(move |_: Request| {
            let response = response.clone();
            async move { Ok::<_, BoxError>(response) }
        });
        let client = Client::new(transport).limits(input.limits);
        let call = client.call::<Value>("method", ()).into_future();
        let result = call
            .now_or_never()
            .expect("the transport waits for nothing");
        match (read, result) {
            (Ok(Ok(value)), Ok(result)) => assert_eq!(format!("{value:?}"), format!("{result:?}")),
            (Ok(Err(fault)), Err(error)) => assert_eq!(error.fault(), Some(fault)),
            (Err(error), Err(found)) => {
                let is_xml_rpc = matches!(error.category(), Category::Data | Category::Limit);
                let expected = if status == StatusCode::OK || is_xml_rpc {
                    ClientErrorKind::Decode
                } else {
                    ClientErrorKind::Http
                };
                assert_eq!(found.kind(), expected, "{found}");
                let _ = found.to_string();
            }
            (read, result) => panic!("`read_response` reads {read:?}, the client {result:?}"),
        }
    }
}

/// Reads the response as that of a multicall, which has an entry for each element of the array.
fn same_as_a_multicall(input: &Input, read: &Result<Result<Value, Fault>, Error>) {
    let body = Bytes::copy_from_slice(&input.document);
    let many = MulticallResponse::read(body, input.charset, &input.limits);
    match (read, &many) {
        (Ok(Ok(Value::Array(elements))), Ok(Ok(response))) => {
            assert_eq!(response.len(), elements.len());
            for (index, element) in elements.iter().enumerate() {
                let entry = response
                    .entry::<Value>(index)
                    .expect("the whole response could be read");
                let value = match element {
                    Value::Array(inner) if inner.len() == 1 => &inner[0],
                    other => other,
                };
                if let Ok(entry) = entry {
                    assert_eq!(format!("{entry:?}"), format!("{value:?}"), "{element:?}");
                }
            }
        }
        (Ok(Ok(_)), Err(error)) => assert_eq!(error.category(), Category::Protocol),
        (Ok(Err(fault)), Ok(Err(found))) => assert_eq!(found, fault),
        (Err(error), Err(found)) => {
            // If the response is not an array, its content does not matter.
            let by_type =
                |error: &Error| matches!(error.category(), Category::Data | Category::Protocol);
            assert!(
                by_type(error) && by_type(found) || found.category() == error.category(),
                "`read_response` fails with {error}, `MulticallResponse` with {found}"
            );
        }
        // An entry may be invalid although the whole response is valid.
        (Err(_), Ok(Ok(response))) => {
            let is_wrong = |index| response.entry::<Value>(index).is_err();
            assert!((0..response.len()).any(is_wrong));
        }
        _ => panic!("`read_response` reads {read:?}, `MulticallResponse` {many:?}"),
    }
    if let Ok(Ok(response)) = many {
        assert!(response.entry::<Value>(response.len()).is_err());
        for index in 0..response.len() {
            let _ = response.entry::<i64>(index);
            let _ = response.entry::<Vec<Value>>(index);
            let _ = response.entry::<Forgiving>(index);
        }
    }
}

/// Compares a text in UTF-8, in UTF-16, and in all single-byte encodings that have its characters.
fn same_in_other_encodings<T: DeserializeOwned + Debug>(text: &str) {
    // The text before the first tag may look like a byte order mark.
    if !text.starts_with('<') {
        return;
    }
    let shown = |document: Vec<u8>, charset| {
        let read = read_response::<T>(Bytes::from(document), charset, &Limits::default());
        format!("{read:?}")
    };
    let expected = shown(text.as_bytes().to_vec(), Some("utf-8"));
    let units = || text.encode_utf16();
    let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
    let marked = |mark: &[u8], document: &[u8]| [mark, document].concat();
    assert_eq!(shown(marked(&[0xFF, 0xFE], &little), None), expected);
    assert_eq!(shown(marked(&[0xFE, 0xFF], &big), Some("utf-8")), expected);
    assert_eq!(shown(little, Some("utf-16le")), expected);
    assert_eq!(shown(big, Some("utf-16be")), expected);
    // A declaration of UTF-8 wins over the header if the bytes are valid UTF-8.
    let claims_utf_8 =
        |document: &[u8]| text.starts_with("<?xml") && std::str::from_utf8(document).is_ok();
    for encoding in [WINDOWS_1252, WINDOWS_1251] {
        if let Some(document) = in_encoding(text, encoding)
            && (text.is_ascii() || !claims_utf_8(&document))
        {
            assert_eq!(shown(document, Some(encoding.name())), expected);
        }
    }
}

/// The text in an encoding, if that has all of its characters.
fn in_encoding(text: &str, encoding: &'static Encoding) -> Option<Vec<u8>> {
    let (document, _, had_others) = encoding.encode(text);
    (!had_others).then(|| document.into_owned())
}
