//! `xmlrpc serve`

use std::{
    fmt::Write as _,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use clap::Args;
use http::{HeaderValue, header::CONTENT_TYPE};
use tower_service::Service;
use xmlrpc_axum::Endpoint;
use xmlrpc_core::{
    Dialect, Fault, Limits, Request, Response, Value,
    message::{EncodedResponse, IncomingCall, MulticallResponseWriter, fault_response},
};

use super::explore::listen;
use crate::{
    argument::Argument,
    escape,
    failure::Failure,
    json,
    output::{self, xml},
    paint::{Ink, Paint},
    show::safe_headers,
};

/// Whatever a client sends can be returned.
const DIALECT: Dialect = Dialect::EXTENDED.non_finite(true);
/// More of a call is not shown.
const MAX_SHOWN: usize = 64 << 10;

const EXAMPLES: &str = "\
Every method exists. A call with one argument returns it; a call with another number of arguments
returns them as an array. --reply and --fault return something else. The server listens on 127.0.0.1
only.

Examples:
  xmlrpc serve --port 8000
  xmlrpc serve --verbose
  xmlrpc serve --reply '{\"id\": 5}'
  xmlrpc serve --fault '404:no such page' --delay 2";

/// Serves all methods, and shows each call: for people who debug a client.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ServeArgs {
    /// The port; a free one by default.
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Returns this value from every call: JSON, or text, as an argument of `call`.
    #[arg(
        long,
        value_name = "VALUE",
        conflicts_with = "fault",
        allow_negative_numbers = true
    )]
    reply: Option<String>,
    /// Returns this fault from every call.
    #[arg(long, value_name = "CODE:MESSAGE", value_parser = fault, allow_negative_numbers = true)]
    fault: Option<Reply>,
    /// Waits so long before each response.
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 0.0,
        hide_default_value = true
    )]
    delay: f64,
    /// Also shows the headers and the document of each call.
    #[arg(short, long)]
    verbose: bool,
}

/// What a call returns.
#[derive(Clone, Debug)]
enum Reply {
    /// Its own parameters.
    Echo,
    Value(Value),
    Fault(i32, String),
}

fn fault(text: &str) -> Result<Reply, String> {
    let (code, message) = text.split_once(':').unwrap_or((text, ""));
    let code = code
        .trim()
        .parse()
        .map_err(|_| "expected CODE:MESSAGE, with an integer as code")?;
    Ok(Reply::Fault(code, message.to_owned()))
}

impl ServeArgs {
    pub(crate) async fn run(self) -> Result<u8, Failure> {
        let reply = match (&self.reply, self.fault) {
            (Some(text), _) => match Argument::read(text)? {
                Argument::Broken { error, .. } => {
                    return Err(Failure::usage(format!("invalid JSON in --reply: {error}")));
                }
                Argument::Text(text) => Reply::Value(Value::from(text)),
                Argument::Json { value, .. } | Argument::Typed(value) => Reply::Value(value),
            },
            (None, Some(fault)) => fault,
            (None, None) => Reply::Echo,
        };
        let delay = Duration::try_from_secs_f64(self.delay)
            .map_err(|_| Failure::usage("the delay must be a number of seconds"))?;
        let listener = listen(self.port).await?;
        let address = listener
            .local_addr()
            .map_err(|error| Failure::usage(format!("cannot listen: {error}")))?;
        output::print(&format!("http://{address}/RPC2\n"))?;
        let echo = Echo {
            reply: Arc::new(reply),
            delay,
            verbose: self.verbose,
        };
        let app =
            axum::Router::new().fallback_service(Endpoint::over(echo).max_body_bytes(64 << 20));
        xmlrpc_axum::serve(listener, app)
            .with_graceful_shutdown(xmlrpc_axum::shutdown_signal())
            .drain_delay(Duration::ZERO)
            .drain(Duration::from_secs(1))
            .await
            .map_err(|error| Failure::usage(format!("cannot serve: {error}")))?;
        Ok(0)
    }
}

/// Shows and answers each request.
#[derive(Clone, Debug)]
struct Echo {
    reply: Arc<Reply>,
    delay: Duration,
    verbose: bool,
}

impl Service<Request> for Echo {
    type Response = Response;
    type Error = std::convert::Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (shown, body) = self.answer(&request);
        // A closed standard output does not end the server.
        let _ = output::print(&shown);
        let delay = self.delay;
        Box::pin(async move {
            if delay > Duration::ZERO {
                tokio::time::sleep(delay).await;
            }
            let mut response = Response::new(body);
            response
                .headers
                .insert(CONTENT_TYPE, HeaderValue::from_static("text/xml"));
            Ok(response)
        })
    }
}

impl Echo {
    /// What is shown, and the document of the response.
    fn answer(&self, request: &Request) -> (String, Vec<u8>) {
        let paint = Paint::stdout();
        let mut shown = String::new();
        let call = IncomingCall::from_request(request, &Limits::REQUEST);
        let body = match call.and_then(|call| Ok((call.params().to_values()?, call))) {
            Ok((params, call)) => {
                describe(&mut shown, call.method(), &params, paint);
                self.respond(call.method(), &params)
            }
            Err(error) => {
                let text = format!("unreadable: {error}");
                let _ = writeln!(
                    shown,
                    "{}",
                    paint.text(Ink::Bad, &escape::short(&text, 1_024))
                );
                let fault = Fault::new(Fault::PARSE_ERROR, error.to_string());
                fault_response(&fault, DIALECT)
            }
        };
        if self.verbose {
            for (name, value) in safe_headers(&request.headers) {
                let _ = writeln!(
                    shown,
                    "  {}: {}",
                    paint.text(Ink::Name, name.as_str()),
                    escape::short(&value, 1_024)
                );
            }
            let document = &request.body[..request.body.len().min(MAX_SHOWN)];
            for line in xml::indented(&String::from_utf8_lossy(document)).lines() {
                let _ = writeln!(shown, "  {line}");
            }
        }
        (shown, body)
    }

    fn respond(&self, method: &str, params: &[Value]) -> Vec<u8> {
        let encoded = match &*self.reply {
            Reply::Value(value) => EncodedResponse::new(value, DIALECT),
            Reply::Fault(code, message) => {
                return fault_response(&Fault::new(*code, message.clone()), DIALECT);
            }
            Reply::Echo if method == "system.multicall" => Ok(multicall(params)),
            Reply::Echo => match params {
                [one] => EncodedResponse::new(one, DIALECT),
                all => EncodedResponse::new(all, DIALECT),
            },
        };
        match encoded {
            Ok(response) => response.into_document(),
            Err(error) => {
                let fault = Fault::new(Fault::INTERNAL_ERROR, error.to_string());
                fault_response(&fault, DIALECT)
            }
        }
    }
}

/// Each call of a multicall returns its own parameters.
fn multicall(params: &[Value]) -> EncodedResponse {
    let entries = params.first().and_then(Value::as_array).unwrap_or_default();
    let mut writer = MulticallResponseWriter::new(DIALECT, usize::MAX);
    for entry in entries {
        let params = &entry["params"];
        let result = match params.as_array() {
            Some([one]) => EncodedResponse::new(one, DIALECT),
            _ => EncodedResponse::new(params, DIALECT),
        };
        let fault =
            |error: &xmlrpc_core::Error| Fault::new(Fault::INTERNAL_ERROR, error.to_string());
        let pushed = match &result {
            Ok(result) => writer.push(Ok(result)),
            Err(error) => writer.push(Err(&fault(error))),
        };
        if let Err(error) = pushed {
            writer.push_beyond(&fault(&error));
        }
    }
    writer.finish()
}

/// `pow(2, 9)`, with the calls of a multicall below.
fn describe(out: &mut String, method: &str, params: &[Value], paint: Paint) {
    let style = json::Style::line();
    let shown = params.iter().map(|param| json::write(param, style));
    let shown = shown.collect::<Vec<_>>().join(", ");
    let name = escape::short(method, 1_024);
    let _ = writeln!(
        out,
        "{}({})",
        paint.text(Ink::Name, &name),
        escape::short(&shown, MAX_SHOWN)
    );
}
