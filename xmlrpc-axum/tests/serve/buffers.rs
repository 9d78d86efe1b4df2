//! How much the server reads at once.

use axum::{Router, body::Body, routing::post};
use http_body_util::BodyExt;

use crate::start_app;

/// So many connections may have large buffers.
const FEW: usize = 256;

/// The size of the largest piece of a body.
async fn largest(mut body: Body) -> String {
    let mut largest = 0;
    while let Some(frame) = body.frame().await {
        largest = largest.max(frame.unwrap().into_data().unwrap().len());
    }
    largest.to_string()
}

/// hyper's buffers keep their size while a connection is idle, so they stay small if there are many
/// connections.
#[tokio::test]
async fn buffers_grow_only_if_there_are_few_connections() {
    let body = "x".repeat(1 << 20);
    let call = format!("POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n", body.len()) + &body;
    for (connections, grows) in [(FEW, true), (FEW + 1, false)] {
        let app = Router::new().route("/", post(largest));
        let server = start_app!(app, .max_connections(1000));
        let mut idle = Vec::new();
        for _ in 1..connections {
            idle.push(server.connect().await);
        }
        // The system has accepted them, and the server has, too, when this is answered.
        let mut wire = server.connect().await;
        let mut largest = 0;
        for _ in 0..3 {
            wire.write(&call).await;
            let answer = wire.answer().await;
            largest = largest.max(answer.body.parse::<usize>().unwrap());
        }
        assert_eq!(largest > 8 << 10, grows, "{connections}: {largest}");
    }
}
