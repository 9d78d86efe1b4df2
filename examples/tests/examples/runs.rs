//! The examples, run as a user would run them, with Python on the other side.

use std::fs;

use tempfile::TempDir;

use crate::common::process::{ServerProcess, example, output, python, workspace};

#[test]
fn quickstart() {
    let printed = output(&mut example("quickstart"));
    let lines: Vec<_> = printed.lines().collect();
    assert!(
        lines[0].starts_with("serving XML-RPC on http://127.0.0.1:"),
        "{printed}"
    );
    assert_eq!(
        lines[1..4],
        [
            "getData()    = \"42\"",
            "pow(2, 9)    = 512",
            "add(1, 2)    = 3"
        ]
    );
    assert!(
        lines[4].starts_with("currentTime.getCurrentTime() = 2"),
        "{printed}"
    );
    assert_eq!(
        lines[5..],
        [
            "multicall    = \"42\", calling `pow`: fault 1: the result exceeds 64 bits, 3",
            "pow(10, 99)  : fault 1: the result exceeds 64 bits",
            "sub(3, 1)    : fault -32601: method `sub` not found",
        ]
    );
}

/// Python reads the types and doc comments of the quickstart's methods.
const PYTHON_INTROSPECTION: &str = "
import sys
from xmlrpc.client import ServerProxy

system = ServerProxy(sys.argv[1]).system
for name in system.listMethods():
    if not name.startswith('system.'):
        print(name, system.methodSignature(name), system.methodHelp(name))
";

#[test]
fn quickstart_with_pythons_introspection() {
    let server = ServerProcess::start(example("quickstart").arg("--stay"));
    assert_eq!(
        output(python(PYTHON_INTROSPECTION).arg(&server.url))
            .lines()
            .collect::<Vec<_>>(),
        [
            "add [['int', 'int', 'int']] Adds two numbers.",
            "currentTime.getCurrentTime [['dateTime.iso8601']] Returns the local time.",
            "getData [['string']] Returns the answer.",
            "pow [['int', 'int', 'int']] Raises `base` to the power of `exponent`.",
            "shop.order [['struct', 'struct']] Orders an item, and returns what it costs.",
            "",
            "The shop has only `tea`, for **3.50** each. Gifts are *wrapped* for free.",
        ]
    );
}

/// The output of `surface` is in the repository, so that you can read it without running it.
#[test]
fn surface() {
    let printed = output(&mut example("surface"));
    let (address, transcript) = printed.split_once("\n\n").unwrap();
    assert!(
        address.starts_with("serving XML-RPC on http://127.0.0.1:"),
        "{printed}"
    );
    let expected = fs::read_to_string(workspace().join("examples/surface.txt")).unwrap();
    assert_eq!(transcript, expected);
}

/// The four lines that the demo of Python's modules prints: a time, 42, 512, 3.
#[track_caller]
fn assert_demo(printed: &str) {
    let lines: Vec<_> = printed.lines().collect();
    assert_eq!(lines.len(), 4, "{printed}");
    let time = lines[0].trim();
    assert!(
        time.len() == 17 && time.starts_with('2') && time.contains('T'),
        "{printed}"
    );
    assert_eq!(lines[1..], ["42", "512", "3"], "{printed}");
}

/// The demo of `python3 -m xmlrpc.client`, at another address.
const PYTHON_DEMO_CLIENT: &str = "
import sys
from xmlrpc.client import MultiCall, ServerProxy

server = ServerProxy(sys.argv[1])
print(server.currentTime.getCurrentTime())
multi = MultiCall(server)
multi.getData()
multi.pow(2, 9)
multi.add(1, 2)
for response in multi():
    print(response)
";

/// The demo of `python3 -m xmlrpc.server`, on a free port.
const PYTHON_DEMO_SERVER: &str = "
import datetime
from xmlrpc.server import SimpleXMLRPCServer

class ExampleService:
    def getData(self):
        return '42'

    class currentTime:
        @staticmethod
        def getCurrentTime():
            return datetime.datetime.now()

with SimpleXMLRPCServer(('127.0.0.1', 0), logRequests=False) as server:
    server.register_function(pow)
    server.register_function(lambda x, y: x + y, 'add')
    server.register_instance(ExampleService(), allow_dotted_names=True)
    server.register_multicall_functions()
    print('serving on http://127.0.0.1:%d' % server.server_address[1])
    server.serve_forever()
";

#[test]
fn demo_server_with_pythons_demo_client() {
    let server = ServerProcess::start(example("demo_server").arg("127.0.0.1:0"));
    assert_demo(&output(python(PYTHON_DEMO_CLIENT).arg(&server.url)));
}

#[test]
fn demo_client_with_pythons_demo_server() {
    let server = ServerProcess::start(&mut python(PYTHON_DEMO_SERVER));
    assert_demo(&output(example("demo_client").arg(&server.url)));
}

#[test]
fn demo_client_with_demo_server() {
    let server = ServerProcess::start(example("demo_server").arg("127.0.0.1:0"));
    assert_demo(&output(example("demo_client").arg(&server.url)));
}

#[test]
fn script() {
    let server = ServerProcess::start(&mut python(PYTHON_DEMO_SERVER));
    // Python's server has no introspection by default.
    let failed = example("script").arg(&server.url).output().unwrap();
    let error = String::from_utf8_lossy(&failed.stderr);
    assert!(error.contains("system.listMethods"), "{error}");

    let mut command = example("file_server");
    let server = ServerProcess::start(command.arg("127.0.0.1:0").current_dir(workspace()));
    let printed = output(example("script").arg(&server.url));
    for name in ["ls", "system.listMethods"] {
        let lines = printed.lines().filter_map(|line| line.split(' ').next());
        assert!(lines.clone().any(|line| line == name), "{printed}");
    }
}

const PYTHON_FILE_CLIENT: &str = "
import sys, threading
from xmlrpc.client import Fault, ServerProxy

url = sys.argv[1]
files = ServerProxy(url)
assert files.hello() is None
assert files.pwd() == '/'
assert files.ls() == ['hello.txt', 'src'], files.ls()
assert files.ls('src') == ['lib.rs']
assert files.mkdir('new') is None
assert files.cp('hello.txt', 'new/copy.txt') is None
assert files.ls('new') == ['copy.txt']
assert files.show({'name': 'Ada Lovelace', 'age': 36}) == 'Ada Lovelace is 36 years old'
try:
    files.ls('../..')
    assert False, 'the root was left'
except Fault as fault:
    assert '/../..' in fault.faultString, fault

errors = []

def walk(number):
    try:
        files = ServerProxy(url)
        name = 'folder-%d' % number
        files.mkdir(name)
        files.cp('hello.txt', name + '/h')
        assert files.ls(name) == ['h']
        assert files.ls('src') == ['lib.rs']
        assert files.show({'name': name, 'age': number}) == '%s is %d years old' % (name, number)
    except Exception as error:
        errors.append(error)

threads = [threading.Thread(target=walk, args=(number,)) for number in range(50)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert not errors, errors
assert len(files.ls()) == 53
print('done')
";

#[test]
fn file_server_with_python_and_fifty_clients_at_once() {
    let root = TempDir::new().unwrap();
    fs::create_dir(root.path().join("src")).unwrap();
    fs::write(root.path().join("src/lib.rs"), "//").unwrap();
    fs::write(root.path().join("hello.txt"), "hello").unwrap();
    let mut command = example("file_server");
    let server = ServerProcess::start(command.arg("127.0.0.1:0").arg("--root").arg(root.path()));
    assert_eq!(
        output(python(PYTHON_FILE_CLIENT).arg(&server.url)),
        "done\n"
    );
    assert_eq!(
        fs::read_to_string(root.path().join("folder-49/h")).unwrap(),
        "hello"
    );
}

#[test]
fn file_client_with_file_server() {
    let mut command = example("file_server");
    let server = ServerProcess::start(command.arg("127.0.0.1:0").current_dir(workspace()));
    let printed = output(example("file_client").arg(&server.url));
    assert!(
        printed.contains("pwd: /\n") && printed.contains("Cargo.toml"),
        "{printed}"
    );
    assert!(printed.contains("Ada is 36 years old"), "{printed}");
    assert!(
        printed.contains("cannot list /no such folder: "),
        "{printed}"
    );
}

/// Sends a JSON-RPC request, and prints the status of the response.
const PYTHON_JSON_CLIENT: &str = "
import sys, urllib.error, urllib.request

headers = {'Content-Type': 'application/json'}
request = urllib.request.Request(sys.argv[1] + '/RPC2', b'{}', headers)
try:
    print(urllib.request.urlopen(request).status)
except urllib.error.HTTPError as error:
    print(error.code)
";

#[test]
fn servers_show_what_they_log() {
    let folder = TempDir::new().unwrap();
    let log = folder.path().join("log");
    for (name, asked, expected) in [
        ("demo_server", None, false),
        ("demo_server", Some("debug"), true),
        ("file_server", Some("xmlrpc_axum=debug"), true),
    ] {
        let mut command = example(name);
        command.arg("127.0.0.1:0").env_remove("RUST_LOG");
        command.envs(asked.map(|asked| ("RUST_LOG", asked)));
        command.stderr(fs::File::create(&log).unwrap());
        let server = ServerProcess::start(command.current_dir(folder.path()));
        assert_eq!(output(python(PYTHON_JSON_CLIENT).arg(&server.url)), "415\n");
        let logged = fs::read_to_string(&log).unwrap();
        assert_eq!(
            logged.contains("refused a request"),
            expected,
            "{name}: {logged}"
        );
    }
}

#[test]
fn examples_say_what_they_cannot_do() {
    let failed = |command: &mut std::process::Command| {
        let output = command.output().unwrap();
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    // Nobody listens on port 1.
    let error = failed(example("demo_client").arg("http://127.0.0.1:1"));
    assert!(error.contains("could not connect"), "{error}");
    let error = failed(example("file_server").arg("--bogus"));
    assert!(error.contains("unknown option `--bogus`"), "{error}");
    let error = failed(example("demo_server").env("RUST_LOG", "debug=="));
    assert!(error.contains("RUST_LOG=debug==: "), "{error}");
}
