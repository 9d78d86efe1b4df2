//! Headers that methods and layers add to the response.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, header::SET_COOKIE};
use tokio::sync::Notify;
use xmlrpc_core::{
    Client, Context, Dialect, Dispatcher, Fault, Request, Response,
    client::IntoParams,
    message::{EncodedResponse, Params},
    service::{Next, ResponseHeaderError, RpcCall, from_fn},
    xmlrpc_service,
};

#[xmlrpc_service]
trait Cookies {
    async fn set(&self, #[xmlrpc(context)] cx: &Context, value: &str) -> Result<bool, Fault>;
    async fn set_and_fail(
        &self,
        #[xmlrpc(context)] cx: &Context,
        value: &str,
    ) -> Result<bool, Fault>;
    async fn set_and_panic(&self, #[xmlrpc(context)] cx: &Context, value: &str) -> bool;
    #[xmlrpc(blocking)]
    fn set_and_block(&self, #[xmlrpc(context)] cx: &Context, value: &str) -> Result<bool, Fault>;
    #[xmlrpc(run_to_completion)]
    async fn set_in_task(
        &self,
        #[xmlrpc(context)] cx: &Context,
        value: &str,
    ) -> Result<bool, Fault>;
}

struct Jar;

fn set(cx: &Context, value: &str) -> Result<bool, Fault> {
    cx.response_headers().append(SET_COOKIE, value)?;
    Ok(true)
}

impl Cookies for Jar {
    async fn set(&self, cx: &Context, value: &str) -> Result<bool, Fault> {
        set(cx, value)
    }

    async fn set_and_fail(&self, cx: &Context, value: &str) -> Result<bool, Fault> {
        set(cx, value)?;
        Err(Fault::new(7, "no"))
    }

    async fn set_and_panic(&self, cx: &Context, value: &str) -> bool {
        set(cx, value).unwrap();
        panic!("after it");
    }

    fn set_and_block(&self, cx: &Context, value: &str) -> Result<bool, Fault> {
        set(cx, value)
    }

    async fn set_in_task(&self, cx: &Context, value: &str) -> Result<bool, Fault> {
        tokio::task::yield_now().await;
        set(cx, value)
    }
}

fn dispatcher() -> Dispatcher {
    Dispatcher::new()
        .service(CookiesServer::new(Jar))
        .method("set_by_function", |cx: Context, value: String| {
            set(&cx, &value)
        })
        .method("echo", |text: String| text)
        .fallback(|name: String, _: Params, cx: Context| set(&cx, &name))
}

/// Sends the call of a client to the dispatcher, and returns the response.
async fn response(dispatcher: &Dispatcher, method: &str, params: impl IntoParams) -> Response {
    let (tap, mut tapped) = tokio::sync::mpsc::unbounded_channel();
    let dispatcher = dispatcher.clone();
    let transport = tower::service_fn(move |request: Request| {
        let (dispatcher, tap) = (dispatcher.clone(), tap.clone());
        async move {
            let response = dispatcher.dispatch(request).await?;
            tap.send(response.clone()).unwrap();
            Ok::<_, std::convert::Infallible>(response)
        }
    });
    let call = Client::new(transport).call::<xmlrpc_core::Value>(method, params);
    let _ = call.await;
    tapped.recv().await.unwrap()
}

fn cookies(headers: &HeaderMap) -> Vec<&str> {
    let values = headers.get_all(SET_COOKIE).iter();
    values.map(|value| value.to_str().unwrap()).collect()
}

#[tokio::test]
async fn every_kind_of_method() {
    let dispatcher = dispatcher();
    for method in [
        "set",
        "set_and_fail",
        "set_and_panic",
        "set_and_block",
        "set_in_task",
        "set_by_function",
    ] {
        let response = response(&dispatcher, method, ("a=1",)).await;
        assert_eq!(cookies(&response.headers), ["a=1"], "{method}");
        assert_eq!(response.headers.len(), 1, "{method}");
    }
    let response = response(&dispatcher, "unknown", ()).await;
    assert_eq!(cookies(&response.headers), ["unknown"]);
}

#[tokio::test]
async fn nothing_is_added_by_default() {
    let dispatcher = dispatcher();
    assert!(
        response(&dispatcher, "echo", ("a",))
            .await
            .headers
            .is_empty()
    );
    let invalid = dispatcher.dispatch(Request::new("", "<x>")).await.unwrap();
    assert!(invalid.headers.is_empty());
}

#[tokio::test]
async fn a_large_document_that_is_decoded_elsewhere() {
    let long = "x".repeat(7_000);
    let dispatcher = dispatcher().offload_above(1_000);
    for method in ["set", "set_and_fail", "set_in_task", "set_by_function"] {
        let response = response(&dispatcher, method, (&long,)).await;
        assert_eq!(cookies(&response.headers), [&long], "{method}");
    }
}

#[tokio::test]
async fn the_calls_of_a_multicall_share_them() {
    for concurrency in [1, 3] {
        let dispatcher = dispatcher().multicall_concurrency(concurrency);
        let entry = |method: &str, value: &str| xmlrpc_core::value!({"methodName": method, "params": [value]});
        let calls = [
            entry("set", "a=1"),
            entry("set_and_fail", "b=2"),
            entry("set_in_task", "c=3"),
        ];
        let response = response(&dispatcher, "system.multicall", (&calls,)).await;
        let mut set = cookies(&response.headers);
        set.sort_unstable();
        assert_eq!(set, ["a=1", "b=2", "c=3"]);
    }
}

#[derive(Clone)]
struct Mark;

/// Adds a header before and after the call, and changes the extensions, which are those of one call.
async fn marks(mut call: RpcCall, next: Next) -> Result<EncodedResponse, Fault> {
    call.extensions_mut().insert(Mark);
    let context = call.context().clone();
    context
        .response_headers()
        .insert("x-before", call.method())?;
    let result = next.run(call).await;
    assert!(context.get::<Mark>().is_some());
    let after = if result.is_ok() { "ok" } else { "fault" };
    context.response_headers().insert("x-after", after)?;
    result
}

#[tokio::test]
async fn layers() {
    let dispatcher = dispatcher().layer(from_fn(marks));
    for (method, after) in [("set", "ok"), ("set_and_fail", "fault")] {
        let headers = response(&dispatcher, method, ("a=1",)).await.headers;
        assert_eq!(cookies(&headers), ["a=1"]);
        assert_eq!(
            (&headers["x-before"], &headers["x-after"]),
            (
                &HeaderValue::from_static(method),
                &HeaderValue::from_static(after)
            )
        );
    }
    // A layer that responds itself.
    let refuse = from_fn(|call: RpcCall, _: Next| async move {
        call.context().response_headers().insert("x-why", "tired")?;
        EncodedResponse::new(&true, Dialect::STANDARD).map_err(Fault::internal)
    });
    let dispatcher = Dispatcher::new().layer(refuse);
    let headers = response(&dispatcher, "any", ()).await.headers;
    assert_eq!(headers["x-why"], "tired");
}

#[test]
fn what_is_refused() {
    let context = Context::default();
    let headers = context.response_headers();
    for name in [
        "connection",
        "Content-Encoding",
        "content-length",
        "content-range",
        "content-type",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ] {
        let expected = format!(
            "the response header `{}` cannot be set, because it describes the message itself",
            name.to_lowercase()
        );
        let append = headers.append(name, "1").unwrap_err();
        let insert = headers.insert(name, "1").unwrap_err();
        assert_eq!(
            [append.to_string(), insert.to_string()],
            [expected.clone(), expected]
        );
    }
    let table = [
        ("", "x", "a response header has an invalid name"),
        ("a b", "x", "a response header has an invalid name"),
        ("a\r\nb", "x", "a response header has an invalid name"),
        (
            "x-a",
            "s3cret\r\nx-b: 1",
            "the response header `x-a` has an invalid value",
        ),
        (
            "x-a",
            "s3cret\0",
            "the response header `x-a` has an invalid value",
        ),
    ];
    for (name, value, text) in table {
        let error: ResponseHeaderError = headers.append(name, value).unwrap_err();
        assert_eq!(error.to_string(), text);
        let fault = Fault::from(error);
        assert_eq!(
            (fault.code(), fault.message()),
            (Fault::INTERNAL_ERROR, "internal error")
        );
    }
    assert!(headers.to_map().is_empty());
    assert_eq!(format!("{headers:?}"), "{}");
}

#[test]
fn append_and_insert() {
    let context = Context::default();
    // Clones of a context are about the same response.
    let clone = context.clone();
    let headers = clone.response_headers();
    headers.append("x-a", "1").unwrap();
    headers.append("X-A".to_owned(), "2".to_owned()).unwrap();
    headers
        .append(SET_COOKIE, HeaderValue::from_static("3"))
        .unwrap();
    let all = |name: &str| -> Vec<HeaderValue> {
        let map = context.response_headers().to_map();
        map.get_all(name).iter().cloned().collect()
    };
    assert_eq!(all("x-a"), ["1", "2"]);
    headers.insert(HeaderName::from_static("x-a"), "4").unwrap();
    assert_eq!(all("x-a"), ["4"]);
    assert_eq!(all("set-cookie"), ["3"]);
    assert_eq!(format!("{headers:?}"), r#"{"x-a", "set-cookie"}"#);
}

#[tokio::test]
async fn at_most_so_many_bytes() {
    // Two headers: `x-a` with 5 bytes and `x-b` with 6, and 32 for each.
    const MAX: usize = (3 + 5 + 32) + (3 + 6 + 32);
    let fits = |cx: Context, last: String| {
        let headers = cx.response_headers();
        headers.insert("x-a", "a value that is replaced")?;
        headers.insert("x-a", "12345")?;
        Ok::<_, Fault>(
            headers
                .append("x-b", last)
                .map_err(|error| error.to_string())
                .err(),
        )
    };
    let dispatcher = Dispatcher::new()
        .method("fits", fits)
        .max_response_header_bytes(MAX);
    let client = Client::new(dispatcher);
    let call = |last: &str| client.call::<Option<String>>("fits", (last,));
    assert_eq!(call("123456").await.unwrap(), None);
    let expected = "the response headers would have more than the 81 bytes of \
                    Dispatcher::max_response_header_bytes";
    assert_eq!(call("1234567").await.unwrap().as_deref(), Some(expected));

    // The default.
    let headers = Context::default();
    let headers = headers.response_headers();
    let fitting = "x".repeat((8 << 10) - 3 - 32);
    headers.insert("x-a", fitting.clone() + "x").unwrap_err();
    headers.insert("x-a", fitting).unwrap();
    headers.append("x-b", "").unwrap_err();
    headers.insert("x-a", "").unwrap();
    headers.append("x-b", "").unwrap();
}

#[tokio::test]
async fn a_header_that_comes_too_late() {
    let go_on = Arc::new(Notify::new());
    let added = Arc::new(Notify::new());
    let (go_on_, added_) = (Arc::clone(&go_on), Arc::clone(&added));
    let dispatcher = Dispatcher::new().method("early", move |cx: Context| {
        let (go_on, added) = (Arc::clone(&go_on_), Arc::clone(&added_));
        tokio::spawn(async move {
            go_on.notified().await;
            cx.response_headers().append("x-late", "1").unwrap();
            added.notify_one();
        });
        true
    });
    let response = response(&dispatcher, "early", ()).await;
    go_on.notify_one();
    added.notified().await;
    assert!(response.headers.is_empty());
}
