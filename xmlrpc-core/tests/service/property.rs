//! The dispatcher answers any bytes with a document, and then answers the next call too.

use std::sync::LazyLock;

use bytes::Bytes;
use futures_util::FutureExt as _;
use proptest::{collection::vec, prelude::*};
use xmlrpc_core::{
    Dialect, Dispatcher, Fault, Limits, Request, Struct, Value,
    message::{CallWriter, MulticallWriter, read_response},
    xmlrpc_service,
};

use crate::common::generate::{apply, change, piece, value};

#[xmlrpc_service(server)]
trait Service {
    async fn add(&self, a: i64, b: i64) -> i64;
    async fn echo(&self, value: Value) -> Value;
    async fn any(&self, first: Option<String>, second: Option<Vec<Struct>>);
}

struct Echo;

impl Service for Echo {
    async fn add(&self, a: i64, b: i64) -> i64 {
        a.wrapping_add(b)
    }
    async fn echo(&self, value: Value) -> Value {
        value
    }
    async fn any(&self, _first: Option<String>, _second: Option<Vec<Struct>>) {}
}

/// One dispatcher for all documents: none may harm it.
static DISPATCHER: LazyLock<Dispatcher> =
    LazyLock::new(|| Dispatcher::new().service(ServiceServer::new(Echo)));

fn dispatch(document: &[u8]) -> Result<Value, Fault> {
    let request = Request::new("", Bytes::copy_from_slice(document));
    let response = DISPATCHER.dispatch(request).now_or_never();
    let Ok(response) = response.expect("no method waits for anything");
    read_response(response.body, None, &Limits::default()).expect("the answer is a document")
}

/// The response to any bytes is a document, and the call that follows works.
fn is_answered(document: &[u8]) {
    let _ = dispatch(document);
    let mut call = CallWriter::new("add", Dialect::STANDARD);
    call.param(&2);
    call.param(&3);
    let five = dispatch(&call.finish().unwrap().into_document());
    assert_eq!(five, Ok(Value::Int(5)));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_answered(bytes in vec(any::<u8>(), 0..200)) {
        is_answered(&bytes);
    }

    #[test]
    fn any_pieces_are_answered(pieces in vec(piece(), 0..60)) {
        is_answered(pieces.concat().as_bytes());
    }

    #[test]
    fn changed_calls_are_answered(value in value(), method in prop::sample::select(vec!["echo", "any", "add"]), many: bool, changes in vec(change(), 0..4)) {
        let mut call = CallWriter::new(method, Dialect::EXTENDED);
        call.param(&value);
        let call = call.finish().unwrap();
        let mut document = if many {
            let mut multicall = MulticallWriter::new(Dialect::EXTENDED);
            multicall.push(method, &call);
            multicall.push(method, &call);
            multicall.finish()
        } else {
            call.into_document()
        };
        for change in changes {
            apply(&mut document, change);
        }
        is_answered(&document);
    }
}
