//! Properties of the response to any body, in memory.

use std::sync::LazyLock;

use axum::{
    Router,
    body::{Body, to_bytes},
};
use bytes::Bytes;
use http::{Request, StatusCode, header::CONTENT_ENCODING};
use proptest::{collection::vec, prelude::*, sample::select};
use tokio::runtime::Runtime;
use tower::ServiceExt;

use crate::common::http_raw::ADD;
use crate::common::http_server::dispatcher;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().unwrap()
});

/// `ADD` as gzip and as deflate (zlib), each in one stored block.
fn compressed(encoding: &str) -> Vec<u8> {
    use flate2::{Compression, write};
    use std::io::Write;
    let (body, level) = (ADD.as_bytes(), Compression::none());
    match encoding {
        "gzip" => {
            let mut encoder = write::GzEncoder::new(Vec::new(), level);
            encoder.write_all(body).unwrap();
            encoder.finish().unwrap()
        }
        "deflate" => {
            let mut encoder = write::ZlibEncoder::new(Vec::new(), level);
            encoder.write_all(body).unwrap();
            encoder.finish().unwrap()
        }
        _ => body.to_vec(),
    }
}

/// Random bytes, and valid bodies that are cut off or have some bytes changed, which get further.
fn body() -> impl Strategy<Value = (&'static str, Vec<u8>)> {
    let encoding = select(vec!["identity", "gzip", "deflate"]);
    let any_bytes = (encoding.clone(), vec(any::<u8>(), 0..300));
    let damage = vec((any::<prop::sample::Index>(), any::<u8>()), 0..4);
    let damaged = (
        encoding,
        damage,
        any::<prop::sample::Index>(),
        any::<bool>(),
    );
    let damaged = damaged.prop_map(|(encoding, damage, end, cut)| {
        let mut bytes = compressed(encoding);
        for (place, byte) in damage {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if cut {
            bytes.truncate(end.index(bytes.len()));
        }
        (encoding, bytes)
    });
    prop_oneof![any_bytes, damaged]
}

async fn ask(router: &Router, encoding: &str, body: Body) -> (StatusCode, Bytes) {
    let request = Request::post("/RPC2").header(CONTENT_ENCODING, encoding);
    let answer = router.clone().oneshot(request.body(body).unwrap()).await;
    let (head, body) = answer.unwrap().into_parts();
    (head.status, to_bytes(body, usize::MAX).await.unwrap())
}

proptest! {
    #[test]
    fn every_body_is_answered_and_the_next_call_too(
        (encoding, bytes) in body(),
        pieces in 1..50_usize,
    ) {
        let router: Router = xmlrpc_axum::router(dispatcher());
        let chunks = bytes.chunks(pieces).map(Bytes::copy_from_slice);
        let chunks: Vec<Result<_, std::convert::Infallible>> = chunks.map(Ok).collect();
        let body = Body::from_stream(futures_util::stream::iter(chunks));
        RUNTIME.block_on(async {
            let (status, answer) = ask(&router, encoding, body).await;
            prop_assert!(
                status == StatusCode::OK || status.is_client_error(),
                "{status} {answer:?}"
            );
            prop_assert!(!answer.is_empty());

            let (status, answer) = ask(&router, "identity", ADD.into()).await;
            prop_assert_eq!(status, StatusCode::OK);
            let five = answer.windows(12).any(|text| text == b"<int>5</int>");
            prop_assert!(five, "{:?}", answer);
            Ok(())
        })?;
    }
}
