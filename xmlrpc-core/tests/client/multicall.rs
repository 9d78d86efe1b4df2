//! Many calls in one request, over transports in memory.

use std::{sync::atomic::Ordering, time::Duration};

use http::StatusCode;
use xmlrpc_core::{Fault, Value};

use crate::common::{
    calc::{CalcClient, answering, calc, counting},
    readers::beyond_the_scanner,
};

#[tokio::test]
async fn multicall_of_every_shape() {
    let calc = calc();
    let client = calc.client();
    let (sum, text, fault) = client
        .multicall((calc.add(1, 2), calc.text(), calc.fail()))
        .await
        .unwrap();
    assert_eq!(sum.unwrap(), 3);
    assert_eq!(text.unwrap(), "text");
    assert_eq!(
        fault.unwrap_err().fault(),
        Some(&Fault::new(17, "as asked"))
    );

    let sums = client
        .multicall([calc.add(1, 2), calc.add(3, 4)])
        .await
        .unwrap();
    assert_eq!(sums.map(Result::unwrap), [3, 7]);
    let sums = client
        .multicall((0..5).map(|n| calc.add(n, 1)).collect::<Vec<_>>())
        .await
        .unwrap();
    assert_eq!(
        sums.into_iter().map(Result::unwrap).collect::<Vec<_>>(),
        [1, 2, 3, 4, 5]
    );
    assert!(
        client
            .multicall(Vec::<xmlrpc_core::Call<_, i64>>::new())
            .await
            .unwrap()
            .is_empty()
    );

    let calls = (calc.header("x-a"), calc.extension());
    let (header, extension) = client
        .multicall(calls)
        .header("x-a", "b")
        .extension(8_u32)
        .await
        .unwrap();
    assert_eq!(header.unwrap().as_deref(), Some("b"));
    assert_eq!(extension.unwrap(), Some(8));
    let late = client
        .multicall((calc.slow(10_000),))
        .timeout(Duration::from_millis(10))
        .await;
    assert!(late.unwrap_err().is_timeout());
}

#[tokio::test]
async fn a_multicall_beyond_the_bound_of_the_peer_is_split() {
    for (calls, requests) in [(0, 0), (1, 1), (3, 1), (4, 2), (7, 3)] {
        let (client, sent) = counting(usize::MAX);
        let client = client.max_multicall_entries(3);
        let calc = CalcClient::new(&client);
        let sums = client
            .multicall((0..calls).map(|n| calc.add(n, 1)).collect::<Vec<_>>())
            .await;
        let sums: Vec<_> = sums.unwrap().into_iter().map(Result::unwrap).collect();
        assert_eq!(sums, (1..=calls).collect::<Vec<_>>());
        assert_eq!(sent.load(Ordering::Relaxed), requests, "{calls} calls");
    }
}

#[tokio::test]
async fn entries_of_a_split_multicall_are_counted_from_its_first() {
    let one = "<value><array><data><value><int>1</int></value></data></array></value>";
    let client = answering(200, array(&one.repeat(2))).max_multicall_entries(2);
    let calls = (0..5).map(|n| client.call::<i64>(&format!("m{n}"), ()));
    let results = client.multicall_iter(calls).await.unwrap();
    assert!(results[..4].iter().all(Result::is_ok));
    let error = results[4].as_ref().unwrap_err().to_string();
    let text = "sent 1 call, received 2 results: entry 5 was not requested";
    assert!(error.contains(text), "{error}");
}

/// A tuple holds up to twelve calls of different types; an iterator can be of any kind.
#[tokio::test]
async fn long_tuples_and_iterators() {
    let calc = calc();
    let (a, b) = (|| calc.add(1, 2), || calc.text());
    let calls = (a(), b(), a(), b(), a(), b(), a(), b(), a(), b(), a(), b());
    let results = calc.client().multicall(calls).await.unwrap();
    assert_eq!(results.10.unwrap(), 3);
    assert_eq!(results.11.unwrap(), "text");

    let client = calc.client();
    let set = std::collections::BTreeSet::from([3, 1, 2]);
    let sums = client
        .multicall_iter(set.iter().map(|n| calc.add(*n, 1)))
        .await
        .unwrap();
    assert_eq!(
        sums.into_iter().map(Result::unwrap).collect::<Vec<_>>(),
        [2, 3, 4]
    );
    let none = client
        .multicall_iter(None::<xmlrpc_core::Call<_, i64>>)
        .await
        .unwrap();
    assert!(none.is_empty());
}

#[tokio::test]
async fn results_before_a_failure_are_kept() {
    let (client, sent) = counting(1);
    let client = client.max_multicall_entries(2);
    let calc = CalcClient::new(&client);
    let calls = (0..6).map(|n| calc.add(n, 1)).collect::<Vec<_>>();
    let results = client.multicall(calls).await.unwrap();
    assert_eq!(results[0].as_ref().unwrap(), &1);
    assert_eq!(results[1].as_ref().unwrap(), &2);
    for result in &results[2..] {
        assert!(
            result
                .as_ref()
                .unwrap_err()
                .to_string()
                .contains("the line is cut")
        );
    }
    assert_eq!(
        sent.load(Ordering::Relaxed),
        2,
        "nothing is sent after a failure"
    );
}

#[tokio::test]
async fn entries_that_do_not_belong_are_errors_before_anything_is_sent() {
    let (client, sent) = counting(usize::MAX);
    let (other, _) = counting(usize::MAX);
    let calc = CalcClient::new(&client);
    let stranger = CalcClient::new(&other).add(1, 2);
    let error = client
        .multicall((calc.add(1, 2), stranger))
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("entry 1, `add`, belongs to another client"),
        "{error}"
    );
    let optional = calc.add(1, 2).timeout(Duration::from_secs(1));
    let error = client.multicall((optional,)).await.unwrap_err();
    assert!(error.to_string().contains("its own options"), "{error}");
    let unsendable = client.call::<i64>("add", (f64::NAN, 1));
    let error = client.multicall((unsendable,)).await.unwrap_err();
    assert!(error.is_encode(), "{error}");
    assert_eq!(sent.load(Ordering::Relaxed), 0);

    // A clone counts as the same client.
    let clone = CalcClient::new(client.clone()).add(1, 2);
    assert_eq!(client.multicall((clone,)).await.unwrap().0.unwrap(), 3);
}

fn array(entries: &str) -> &'static str {
    format!(
        "<methodResponse><params><param><value><array><data>{entries}</data></array></value>\
         </param></params></methodResponse>"
    )
    .leak()
}

#[tokio::test]
async fn strict_multicall() {
    // Each entry, whether it is a result by default, and in strict mode.
    let one = "<value><array><data><value>b</value></data></array></value>";
    let fault = "<value><struct>\
        <member><name>faultCode</name><value><int>4</int></value></member>\
        <member><name>faultString</name><value>no</value></member></struct></value>";
    let table = [
        (one, true, true),
        // Trac sends the text of the error.
        ("<value>no such ticket</value>", true, false),
        ("<value><int>7</int></value>", true, false),
        ("<value><array><data/></array></value>", true, false),
        (
            "<value><array><data><value>b</value><value>c</value></data></array></value>",
            true,
            false,
        ),
        ("<value><struct/></value>", true, false),
        (fault, false, false),
    ];
    for (entry, by_default, strictly) in table {
        for body in [array(entry), beyond_the_scanner(array(entry)).leak()] {
            let client = answering(200, body);
            let strict = client.clone().strict_multicall(true);
            for (client, is_ok) in [(client, by_default), (strict, strictly)] {
                let calls = (client.call::<Value>("a", ()),);
                let (result,) = client.multicall(calls).await.unwrap();
                let Err(error) = result else {
                    assert!(is_ok, "{body}");
                    continue;
                };
                assert!(!is_ok, "{body}: {error}");
                let expected = "expected array of one element or fault, found ";
                let is_shape = error.is_decode() && error.to_string().contains(expected);
                assert_eq!(is_shape, entry != fault, "{error}");
                assert_eq!(error.fault().is_some(), entry == fault, "{error}");
            }
        }
    }
    // The wrapped value has another type: the error names it.
    for body in [array(one), beyond_the_scanner(array(one)).leak()] {
        let client = answering(200, body).strict_multicall(true);
        let calls = (client.call::<Vec<String>>("a", ()),);
        let (result,) = client.multicall(calls).await.unwrap();
        let error = result.unwrap_err();
        assert!(
            error.to_string().contains("found string \"b\" at [0][0]"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn responses_to_a_multicall_as_peers_send_them() {
    let multicall = async |body: &'static str| {
        let client = answering(200, body);
        let calls = (client.call::<i64>("a", ()), client.call::<String>("b", ()));
        client.multicall(calls).await
    };
    let wrapped = array(
        "<value><array><data><value><int>1</int></value></data></array></value>\
         <value><array><data><value>b</value></data></array></value>",
    );
    let bare = array("<value><int>1</int></value><value>b</value>");
    for body in [wrapped, bare] {
        let (a, b) = multicall(body).await.unwrap();
        assert_eq!((a.unwrap(), b.unwrap()), (1, "b".to_owned()));
    }
    // An unexpected struct that is not a fault is an error of its own entry only.
    let strange = array("<value><int>1</int></value><value><struct/></value>");
    let (a, b) = multicall(strange).await.unwrap();
    assert_eq!(a.unwrap(), 1);
    assert!(b.unwrap_err().is_decode());

    let short = multicall(array("<value><int>1</int></value>"))
        .await
        .unwrap_err();
    let text = "sent 2 calls, received 1 result: no result for entry 1, `b`";
    assert!(short.to_string().contains(text), "{short}");
    let long = "<value><int>1</int></value>".repeat(3);
    let long = multicall(array(&long)).await.unwrap_err();
    let text = "sent 2 calls, received 3 results: entry 2 was not requested";
    assert!(long.to_string().contains(text), "{long}");
    // The error of an unreadable entry names the entry.
    let wrong = array(
        "<value><int>1</int></value><value><array><data><value><int>2</int></value></data></array></value>",
    );
    let (a, b) = multicall(wrong).await.unwrap();
    assert_eq!(a.unwrap(), 1);
    let b = b.unwrap_err();
    assert_eq!(b.method(), "b");
    assert!(b.to_string().contains("[1][0]"), "{b}");
    let no_array =
        "<methodResponse><params><param><value>no</value></param></params></methodResponse>";
    assert!(multicall(no_array).await.unwrap_err().is_decode());
    let bad_gateway = answering(502, "<html/>");
    let error = bad_gateway
        .multicall((bad_gateway.call::<i64>("a", ()),))
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
}
