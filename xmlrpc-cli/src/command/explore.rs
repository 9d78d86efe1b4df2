//! `xmlrpc explore`

use std::{
    future::Future,
    net::{Ipv4Addr, SocketAddr},
    pin::Pin,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    task::{Context, Poll},
};

use axum::{
    Router, extract,
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response as Page},
    routing::get,
};
use clap::Args;
use clap_complete::ArgValueCompleter;
use tokio::net::TcpListener;
use tower_service::Service;
use xmlrpc_axum::Endpoint;
use xmlrpc_client::Http;
use xmlrpc_core::{Request, Response, Value, client::TransportError};

use crate::{complete, connection::Connection, failure::Failure, leading, output, server::Server};

const EXAMPLES: &str = "\
The page is served on 127.0.0.1 only, under an address that nobody can guess. Everybody who has
the address can call the server with your credentials. The credentials themselves never reach the
page. Ctrl-C ends it.

Examples:
  xmlrpc explore http://localhost:8000
  xmlrpc explore @seedbox --no-browser";

/// Opens a web page that documents the methods of a server, and calls them.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ExploreArgs {
    /// The URL of the server, or @NAME of the configuration.
    #[arg(add = ArgValueCompleter::new(complete::servers))]
    server: String,
    /// Prints the address instead of opening a browser.
    #[arg(long)]
    no_browser: bool,
    /// The port; a free one by default.
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    port: u16,
    #[command(flatten)]
    connection: Connection,
}

impl ExploreArgs {
    pub(crate) async fn run(self) -> Result<u8, Failure> {
        let server = self.connection.connect(&self.server)?;
        let listener = listen(self.port).await?;
        let address = listener
            .local_addr()
            .map_err(|error| Failure::usage(format!("cannot listen: {error}")))?;
        let (token, once) = (token()?, token()?);
        let page = format!("http://{address}/{token}/");
        let opens = !self.no_browser && open(&format!("http://{address}/open/{once}"));
        output::print(&format!("{page}\n"))?;
        output::note(if opens {
            "opened in the browser; Ctrl-C ends it"
        } else {
            "open this address in a browser; Ctrl-C ends it"
        });
        let app = router(&server, &token, &once, address);
        xmlrpc_axum::serve(listener, app)
            .with_graceful_shutdown(xmlrpc_axum::shutdown_signal())
            .drain_delay(std::time::Duration::ZERO)
            .drain(std::time::Duration::from_secs(1))
            .await
            .map_err(|error| Failure::usage(format!("cannot serve the page: {error}")))?;
        Ok(0)
    }
}

/// A socket on loopback.
pub(super) async fn listen(port: u16) -> Result<TcpListener, Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    listener.map_err(|error| Failure::usage(format!("cannot listen on 127.0.0.1:{port}: {error}")))
}

/// 128 random bits.
fn token() -> Result<String, Failure> {
    use std::fmt::Write as _;

    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::usage(format!("the system has no random numbers: {error}")))?;
    let mut token = String::with_capacity(32);
    for byte in bytes {
        let _ = write!(token, "{byte:02x}");
    }
    Ok(token)
}

/// The page below its token. A browser is started with an address that works once, because other users of the
/// machine can see the arguments of its process.
fn router(server: &Server, token: &str, once: &str, address: SocketAddr) -> Router {
    let forward = Forward {
        http: server.client.transport().http().clone(),
        leading: server.leading.clone().into(),
    };
    let endpoint = Endpoint::over(forward).max_body_bytes(64 << 20).explorer();
    let target = format!("/{token}/");
    let is_used = Arc::new(AtomicBool::new(false));
    let opening = move || {
        let response = opened(&target, &is_used);
        async move { response }
    };
    let own: Arc<str> = address.to_string().into();
    let guard = middleware::from_fn(move |request: extract::Request, next: Next| {
        let is_own = is_own(&request, &own);
        async move {
            if is_own {
                next.run(request).await
            } else {
                (StatusCode::FORBIDDEN, "unknown host or origin\n").into_response()
            }
        }
    });
    Router::new()
        .route(&format!("/open/{once}"), get(opening))
        .route_service(&format!("/{token}/"), endpoint)
        .layer(guard)
}

/// Whether a request names exactly this address and port, in `Host`, in its URL, and in `Origin`. A page of another
/// site has another origin, and the name of its host is its own even if it resolves to this machine.
fn is_own(request: &extract::Request, own: &str) -> bool {
    // Clients leave out the port 80.
    let short = own.strip_suffix(":80");
    let is_host =
        |host: &[u8]| host == own.as_bytes() || short.is_some_and(|short| host == short.as_bytes());
    let headers = request.headers();
    let authority = request.uri().authority();
    let mut hosts = headers.get_all(header::HOST).iter();
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let has_host = authority.is_some() || headers.contains_key(header::HOST);
    has_host
        && authority.is_none_or(|authority| is_host(authority.as_str().as_bytes()))
        && hosts.all(|host| is_host(host.as_bytes()))
        && origins.all(|origin| {
            let host = origin.as_bytes().strip_prefix(b"http://");
            host.is_some_and(is_host)
        })
}

fn opened(target: &str, is_used: &AtomicBool) -> Page {
    if is_used.swap(true, Relaxed) {
        let text =
            "This address was already opened. If it was not you, end `xmlrpc explore` now.\n";
        return (StatusCode::GONE, text).into_response();
    }
    let protection = [
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (protection, Redirect::to(target)).into_response()
}

/// Starts a browser.
fn open(address: &str) -> bool {
    let (program, arguments): (_, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/C", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    let mut command = Command::new(program);
    command.args(arguments).arg(address);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    match command.spawn() {
        Ok(mut child) => {
            // The program ends when the browser has the address.
            std::thread::spawn(move || child.wait());
            true
        }
        Err(_) => false,
    }
}

/// Forwards calls with the server's own headers and leading parameters. Nothing of the browser's headers reaches
/// the server, and nothing but the document reaches the browser.
#[derive(Clone, Debug)]
struct Forward {
    http: Http,
    leading: Arc<[Value]>,
}

impl Service<Request> for Forward {
    type Response = Response;
    type Error = TransportError;
    type Future = Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        self.http.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let body = if self.leading.is_empty() {
            Some(request.body)
        } else {
            leading::add(&request.body, &self.leading).map(Into::into)
        };
        let Some(body) = body else {
            return Box::pin(async { Err(TransportError::other("the request is not a call")) });
        };
        let sending = self.http.call(Request::new(request.label, body));
        Box::pin(async move {
            let received = sending.await?;
            let mut response = Response::new(received.body);
            response.status = match received.status.as_u16() {
                // The browser would ask for a password, for the wrong server.
                401 | 407 => StatusCode::BAD_GATEWAY,
                status if (200..300).contains(&status) || status >= 400 => received.status,
                _ => StatusCode::BAD_GATEWAY,
            };
            if let Some(kind) = received.headers.get(header::CONTENT_TYPE) {
                response.headers.insert(header::CONTENT_TYPE, kind.clone());
            }
            Ok(response)
        })
    }
}
