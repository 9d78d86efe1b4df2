//! Methods that run to completion, and methods that block.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use tokio::sync::Notify;
use xmlrpc_core::{Client, Context, Dispatcher, Fault, xmlrpc_service};

#[xmlrpc_service]
trait Jobs {
    async fn within(&self) -> i64;
    #[xmlrpc(run_to_completion)]
    async fn to_its_end(&self, text: &str) -> Result<String, Fault>;
    #[xmlrpc(run_to_completion)]
    async fn to_a_panic(&self);
    #[xmlrpc(blocking)]
    fn blocks(&self, text: &str, #[xmlrpc(context)] cx: &Context) -> String;
    #[xmlrpc(blocking)]
    fn blocks_and_fails(&self) -> Result<i64, Fault>;
    #[xmlrpc(blocking)]
    fn blocks_and_panics(&self);
    fn is_quick(&self) -> bool;
}

#[derive(Clone, Default)]
struct Work {
    started: Arc<Notify>,
    go_on: Arc<Notify>,
    ended: Arc<AtomicUsize>,
    is_open: Arc<AtomicBool>,
}

impl Work {
    async fn wait(&self) {
        self.started.notify_one();
        self.go_on.notified().await;
        self.ended.fetch_add(1, SeqCst);
    }
}

impl Jobs for Work {
    async fn within(&self) -> i64 {
        self.wait().await;
        1
    }

    async fn to_its_end(&self, text: &str) -> Result<String, Fault> {
        self.wait().await;
        match text {
            "" => Err(Fault::new(1, "nothing")),
            text => Ok(text.to_owned()),
        }
    }

    async fn to_a_panic(&self) {
        panic!("as requested")
    }

    fn blocks(&self, text: &str, cx: &Context) -> String {
        // Blocks until another method of the same service has run on the runtime's only thread.
        while !self.is_open.load(SeqCst) {
            thread::sleep(Duration::from_millis(1));
        }
        let has_header = cx.headers().contains_key("x-test");
        format!("{text} {has_header}")
    }

    fn blocks_and_fails(&self) -> Result<i64, Fault> {
        Err(Fault::new(2, "no"))
    }

    fn blocks_and_panics(&self) {
        panic!("as requested")
    }

    fn is_quick(&self) -> bool {
        self.is_open.store(true, SeqCst);
        true
    }
}

fn jobs() -> (Work, JobsClient<Dispatcher>) {
    let work = Work::default();
    let dispatcher = Dispatcher::new().service(JobsServer::new(work.clone()));
    (work, JobsClient::new(Client::new(dispatcher)))
}

fn code<T: std::fmt::Debug>(result: Result<T, xmlrpc_core::ClientError>) -> Option<i32> {
    result.unwrap_err().fault().map(Fault::code)
}

/// Starts a call, waits until its method has started, and drops the call.
async fn abandon(work: &Work, call: impl Future<Output: Send> + Send + 'static) {
    let call = tokio::spawn(call);
    work.started.notified().await;
    call.abort();
    assert!(call.await.is_err_and(|error| error.is_cancelled()));
}

#[tokio::test]
async fn a_method_ends_with_its_call_unless_it_runs_to_completion() {
    let (work, jobs) = jobs();
    abandon(&work, jobs.within().into_future()).await;
    abandon(&work, jobs.to_its_end("x").into_future()).await;
    work.go_on.notify_waiters();
    while work.ended.load(SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(work.ended.load(SeqCst), 1);
    assert_eq!(
        Arc::strong_count(&work.ended),
        2,
        "nothing is left of either call"
    );
}

#[tokio::test]
async fn methods_that_run_to_completion_respond_as_usual() {
    let (work, jobs) = jobs();
    for (text, expected) in [("x", Ok("x".to_owned())), ("", Err(Some(1)))] {
        work.go_on.notify_one();
        let result = jobs.to_its_end(text).await;
        assert_eq!(
            result.map_err(|error| error.fault().map(Fault::code)),
            expected
        );
    }
    assert_eq!(code(jobs.to_a_panic().await), Some(Fault::INTERNAL_ERROR));
}

#[tokio::test]
async fn a_blocking_method_does_not_stop_others() {
    let (_, jobs) = jobs();
    let blocked = tokio::spawn(jobs.blocks("x").header("x-test", "1").into_future());
    tokio::task::yield_now().await;
    assert!(jobs.is_quick().await.unwrap());
    assert_eq!(blocked.await.unwrap().unwrap(), "x true");
    assert_eq!(code(jobs.blocks_and_fails().await), Some(2));
    assert_eq!(
        code(jobs.blocks_and_panics().await),
        Some(Fault::INTERNAL_ERROR)
    );
    // In a multicall too, one after the other.
    let entries = jobs.client().multicall((jobs.blocks("a"), jobs.is_quick()));
    assert_eq!(entries.await.unwrap().0.unwrap(), "a false");
}

/// A dispatcher does no I/O and needs no runtime; nor do these methods.
#[test]
fn without_a_runtime_they_run_where_they_are() {
    let (work, jobs) = jobs();
    work.go_on.notify_one();
    work.is_open.store(true, SeqCst);
    let result = futures_util::FutureExt::now_or_never(jobs.to_its_end("x").into_future());
    assert_eq!(result.expect("it never waits").unwrap(), "x");
    let result = futures_util::FutureExt::now_or_never(jobs.blocks("x").into_future());
    assert_eq!(result.expect("it never waits").unwrap(), "x false");
}
