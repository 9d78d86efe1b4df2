//! The maximum size of a response.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq, SerializeStruct},
};
use xmlrpc_core::Dispatcher;

use crate::common::http_raw::{Answer, post, send};
use crate::common::http_server::serve;

/// An array that never ends.
struct EndlessArray;

impl Serialize for EndlessArray {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut array = serializer.serialize_seq(None)?;
        loop {
            array.serialize_element("element")?;
        }
    }
}

/// A struct that never ends.
struct EndlessStruct;

impl Serialize for EndlessStruct {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for number in 0_u64.. {
            map.serialize_entry(&number.to_string(), &number)?;
        }
        map.end()
    }
}

/// A struct whose fields never end. A derived `Serialize` has no such struct.
struct EndlessFields;

impl Serialize for EndlessFields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("EndlessFields", 1)?;
        loop {
            fields.serialize_field("field", &1)?;
        }
    }
}

/// 2^100 arrays, none of which has more than two elements.
struct Tree(u8);

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let branches = if self.0 == 0 { 0 } else { 2 };
        serializer.collect_seq((0..branches).map(|_| Tree(self.0 - 1)))
    }
}

/// 255 texts of 1 MB. Counts those that were written.
struct LongTexts(Arc<AtomicUsize>);

impl Serialize for LongTexts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = "x".repeat(1_000_000);
        let mut array = serializer.serialize_seq(None)?;
        for _ in 0..255 {
            array.serialize_element(&text)?;
            self.0.fetch_add(1, SeqCst);
        }
        array.end()
    }
}

fn dispatcher() -> Dispatcher {
    Dispatcher::new()
        .method("text", |length: usize| "x".repeat(length))
        .method("array", || EndlessArray)
        .method("struct", || EndlessStruct)
        .method("fields", || EndlessFields)
        .method("tree", || Tree(100))
        .method("later", |length: usize| async move {
            tokio::task::yield_now().await;
            vec!["x"; length]
        })
}

async fn call(dispatcher: Dispatcher, method: &str, param: &str) -> Answer {
    let server = serve(xmlrpc_axum::router(dispatcher)).await;
    let document = format!(
        "<methodCall><methodName>{method}</methodName><params>{param}</params></methodCall>"
    );
    send(server.address, &post("", document.as_bytes())).await
}

fn number(number: usize) -> String {
    format!("<param><value><int>{number}</int></value></param>")
}

#[tokio::test]
async fn the_bound_counts_the_whole_document() {
    let answer = call(dispatcher(), "text", &number(100)).await;
    answer.assert_status(200, "no limit in the way");
    let size = answer.body.len();
    assert!(answer.body.contains(&"x".repeat(100)));

    let exact = dispatcher().max_response_bytes(size);
    let answer = call(exact.clone(), "text", &number(100)).await;
    assert!(answer.body.contains(&"x".repeat(100)), "{answer:?}");

    let answer = call(exact, "text", &number(101)).await;
    answer.assert_fault(-32603);
    let text = format!("the response would have more than {size} bytes: ask for less at once");
    assert!(answer.body.contains(&text), "{answer:?}");
    assert!(!answer.body.contains("Dispatcher"), "{answer:?}");
}

#[tokio::test]
async fn results_that_never_end() {
    for method in ["array", "struct", "fields", "tree"] {
        let limited = dispatcher().max_response_bytes(1 << 20);
        call(limited, method, "").await.assert_fault(-32603);
    }
    // The default.
    call(dispatcher(), "array", "").await.assert_fault(-32603);
}

#[tokio::test]
async fn long_texts_stop_soon_after_the_bound() {
    let written = Arc::new(AtomicUsize::new(0));
    let texts = Arc::clone(&written);
    let limited = Dispatcher::new()
        .method("texts", move || LongTexts(Arc::clone(&texts)))
        .max_response_bytes(1_500_000);
    call(limited, "texts", "").await.assert_fault(-32603);
    assert_eq!(written.load(SeqCst), 1);
}

#[tokio::test]
async fn a_result_that_comes_later() {
    let limited = dispatcher().max_response_bytes(10_000);
    call(limited.clone(), "later", &number(10))
        .await
        .assert_status(200, "a small result");
    call(limited, "later", &number(1_000))
        .await
        .assert_fault(-32603);
}

#[tokio::test]
async fn entries_of_a_multicall_are_bounded_one_by_one() {
    let entry = |length| {
        format!(
            "<value><struct><member><name>methodName</name><value>text</value></member>\
             <member><name>params</name><value><array><data><value><int>{length}</int></value>\
             </data></array></value></member></struct></value>"
        )
    };
    let entries = [entry(1_000), entry(2_000), entry(1_001)].concat();
    let param = format!("<param><value><array><data>{entries}</data></array></value></param>");
    let limited = dispatcher().max_response_bytes(1_500);
    let answer = call(limited, "system.multicall", &param).await;
    answer.assert_status(200, "a multicall");
    assert_eq!(answer.body.matches("faultCode").count(), 1, "{answer:?}");
    assert!(answer.body.contains(&"x".repeat(1_001)), "{answer:?}");
}
