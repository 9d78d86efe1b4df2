//! Servers for the tests.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use axum::Router;
use tokio::runtime::Runtime;
use xmlrpc_axum::Endpoint;
use xmlrpc_core::{Base64, Context, DateTime, Dispatcher, Fault, Value, value, xmlrpc_service};

/// A point in the plane.
#[derive(serde::Serialize, serde::Deserialize)]
pub(crate) struct Point {
    x: f64,
    y: f64,
    label: Option<String>,
}

/// Methods with signatures.
#[xmlrpc_service]
pub(crate) trait Demo {
    /// Raises `base` to the power of `exponent`.
    async fn pow(&self, base: i64, exponent: u32) -> Result<i64, Fault>;

    /// How many characters a text has.
    async fn length(&self, text: String) -> i64;

    /// The double of a number.
    async fn double(&self, number: f64) -> f64;

    /// Draws lines between points.
    async fn draw(&self, points: Vec<Point>, closed: Option<bool>) -> BTreeMap<String, Point>;

    /// The names of the types of values.
    #[xmlrpc(name = "types.of")]
    async fn types_of(&self, #[xmlrpc(rest)] values: Vec<Value>) -> Vec<String>;

    /// Returns what it is given.
    async fn echo(&self, value: Value) -> Value;

    async fn fail(&self, code: i32, message: String) -> Result<bool, Fault>;

    /// Some processes.
    async fn processes(&self) -> Vec<BTreeMap<String, Value>>;

    /// Values of all types.
    async fn everything(&self) -> Value;

    /// The header of the request with this name.
    async fn header(&self, #[xmlrpc(context)] cx: &Context, name: String) -> String;

    async fn day_after(&self, date: DateTime) -> DateTime;

    async fn size(&self, bytes: Base64<Vec<u8>>) -> i64;

    /// Bytes of zero.
    async fn zeros(&self, count: u32) -> Base64<Vec<u8>>;
}

pub(crate) struct Example;

fn name_of(value: &Value) -> String {
    let name = match value {
        Value::Nil => "nil",
        Value::Bool(_) => "boolean",
        Value::Int(_) => "int",
        Value::I8(_) => "i8",
        Value::Double(_) => "double",
        Value::String(_) => "string",
        Value::Base64(_) => "base64",
        Value::DateTime(_) => "date",
        Value::Array(_) => "array",
        Value::Struct(_) => "struct",
    };
    name.to_owned()
}

impl Demo for Example {
    async fn pow(&self, base: i64, exponent: u32) -> Result<i64, Fault> {
        base.checked_pow(exponent)
            .ok_or_else(|| Fault::new(34, "too large"))
    }

    async fn length(&self, text: String) -> i64 {
        i64::try_from(text.chars().count()).unwrap_or(i64::MAX)
    }

    async fn double(&self, number: f64) -> f64 {
        2.0 * number
    }

    async fn draw(&self, points: Vec<Point>, _: Option<bool>) -> BTreeMap<String, Point> {
        let points = points.into_iter().enumerate();
        points
            .map(|(index, point)| (format!("p{index}"), point))
            .collect()
    }

    async fn types_of(&self, values: Vec<Value>) -> Vec<String> {
        values.iter().map(name_of).collect()
    }

    async fn echo(&self, value: Value) -> Value {
        value
    }

    async fn fail(&self, code: i32, message: String) -> Result<bool, Fault> {
        Err(Fault::new(code, message))
    }

    async fn processes(&self) -> Vec<BTreeMap<String, Value>> {
        let since = date();
        let rows = [("web", 101, "RUNNING"), ("worker", 7, "STOPPED")];
        let rows = rows.map(|(name, pid, state)| {
            let row = [
                ("name", value!(name)),
                ("pid", value!(pid)),
                ("state", value!(state)),
                ("start", value!(since)),
            ];
            row.map(|(name, value)| (name.to_owned(), value)).into()
        });
        rows.into()
    }

    async fn everything(&self) -> Value {
        value!({
            "int": 5, "i8": (Value::I8(5)), "big": 9_007_199_254_740_993_i64, "double": 5.0,
        "boolean": true, "string": "text", "date": (date()),
            "bytes": (Value::Base64(b"Hello".to_vec())), "nil": nil, "list": [1, [2, 3]],
            "odd": {"$date": 1},
        })
    }

    async fn header(&self, cx: &Context, name: String) -> String {
        let value = cx.headers().get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    }

    async fn day_after(&self, date: DateTime) -> DateTime {
        let next = date.civil().tomorrow().unwrap_or(date.civil());
        next.into()
    }

    async fn size(&self, bytes: Base64<Vec<u8>>) -> i64 {
        i64::try_from(bytes.0.len()).unwrap_or(i64::MAX)
    }

    async fn zeros(&self, count: u32) -> Base64<Vec<u8>> {
        Base64(vec![0; count as usize])
    }
}

pub(crate) fn date() -> DateTime {
    "20261127T10:00:00".parse().expect("a date")
}

/// A server on its own port. It stops when it is dropped.
pub(crate) struct Peer {
    pub(crate) url: String,
    _runtime: Runtime,
}

impl Peer {
    /// The example.
    pub(crate) fn demo() -> Self {
        Self::of(Dispatcher::new().service(DemoServer::new(Example)))
    }

    /// The example, with `system.describeMethods`.
    pub(crate) fn described() -> Self {
        let dispatcher = Dispatcher::new().service(DemoServer::new(Example));
        Self::of(dispatcher.describe_methods(true))
    }

    pub(crate) fn of(dispatcher: Dispatcher) -> Self {
        Self::router(Endpoint::new(dispatcher).into_router())
    }

    pub(crate) fn router(router: Router) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"));
        let listener = listener.expect("a free port");
        let address = listener.local_addr().expect("its address");
        runtime.spawn(async move { xmlrpc_axum::serve(listener, router).await });
        Self {
            url: format!("http://{address}/RPC2"),
            _runtime: runtime,
        }
    }
}

/// A server that answers every request with these bytes, as they are. It keeps the requests.
pub(crate) struct Canned {
    pub(crate) url: String,
    pub(crate) requests: Arc<Mutex<Vec<String>>>,
}

/// What a canned server sends.
pub(crate) type Answer = Arc<dyn Fn(&str, &mut TcpStream) -> std::io::Result<()> + Send + Sync>;

impl Canned {
    pub(crate) fn new(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address: SocketAddr = listener.local_addr().expect("its address");
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&requests);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (Ok(mut stream), answer, kept) =
                    (stream, Arc::clone(&answer), Arc::clone(&kept))
                else {
                    return;
                };
                thread::spawn(move || {
                    let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
                    let Some(request) = read_request(&mut stream) else {
                        return;
                    };
                    kept.lock().expect("not poisoned").push(request.clone());
                    let _ = answer(&request, &mut stream);
                });
            }
        });
        Self {
            url: format!("http://{address}/RPC2"),
            requests,
        }
    }

    /// A server whose every response is this value, as XML.
    pub(crate) fn value(xml: &str) -> Self {
        Self::document(&response(xml))
    }

    /// A server whose every response has this body.
    pub(crate) fn document(document: &str) -> Self {
        let document = document.to_owned();
        Self::new(Arc::new(move |_, stream| send(stream, "200 OK", &document)))
    }

    pub(crate) fn status(status: &str, body: &str) -> Self {
        let (status, body) = (status.to_owned(), body.to_owned());
        Self::new(Arc::new(move |_, stream| send(stream, &status, &body)))
    }

    /// A server with these methods, whose help and results are chosen.
    pub(crate) fn methods(names: &[&str], help: &str, result: &str) -> Self {
        let names = names.iter().map(|name| format!("<value>{name}</value>"));
        let names = format!("<array><data>{}</data></array>", names.collect::<String>());
        let (help, result) = (format!("<string>{help}</string>"), result.to_owned());
        Self::new(Arc::new(move |request, stream| {
            let value = if request.contains("<methodName>system.listMethods<") {
                &names
            } else if request.contains("<methodName>system.methodHelp<") {
                &help
            } else if request.contains("<methodName>system.") {
                return send(stream, "200 OK", &fault(-32601, "method not found"));
            } else {
                &result
            };
            send(stream, "200 OK", &response(value))
        }))
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("not poisoned").clone()
    }
}

pub(crate) fn response(xml: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><methodResponse><params><param><value>{xml}</value></param></params></methodResponse>"
    )
}

pub(crate) fn fault(code: i32, message: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><methodResponse><fault><value><struct><member><name>faultCode</name><value><int>{code}</int></value></member>\
         <member><name>faultString</name><value>{message}</value></member></struct></value></fault></methodResponse>"
    )
}

pub(crate) fn send(stream: &mut TcpStream, status: &str, body: &str) -> std::io::Result<()> {
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/xml\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

/// A request with its body.
fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    let mut buffer = [0; 8192];
    loop {
        let count = stream.read(&mut buffer).ok().filter(|count| *count > 0)?;
        request.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&request);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse::<usize>().ok())?
        });
        if body.len() >= length.unwrap_or(0) {
            return Some(text.into_owned());
        }
    }
}

/// A port where nothing listens.
pub(crate) fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}
