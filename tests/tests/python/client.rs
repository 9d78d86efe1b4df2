//! Python's `xmlrpc.client` calls our server.

use xmlrpc_axum::Endpoint;

use crate::common::http_server::{dispatcher, serve};
use crate::common::python::Python;

const HEAD: &str = r"
import sys, datetime, threading, xmlrpc.client as x
url, host = sys.argv[1], sys.argv[2]
def proxy(**options):
    return x.ServerProxy(url, **options)
def same(value, expected):
    assert value == expected and type(value) is type(expected), (value, expected)
";

/// Runs a script that has the URL, `proxy()` and `same()`.
async fn run(script: &str) {
    let server = serve(xmlrpc_axum::router(dispatcher())).await;
    let script = format!("{HEAD}{script}");
    let python = Python::spawn(&script, &[&server.url(), &server.address.to_string()]);
    python.finish().await;
}

#[tokio::test]
async fn every_type() {
    run(r"
s = proxy(allow_none=True)
for value in [0, -1, 2**31 - 1, -2**31, True, False, 1.5, -0.25, 1e300, 1e-7, 0.1, -0.0,
              '', 'text', '<&>]]>', '\xfcber \u65e5\u672c \U0001f600', ' white\n\t ', 'x' * 100000,
              [], [1, 'a', [2.5, []]], {}, {'a': 1, '<&>': [{'\xe4': ''}]}, None, [None, 1],
              x.DateTime('19980717T14:08:55'), x.Binary(bytes(range(256))), x.Binary(b'')]:
    same(s.echo(value), value)
b = proxy(use_builtin_types=True)
for value in [bytes(range(256)), datetime.datetime(1998, 7, 17, 14, 8, 55)]:
    same(b.echo(value), value)
same(s.add(2**31 - 1, 2**31 - 1), 2**32 - 2)
")
    .await;
}

#[tokio::test]
async fn numbers_beyond_32_bits() {
    run(r"
class I8(int): pass
x.Marshaller.dispatch[I8] = lambda self, value, write: write('<value><i8>%d</i8></value>' % value)
s = proxy()
same(s.add(I8(2**53), I8(1)), 2**53 + 1)
same(s.echo(I8(-2**63)), -2**63)
")
    .await;
}

#[tokio::test]
async fn faults() {
    run(r"
s = proxy()
def fault(call, *params):
    try:
        call(*params)
    except x.Fault as fault:
        return fault
    raise AssertionError('no fault')
f = fault(s.fail, 17, 'n\xe9e <b>&')
assert (f.faultCode, f.faultString) == (17, 'n\xe9e <b>&'), f
assert fault(s.nothing).faultCode == -32601
assert fault(s.add, 1).faultCode == -32602
assert fault(s.add, 1, 'two').faultCode == -32602
assert fault(s.add, 1, 2, 3).faultCode == -32602
")
    .await;
}

#[tokio::test]
async fn multicall() {
    run(r"
many = x.MultiCall(proxy())
many.add(1, 2)
many.length('\xe4\xf6')
many.fail(4, 'no')
many.nothing()
many.echo([[1], {'faultCode': 1}])
results = many()
assert results[0] == 3 and results[1] == 2 and results[4] == [[1], {'faultCode': 1}]
for index, code in [(2, 4), (3, -32601)]:
    try:
        results[index]
    except x.Fault as fault:
        assert fault.faultCode == code, fault
    else:
        raise AssertionError(index)
assert list(x.MultiCall(proxy())()) == []
")
    .await;
}

#[tokio::test]
async fn compressed_requests_and_headers() {
    run(r"
class Gzip(x.Transport):
    encode_threshold = 10
s = x.ServerProxy(url, transport=Gzip())
assert s.header('content-encoding') == 'gzip'
assert s.length('x' * 1000000) == 1000000
s = x.ServerProxy('http://us%40er:p%3Aw@' + host, headers=[('X-Test', 'seen')])
assert s.header('authorization') == 'Basic dXNAZXI6cDp3'
assert s.header('x-test') == 'seen'
assert s.peer() == '127.0.0.1'
")
    .await;
}

#[tokio::test]
async fn other_encodings() {
    run(r"
for encoding in ['iso-8859-1', 'us-ascii', 'utf-16']:
    s = proxy(encoding=encoding)
    assert s.length('\xe4\xf6\xfc') == 3, encoding
    assert s.echo('\xe4\xf6\xfc') == '\xe4\xf6\xfc', encoding
")
    .await;
}

#[tokio::test]
async fn introspection() {
    run(r"
names = proxy().system.listMethods()
assert names == sorted(names), names
assert {'add', 'echo', 'system.listMethods', 'system.multicall'} <= set(names), names
")
    .await;
}

#[tokio::test]
async fn refusals() {
    run(r"
s = x.ServerProxy('http://' + host + '/nowhere')
try:
    s.add(1, 2)
except x.ProtocolError as error:
    assert error.errcode == 404, error
else:
    raise AssertionError('no error')
")
    .await;

    let endpoint = Endpoint::new(dispatcher()).max_body_bytes(1000);
    let server = serve(endpoint.into_router()).await;
    let script = r"
s = proxy()
for length in [1000, 9000000]:
    try:
        s.length('x' * length)
    except x.ProtocolError as error:
        assert error.errcode == 413, error
    else:
        raise AssertionError('no error')
# Beyond 16 MiB the server closes the connection, and Python does not look for an answer.
try:
    s.length('x' * 30000000)
except x.ProtocolError as error:
    assert error.errcode == 413, error
except ConnectionError:
    pass
else:
    raise AssertionError('no error')
assert proxy().length('x') == 1
";
    Python::spawn(&format!("{HEAD}{script}"), &[&server.url(), ""])
        .finish()
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_threads() {
    run(r"
done = []
def work(thread):
    with proxy() as s:
        for call in range(20):
            assert s.add(thread, call) == thread + call
    done.append(thread)
threads = [threading.Thread(target=work, args=(thread,)) for thread in range(50)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert sorted(done) == list(range(50)), done
")
    .await;
}
