//! What a client sees of a body that is too large for the server.

use http::StatusCode;
use xmlrpc_axum::Endpoint;
use xmlrpc_client::Client;

use crate::common::http_server::{dispatcher, serve};

#[tokio::test]
async fn clients_see_why_their_large_body_is_refused() {
    // Up to 16 MiB is read of it, which is all of these.
    let endpoint = Endpoint::new(dispatcher()).max_body_bytes(10_000);
    let server = serve(endpoint.into_router()).await;
    let client = Client::new(server.url()).unwrap();
    for bytes in [10_000, 200_000, 1_000_000] {
        let text = "x".repeat(bytes);
        let error = client.call::<i64>("length", (text,)).await.unwrap_err();
        assert_eq!(
            error.status(),
            Some(StatusCode::PAYLOAD_TOO_LARGE),
            "{error}"
        );
        assert!(error.to_string().contains("exceeds 10000 bytes"), "{error}");
    }
    // The same for what is refused before its length is looked at.
    let text = "x".repeat(1_000_000);
    let call = client
        .call::<i64>("length", (text,))
        .header("origin", "null");
    assert_eq!(
        call.await.unwrap_err().status(),
        Some(StatusCode::FORBIDDEN)
    );
    // The connection is as good as new after it.
    assert_eq!(client.call::<i64>("length", ("x",)).await.unwrap(), 1);

    // Of more than that, a client sees the answer or a connection that is closed: at once, and
    // the next call goes on another.
    let text = "x".repeat(40 << 20);
    let error = client.call::<i64>("length", (text,)).await.unwrap_err();
    assert!(!error.is_timeout() && !error.is_connect(), "{error}");
    assert_eq!(client.call::<i64>("length", ("x",)).await.unwrap(), 1);
}
