//! A service, clients of it, and clients of scripted peers.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::StatusCode;
use tower::{Service, service_fn};
use xmlrpc_core::{
    BoxTransport, Client, Context, Dispatcher, Fault, Request, Response, client::BoxError,
    xmlrpc_service,
};

#[xmlrpc_service]
pub trait Calc {
    async fn add(&self, a: i64, b: i64) -> i64;
    async fn text(&self) -> String;
    async fn fail(&self) -> Result<i64, Fault>;
    async fn header(&self, #[xmlrpc(context)] cx: &Context, name: &str) -> Option<String>;
    async fn extension(&self, #[xmlrpc(context)] cx: &Context) -> Option<u32>;
    async fn slow(&self, milliseconds: u64) -> bool;
}

pub struct Exact;

impl Calc for Exact {
    async fn add(&self, a: i64, b: i64) -> i64 {
        a + b
    }
    async fn text(&self) -> String {
        "text".to_owned()
    }
    async fn fail(&self) -> Result<i64, Fault> {
        Err(Fault::new(17, "as asked"))
    }
    async fn header(&self, cx: &Context, name: &str) -> Option<String> {
        Some(cx.headers().get(name)?.to_str().ok()?.to_owned())
    }
    async fn extension(&self, cx: &Context) -> Option<u32> {
        cx.get::<u32>().copied()
    }
    async fn slow(&self, milliseconds: u64) -> bool {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        true
    }
}

pub fn dispatcher() -> Dispatcher {
    Dispatcher::new().service(CalcServer::new(Exact))
}

pub fn calc() -> CalcClient<Dispatcher> {
    CalcClient::new(Client::new(dispatcher()))
}

/// A client of a peer that always sends this response.
pub fn answering(status: u16, body: &'static str) -> Client<BoxTransport> {
    Client::new(service_fn(move |_: Request| async move {
        let mut response = Response::new(body);
        response.status = StatusCode::from_u16(status)?;
        Ok::<_, BoxError>(response)
    }))
    .boxed()
}

/// Counts the requests, and fails from number `fail_from` on.
#[derive(Clone)]
pub struct Counting {
    pub inner: Dispatcher,
    pub requests: Arc<AtomicUsize>,
    pub fail_from: usize,
}

impl Service<Request> for Counting {
    type Response = Response;
    type Error = BoxError;
    type Future = futures_util::future::BoxFuture<'static, Result<Response, BoxError>>;

    fn poll_ready(
        &mut self,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), BoxError>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        if number >= self.fail_from {
            return Box::pin(async { Err("the line is cut".into()) });
        }
        let response = self.inner.dispatch(request);
        Box::pin(async {
            Ok(response
                .await
                .unwrap_or_else(|error: Infallible| match error {}))
        })
    }
}

pub fn counting(fail_from: usize) -> (Client<Counting>, Arc<AtomicUsize>) {
    let requests = Arc::new(AtomicUsize::new(0));
    let transport = Counting {
        inner: dispatcher(),
        requests: Arc::clone(&requests),
        fail_from,
    };
    (Client::new(transport), requests)
}
