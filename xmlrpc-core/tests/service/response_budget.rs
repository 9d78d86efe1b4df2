//! Responses ask a budget for their memory while they are made.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use serde::{Serialize, Serializer, ser::SerializeSeq};
use xmlrpc_core::{
    Base64, Dispatcher, Fault, Limits, Request, Response, ResponseBudget, Value, message,
};

use crate::common::work::{call, ints};

#[derive(Default)]
struct Counts {
    used: usize,
    peak: usize,
    asked: usize,
}

/// A budget of so many bytes.
struct Counting(usize, Mutex<Counts>);

impl Counting {
    fn new(bytes: usize) -> Arc<Self> {
        Arc::new(Self(bytes, Mutex::default()))
    }

    fn counts(&self) -> (usize, usize, usize) {
        let counts = self.1.lock().unwrap();
        (counts.used, counts.peak, counts.asked)
    }
}

impl ResponseBudget for Counting {
    fn resize(&self, from: usize, to: usize) -> bool {
        let mut counts = self.1.lock().unwrap();
        let then = counts.used - from + to;
        let fits = to <= from || then <= self.0;
        counts.asked += usize::from(to > from);
        if fits {
            counts.used = then;
            counts.peak = counts.peak.max(then);
        }
        fits
    }
}

/// An array that never ends, and ignores errors if it should.
struct Endless {
    ignores_errors: bool,
}

impl Serialize for Endless {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut array = serializer.serialize_seq(None)?;
        for _ in 0..10_000_000 {
            if let Err(error) = array.serialize_element("an element") {
                if self.ignores_errors {
                    break;
                }
                return Err(error);
            }
        }
        array.end()
    }
}

struct Panics;

impl Serialize for Panics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut array = serializer.serialize_seq(None)?;
        for _ in 0..10_000 {
            array.serialize_element("an element")?;
        }
        panic!("as asked");
    }
}

static RUNS: AtomicUsize = AtomicUsize::new(0);

fn dispatcher() -> Dispatcher {
    Dispatcher::new()
        .method("text", |length: usize| "x".repeat(length))
        .method("ampersands", |length: usize| "&".repeat(length))
        .method("bytes", |length: usize| Base64::from(vec![0; length]))
        .method("strings", |length: usize| vec!["12345678"; length])
        .method("later", |length: usize| async move {
            tokio::task::yield_now().await;
            RUNS.fetch_add(1, SeqCst);
            "x".repeat(length)
        })
        .method("endless", || Endless {
            ignores_errors: false,
        })
        .method("ignores", || Endless {
            ignores_errors: true,
        })
        .method("panics", || Panics)
}

async fn dispatch(dispatcher: &Dispatcher, document: &str, budget: &Arc<Counting>) -> Response {
    let request = Request::new("", document.to_owned()).with_response_budget(budget.clone());
    dispatcher.dispatch(request).await.unwrap()
}

async fn run(method: &str, length: i64, budget: &Arc<Counting>) -> Response {
    dispatch(&dispatcher(), &call(method, &ints(&[length])), budget).await
}

#[track_caller]
fn fault(response: &Response) -> Fault {
    message::read_response::<Value>(response.body.clone(), None, &Limits::RESPONSE)
        .unwrap()
        .unwrap_err()
}

#[track_caller]
fn assert_no_room(response: &Response) {
    let fault = fault(response);
    assert_eq!(fault.code(), Fault::OVERLOADED, "{fault}");
    assert_eq!(
        fault.message(),
        "the method ran, but too many large responses are being sent: ask for less at once, or later"
    );
}

#[tokio::test]
async fn small_responses_do_not_ask() {
    let budget = Counting::new(0);
    let overhead = run("text", 2_000, &budget).await.body.len() - 2_000;
    for (method, length) in [
        ("text", (64 << 10) - overhead as i64),
        ("strings", 1_500),
        ("bytes", 40_000),
    ] {
        let response = run(method, length, &budget).await;
        assert!(response.body.len() > 40_000, "{method}: {response:?}");
    }
    assert_eq!(budget.counts(), (0, 0, 0));
    assert_no_room(&run("text", 64 << 10, &budget).await);
}

#[tokio::test]
async fn a_response_gets_the_bytes_that_it_needs_or_a_fault() {
    for (method, length) in [
        ("text", 200_000),
        ("ampersands", 100_000),
        ("bytes", 300_000),
        ("strings", 10_000),
    ] {
        let budget = Counting::new(usize::MAX);
        let mut response = run(method, length, &budget).await;
        let size = response.body.len();
        assert!(size > 200_000, "{method}");
        let charge = response.take_charge().unwrap();
        assert!(charge.bytes() >= size, "{method}");
        let (used, peak, _) = budget.counts();
        assert_eq!(used, charge.bytes(), "{method}");
        assert!(peak < 3 * size, "{method}: {peak} for {size} bytes");
        drop(charge);
        assert_eq!(budget.counts().0, 0, "{method}");

        // All that it takes, and a byte less than the document.
        let exact = Counting::new(peak);
        assert_eq!(
            run(method, length, &exact).await.body.len(),
            size,
            "{method}"
        );
        assert_eq!(exact.counts().0, 0, "{method}: dropped with the response");
        let short = Counting::new(size - 1);
        assert_no_room(&run(method, length, &short).await);
        assert_eq!(short.counts().0, 0, "{method}");
        assert!(short.counts().1 < size, "{method}");
    }
}

#[tokio::test]
async fn a_text_is_refused_at_a_byte_too_much() {
    let budget = Counting::new(usize::MAX);
    run("text", 200_000, &budget).await;
    let (_, needed, _) = budget.counts();
    assert!(!is_fault(
        &run("text", 200_000, &Counting::new(needed)).await
    ));
    assert_no_room(&run("text", 200_000, &Counting::new(needed - 1)).await);
}

fn is_fault(response: &Response) -> bool {
    message::read_response::<Value>(response.body.clone(), None, &Limits::RESPONSE)
        .unwrap()
        .is_err()
}

#[tokio::test]
async fn results_that_never_end() {
    for method in ["endless", "ignores"] {
        let budget = Counting::new(1 << 20);
        let document = call(method, "");
        let response = dispatch(&dispatcher(), &document, &budget).await;
        assert_no_room(&response);
        assert!(budget.counts().1 > 500_000, "{method}");

        // The maximum comes first.
        let limited = dispatcher().max_response_bytes(500_000);
        let response = dispatch(&limited, &document, &budget).await;
        assert_eq!(fault(&response).code(), Fault::INTERNAL_ERROR, "{method}");
        assert_eq!(budget.counts().0, 0, "{method}");
    }
}

#[tokio::test]
async fn a_panic_gives_the_bytes_back() {
    let budget = Counting::new(usize::MAX);
    let response = dispatch(&dispatcher(), &call("panics", ""), &budget).await;
    assert_eq!(fault(&response).code(), Fault::INTERNAL_ERROR);
    assert!(budget.counts().1 > 0);
    assert_eq!(budget.counts().0, 0);
    // The next document of this thread has its own bound.
    assert!(run("text", 1_000_000, &budget).await.body.len() > 1_000_000);
}

#[tokio::test]
async fn a_clone_has_no_charge() {
    let budget = Counting::new(usize::MAX);
    let response = run("text", 100_000, &budget).await;
    assert!(response.clone().take_charge().is_none());
    assert!(budget.counts().0 >= 100_000);
    drop(response);
    assert_eq!(budget.counts().0, 0);
}

fn multicall(method: &str, length: usize, entries: usize) -> String {
    let entry = format!(
        "<value><struct><member><name>methodName</name><value>{method}</value></member>\
         <member><name>params</name><value><array><data><value><int>{length}</int></value>\
         </data></array></value></member></struct></value>"
    );
    let entries = entry.repeat(entries);
    let array = format!("<param><value><array><data>{entries}</data></array></value></param>");
    call("system.multicall", &array)
}

/// How many entries have a result, and the faults of the others.
fn results(response: &Response) -> (usize, Vec<Fault>) {
    let read = message::MulticallResponse::read(response.body.clone(), None, &Limits::RESPONSE);
    let read = read.unwrap().unwrap();
    let entries = (0..read.len()).map(|index| read.entry::<String>(index).unwrap());
    let (results, faults): (Vec<_>, Vec<_>) = entries.partition(Result::is_ok);
    let faults = faults.into_iter().filter_map(Result::err).collect();
    (results.len(), faults)
}

#[tokio::test]
async fn a_partial_response_to_a_multicall_is_charged() {
    let budget = Counting::new(usize::MAX);
    let document = multicall("text", 50_000, 20);
    let response = dispatch(&dispatcher(), &document, &budget).await;
    assert_eq!(results(&response), (20, vec![]));
    let (used, peak, asked) = budget.counts();
    assert!(used >= response.body.len());
    assert!(asked < 15, "{asked}");
    drop(response);

    // With what it needs, and without.
    let enough = Counting::new(peak);
    let response = dispatch(&dispatcher(), &document, &enough).await;
    assert_eq!(results(&response), (20, vec![]));
    drop(response);
    assert_eq!(enough.counts().0, 0);

    let short = Counting::new(600_000);
    let response = dispatch(&dispatcher(), &document, &short).await;
    let (ran, faults) = results(&response);
    assert!((8..12).contains(&ran), "{ran}");
    assert_eq!(faults.len(), 20 - ran);
    assert!(faults.iter().all(|fault| fault.code() == Fault::OVERLOADED));
    assert_eq!(
        faults[0].message(),
        "the method ran, but too many large responses are being sent: ask for less at once, or later"
    );
    assert_eq!(
        faults[1].message(),
        "this call did not run, because too many large responses are being sent: ask for less at \
         once, or later"
    );
    // There was room for the faults as well.
    assert!(short.counts().1 <= 600_000);
    assert!(short.counts().0 >= response.body.len());
    drop(response);
    assert_eq!(short.counts().0, 0);
}

#[tokio::test]
async fn entries_without_room_do_not_run() {
    for concurrency in [1, 3] {
        RUNS.store(0, SeqCst);
        let dispatcher = dispatcher().multicall_concurrency(concurrency);
        // The second entry needs more than there is when it is encoded.
        let budget = Counting::new(250_000);
        let document = multicall("later", 150_000, 100);
        let response = dispatch(&dispatcher, &document, &budget).await;
        let (ran, faults) = results(&response);
        assert!(ran <= 1, "{ran}");
        assert_eq!(faults.len(), 100 - ran);
        assert!(faults.iter().all(|fault| fault.code() == Fault::OVERLOADED));
        let runs = RUNS.load(SeqCst);
        assert!(runs <= 2 * concurrency, "{runs}");
        assert!(budget.counts().1 <= 250_000);
        drop(response);
        assert_eq!(budget.counts().0, 0);
    }
}

#[tokio::test]
async fn the_first_bytes_of_a_multicall_do_not_ask() {
    let budget = Counting::new(0);
    let response = dispatch(&dispatcher(), &multicall("text", 100, 10), &budget).await;
    assert_eq!(results(&response), (10, vec![]));
    assert_eq!(budget.counts(), (0, 0, 0));
    let response = dispatch(&dispatcher(), &multicall("text", 100, 30), &budget).await;
    let (ran, faults) = results(&response);
    assert!((15..25).contains(&ran), "{ran}");
    assert_eq!(faults.len(), 30 - ran);
}
