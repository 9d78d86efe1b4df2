//! What real peers send in responses beside the document. The client's half of the table in
//! `tests/codec/wire`. Both readers read each document.
//!
//! Chunks, gzip and responses without a length belong to HTTP: see `http_responses.rs` in
//! `xmlrpc-client`.

use http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use tower::service_fn;
use xmlrpc_core::{Client, ClientError, Fault, Request, Response, client::BoxError};

/// The results of a call that gets this response, with a status and a content type. The second one
/// has a comment before its root, so that the lenient reader reads it.
async fn called(
    status: u16,
    content_type: Option<&'static str>,
    document: &str,
) -> Vec<Result<i32, ClientError>> {
    let mut results = Vec::new();
    for comment in ["", "<!---->"] {
        let mut response = Response::new(format!("{comment}{document}"));
        response.status = StatusCode::from_u16(status).unwrap();
        if let Some(content_type) = content_type {
            response
                .headers
                .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        let peer =
            service_fn(move |_: Request| std::future::ready(Ok::<_, BoxError>(response.clone())));
        results.push(Client::new(peer).call("m", ()).await);
    }
    results
}

/// dxr, OCCU, Kamailio.
#[tokio::test]
async fn no_declaration_and_a_wrong_or_no_content_type() {
    let document = "<methodResponse><params><param><value><int>5</int></value></param></params></methodResponse>";
    for content_type in [
        None,
        Some("text/html"),
        Some("application/json; charset=utf-8"),
    ] {
        for result in called(200, content_type, document).await {
            assert_eq!(result.unwrap(), 5, "{content_type:?}");
        }
    }
}

/// Winer's toolkit, others.
#[tokio::test]
async fn a_fault_under_a_status() {
    let document = "<methodResponse><fault><value><struct>\
         <member><name>faultCode</name><value><int>4</int></value></member>\
         <member><name>faultString</name><value>no</value></member>\
         </struct></value></fault></methodResponse>";
    for status in [200, 404, 500] {
        for result in called(status, None, document).await {
            let error = result.unwrap_err();
            assert_eq!(
                error.fault(),
                Some(&Fault::new(4, "no")),
                "{status}: {error}"
            );
        }
        // A body that is not XML-RPC is an error of the status.
        let expected = (status != 200).then(|| StatusCode::from_u16(status).unwrap());
        for result in called(status, None, "<html>not here</html>").await {
            assert_eq!(result.unwrap_err().status(), expected);
        }
    }
}
