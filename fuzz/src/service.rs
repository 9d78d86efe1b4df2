//! A service in memory, and checks of all its responses.

use std::sync::LazyLock;

use futures_util::FutureExt as _;
use http::{HeaderValue, header::CONTENT_TYPE};
use roxmltree::Document;
use xmlrpc_core::{
    Context, Dialect, Dispatcher, Fault, Limits, Request, Struct, Value,
    message::{CallWriter, read_response},
    xmlrpc_service,
};

use crate::record::Record;

/// Methods of every kind. None of them waits for anything.
#[xmlrpc_service(server)]
pub trait Work {
    /// Returns the sum.
    async fn add(&self, a: i64, b: i64) -> i64;
    /// Returns its parameter.
    async fn echo(&self, value: Value) -> Value;
    /// Has optional parameters.
    async fn any(&self, first: Option<String>, second: Option<Vec<Struct>>);
    /// Borrows a text.
    async fn text(&self, #[xmlrpc(context)] cx: &Context, text: &str) -> Option<String>;
    /// Takes a struct of all types.
    async fn record(&self, record: Record) -> Record;
    /// Returns a fault.
    async fn fail(&self, code: i32, text: String) -> Result<(), Fault>;
}

struct Worker;

impl Work for Worker {
    async fn add(&self, a: i64, b: i64) -> i64 {
        a.wrapping_add(b)
    }
    async fn echo(&self, value: Value) -> Value {
        value
    }
    async fn any(&self, _first: Option<String>, _second: Option<Vec<Struct>>) {}
    async fn text(&self, cx: &Context, text: &str) -> Option<String> {
        (cx.headers().len() < 2).then(|| text.to_owned())
    }
    async fn record(&self, record: Record) -> Record {
        record
    }
    async fn fail(&self, code: i32, text: String) -> Result<(), Fault> {
        Err(Fault::new(code, text))
    }
}

/// One dispatcher for all documents, because no document may harm it.
static DISPATCHER: LazyLock<Dispatcher> =
    LazyLock::new(|| Dispatcher::new().service(WorkServer::new(Worker)));

/// A dispatcher with the same methods, which responds in another dialect.
pub fn dispatcher(dialect: Dialect, limits: &Limits) -> Dispatcher {
    DISPATCHER.clone().dialect(dialect).limits(*limits)
}

/// The response of a dispatcher to a document.
///
/// # Panics
///
/// If the response cannot be read, or is not well-formed.
pub fn response(
    dispatcher: &Dispatcher,
    document: &[u8],
    charset: Option<&str>,
) -> Result<Value, Fault> {
    // A response has up to three levels more than its request.
    let limits = Limits::RESPONSE.depth(dispatcher.configured_limits().depth + 3);
    let body = dispatch(dispatcher, document, charset);
    let text = str::from_utf8(&body).expect("responses are in UTF-8");
    let tree = Document::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert!(tree.root_element().has_tag_name("methodResponse"), "{text}");
    read_response(body.clone(), None, &limits).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn dispatch(dispatcher: &Dispatcher, document: &[u8], charset: Option<&str>) -> bytes::Bytes {
    let mut request = Request::new("", document.to_vec());
    if let Some(charset) = charset {
        let value = HeaderValue::from_str(&format!("text/xml; charset={charset}"));
        request
            .headers
            .insert(CONTENT_TYPE, value.expect("charsets are ASCII"));
    }
    let Ok(response) = dispatcher
        .dispatch(request)
        .now_or_never()
        .expect("no method waits");
    assert_eq!(response.status, 200);
    response.body
}

/// Checks that the dispatcher still responds to an ordinary call.
///
/// # Panics
///
/// If it does not.
pub fn is_alive() {
    static CALL: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let mut call = CallWriter::new("add", Dialect::STANDARD);
        call.param(&2);
        call.param(&3);
        call.finish()
            .expect("numbers can be written")
            .into_document()
    });
    let five = response(&DISPATCHER, &CALL, None);
    assert_eq!(five, Ok(Value::Int(5)));
}
