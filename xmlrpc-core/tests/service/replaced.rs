//! A dispatcher that is replaced while it serves.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicI64, Ordering},
};

use tokio::sync::{Barrier, Notify};
use xmlrpc_core::{
    Client, Dispatcher, Fault, Request,
    service::{DuplicateMethod, ReplaceableDispatcher},
};

use crate::common::work::{call, ints};

/// Each version has a method that returns its number, and one whose name has it.
fn version(number: i64) -> Dispatcher {
    Dispatcher::new()
        .method("version", move || number)
        .raw_method(&format!("only_{number}"), move |_, _| number)
}

#[tokio::test]
async fn new_calls_use_the_new_methods() {
    let dispatcher = ReplaceableDispatcher::new(version(1));
    let client = Client::new(dispatcher.clone());
    assert_eq!(client.call::<i64>("version", ()).await.unwrap(), 1);

    let clone = dispatcher.clone();
    let before = clone.replace(version(2));
    assert!(before.method_names().any(|name| name == "only_1"));
    assert_eq!(client.call::<i64>("version", ()).await.unwrap(), 2);
    assert_eq!(client.call::<i64>("only_2", ()).await.unwrap(), 2);
    let error = client.call::<i64>("only_1", ()).await.unwrap_err();
    assert_eq!(
        error.fault().map(Fault::code),
        Some(Fault::METHOD_NOT_FOUND)
    );

    let names = client.call::<Vec<String>>("system.listMethods", ());
    assert_eq!(
        names.await.unwrap()[..2],
        ["only_2", "system.getCapabilities"]
    );
    let exists = |name| client.call::<bool>("system.methodExist", (name,));
    assert!(!exists("only_1").await.unwrap());
    assert!(exists("only_2").await.unwrap());
    assert!(
        dispatcher
            .current()
            .method_names()
            .eq(clone.current().method_names())
    );
}

#[tokio::test]
async fn calls_that_run_finish_with_the_old_methods() {
    let go = Arc::new(Notify::new());
    let waits = Arc::clone(&go);
    let old = version(1).method("wait", move || {
        let go = Arc::clone(&waits);
        async move {
            go.notified().await;
            1
        }
    });
    let dispatcher = ReplaceableDispatcher::new(old);
    let client = Client::new(dispatcher.clone());
    // The second entry is started after the methods have been replaced.
    let multicall = client.multicall((
        client.call::<i64>("wait", ()),
        client.call::<i64>("version", ()),
        client.call::<Vec<String>>("system.listMethods", ()),
    ));
    let multicall = tokio::spawn(async move { multicall.await });
    let single = tokio::spawn(client.call::<i64>("wait", ()).into_future());
    tokio::task::yield_now().await;
    drop(dispatcher.replace(version(2)));
    assert_eq!(client.call::<i64>("version", ()).await.unwrap(), 2);
    go.notify_one();
    go.notify_one();
    tokio::task::yield_now().await;
    go.notify_one();
    assert_eq!(single.await.unwrap().unwrap(), 1);
    let (waited, version, names) = multicall.await.unwrap().unwrap();
    assert_eq!((waited.unwrap(), version.unwrap()), (1, 1));
    assert!(names.unwrap().contains(&"only_1".to_owned()));
}

/// The method begins to run while the dispatcher starts the call.
#[tokio::test]
async fn a_method_can_replace_its_own_dispatcher() {
    let dispatcher = ReplaceableDispatcher::new(Dispatcher::new());
    let itself = dispatcher.clone();
    dispatcher.replace(Dispatcher::new().method("reload", move || {
        itself.replace(version(2));
        "done"
    }));
    let client = Client::new(dispatcher);
    assert_eq!(client.call::<String>("reload", ()).await.unwrap(), "done");
    assert_eq!(client.call::<i64>("version", ()).await.unwrap(), 2);
}

#[test]
fn an_invalid_configuration_changes_nothing() {
    fn load(names: &[&str]) -> Result<Dispatcher, DuplicateMethod> {
        let empty = Ok(Dispatcher::new());
        let mut names = names.iter();
        names.try_fold(empty?, |dispatcher, name| {
            dispatcher.try_raw_method(name, |_, _| 1)
        })
    }
    let dispatcher = ReplaceableDispatcher::from(load(&["a", "b"]).unwrap());
    let error = load(&["a", "a"]).map(|next| dispatcher.replace(next));
    assert!(error.is_err());
    assert!(format!("{dispatcher:?}").contains("\"b\""));
}

/// Many tasks call without a pause while the methods are replaced. No call fails, no multicall mixes two
/// versions, and no task sees an older version after a newer one.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn under_load() {
    const VERSIONS: i64 = 500;
    const CALLERS: usize = 8;
    let dispatcher = ReplaceableDispatcher::new(version(0));
    let replaced = Arc::new(AtomicI64::new(0));
    let is_over = Arc::new(AtomicBool::new(false));
    let begin = Arc::new(Barrier::new(CALLERS + 1));
    let callers: Vec<_> = (0..CALLERS)
        .map(|caller| {
            let client = Client::new(dispatcher.clone());
            let (begin, is_over) = (Arc::clone(&begin), Arc::clone(&is_over));
            let replaced = Arc::clone(&replaced);
            tokio::spawn(async move {
                begin.wait().await;
                let mut last = 0;
                loop {
                    let was_over = is_over.load(Ordering::SeqCst);
                    let least = replaced.load(Ordering::SeqCst).max(last);
                    last = if caller % 2 == 0 {
                        client.call::<i64>("version", ()).await.unwrap()
                    } else {
                        let entries = (0..5).map(|_| client.call::<i64>("version", ()));
                        let answers = client.multicall_iter(entries).await.unwrap();
                        let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
                        assert!(answers.iter().all(|it| *it == answers[0]), "{answers:?}");
                        answers[0]
                    };
                    assert!(last >= least, "{last} after {least}");
                    if was_over {
                        return last;
                    }
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    begin.wait().await;
    for number in 1..=VERSIONS {
        dispatcher.replace(version(number));
        replaced.store(number, Ordering::SeqCst);
        tokio::task::yield_now().await;
    }
    is_over.store(true, Ordering::SeqCst);
    for caller in callers {
        assert_eq!(caller.await.unwrap(), VERSIONS);
    }
}

/// Such a call is read on another thread.
#[tokio::test]
async fn a_large_call_runs_with_one_dispatcher() {
    let sum = |params: xmlrpc_core::message::Params, _| params.len();
    let dispatcher = ReplaceableDispatcher::new(Dispatcher::new().raw_method("count", sum));
    let large = call("count", &ints(&vec![1; 10_000]));
    let running = dispatcher.dispatch(Request::new("", large));
    dispatcher.replace(Dispatcher::new());
    let body = running.await.unwrap().body;
    assert!(String::from_utf8_lossy(&body).contains("<int>10000</int>"));
}
