//! The dispatcher's responses to valid and invalid documents, in memory; byte for byte where it
//! matters.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use xmlrpc_core::{Client, Dialect, Dispatcher, Fault, Limits, Request, Value, xmlrpc_service};

use crate::common::work::{WorkServer, Worker, answer, call, dispatcher, fault, ints};

#[tokio::test]
async fn a_call_is_answered() {
    assert_eq!(
        answer(&dispatcher(), call("add", &ints(&[2, 3]))).await,
        "<?xml version=\"1.0\"?><methodResponse><params><param>\
         <value><int>5</int></value></param></params></methodResponse>"
    );
}

#[tokio::test]
async fn what_cannot_be_run_is_a_fault() {
    let dispatcher = dispatcher();
    let table = [
        (String::new(), Fault::PARSE_ERROR, ""),
        ("GET / HTTP/1.1".to_owned(), Fault::PARSE_ERROR, ""),
        (
            "<methodCall><methodName>add".to_owned(),
            Fault::PARSE_ERROR,
            "",
        ),
        (
            "<html><body/></html>".to_owned(),
            Fault::INVALID_REQUEST,
            "html",
        ),
        (
            "<methodCall><params/></methodCall>".to_owned(),
            Fault::INVALID_REQUEST,
            "no method name",
        ),
        (
            "<?xml version=\"1.0\" encoding=\"martian\"?><methodCall/>".to_owned(),
            -32701,
            "martian",
        ),
        (call("sub", ""), Fault::METHOD_NOT_FOUND, "`sub`"),
        (
            call("add", ""),
            Fault::INVALID_PARAMS,
            "add: missing parameter 1 `a`",
        ),
        (
            call("add", &ints(&[1])),
            Fault::INVALID_PARAMS,
            "add: missing parameter 2 `b`",
        ),
        (
            call("add", &ints(&[1, 2, 3])),
            Fault::INVALID_PARAMS,
            "takes 2 parameters, 3 given",
        ),
        (call("fail", &ints(&[17])), 17, "as asked"),
    ];
    for (document, code, text) in table {
        let fault = fault(&dispatcher, &*document).await;
        assert_eq!(fault.code(), code, "{document}: {fault}");
        assert!(fault.message().contains(text), "{document}: {fault}");
    }
}

#[tokio::test]
async fn internal_errors_are_not_sent() {
    let dispatcher = dispatcher();
    for method in ["hide", "panic_at_once", "panic_later"] {
        let fault = fault(&dispatcher, call(method, "")).await;
        assert_eq!(fault.code(), Fault::INTERNAL_ERROR);
        let text = fault.message();
        assert!(!text.contains("secret") && !text.contains("1234"), "{text}");
    }
    // The server still works.
    assert!(
        answer(&dispatcher, call("add", &ints(&[1, 1])))
            .await
            .contains("<int>2</int>")
    );
}

#[tokio::test]
async fn a_result_that_the_dialect_cannot_write_is_an_internal_error() {
    let standard = dispatcher().dialect(Dialect::STANDARD);
    let fault = fault(&standard, call("wide", "")).await;
    assert_eq!(fault.code(), Fault::INTERNAL_ERROR);
    assert!(
        answer(&dispatcher(), call("wide", ""))
            .await
            .contains("<i8>9223372036854775807</i8>")
    );
}

#[tokio::test]
async fn methods_are_listed() {
    let client = Client::new(dispatcher());
    let names = client
        .call::<Vec<String>>("system.listMethods", ())
        .await
        .unwrap();
    assert_eq!(
        names,
        [
            "add",
            "fail",
            "fill",
            "hide",
            "never",
            "panic_at_once",
            "panic_later",
            "runs",
            "system.getCapabilities",
            "system.listMethods",
            "system.methodExist",
            "system.methodHelp",
            "system.methodSignature",
            "system.multicall",
            "wide",
        ]
    );
    let error = client
        .call::<Value>("system.listMethods", (1,))
        .await
        .unwrap_err();
    assert_eq!(error.fault().unwrap().code(), Fault::INVALID_PARAMS);
}

#[tokio::test]
async fn system_methods_can_be_switched_off() {
    let client = Client::new(dispatcher().introspection(false).multicall(false));
    for method in ["system.listMethods", "system.multicall"] {
        let error = client.call::<Value>(method, ()).await.unwrap_err();
        assert_eq!(error.fault().unwrap().code(), Fault::METHOD_NOT_FOUND);
    }
}

#[test]
#[should_panic(
    expected = "the method name `add` of the service `Work` is already taken by the service `Work`"
)]
fn a_second_method_of_the_same_name_panics() {
    let _ = dispatcher().service(WorkServer::new(Worker::default()));
}

#[test]
fn system_names_are_reserved() {
    #[xmlrpc_service(namespace = "system", rename_all = "camelCase")]
    trait Own {
        async fn list_methods(&self);
    }
    struct Nothing;
    impl Own for Nothing {
        async fn list_methods(&self) {}
    }
    let dispatcher = Dispatcher::new();
    assert!(
        dispatcher
            .clone()
            .try_service(OwnServer::new(Nothing))
            .is_err()
    );
    assert!(
        dispatcher
            .introspection(false)
            .try_service(OwnServer::new(Nothing))
            .is_ok()
    );
}

#[tokio::test]
async fn limits_of_a_request() {
    let document = call("add", &ints(&[2, 3]));
    let bytes = |bytes| dispatcher().limits(Limits::default().bytes(bytes));
    assert!(
        answer(&bytes(document.len()), &*document)
            .await
            .contains("<int>5</int>")
    );
    let fault = fault(&bytes(document.len() - 1), &*document).await;
    assert_eq!(fault.code(), Fault::INVALID_REQUEST, "{fault}");
}

#[tokio::test]
async fn a_caller_that_goes_away_cancels_the_method() {
    let worker = Worker::default();
    let dropped = Arc::clone(&worker.dropped);
    let dispatcher = Dispatcher::new().service(WorkServer::new(worker));
    let running = dispatcher.dispatch(Request::new("", call("never", "")));
    assert!(
        tokio::time::timeout(Duration::from_millis(10), running)
            .await
            .is_err()
    );
    assert_eq!(dropped.load(Ordering::Relaxed), 1);
}
