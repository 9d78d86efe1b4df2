//! How the client reads responses over SCGI.

use std::time::{Duration, Instant};

use http::StatusCode;
use xmlrpc_client::{Client, ClientError};
use xmlrpc_core::{Dispatcher, Limits};

use crate::common::scgi_peer::{FIVE, Port, Script, Step, answer};
#[cfg(unix)]
use crate::common::unix;

/// The result of one call to a peer that takes this step.
async fn outcome(step: Step) -> Result<i64, ClientError> {
    let (_port, client) = client(step, Limits::RESPONSE).await;
    client.call::<i64>("add", (2, 3)).await
}

async fn client(step: Step, limits: Limits) -> (Port, Client) {
    let script = Script::new([step], Dispatcher::new());
    let port = Port::new(&script, "127.0.0.1:0").await.unwrap();
    let builder = Client::builder(format!("scgi://{}", port.address));
    (port, builder.limits(limits).build().unwrap())
}

fn raw(head: &str, body: &str) -> Vec<u8> {
    format!("{head}{body}").into_bytes()
}

#[tokio::test]
async fn responses() {
    let length = FIVE.len();
    let table = [
        (
            "rTorrent's",
            format!("Status: 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {length}\r\n\r\n"),
        ),
        (
            "line feeds alone",
            format!("Status: 200 OK\nContent-Type: text/xml\nContent-Length: {length}\n\n"),
        ),
        (
            "both line ends",
            format!("Status: 200 OK\nContent-Length: {length}\r\n\n"),
        ),
        (
            "no length",
            "Status: 200 OK\r\nContent-Type: text/xml\r\n\r\n".to_owned(),
        ),
        ("no status", "Content-Type: text/xml\r\n\r\n".to_owned()),
        ("no reason", "Status: 200\r\n\r\n".to_owned()),
        (
            "no spaces",
            format!("status:200\r\ncontent-length:{length}\r\n\r\n"),
        ),
        (
            "more spaces",
            format!("STATUS:   200  OK \r\nContent-Length:\t{length} \r\n\r\n"),
        ),
        ("an empty head", "\r\n".to_owned()),
        ("an empty head with a line feed", "\n".to_owned()),
        (
            "an empty value",
            "Status: 200 OK\r\nX-Empty:\r\n\r\n".to_owned(),
        ),
        (
            "one length twice",
            format!("Content-Length: {length}\r\nContent-Length: {length}\r\n\r\n"),
        ),
        ("under 404", "Status: 404 Not Found\r\n\r\n".to_owned()),
        (
            "under 302",
            "Status: 302 Found\r\nLocation: /elsewhere\r\n\r\n".to_owned(),
        ),
    ];
    for (what, head) in table {
        for step in [
            Step::Answer(raw(&head, FIVE)),
            Step::Drip(raw(&head, FIVE), 0),
        ] {
            match outcome(step).await {
                Ok(value) => assert_eq!(value, 5, "{what}"),
                Err(error) => panic!("{what}: {error}"),
            }
        }
    }
    // The body ends at its length, whether more bytes follow and whether the connection closes or
    // not.
    let longer = answer("200 OK", "", FIVE);
    let longer = [longer, b"</methodResponse> garbage".to_vec()].concat();
    assert_eq!(outcome(Step::Answer(longer)).await.unwrap(), 5);
    let kept = Step::AnswerAndKeep(answer("200 OK", "", FIVE));
    let begun = Instant::now();
    assert_eq!(outcome(kept).await.unwrap(), 5);
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_response_in_latin_1() {
    let body = b"<methodResponse><params><param><value><string>\xfc</string></value></param></params></methodResponse>";
    let bytes = answer(
        "200 OK",
        "Content-Type: text/xml; charset=iso-8859-1\r\n",
        body,
    );
    let (_port, client) = client(Step::Answer(bytes), Limits::RESPONSE).await;
    assert_eq!(client.call::<String>("name", ()).await.unwrap(), "\u{fc}");
}

#[tokio::test]
async fn invalid_responses() {
    let closed = "the connection was closed before a response arrived";
    let within = "the response was cut off within its head";
    let none = "a line that is not a header";
    let table: [(Step, &str); 20] = [
        (Step::Close, closed),
        (Step::Answer(raw("Status: 200 OK\r\n", "")), within),
        (Step::Answer(raw("Status: 200 OK\r\nContent-", "")), within),
        (Step::Answer(raw("Status: 2", "")), within),
        (Step::Answer(raw("Status: 200 OK\r\n\r", "")), within),
        (
            Step::Answer(raw("HTTP/1.1 400 Bad Request\r\n\r\n", "")),
            "speaks HTTP, not SCGI",
        ),
        (
            Step::Answer(raw("HTTP/1.0 400 Bad Request\r\n", "")),
            "speaks HTTP, not SCGI",
        ),
        (Step::Answer(raw("", FIVE)), "the response has no head"),
        (
            Step::Answer(raw("<?xml version=\"1.0\"?>\n\n", FIVE)),
            "the response has no head",
        ),
        (
            Step::Answer(raw("Status: 200 OK\r\nno colon\r\n\r\n", FIVE)),
            none,
        ),
        (Step::Answer(raw("Status : 200 OK\r\n\r\n", FIVE)), none),
        (Step::Answer(raw(": 200 OK\r\n\r\n", FIVE)), none),
        (Step::Answer(raw("X: a\r\n folded: b\r\n\r\n", FIVE)), none),
        (Step::Answer(raw("X: a\0b\r\n\r\n", FIVE)), none),
        (
            Step::Answer(raw("Status: OK\r\n\r\n", FIVE)),
            "an invalid `Status` header",
        ),
        (
            Step::Answer(raw("Status:\r\n\r\n", FIVE)),
            "an invalid `Status` header",
        ),
        (
            Step::Answer(raw("Content-Length: -1\r\n\r\n", FIVE)),
            "an invalid `Content-Length` header",
        ),
        (
            Step::Answer(raw("Content-Length:\r\n\r\n", FIVE)),
            "an invalid `Content-Length` header",
        ),
        (
            Step::Answer(raw("Content-Length: 99999999999999999999\r\n\r\n", FIVE)),
            "an invalid `Content-Length` header",
        ),
        (
            Step::Answer(raw("Content-Length: 5\r\nContent-Length: 6\r\n\r\n", FIVE)),
            "several different `Content-Length` headers",
        ),
    ];
    for (step, text) in table {
        let error = outcome(step).await.unwrap_err();
        assert!(error.to_string().contains(text), "{text}: {error}");
        assert!(error.to_string().contains("scgi://127.0.0.1:"), "{error}");
        assert!(!error.is_connect() && !error.is_timeout() && !error.is_decode());
    }
    // Systems report this differently: the connection was closed, or it was reset.
    let error = outcome(Step::CloseAtOnce).await.unwrap_err();
    assert!(!error.is_connect() && !error.is_timeout() && !error.is_decode());

    for body in ["<html>login</html>", "", "garbage"] {
        let error = outcome(Step::Answer(answer("200 OK", "", body))).await;
        let error = error.unwrap_err();
        assert!(error.is_decode() && error.status().is_none(), "{error}");
    }
}

#[tokio::test]
async fn statuses() {
    let table = [
        (
            "500 Internal Server Error",
            "<html>no</html>",
            "<html>no</html>",
        ),
        ("404 Not Found", "", "without a body"),
        ("302 Found", "moved", "moved"),
        ("204 No Content", "", "204 No Content"),
    ];
    for (status, body, text) in table {
        let step = Step::Answer(answer(status, "", body));
        let error = outcome(step).await.unwrap_err();
        let code: StatusCode = status[..3].parse().unwrap();
        assert_eq!(error.status(), Some(code), "{error}");
        assert!(error.to_string().contains(text), "{error}");
    }
}

#[tokio::test]
async fn a_response_that_is_cut_off() {
    let length = FIVE.len();
    for got in [0, 1, length - 1] {
        let mut bytes = answer("200 OK", "", FIVE);
        bytes.truncate(bytes.len() - length + got);
        let error = outcome(Step::Answer(bytes)).await.unwrap_err();
        let text = format!("cut off: it has {got} of the {length} bytes");
        assert!(error.to_string().contains(&text), "{error}");
    }
    // Without a length, only the document shows that it was cut off.
    let bytes = raw("Status: 200 OK\r\n\r\n", &FIVE[..length - 1]);
    let error = outcome(Step::Answer(bytes)).await.unwrap_err();
    assert!(error.is_decode(), "{error}");
}

#[tokio::test]
async fn the_bound_on_the_head() {
    const HEAD: usize = 16 << 10;
    let of = |bytes: usize, end: &str| {
        let rest = format!("{end}{end}");
        let start = "Status: 200 OK\r\nX: ";
        format!(
            "{start}{}{rest}",
            "x".repeat(bytes - start.len() - rest.len())
        )
    };
    for end in ["\r\n", "\n"] {
        for (bytes, fits) in [(HEAD, true), (HEAD + 1, false)] {
            let head = of(bytes, end);
            assert_eq!(head.len(), bytes);
            match outcome(Step::Answer(raw(&head, FIVE))).await {
                Ok(value) => assert!(fits && value == 5),
                Err(error) => {
                    assert!(!fits && error.is_decode(), "{error}");
                    let text = "its head exceeds 16384 bytes";
                    assert!(error.to_string().contains(text), "{error}");
                }
            }
        }
    }
    // The highest possible number of lines; then one line that never ends.
    let many = "a:\n".repeat(HEAD / 3);
    assert_eq!(
        outcome(Step::Answer(raw(&many, &format!("\n{FIVE}"))))
            .await
            .unwrap(),
        5
    );
    let endless = Step::AnswerAndKeep("x".repeat(HEAD).into_bytes());
    let error = outcome(endless).await.unwrap_err();
    assert!(error.to_string().contains("its head exceeds"), "{error}");
}

#[tokio::test]
async fn the_bound_on_the_body() {
    const LIMIT: usize = 30_000;
    let padded = |bytes: usize| format!("{FIVE}{}", " ".repeat(bytes - FIVE.len()));
    type Framed = fn(&str) -> Vec<u8>;
    let framings: [Framed; 2] = [
        |body| answer("200 OK", "", body),
        |body| raw("Status: 200 OK\r\n\r\n", body),
    ];
    for framed in framings {
        for (bytes, fits) in [(LIMIT, true), (LIMIT + 1, false)] {
            let limits = Limits::RESPONSE.bytes(LIMIT);
            let step = Step::Answer(framed(&padded(bytes)));
            let (_port, client) = client(step, limits).await;
            match client.call::<i64>("add", (2, 3)).await {
                Ok(value) => assert!(fits && value == 5),
                Err(error) => {
                    assert!(!fits && error.is_decode(), "{error}");
                    assert!(
                        error.to_string().contains("it exceeds 30000 bytes: "),
                        "{error}"
                    );
                }
            }
        }
    }
    // The client rejects the response by its length: the body never arrives.
    let length = "Content-Length: 18446744073709551615\r\n\r\n";
    let error = outcome(Step::AnswerAndKeep(raw(length, "")))
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("exceeds 67108864 bytes"),
        "{error}"
    );
}

#[tokio::test]
async fn a_large_response() {
    let text = "x".repeat(10_000_000);
    let body = format!(
        "<methodResponse><params><param><value>{text}</value></param></params></methodResponse>"
    );
    for bytes in [answer("200 OK", "", &body), raw("\r\n", &body)] {
        let (_port, client) = client(Step::Answer(bytes), Limits::RESPONSE).await;
        assert_eq!(client.call::<String>("text", ()).await.unwrap(), text);
    }
}

/// Each byte arrives soon, but the whole response does not.
#[tokio::test]
async fn a_response_that_takes_too_long() {
    let step = Step::Drip(answer("200 OK", "", FIVE), 20);
    let (_port, client) = client(step, Limits::RESPONSE).await;
    let begun = Instant::now();
    let call = client.call::<i64>("add", (2, 3));
    let error = call.timeout(Duration::from_millis(200)).await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(2));
}

/// Over TCP, the system may discard the bytes that arrived before the reset.
#[cfg(unix)]
#[tokio::test]
async fn a_response_before_the_end_of_the_request() {
    let refusal = answer("413 Content Too Large", "", "too much");
    let steps = [Step::AnswerUnread(refusal), Step::CloseAtOnce];
    let script = Script::new(steps, Dispatcher::new());
    let socket = unix::Socket::new("rpc.sock", async move |listener| {
        while let Ok((stream, _)) = listener.accept().await {
            script.clone().serve(stream).await;
        }
    });
    let client = Client::new(format!("scgi+unix://{}", socket.path())).unwrap();
    let text = "x".repeat(5_000_000);
    let error = client.call::<i64>("length", (&text,)).await.unwrap_err();
    assert_eq!(
        error.status(),
        Some(StatusCode::PAYLOAD_TOO_LARGE),
        "{error}"
    );
    let error = client.call::<i64>("length", (&text,)).await.unwrap_err();
    assert!(error.to_string().contains("scgi+unix:///"), "{error}");
    assert!(!error.is_connect(), "{error}");
}
