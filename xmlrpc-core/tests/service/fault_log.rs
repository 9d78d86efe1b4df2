//! What a server logs: the sources of faults.

use std::io;

use xmlrpc_core::{
    Client, Dialect, Dispatcher, Fault, Request,
    message::{CallWriter, MulticallWriter},
    service::TraceLayer,
};

use crate::common::log::Log;

/// A method that fails with a source.
fn failing() -> Dispatcher {
    Dispatcher::new().method("fail", || async {
        Err::<(), _>(Fault::internal(io::Error::other("disk full")))
    })
}

fn is_disk_full(line: &str) -> bool {
    line.contains("ERROR")
        && line.contains("internal error: disk full")
        && line.contains("rpc.status_code=\"-32603\"")
}

/// A caller must not forge lines of the log.
#[test]
fn the_log_shows_texts_of_callers_on_one_line() {
    let dispatcher = Dispatcher::new()
        .fallback(|_, _, _| async { panic!("as requested") as i32 })
        .method("find", |name: String| {
            let source = format!("no row for {name}");
            Err::<(), _>(Fault::new(4, format!("no user {name}")).with_source(source))
        });
    let client = Client::new(dispatcher);
    let forged = "x\n2026-01-01 ERROR forged: \u{85}\u{202e}x";
    let escaped = r"x\n2026-01-01 ERROR forged: \u{85}\u{202e}x";
    let call = async { client.call::<()>(forged, ()).await };
    let (result, lines) = Log::of_server(call);
    result.unwrap_err();
    let [line] = &lines[..] else {
        panic!("{lines:#?}")
    };
    assert!(
        line.contains(&format!("the method `{escaped}` panicked: as requested")),
        "{line}"
    );

    let call = async { client.call::<()>("find", (forged,)).await };
    let (result, lines) = Log::of_server(call);
    let message = format!("no user {forged}");
    assert_eq!(result.unwrap_err().fault(), Some(&Fault::new(4, message)));
    let [line] = &lines[..] else {
        panic!("{lines:#?}")
    };
    assert!(
        line.contains(&format!("no user {escaped}: no row for {escaped}")),
        "{line}"
    );

    let long = "x".repeat(100_000);
    let (_, lines) = Log::of_server(async { client.call::<()>(&long, ()).await });
    assert!(lines.iter().all(|line| line.len() < 1_000), "{lines:?}");
}

#[test]
fn the_source_of_a_fault_is_logged_when_the_fault_is_sent() {
    let ((), lines) = Log::of_server(async { drop(Fault::internal("disk full")) });
    assert!(lines.is_empty(), "{lines:#?}");

    let call = async { Client::new(failing()).call::<()>("fail", ()).await };
    let (result, lines) = Log::of_server(call);
    let error = result.unwrap_err();
    assert_eq!(error.fault(), Some(&Fault::new(-32603, "internal error")));
    let [line] = &lines[..] else {
        panic!("{lines:#?}")
    };
    assert!(is_disk_full(line), "{line}");
}

#[test]
fn the_source_of_a_fault_is_logged_once_and_in_the_span_of_its_call() {
    let dispatcher = failing().layer(TraceLayer::new());
    let call = async { Client::new(dispatcher).call::<()>("fail", ()).await };
    let (result, lines) = Log::of_server(call);
    assert!(result.is_err());
    let [line, end, close] = &lines[..] else {
        panic!("{lines:#?}")
    };
    assert!(
        is_disk_full(line) && line.contains("rpc.method=\"fail\""),
        "{line}"
    );
    assert!(end.contains("call ended"), "{end}");
    assert!(close.contains("close"), "{close}");
}

#[test]
fn the_source_of_a_fault_is_logged_for_each_entry_of_a_multicall() {
    let call = CallWriter::new("fail", Dialect::EXTENDED).finish().unwrap();
    for concurrency in [1, 4] {
        let mut multicall = MulticallWriter::new(Dialect::EXTENDED);
        multicall.push("fail", &call);
        multicall.push("fail", &call);
        let request = Request::new("system.multicall", multicall.finish());
        let dispatcher = failing().multicall_concurrency(concurrency);
        let (response, lines) = Log::of_server(dispatcher.dispatch(request));
        let Ok(response) = response;
        let body = String::from_utf8_lossy(&response.body);
        assert_eq!(body.matches("internal error").count(), 2);
        assert!(!body.contains("disk full"));
        assert_eq!(lines.len(), 2, "{lines:#?}");
        assert!(lines.iter().all(|line| is_disk_full(line)), "{lines:#?}");
    }
}

#[test]
fn the_log_has_the_sources_of_a_source() {
    #[derive(Debug)]
    struct Outer(io::Error);

    impl std::fmt::Display for Outer {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("cannot save")
        }
    }

    impl std::error::Error for Outer {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }

    let dispatcher = Dispatcher::new().method("save", || async {
        let error = Outer(io::Error::other("disk full"));
        Err::<(), _>(Fault::new(7, "try again later").with_source(error))
    });
    let call = async { Client::new(dispatcher).call::<()>("save", ()).await };
    let (result, lines) = Log::of_server(call);
    let error = result.unwrap_err();
    assert_eq!(error.fault(), Some(&Fault::new(7, "try again later")));
    let [line] = &lines[..] else {
        panic!("{lines:#?}")
    };
    assert!(
        line.contains("try again later: cannot save: disk full"),
        "{line}"
    );
}
