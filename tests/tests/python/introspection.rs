//! Python's `ServerProxy` reads the introspection of a server.

use crate::common::{files::dispatcher, http_server::serve, python::Python};

#[tokio::test]
async fn python_reads_it() {
    let server = serve(xmlrpc_axum::router(dispatcher())).await;
    let script = r"
import sys, xmlrpc.client as x
s = x.ServerProxy(sys.argv[1], allow_none=True).system
names = s.listMethods()
assert names == sorted(names) and {'ls', 'files.list', 'system.methodHelp'} <= set(names), names
for name in names:
    for signature in s.methodSignature(name):
        assert all(isinstance(type, str) for type in signature), signature
    assert isinstance(s.methodHelp(name), str)
    assert s.methodExist(name) is True
assert s.methodSignature('ls')[-1] == ['array', 'string', 'int', 'string']
assert s.methodHelp('files.list').startswith('The entries of a folder.\n'), s.methodHelp('files.list')
assert s.methodExist('nothing') is False
assert s.getCapabilities()['faults_interop']['specVersion'] == 20010516
try:
    s.methodHelp('nothing')
except x.Fault as fault:
    assert fault.faultCode == -32601, fault
else:
    raise AssertionError('no fault')
";
    Python::spawn(script, &[&server.url()]).finish().await;
}
