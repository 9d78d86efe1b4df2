//! How many blocking methods run, and how many wait.

use std::{
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use tokio::task::JoinHandle;
use xmlrpc_core::{Client, ClientError, Dispatcher, Fault, xmlrpc_service};

#[xmlrpc_service]
trait Files {
    #[xmlrpc(blocking)]
    fn read(&self) -> usize;
    #[xmlrpc(blocking)]
    fn panics(&self);
}

/// A disk that answers when the test opens it.
#[derive(Clone, Default)]
struct Disk {
    is_open: Arc<(Mutex<bool>, Condvar)>,
    now: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    started: Arc<AtomicUsize>,
}

impl Disk {
    fn set_open(&self, open: bool) {
        *self.is_open.0.lock().unwrap() = open;
        self.is_open.1.notify_all();
    }

    async fn until_started(&self, calls: usize) {
        while self.started.load(SeqCst) < calls {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

impl Files for Disk {
    fn read(&self) -> usize {
        self.most
            .fetch_max(self.now.fetch_add(1, SeqCst) + 1, SeqCst);
        let started = self.started.fetch_add(1, SeqCst) + 1;
        let mut is_open = self.is_open.0.lock().unwrap();
        while !*is_open {
            is_open = self.is_open.1.wait(is_open).unwrap();
        }
        self.now.fetch_sub(1, SeqCst);
        started
    }

    fn panics(&self) {
        panic!("as requested")
    }
}

fn serve(disk: &Disk) -> Dispatcher {
    Dispatcher::new().service(FilesServer::new(disk.clone()))
}

type Running = JoinHandle<Result<usize, ClientError>>;

/// Starts calls in this order.
async fn start(dispatcher: &Dispatcher, calls: usize) -> Vec<Running> {
    let files = FilesClient::new(Client::new(dispatcher.clone()));
    let mut running = Vec::new();
    for _ in 0..calls {
        running.push(tokio::spawn(files.read().into_future()));
        tokio::task::yield_now().await;
    }
    running
}

async fn end(running: Vec<Running>) -> Vec<Result<usize, i32>> {
    let mut results = Vec::new();
    for call in running {
        let result = call.await.unwrap();
        results.push(result.map_err(|error| error.fault().unwrap().code()));
    }
    results
}

/// Waits until all other tasks of this thread wait.
async fn settle() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn so_many_calls_run_and_wait_and_no_more() {
    for (running, waiting) in [(1, 0), (1, 1), (2, 3), (5, 20)] {
        let disk = Disk::default();
        let dispatcher = serve(&disk)
            .max_blocking_calls(running)
            .max_waiting_calls(waiting);
        let accepted = start(&dispatcher, running + waiting).await;
        disk.until_started(running).await;
        // One more than the bound.
        let refused = end(start(&dispatcher, 1).await).await;
        assert_eq!(refused, [Err(Fault::OVERLOADED)]);
        assert_eq!(disk.started.load(SeqCst), running);
        disk.set_open(true);
        let mut results = end(accepted).await;
        results.sort_unstable();
        let all: Vec<_> = (1..=running + waiting).map(Ok).collect();
        assert_eq!(results, all);
        assert!(disk.most.load(SeqCst) <= running);
        // There is room again.
        assert!(
            end(start(&dispatcher, running).await)
                .await
                .iter()
                .all(Result::is_ok)
        );
    }
}

#[tokio::test]
async fn a_waiting_call_whose_client_has_left_does_not_run() {
    let disk = Disk::default();
    let dispatcher = serve(&disk).max_blocking_calls(1).max_waiting_calls(100);
    let first = start(&dispatcher, 1).await;
    disk.until_started(1).await;
    let leaving = start(&dispatcher, 100).await;
    for call in &leaving {
        call.abort();
    }
    settle().await;
    // Their places are free.
    let staying = start(&dispatcher, 100).await;
    disk.set_open(true);
    assert_eq!(end(first).await, [Ok(1)]);
    assert_eq!(end(staying).await, (2..=101).map(Ok).collect::<Vec<_>>());
    settle().await;
    assert_eq!(disk.started.load(SeqCst), 101);
}

/// Other work can occupy all threads of tokio for blocking work.
#[test]
fn a_call_that_waits_for_a_thread_does_not_run_either() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(1)
        .build()
        .unwrap();
    runtime.block_on(async {
        let disk = Disk::default();
        let dispatcher = serve(&disk);
        let first = start(&dispatcher, 1).await;
        disk.until_started(1).await;
        let leaving = start(&dispatcher, 10).await;
        settle().await;
        for call in &leaving {
            call.abort();
        }
        settle().await;
        let last = start(&dispatcher, 1).await;
        disk.set_open(true);
        assert_eq!(end(first).await, [Ok(1)]);
        assert_eq!(end(last).await, [Ok(2)]);
    });
}

/// A method that has started keeps its place until it ends, also without its client.
#[tokio::test]
async fn a_method_that_has_started_keeps_its_place() {
    let disk = Disk::default();
    let dispatcher = serve(&disk).max_blocking_calls(2).max_waiting_calls(0);
    let leaving = start(&dispatcher, 2).await;
    disk.until_started(2).await;
    for call in leaving {
        call.abort();
        assert!(call.await.is_err());
    }
    assert_eq!(
        end(start(&dispatcher, 1).await).await,
        [Err(Fault::OVERLOADED)]
    );
    disk.set_open(true);
    while disk.now.load(SeqCst) > 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    // The place is free a moment after the method has ended.
    while end(start(&dispatcher, 1).await).await[0].is_err() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn a_panic_gives_its_place_back() {
    let disk = Disk::default();
    let dispatcher = serve(&disk).max_blocking_calls(1).max_waiting_calls(0);
    let files = FilesClient::new(Client::new(dispatcher));
    for _ in 0..3 {
        loop {
            let error = files.panics().await.unwrap_err();
            match error.fault().unwrap().code() {
                Fault::INTERNAL_ERROR => break,
                Fault::OVERLOADED => tokio::time::sleep(Duration::from_millis(1)).await,
                other => panic!("{other}"),
            }
        }
    }
}

#[tokio::test]
async fn nested_dispatchers_and_clones_share_the_bound() {
    let disk = Disk::default();
    let nested = serve(&disk).max_blocking_calls(100);
    let outer = serve(&disk)
        .max_blocking_calls(1)
        .max_waiting_calls(0)
        .nest("nested", nested);
    let first = start(&outer.clone(), 1).await;
    disk.until_started(1).await;
    let client = Client::new(outer);
    for method in ["read", "nested.read"] {
        let error = client.call::<usize>(method, ()).await.unwrap_err();
        let fault = error.fault().unwrap();
        assert_eq!(fault.code(), Fault::OVERLOADED);
        assert_eq!(fault.message(), "too many calls at once: try again later");
    }
    disk.set_open(true);
    assert_eq!(end(first).await, [Ok(1)]);
}

#[test]
#[should_panic(expected = "`max_blocking_calls` must be at least 1")]
fn no_blocking_calls_at_all_panics() {
    let _ = Dispatcher::new().max_blocking_calls(0);
}
