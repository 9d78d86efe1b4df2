//! Counts allocations. It is a test of its own because a subscriber of `tracing` in another test would add some.

use futures_util::FutureExt as _;
use xmlrpc_core::{Dispatcher, Request};

/// `docs/dispatch.md` has the same figure, which is from before there were headers of responses.
#[test]
fn response_headers_cost_nothing_until_there_are_some() {
    let dispatcher = Dispatcher::new().method("add", |a: i64, b: i64| a + b);
    let call = "<methodCall><methodName>add</methodName><params><param><value><int>1</int></value></param>\
                <param><value><int>2</int></value></param></params></methodCall>";
    let dispatch = || {
        let request = Request::new("add", bytes::Bytes::from_static(call.as_bytes()));
        let response = dispatcher.dispatch(request).now_or_never();
        assert!(response.unwrap().unwrap().headers.is_empty());
    };
    dispatch();
    let allocations = allocation_counter::measure(dispatch);
    assert_eq!(allocations.count_total, 4);
}
