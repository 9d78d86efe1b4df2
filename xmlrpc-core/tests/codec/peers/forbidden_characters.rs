//! Characters that XML forbids, with and without the option that replaces them.

use http::{HeaderValue, header::CONTENT_TYPE};
use tower::service_fn;
use xmlrpc_core::{
    Client, ClientError, Dispatcher, Limits, Request, Response, Value, client::BoxError,
    message::read_response, value,
};

use super::in_response;

fn run<F: IntoFuture>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(future.into_future())
}

fn peer(response: Response) -> Client<impl xmlrpc_core::Transport> {
    Client::new(service_fn(move |_: Request| {
        std::future::ready(Ok::<_, BoxError>(response.clone()))
    }))
}

fn called(document: impl Into<bytes::Bytes>) -> [Result<Value, ClientError>; 2] {
    let client = peer(Response::new(document));
    let plain = run(client.call("m", ()));
    [
        plain,
        run(client.replace_forbidden_characters(true).call("m", ())),
    ]
}

#[test]
fn raw_and_as_references() {
    for (text, expected) in [
        ("a\u{1}b", "a\u{FFFD}b"),
        ("\0", "\u{FFFD}"),
        ("\u{1B}[31m", "\u{FFFD}[31m"),
        ("\u{B}\u{C}\u{1F}", "\u{FFFD}\u{FFFD}\u{FFFD}"),
        ("a\u{FFFE}\u{FFFF}b", "a\u{FFFD}\u{FFFD}b"),
        ("a&#1;b", "a\u{FFFD}b"),
        ("&#x1B;&#0;", "\u{FFFD}\u{FFFD}"),
        ("&#xFFFE;&#65535;", "\u{FFFD}\u{FFFD}"),
        ("&#xD800;", "\u{FFFD}"),
        ("&#xDC00;&#xD800;x", "\u{FFFD}\u{FFFD}x"),
        ("&#x110000;", "\u{FFFD}"),
        ("é\u{1}&amp;&#233;\u{2}", "é\u{FFFD}&é\u{FFFD}"),
        ("<![CDATA[\u{1}&#1;]]>&#1;", "\u{FFFD}&#1;\u{FFFD}"),
        ("a<!-- \u{1} &#1; -->&#1;b", "a\u{FFFD}b"),
    ] {
        for inner in [
            format!("<value>{text}</value>"),
            format!("<value><string>{text}</string></value>"),
        ] {
            let [plain, replaced] = called(in_response(&inner));
            assert!(plain.is_err(), "{text:?}");
            assert_eq!(replaced.unwrap(), value!(expected), "{text:?}");
        }
    }
}

#[test]
fn other_documents_are_read_as_before() {
    for (text, expected) in [
        ("a\tb\nc&#13;&#10;", "a\tb\nc\r\n"),
        ("&#xD83D;&#xDE00;", "😀"),
        ("\u{FFFD}\u{F900}", "\u{FFFD}\u{F900}"),
        ("\u{7F}\u{80}&#128;", "\u{7F}\u{80}\u{80}"),
        ("<![CDATA[&#1;]]>", "&#1;"),
    ] {
        for read in called(in_response(&format!("<value>{text}</value>"))) {
            assert_eq!(read.unwrap(), value!(expected), "{text:?}");
        }
    }
    // Bytes around the document are ignored with and without the option.
    for read in called(format!("\n\0{}\0", in_response("<value>a</value>"))) {
        assert_eq!(read.unwrap(), value!("a"));
    }
}

#[test]
fn other_errors_remain() {
    for document in [
        &b"<methodResponse><params><param><value>\x01\xFF</value></param></params></methodResponse>"[..],
        b"<methodResponse><params><param><value>&#1</value></param></params></methodResponse>",
        b"<methodResponse><params><param><value>&#1;</value></param></params>",
        b"\x01",
    ] {
        for read in called(document) {
            assert!(read.is_err());
        }
    }
}

#[test]
fn in_other_encodings() {
    let document = format!(
        "<?xml version='1.0' encoding='latin1'?>{}",
        in_response("<value>?\u{1}</value>")
    );
    let mut document = document.into_bytes();
    let at = document.iter().rposition(|byte| *byte == b'?').unwrap();
    document[at] = 0xE9;
    assert_eq!(
        called(document.clone())[1].as_ref().unwrap(),
        &value!("é\u{FFFD}")
    );
    let mut response = Response::new(document);
    response.headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/xml; charset=koi8-r"),
    );
    let client = peer(response).replace_forbidden_characters(true);
    assert_eq!(run(client.call::<String>("m", ())).unwrap(), "И\u{FFFD}");
}

#[test]
fn limits_count_the_original_bytes() {
    let document = in_response(&format!("<value>{}</value>", "\u{1}".repeat(100)));
    let limits = Limits::RESPONSE.bytes(document.len());
    let client = peer(Response::new(document)).replace_forbidden_characters(true);
    let text = run(client.clone().limits(limits).call::<String>("m", ())).unwrap();
    assert_eq!(text, "\u{FFFD}".repeat(100));
    let below = limits.bytes(limits.bytes - 1);
    assert!(run(client.limits(below).call::<String>("m", ())).is_err());
}

#[test]
fn in_a_multicall() {
    let document = in_response(
        "<value><array><data><value><array><data><value>\u{1}</value></data></array></value>\
         <value><struct><member><name>faultCode</name><value><int>1</int></value></member>\
         <member><name>faultString</name><value>&#2;</value></member></struct></value></data></array></value>",
    );
    let client = peer(Response::new(document)).replace_forbidden_characters(true);
    let call = || client.call::<String>("m", ());
    let [one, other] = run(client.multicall([call(), call()])).unwrap();
    assert_eq!(one.unwrap(), "\u{FFFD}");
    assert_eq!(other.unwrap_err().fault().unwrap().message(), "\u{FFFD}");
}

#[test]
fn a_dispatcher_has_the_same_option() {
    let call = "<methodCall><methodName>echo</methodName><params><param><value>a\u{1}&#2;</value></param></params></methodCall>";
    let dispatcher = Dispatcher::new().method("echo", |text: String| async { text });
    let read = |dispatcher: &Dispatcher| {
        let response = run(dispatcher.dispatch(Request::new("echo", call)));
        read_response::<String>(response.unwrap().body, None, &Limits::RESPONSE).unwrap()
    };
    assert_eq!(read(&dispatcher).unwrap_err().code(), -32700);
    let dispatcher = dispatcher.replace_forbidden_characters(true);
    assert_eq!(read(&dispatcher).unwrap(), "a\u{FFFD}\u{FFFD}");
}
