//! A service, its dispatcher, and functions that return the dispatcher's response to a document.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use xmlrpc_core::{Dispatcher, Fault, Limits, Request, Value, message, xmlrpc_service};

#[xmlrpc_service]
pub trait Work {
    async fn add(&self, a: i64, b: i64) -> i64;
    async fn fail(&self, code: i32) -> Result<(), Fault>;
    async fn hide(&self) -> Result<(), Fault>;
    async fn panic_at_once(&self);
    async fn panic_later(&self);
    async fn fill(&self, bytes: usize) -> String;
    async fn wide(&self) -> i64;
    async fn never(&self);
    async fn runs(&self) -> usize;
}

#[derive(Default)]
pub struct Worker {
    pub runs: AtomicUsize,
    pub dropped: Arc<AtomicUsize>,
}

impl Work for Worker {
    async fn add(&self, a: i64, b: i64) -> i64 {
        self.runs.fetch_add(1, Ordering::Relaxed);
        a + b
    }
    async fn fail(&self, code: i32) -> Result<(), Fault> {
        Err(Fault::new(code, "as asked"))
    }
    async fn hide(&self) -> Result<(), Fault> {
        Err(Fault::internal("the password is 1234"))
    }
    fn panic_at_once(&self) -> impl Future<Output = ()> + Send {
        if self.runs.load(Ordering::Relaxed) < usize::MAX {
            panic!("secret at once");
        }
        async {}
    }
    async fn panic_later(&self) {
        tokio::task::yield_now().await;
        panic!("secret later");
    }
    async fn fill(&self, bytes: usize) -> String {
        "x".repeat(bytes)
    }
    async fn wide(&self) -> i64 {
        i64::MAX
    }
    async fn never(&self) {
        struct OnDrop(Arc<AtomicUsize>);
        impl Drop for OnDrop {
            fn drop(&mut self) {
                self.0.fetch_add(1, Ordering::Relaxed);
            }
        }
        let _guard = OnDrop(Arc::clone(&self.dropped));
        std::future::pending::<()>().await;
    }
    async fn runs(&self) -> usize {
        self.runs.load(Ordering::Relaxed)
    }
}

pub fn dispatcher() -> Dispatcher {
    Dispatcher::new().service(WorkServer::new(Worker::default()))
}

pub async fn answer(dispatcher: &Dispatcher, document: impl Into<String>) -> String {
    let response = dispatcher.dispatch(Request::new("", document.into())).await;
    let body = response.unwrap().body;
    String::from_utf8(body.to_vec()).unwrap()
}

/// The fault in the response to a document.
pub async fn fault(dispatcher: &Dispatcher, document: impl Into<String>) -> Fault {
    let answer = answer(dispatcher, document).await;
    let read = message::read_response::<Value>(answer.clone().into(), None, &Limits::default());
    read.unwrap().expect_err(&answer)
}

pub fn call(method: &str, params: &str) -> String {
    format!("<methodCall><methodName>{method}</methodName><params>{params}</params></methodCall>")
}

pub fn ints(numbers: &[i64]) -> String {
    let param = |number| format!("<param><value><int>{number}</int></value></param>");
    numbers.iter().map(param).collect()
}
