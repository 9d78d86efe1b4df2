//! The dispatcher's responses to `system.multicall`.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use xmlrpc_core::{Dialect, Dispatcher, Fault, Limits, Value, message};

use crate::common::work::{answer, call, dispatcher, fault};

fn entry(method: &str, params: &[i64]) -> String {
    let values = params
        .iter()
        .map(|number| format!("<value><int>{number}</int></value>"));
    format!(
        "<value><struct><member><name>methodName</name><value>{method}</value></member>\
         <member><name>params</name><value><array><data>{}</data></array></value></member>\
         </struct></value>",
        values.collect::<String>()
    )
}

fn multicall(entries: &[String]) -> String {
    let entries = entries.concat();
    let array = format!("<param><value><array><data>{entries}</data></array></value></param>");
    call("system.multicall", &array)
}

/// The entries of the response to a multicall: a value, or a fault's code.
async fn entries(dispatcher: &Dispatcher, entries: &[String]) -> Vec<Result<Value, i32>> {
    let body = answer(dispatcher, multicall(entries)).await;
    let answer = message::MulticallResponse::read(body.into(), None, &Limits::default());
    let answer = answer.unwrap().unwrap();
    let entry = |index| {
        answer
            .entry::<Value>(index)
            .unwrap()
            .map_err(|fault| fault.code())
    };
    (0..answer.len()).map(entry).collect()
}

#[tokio::test]
async fn each_entry_of_a_multicall_has_its_own_response() {
    let malformed = "<value><struct><member><name>params</name><value/></member></struct></value>";
    let no_params = "<value><struct><member><name>methodName</name><value>runs</value></member></struct></value>";
    let table = [
        (entry("add", &[1, 2]), Ok(Value::from(3))),
        (entry("fail", &[17]), Err(17)),
        (entry("sub", &[1]), Err(Fault::METHOD_NOT_FOUND)),
        (entry("add", &[1]), Err(Fault::INVALID_PARAMS)),
        (malformed.to_owned(), Err(Fault::INVALID_REQUEST)),
        (
            "<value><int>1</int></value>".to_owned(),
            Err(Fault::INVALID_REQUEST),
        ),
        (entry("system.multicall", &[]), Err(Fault::INVALID_REQUEST)),
        (entry("panic_later", &[]), Err(Fault::INTERNAL_ERROR)),
        (entry("add", &[3, 4]), Ok(Value::from(7))),
        (no_params.to_owned(), Ok(Value::from(2))),
    ];
    let (sent, expected): (Vec<_>, Vec<_>) = table.into_iter().unzip();
    assert_eq!(entries(&dispatcher(), &sent).await, expected);
    assert_eq!(entries(&dispatcher(), &[]).await, []);
}

#[tokio::test]
async fn entries_of_a_multicall_are_bounded() {
    let dispatcher = dispatcher().max_multicall_entries(3);
    let add = entry("add", &[1, 2]);
    assert_eq!(
        entries(&dispatcher, &vec![add.clone(); 3]).await,
        vec![Ok(Value::from(3)); 3]
    );
    let fault = fault(&dispatcher, multicall(&vec![add; 4])).await;
    assert!(fault.message().contains('3'), "{fault}");
    // None of the four calls has run.
    assert!(
        answer(&dispatcher, call("runs", ""))
            .await
            .contains("<int>3</int>")
    );
}

#[tokio::test]
async fn the_response_to_a_multicall_is_bounded() {
    let dispatcher = dispatcher().max_multicall_bytes(2_000);
    let sent = [
        entry("add", &[1, 2]),
        entry("fill", &[1_000]),
        entry("fill", &[1_000]),
        entry("add", &[1, 2]),
    ];
    let answers = entries(&dispatcher, &sent).await;
    assert_eq!(answers[0], Ok(Value::from(3)));
    assert_eq!(answers[1], Ok(Value::from("x".repeat(1_000))));
    assert_eq!(
        answers[2..],
        [Err(Fault::INTERNAL_ERROR), Err(Fault::INTERNAL_ERROR)]
    );
    // The entries that no longer fit were not run.
    assert!(
        answer(&dispatcher, call("runs", ""))
            .await
            .contains("<int>1</int>")
    );
}

#[tokio::test]
async fn the_apache_dialect_declares_its_namespace() {
    let apache = dispatcher().dialect(Dialect::APACHE);
    let single = answer(&apache, call("wide", "")).await;
    let many = answer(&apache, multicall(&[entry("wide", &[])])).await;
    for document in [single, many] {
        assert!(
            document.contains("<ex:i8>9223372036854775807</ex:i8>"),
            "{document}"
        );
        assert!(
            document.contains(
                "<methodResponse xmlns:ex=\"http://ws.apache.org/xmlrpc/namespaces/extensions\">"
            ),
            "{document}"
        );
    }
}

/// A method that counts how many of its calls run at once. Calls with smaller numbers end later.
fn crowded(most: &Arc<AtomicUsize>) -> Dispatcher {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::clone(most));
    dispatcher().method("wait", move |number: u32| {
        let (now, most) = (Arc::clone(&now), Arc::clone(&most));
        async move {
            most.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
            for _ in 0..100 - number {
                tokio::task::yield_now().await;
            }
            now.fetch_sub(1, SeqCst);
            number
        }
    })
}

#[tokio::test]
async fn entries_run_concurrently_up_to_the_bound() {
    for (allowed, expected) in [(1, 1), (2, 2), (3, 3), (50, 20)] {
        let most = Arc::default();
        let dispatcher = crowded(&most).multicall_concurrency(allowed);
        let mut sent: Vec<_> = (0..20).map(|number| entry("wait", &[number])).collect();
        sent.push(entry("panic_later", &[]));
        let mut answers = entries(&dispatcher, &sent).await;
        assert_eq!(answers.pop(), Some(Err(Fault::INTERNAL_ERROR)));
        // In the order of the calls, whichever ended first.
        assert_eq!(
            answers,
            (0..20)
                .map(|number| Ok(Value::from(number)))
                .collect::<Vec<_>>()
        );
        assert_eq!(most.load(SeqCst), expected, "of {allowed}");
    }
}

#[tokio::test]
async fn entries_beyond_the_bound_in_bytes_are_not_run_concurrently_either() {
    let dispatcher = dispatcher()
        .max_multicall_bytes(2_000)
        .multicall_concurrency(2);
    let mut sent = vec![entry("fill", &[1_500]), entry("fill", &[1_500])];
    sent.extend(vec![entry("add", &[1, 2]); 20]);
    let answers = entries(&dispatcher, &sent).await;
    assert_eq!(answers[0], Ok(Value::from("x".repeat(1_500))));
    assert_eq!(answers[1..], vec![Err(Fault::INTERNAL_ERROR); 21]);
    // At most two have run: one beside the second entry, and one that took its place.
    let runs = answer(&dispatcher, call("runs", "")).await;
    assert!(
        ["<int>0<", "<int>1<", "<int>2<"]
            .iter()
            .any(|few| runs.contains(few)),
        "{runs}"
    );
}

#[test]
#[should_panic(expected = "`multicall_concurrency` must be at least 1")]
fn a_concurrency_of_zero_panics() {
    let _ = Dispatcher::new().multicall_concurrency(0);
}
