//! What a client sees when a body is too large for the server.

use http::StatusCode;
use xmlrpc_axum::Endpoint;
use xmlrpc_client::Client;

use crate::common::http_server::{dispatcher, serve};

#[tokio::test]
async fn clients_see_why_their_large_body_is_refused() {
    // The server reads up to 16 MiB of a rejected body: all of these.
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
    // The same for a request that is rejected before its length is checked.
    let text = "x".repeat(1_000_000);
    let call = client
        .call::<i64>("length", (text,))
        .header("origin", "null");
    assert_eq!(
        call.await.unwrap_err().status(),
        Some(StatusCode::FORBIDDEN)
    );
    // The connection can still be used.
    assert_eq!(client.call::<i64>("length", ("x",)).await.unwrap(), 1);

    // With a larger body, a client at once sees either the response or a closed connection. The
    // next call uses a new connection.
    let text = "x".repeat(40 << 20);
    let error = client.call::<i64>("length", (text,)).await.unwrap_err();
    assert!(!error.is_timeout() && !error.is_connect(), "{error}");
    assert_eq!(client.call::<i64>("length", ("x",)).await.unwrap(), 1);
}
