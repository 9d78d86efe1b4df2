//! HTTP requests as bytes, and their responses.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// A response, with its head in lower case.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    #[track_caller]
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text
            .split_once("\r\n\r\n")
            .unwrap_or_else(|| panic!("no answer: {text:?}"));
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        Self {
            status: status.unwrap_or_else(|| panic!("no status: {head}")),
            head: head.to_ascii_lowercase(),
            body: body.to_owned(),
        }
    }

    #[track_caller]
    pub(crate) fn assert_status(&self, status: u16, what: &str) {
        assert_eq!(self.status, status, "{what}: {self:?}");
    }

    #[track_caller]
    pub(crate) fn assert_fault(&self, code: i32) {
        self.assert_status(200, "a fault");
        assert!(self.body.contains("<fault>"), "{self:?}");
        assert!(
            self.body.contains(&format!("<int>{code}</int>")),
            "{self:?}"
        );
    }

    #[track_caller]
    pub(crate) fn assert_int(&self, value: i64) {
        self.assert_status(200, "a call");
        assert!(
            self.body.contains(&format!("<int>{value}</int>")),
            "{self:?}"
        );
    }
}

/// Sends these bytes, ends the sending side, and reads until the server closes.
pub(crate) async fn send(address: SocketAddr, request: &[u8]) -> Answer {
    let exchange = async {
        let mut stream = TcpStream::connect(address).await.unwrap();
        // A server that refuses early may close while the rest is still being sent.
        let _ = stream.write_all(request).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        answer
    };
    let answer = timeout(Duration::from_secs(20), exchange).await;
    Answer::parse(&answer.expect("the server did not close"))
}

/// A POST with these header lines (each with its line end) and the length of its body.
pub(crate) fn post(headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    post_unframed(&format!("{headers}Content-Length: {length}\r\n"), body)
}

pub(crate) fn post_unframed(headers: &str, body: &[u8]) -> Vec<u8> {
    let mut request =
        format!("POST /RPC2 HTTP/1.1\r\nHost: rpc.example\r\nConnection: close\r\n{headers}\r\n")
            .into_bytes();
    request.extend_from_slice(body);
    request
}

pub(crate) const ADD: &str = "<methodCall><methodName>add</methodName><params>\
    <param><value><int>2</int></value></param>\
    <param><value><int>3</int></value></param>\
    </params></methodCall>";
