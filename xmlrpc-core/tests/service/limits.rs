//! Limits of requests and responses, as the peer and the log see them.

use xmlrpc_core::{Client, Dialect, Dispatcher, Fault, Limits, Value, value};

use crate::{
    common::log::Log,
    common::work::{answer, call, dispatcher, fault, ints},
};

/// The fault and the line of the log of a call.
fn refused(dispatcher: &Dispatcher, document: String) -> (Fault, String) {
    let (fault, mut lines) = Log::of_server(fault(dispatcher, document));
    assert_eq!(lines.len(), 1, "{lines:#?}");
    (fault, lines.remove(0))
}

fn nested(levels: usize) -> Value {
    (0..levels).fold(Value::Nil, |inner, _| Value::from(vec![inner]))
}

#[test]
fn the_peer_reads_words_and_the_log_names_the_setting() {
    let add = call("add", &ints(&[1, 2]));
    let bytes = add.len();
    let array = "<param><value><array><data/></array></value></param>".repeat(2);
    let limits = Limits::default();
    let table = [
        (
            limits.bytes(bytes - 1),
            add.clone(),
            format!(
                "the document has {bytes} bytes, more than the {} that are accepted here; send less at once",
                bytes - 1
            ),
            "`Limits::bytes(n)`",
        ),
        (
            limits.elements(11),
            add.clone(),
            "add: the document has more than the 11 elements and texts that are accepted here; send less at once"
                .to_owned(),
            "`Limits::elements(n)`",
        ),
        (
            limits.depth(0),
            call("add", &array),
            "add: arrays and structs nest deeper than the 0 levels that are accepted here; send flatter values"
                .to_owned(),
            "`Limits::depth(n)`",
        ),
    ];
    for (limits, document, text, setting) in table {
        let dispatcher = dispatcher().limits(limits);
        let (fault, line) = refused(&dispatcher, document);
        assert_eq!(fault.code(), Fault::INVALID_REQUEST);
        assert!(fault.message().starts_with(&text), "{fault}");
        assert!(!fault.message().contains('`'), "{fault}");
        assert!(line.contains("WARN") && line.contains(setting), "{line}");
    }
    // Exactly at the limits.
    let exact = dispatcher().limits(limits.bytes(bytes).elements(12).depth(0));
    let (answer, lines) = Log::of_server(answer(&exact, add));
    assert!(answer.contains("<int>3</int>"), "{answer}");
    assert_eq!(lines, [""; 0]);
}

#[test]
fn a_result_that_is_too_deep_is_a_fault() {
    let dispatcher = || Dispatcher::new().method("nested", |levels: usize| nested(levels));
    let client = Client::new(dispatcher());
    let at_the_limit = async { client.call::<Value>("nested", (128,)).await };
    assert_eq!(Log::of_server(at_the_limit).0.unwrap(), nested(128));
    for levels in [129, 20_000] {
        let beyond = async { client.call::<Value>("nested", (levels,)).await };
        let (result, lines) = Log::of_server(beyond);
        let error = result.unwrap_err();
        assert_eq!(error.fault(), Some(&Fault::internal("")));
        let [line] = &lines[..] else {
            panic!("{lines:#?}")
        };
        assert!(
            line.contains("ERROR internal error: cannot encode the response of `nested`:")
                || line.contains("internal error: cannot encode the response of `nested`:"),
            "{line}"
        );
        assert!(line.contains("raise it with `Dialect::depth(n)`"), "{line}");
    }
    // The other entries of a multicall have their results.
    let entries = || [1, 20_000, 2].map(|levels| client.call::<Value>("nested", (levels,)));
    let (results, _) = Log::of_server(async { client.multicall(entries()).await.unwrap() });
    assert_eq!(results.map(|result| result.is_ok()), [true, false, true]);

    let deeper = dispatcher().dialect(Dialect::EXTENDED.depth(200));
    let client = Client::new(deeper).limits(Limits::RESPONSE.depth(200));
    let deep = async { client.call::<Value>("nested", (200,)).await };
    assert_eq!(Log::of_server(deep).0.unwrap(), nested(200));
}

#[test]
fn a_parameter_that_is_too_deep_is_an_error_of_the_client() {
    let client = Client::new(Dispatcher::new().method("echo", |value: Value| value));
    let call = |levels| {
        let call = client.call::<Value>("echo", (nested(levels),));
        Log::of_server(async { call.await }).0
    };
    assert_eq!(call(128).unwrap(), nested(128));
    let error = call(129).unwrap_err().to_string();
    assert!(
        error.contains("raise it with `Dialect::depth(n)`"),
        "{error}"
    );
}

/// Escapes count, and the text stays valid. It is the same for a call and for an entry of a multicall.
#[tokio::test]
async fn the_text_of_a_fault_is_shortened() {
    let note = |bytes: usize| format!("… (shortened from {bytes} bytes)");
    let ascii = Dialect::STANDARD.ascii(true);
    // The character, how much it takes, and what it becomes.
    let table = [
        (Dialect::EXTENDED, 'x', 1, 'x'),
        (Dialect::EXTENDED, '&', 5, '&'),
        (Dialect::EXTENDED, 'é', 2, 'é'),
        (Dialect::EXTENDED, '\u{1}', 3, '\u{FFFD}'),
        (ascii, '\u{1}', 8, '\u{FFFD}'),
        (ascii, 'é', 6, 'é'),
    ];
    for (dialect, character, takes, becomes) in table {
        let fails = move |count: usize| -> Result<(), Fault> {
            Err(Fault::new(1, character.to_string().repeat(count)))
        };
        let dispatcher = Dispatcher::new().dialect(dialect).method("fail", fails);
        for (max, dispatcher) in [
            (64 << 10, dispatcher.clone()),
            (1_000, dispatcher.max_fault_bytes(1_000)),
        ] {
            let fits = max / takes;
            let client = Client::new(dispatcher);
            for count in [fits, fits + 1, 3 * fits] {
                let mut expected = becomes.to_string().repeat(count.min(fits));
                if count > fits {
                    expected += &note(count * character.len_utf8());
                }
                let error = client.call::<()>("fail", (count,)).await.unwrap_err();
                assert_eq!(error.fault().unwrap().message(), expected, "{character:?}");

                let entry = value!({"methodName": "fail", "params": [(count as i64)]});
                let results: Vec<Value> = client
                    .call("system.multicall", (vec![entry],))
                    .await
                    .unwrap();
                let text = results[0].get("faultString").and_then(Value::as_str);
                assert_eq!(text, Some(&*expected), "{character:?} in a multicall");
            }
        }
    }
}
