//! How a multicall shares the time with other tasks, and when its time is over.

use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    task::{Context, Poll, Waker},
    thread,
    time::Duration,
};

use tokio::time::{Instant, sleep};
use tower::timeout::TimeoutLayer;
use xmlrpc_core::{Client, Dispatcher, Fault, Value};

fn compute(milliseconds: u64) {
    thread::sleep(Duration::from_millis(milliseconds));
}

/// Methods that compute, wait, or never end.
fn dispatcher() -> Dispatcher {
    Dispatcher::new()
        .method("compute", |milliseconds: u64| compute(milliseconds))
        .method("compute_often", |times: u64| async move {
            for _ in 0..times {
                compute(2);
                tokio::task::yield_now().await;
            }
        })
        .method("wait", |seconds: u64| sleep(Duration::from_secs(seconds)))
        .method("forever", std::future::pending::<()>)
        .method("three", || 3)
}

type Entries<'a> = &'a [(&'a str, u64)];

/// The code and the text of each entry's fault, or `None`.
async fn faults(dispatcher: Dispatcher, entries: Entries<'_>) -> Vec<Option<Fault>> {
    let client = Client::new(dispatcher);
    let calls = entries.iter().map(|(method, param)| match *method {
        "forever" | "three" => client.call::<Value>(method, ()),
        method => client.call(method, (*param,)),
    });
    let results = client.multicall(calls.collect::<Vec<_>>()).await.unwrap();
    let faults = results.into_iter().map(|result| {
        let error = result.err()?;
        Some(error.fault().expect("a fault").clone())
    });
    faults.collect()
}

/// How often another task ran on the same thread while a multicall ran.
async fn turns_of_others(dispatcher: Dispatcher, entries: Entries<'_>) -> usize {
    let turns = Arc::new(AtomicUsize::new(0));
    let others = tokio::spawn({
        let turns = Arc::clone(&turns);
        async move {
            loop {
                tokio::task::yield_now().await;
                turns.fetch_add(1, SeqCst);
            }
        }
    });
    tokio::task::yield_now().await;
    let before = turns.load(SeqCst);
    let faults = faults(dispatcher, entries).await;
    assert_eq!(faults, vec![None; entries.len()]);
    others.abort();
    turns.load(SeqCst) - before
}

#[tokio::test]
async fn entries_that_compute_let_other_tasks_run_between_them() {
    for concurrency in [1, 4, 50] {
        let dispatcher = dispatcher().multicall_concurrency(concurrency);
        let turns = turns_of_others(dispatcher, &[("compute", 3); 30]).await;
        assert!(turns >= 29, "{turns} turns with {concurrency} at once");
    }
}

#[tokio::test]
async fn entries_that_continue_to_compute_let_other_tasks_run() {
    let dispatcher = dispatcher().multicall_concurrency(10);
    let turns = turns_of_others(dispatcher, &[("compute_often", 3); 10]).await;
    assert!(turns >= 25, "{turns} turns");
}

#[test]
fn outside_of_a_runtime_a_multicall_does_not_yield() {
    let client = Client::new(dispatcher());
    let calls: Vec<_> = (0..5)
        .map(|_| client.call::<Value>("compute", (3,)))
        .collect();
    let multicall = pin!(client.multicall(calls).into_future());
    let Poll::Ready(results) = multicall.poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("the multicall waits");
    };
    assert!(results.unwrap().iter().all(Result::is_ok));
}

#[test]
fn a_runtime_without_a_timer_runs_entries_that_wait() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let faults = runtime.block_on(faults(dispatcher(), &[("compute_often", 2), ("three", 0)]));
    assert_eq!(faults, [None, None]);
}

const SECONDS: fn(u64) -> Duration = Duration::from_secs;

/// Whether each entry has a result (`.`), was cancelled (`c`), or was not started (`n`).
async fn outcome(dispatcher: Dispatcher, entries: Entries<'_>) -> String {
    let faults = faults(dispatcher, entries).await;
    let letters = faults.iter().map(|fault| match fault {
        None => '.',
        Some(fault) => {
            assert_eq!(fault.code(), Fault::TIMED_OUT);
            match fault.message() {
                "the multicall took longer than 3s before this call ended" => 'c',
                "the multicall took longer than 3s before this call started: send fewer calls at once" => 'n',
                "the call took too long" => 'l',
                other => panic!("{other}"),
            }
        }
    });
    letters.collect()
}

#[tokio::test(start_paused = true)]
async fn the_whole_multicall_has_a_time_out() {
    let wait = ("wait", 1);
    let forever = ("forever", 0);
    let three = ("three", 0);
    let table: [(Entries<'_>, usize, &str); 7] = [
        // What ends in time, and the entry after it.
        (&[wait, wait, wait], 1, "..."),
        (&[wait, wait, wait, wait], 1, "...n"),
        (&[three, forever, three], 1, ".cn"),
        // Entries that ended before one that did not.
        (&[forever, three, wait], 3, "c.."),
        (&[forever, forever, three], 2, "ccn"),
        (&[wait; 9], 3, "........."),
        (&[wait; 10], 3, ".........n"),
    ];
    for (entries, concurrency, expected) in table {
        let dispatcher = dispatcher()
            .multicall_timeout(SECONDS(3))
            .multicall_concurrency(concurrency);
        let started = Instant::now();
        assert_eq!(outcome(dispatcher, entries).await, expected);
        assert!(started.elapsed() < SECONDS(4));
    }
}

#[tokio::test(start_paused = true)]
async fn a_time_out_of_each_entry_does_not_extend_that_of_the_multicall() {
    // The paused clock would go on while another thread decodes the document.
    let dispatcher = dispatcher()
        .offload_above(usize::MAX)
        .multicall_timeout(SECONDS(3))
        .layer(TimeoutLayer::new(SECONDS(2)));
    let started = Instant::now();
    assert_eq!(outcome(dispatcher, &[("forever", 0); 1_000]).await, {
        format!("lc{}", "n".repeat(998))
    });
    assert!(started.elapsed() < SECONDS(4));
}

#[tokio::test]
async fn entries_that_compute_are_bounded_as_well() {
    let dispatcher = dispatcher().multicall_timeout(Duration::from_millis(100));
    let faults = faults(dispatcher, &[("compute", 5); 100]).await;
    assert!(faults[0].is_none());
    let started = faults.iter().filter(|fault| fault.is_none()).count();
    assert!(started <= 20, "{started} entries started");
}

#[tokio::test(start_paused = true)]
async fn the_time_out_is_a_minute_and_can_be_removed() {
    let minute = [("wait", 60), ("three", 0)];
    let [first, second] = &faults(dispatcher(), &minute).await[..] else {
        panic!()
    };
    assert_eq!(*first, None);
    assert_eq!(second.as_ref().map(Fault::code), Some(Fault::TIMED_OUT));
    let none = dispatcher().multicall_timeout(Duration::MAX);
    assert_eq!(
        faults(none, &[("wait", 1_000_000), ("three", 0)]).await,
        [None, None]
    );
}
