//! What several of these tests share.

use std::time::Duration;

use tokio::{io::AsyncReadExt, net::TcpStream, time::timeout};

use self::http_raw::Answer;

#[path = "../../../tests/common/gate.rs"]
pub(crate) mod gate;

#[path = "../common/http_raw.rs"]
pub(crate) mod http_raw;

#[allow(dead_code)] // shared with other executables
#[path = "../../../tests/common/http_server.rs"]
pub(crate) mod http_server;

/// Reads the response until the server closes.
pub(crate) async fn answer(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    let read = stream.read_to_end(&mut bytes);
    let read = timeout(Duration::from_secs(20), read).await;
    let _ = read.expect("the server does not close");
    Answer::parse(&bytes)
}

/// Whether nothing arrives for a while.
pub(crate) async fn is_silent(stream: &mut TcpStream) -> bool {
    let read = timeout(Duration::from_millis(100), stream.peek(&mut [0])).await;
    read.is_err()
}
