//! A server on its own port. It stops when it is dropped.

use std::net::SocketAddr;

use axum::Router;
use tokio::{net::TcpListener, task::JoinHandle};
use xmlrpc_core::{Context, Dispatcher, Fault, Value, xmlrpc_service};

#[xmlrpc_service]
pub(crate) trait Probe {
    /// Returns what it is given.
    async fn echo(&self, value: Value) -> Value;

    async fn add(&self, a: i64, b: i64) -> i64;

    /// How many characters a text has.
    async fn length(&self, text: &str) -> usize;

    async fn fail(&self, code: i32, message: String) -> Result<bool, Fault>;

    /// A header of the request, or nothing.
    async fn header(&self, #[xmlrpc(context)] cx: &Context, name: &str) -> String;

    /// The address of the caller, where it is known.
    async fn peer(&self, #[xmlrpc(context)] cx: &Context) -> String;
}

pub(crate) struct Prober;

impl Probe for Prober {
    async fn echo(&self, value: Value) -> Value {
        value
    }

    async fn add(&self, a: i64, b: i64) -> i64 {
        a + b
    }

    async fn length(&self, text: &str) -> usize {
        text.chars().count()
    }

    async fn fail(&self, code: i32, message: String) -> Result<bool, Fault> {
        Err(Fault::new(code, message))
    }

    async fn header(&self, cx: &Context, name: &str) -> String {
        let value = cx.headers().get(name);
        let text = value.and_then(|value| value.to_str().ok());
        text.unwrap_or_default().to_owned()
    }

    async fn peer(&self, cx: &Context) -> String {
        let peer = cx.get::<axum::extract::ConnectInfo<SocketAddr>>();
        peer.map(|peer| peer.0.ip().to_string()).unwrap_or_default()
    }
}

pub(crate) fn dispatcher() -> Dispatcher {
    Dispatcher::new().service(ProbeServer::new(Prober))
}

/// Stops serving when it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) fn url(&self) -> String {
        format!("http://{}/RPC2", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) async fn serve(router: Router) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let task = tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    Server { address, task }
}
