//! What the dispatcher answers to documents, good and bad; in memory, byte for byte where it
//! matters.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use xmlrpc_core::{
    Client, Dialect, Dispatcher, Fault, Limits, Request, Value, message, xmlrpc_service,
};

#[xmlrpc_service]
pub trait Work {
    async fn add(&self, a: i64, b: i64) -> i64;
    async fn fail(&self, code: i32) -> Result<(), Fault>;
    async fn hide(&self) -> Result<(), Fault>;
    async fn panic_at_once(&self);
    async fn panic_later(&self);
    async fn fill(&self, bytes: usize) -> String;
    async fn wide(&self) -> i64;
    async fn never(&self);
    async fn runs(&self) -> usize;
}

#[derive(Default)]
pub struct Worker {
    runs: AtomicUsize,
    dropped: Arc<AtomicUsize>,
}

impl Work for Worker {
    async fn add(&self, a: i64, b: i64) -> i64 {
        self.runs.fetch_add(1, Ordering::Relaxed);
        a + b
    }
    async fn fail(&self, code: i32) -> Result<(), Fault> {
        Err(Fault::new(code, "as asked"))
    }
    async fn hide(&self) -> Result<(), Fault> {
        Err(Fault::internal("the password is 1234"))
    }
    fn panic_at_once(&self) -> impl Future<Output = ()> + Send {
        if self.runs.load(Ordering::Relaxed) < usize::MAX {
            panic!("secret at once");
        }
        async {}
    }
    async fn panic_later(&self) {
        tokio::task::yield_now().await;
        panic!("secret later");
    }
    async fn fill(&self, bytes: usize) -> String {
        "x".repeat(bytes)
    }
    async fn wide(&self) -> i64 {
        i64::MAX
    }
    async fn never(&self) {
        struct OnDrop(Arc<AtomicUsize>);
        impl Drop for OnDrop {
            fn drop(&mut self) {
                self.0.fetch_add(1, Ordering::Relaxed);
            }
        }
        let _guard = OnDrop(Arc::clone(&self.dropped));
        std::future::pending::<()>().await;
    }
    async fn runs(&self) -> usize {
        self.runs.load(Ordering::Relaxed)
    }
}

fn dispatcher() -> Dispatcher {
    Dispatcher::new().service(WorkServer::new(Worker::default()))
}

async fn answer(dispatcher: &Dispatcher, document: impl Into<String>) -> String {
    let response = dispatcher.dispatch(Request::new("", document.into())).await;
    let body = response.unwrap().body;
    String::from_utf8(body.to_vec()).unwrap()
}

/// The fault that a document is answered with.
async fn fault(dispatcher: &Dispatcher, document: impl Into<String>) -> Fault {
    let answer = answer(dispatcher, document).await;
    let read = message::read_response::<Value>(answer.clone().into(), None, &Limits::default());
    read.unwrap().expect_err(&answer)
}

fn call(method: &str, params: &str) -> String {
    format!("<methodCall><methodName>{method}</methodName><params>{params}</params></methodCall>")
}

fn ints(numbers: &[i64]) -> String {
    let param = |number| format!("<param><value><int>{number}</int></value></param>");
    numbers.iter().map(param).collect()
}

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
            "names no method",
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
async fn what_is_internal_stays_inside() {
    let dispatcher = dispatcher();
    for method in ["hide", "panic_at_once", "panic_later"] {
        let fault = fault(&dispatcher, call(method, "")).await;
        assert_eq!(fault.code(), Fault::INTERNAL_ERROR);
        let text = fault.message();
        assert!(!text.contains("secret") && !text.contains("1234"), "{text}");
    }
    // And the server goes on.
    assert!(
        answer(&dispatcher, call("add", &ints(&[1, 1])))
            .await
            .contains("<int>2</int>")
    );
}

#[tokio::test]
async fn an_answer_that_the_dialect_has_no_word_for_is_internal() {
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
            "system.listMethods",
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
    expected = "the method `add` of the service `Work` is already there, from the service `Work`"
)]
fn two_methods_of_one_name_stop_the_start() {
    let _ = dispatcher().service(WorkServer::new(Worker::default()));
}

#[test]
fn system_names_are_taken() {
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

/// The entries of the answer to a multicall: a value, or a fault's code.
async fn entries(dispatcher: &Dispatcher, entries: &[String]) -> Vec<Result<Value, i32>> {
    let body = answer(dispatcher, multicall(entries)).await;
    let answer = message::MulticallAnswer::read(body.into(), None, &Limits::default());
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
async fn each_entry_of_a_multicall_has_its_own_answer() {
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
    let dispatcher = dispatcher().multicall_entries(3);
    let add = entry("add", &[1, 2]);
    assert_eq!(
        entries(&dispatcher, &vec![add.clone(); 3]).await,
        vec![Ok(Value::from(3)); 3]
    );
    let fault = fault(&dispatcher, multicall(&vec![add; 4])).await;
    assert!(fault.message().contains('3'), "{fault}");
    // None of the four has run.
    assert!(
        answer(&dispatcher, call("runs", ""))
            .await
            .contains("<int>3</int>")
    );
}

#[tokio::test]
async fn the_answer_of_a_multicall_is_bounded() {
    let dispatcher = dispatcher().multicall_bytes(2_000);
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
    // What did not fit any more was not run.
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
