//! Python's `ServerProxy` calls functions, nested ones and a fallback over HTTP.

use xmlrpc_core::{Dispatcher, Fault, value};

use crate::common::http_server::serve;
use crate::common::python::Python;

const SCRIPT: &str = r"
import sys, xmlrpc.client as x
s = x.ServerProxy(sys.argv[1], allow_none=True)
assert s.add(2, 3) == 5
assert s.range(1) == [1, None] and s.range(1, 2) == [1, 2] and s.range(1, None) == [1, None]
assert s.store.find('moe') == {'name': 'moe', 'ages': [5, None]}
assert s.anything.at.all(1, 'two') == ['anything.at.all', 2]
assert s.system.other() == ['system.other', 0]
assert s.system.listMethods()[:4] == ['add', 'range', 'store.find', 'system.getCapabilities']
assert s.system.methodSignature('add')[0][1:] == ['int', 'int']
for call, code in [(lambda: s.add(1), -32602), (lambda: s.unknown(), -32601)]:
    try:
        call()
    except x.Fault as fault:
        assert fault.faultCode == code, fault
    else:
        raise AssertionError(code)
many = x.MultiCall(s)
many.add(1, 2)
many.other()
assert list(many()) == [3, ['other', 0]]
";

#[tokio::test]
async fn functions_and_a_fallback() {
    let store = Dispatcher::new().method("find", |name: String| async move {
        value!({"name": name, "ages": [5, nil]})
    });
    let dispatcher = Dispatcher::new()
        .method("add", |a: i64, b: i64| a + b)
        .method(
            "range",
            |from: i64, to: Option<i64>| async move { (from, to) },
        )
        .nest("store", store)
        .fallback(|name, params, _| async move {
            if name == "unknown" {
                return Err(Fault::method_not_found(name));
            }
            Ok((name, params.len()))
        });
    let server = serve(xmlrpc_axum::router(dispatcher)).await;
    let python = Python::spawn(SCRIPT, &[&server.url()]);
    python.finish().await;
}
