//! Properties of every value and of every sequence of bytes.

use bytes::Bytes;
use proptest::{collection::vec, prelude::*};
use serde::{Deserialize, de::IgnoredAny};
use xmlrpc_core::{
    DateTime, Dialect, Fault, Limits, Struct, Value, from_slice, from_slice_with, from_value,
    message::{
        CallWriter, EncodedResponse, IncomingCall, MulticallResponse, fault_response, read_response,
    },
    to_value, to_vec_with,
};

use crate::common::generate::{apply, change, piece, text, value};

fn dialect() -> impl Strategy<Value = Dialect> {
    (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(apache, i4, ascii, nil)| {
            let dialect = if apache {
                Dialect::APACHE
            } else {
                Dialect::EXTENDED
            };
            dialect.i4(i4).ascii(ascii).nil_members(nil)
        },
    )
}

/// Reads a document by every entry point.
fn read_every_way(bytes: &[u8], charset: Option<&str>) {
    #[derive(Deserialize)]
    #[allow(dead_code, reason = "only what happens on the way is of interest")]
    #[serde(untagged)]
    enum Any {
        Number(i8),
        Date(DateTime),
        Text(String),
        List(Vec<Any>),
        Members(Struct),
    }
    let limits = Limits::default();
    let body = Bytes::copy_from_slice(bytes);
    if let Ok(value) = from_slice::<Value>(bytes) {
        let _ = from_value::<Any>(value.clone());
        let _ = from_value::<Vec<Option<u64>>>(value);
    }
    let _ = from_slice::<Any>(bytes);
    let _ = from_slice::<(i32, Option<bool>)>(bytes);
    let _ = from_slice::<IgnoredAny>(bytes);
    if let Ok(call) = IncomingCall::read(body.clone(), charset, &limits) {
        let _ = call.params().to_values();
        let _ = call.params().multicall_entries(3);
        let _ = call.params().decode(|params| {
            params.required::<String>("a")?;
            params.optional::<DateTime>("b")?;
            params.end()
        });
    }
    let _ = read_response::<Value>(body.clone(), charset, &limits);
    if let Ok(Ok(answer)) = MulticallResponse::read(body, charset, &limits) {
        let _ = answer.entry::<Vec<i32>>(0);
        let _ = answer.entry::<Value>(answer.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_value_comes_back(value in value(), dialect in dialect()) {
        let bytes = to_vec_with(&value, dialect).unwrap();
        prop_assert_eq!(&from_slice::<Value>(&bytes).unwrap(), &value, "{}", String::from_utf8_lossy(&bytes));
        let limits = Limits::default().bytes(bytes.len());
        prop_assert!(from_slice_with::<Value>(&bytes, &limits).is_ok());
    }

    #[test]
    fn every_value_comes_back_through_a_value(value in value()) {
        prop_assert_eq!(&to_value(&value).unwrap(), &value);
        prop_assert_eq!(&from_value::<Value>(value.clone()).unwrap(), &value);
    }

    #[test]
    fn every_call_comes_back(method in text(), params in vec(value(), 0..4), dialect in dialect()) {
        let method = format!("m{method}");
        let mut call = CallWriter::new(&method, dialect);
        for param in &params {
            call.param(param);
        }
        let document = Bytes::from(call.finish().unwrap().into_document());
        let call = IncomingCall::read(document, Some("utf-8"), &Limits::default()).unwrap();
        prop_assert_eq!(call.method(), method.trim_ascii());
        prop_assert_eq!(call.params().to_values().unwrap(), params);
    }

    #[test]
    fn every_response_comes_back(value in value(), code: i32, message in text(), dialect in dialect()) {
        let document = Bytes::from(EncodedResponse::new(&value, dialect).unwrap().into_document());
        prop_assert_eq!(read_response::<Value>(document, None, &Limits::default()).unwrap(), Ok(value));
        let fault = Fault::new(code, message);
        let document = Bytes::from(fault_response(&fault, dialect));
        prop_assert_eq!(read_response::<Value>(document, None, &Limits::default()).unwrap(), Err(fault));
    }

    #[test]
    fn a_fault_of_any_text_can_be_read(message: String) {
        let document = Bytes::from(fault_response(&Fault::new(1, message), Dialect::STANDARD));
        prop_assert!(read_response::<Value>(document, None, &Limits::default()).unwrap().is_err());
    }

    #[test]
    fn doubles_come_back_to_the_bit(bits: u64) {
        let number = f64::from_bits(bits);
        prop_assume!(number.is_finite());
        let text = xmlrpc_core::to_string(&number).unwrap();
        prop_assert_eq!(xmlrpc_core::from_str::<f64>(&text).unwrap().to_bits(), bits);
        let digits = text.trim_start_matches("<value><double>").trim_end_matches("</double></value>");
        prop_assert!(digits.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'), "{}", digits);
        prop_assert_eq!(digits.matches('.').count(), 1);
    }

    #[test]
    fn floats_come_back_to_the_bit(bits: u32) {
        let number = f32::from_bits(bits);
        prop_assume!(number.is_finite());
        let text = xmlrpc_core::to_string(&number).unwrap();
        prop_assert_eq!(xmlrpc_core::from_str::<f32>(&text).unwrap().to_bits(), bits);
    }

    #[test]
    fn dates_never_panic(text in "[0-9TZ:.+-]{0,30}|\\PC{0,20}") {
        let _ = text.parse::<DateTime>();
    }

    #[test]
    fn bytes_never_panic(bytes in vec(any::<u8>(), 0..200), charset in prop::sample::select(vec![None, Some("utf-16"), Some("shift_jis"), Some("x")])) {
        read_every_way(&bytes, charset);
    }

    #[test]
    fn pieces_never_panic(pieces in vec(piece(), 0..60)) {
        read_every_way(pieces.concat().as_bytes(), None);
    }

    #[test]
    fn changed_documents_never_panic(value in value(), dialect in dialect(), kind in 0..4, changes in vec(change(), 1..8)) {
        let mut document = match kind {
            0 => to_vec_with(&value, dialect).unwrap(),
            1 => EncodedResponse::new(&value, dialect).unwrap().into_document(),
            2 => fault_response(&Fault::new(1, "text"), dialect),
            _ => {
                let mut call = CallWriter::new("method", dialect);
                call.param(&value);
                call.finish().unwrap().into_document()
            }
        };
        for change in changes {
            apply(&mut document, change);
        }
        read_every_way(&document, None);
    }
}
