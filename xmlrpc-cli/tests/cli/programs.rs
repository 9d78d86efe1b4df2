//! Servers that others wrote, where they are installed: Python, Ruby, xmlrpc-c, Supervisor, aria2 and rTorrent.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use crate::{
    configuration::home,
    peer::closed_port,
    run::{Run, command, finish, isolate, xmlrpc, xmlrpc_with_input},
};

/// A program that is ended when this is dropped.
struct Program(Child);

impl Program {
    /// `None` if it is not installed.
    fn start(command: &mut Command) -> Option<Self> {
        let quiet = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        quiet.env("no_proxy", "*").spawn().ok().map(Self)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs until the server answers.
#[track_caller]
fn when_ready(run: impl Fn() -> Run) -> Run {
    for _ in 0..300 {
        let done = run();
        if done.code != 3 {
            return done;
        }
        thread::sleep(Duration::from_millis(100));
    }
    panic!("the server does not answer: {}", run().stderr);
}

#[test]
fn python() {
    let port = closed_port();
    let program = format!(
        "from xmlrpc.server import SimpleXMLRPCServer\n\
         s = SimpleXMLRPCServer(('127.0.0.1', {port}), logRequests=False, allow_none=True)\n\
         s.register_introspection_functions(); s.register_multicall_functions()\n\
         s.register_function(pow); s.register_function(lambda x: repr(x), 'repr')\n\
         s.serve_forever()"
    );
    let Some(_program) = Program::start(Command::new("python3").args(["-c", &program])) else {
        return;
    };
    let url = format!("http://127.0.0.1:{port}");
    let list = when_ready(|| xmlrpc(&["list", &url])).ok();
    assert!(
        list.contains("\npow\nrepr\nsystem.listMethods\n") || list.starts_with("pow\nrepr\n"),
        "{list}"
    );
    assert_eq!(xmlrpc(&["call", &url, "pow", "2", "9"]).ok(), "512\n");
    let values = ["5", "'5'", "5.5", "True", "None", "[1, 'a']", "{'a': 1}"];
    let arguments = [
        "5",
        "text:5",
        "5.5",
        "true",
        "nil:",
        "[1, \"a\"]",
        "{\"a\": 1}",
    ];
    for (argument, expected) in arguments.into_iter().zip(values) {
        assert_eq!(
            xmlrpc(&["call", &url, "repr", argument]).ok(),
            format!("{expected}\n")
        );
    }
    let fault = xmlrpc(&["call", &url, "pow", "2", "x"]).failed(1);
    assert!(fault.starts_with("fault 1: "), "{fault}");
    let describe = xmlrpc(&["describe", &url, "pow"]).ok();
    assert!(
        describe.starts_with("pow(…): any\n    Equivalent to"),
        "{describe}"
    );
    let calls = xmlrpc_with_input(&["multicall", &url], "pow 2 9\npow 2 10\n").ok();
    assert_eq!(calls, "pow 2 9\n  512\npow 2 10\n  1024\n");
}

#[test]
fn ruby() {
    let port = closed_port();
    let program = format!(
        "require 'xmlrpc/server'\n\
         s = XMLRPC::Server.new({port}, '127.0.0.1', 4, $stderr, true, true)\n\
         s.add_handler('add', ['int', 'int', 'int'], 'Adds two numbers.') {{ |a, b| a + b }}\n\
         s.add_introspection; s.add_multicall; s.serve"
    );
    let has = Command::new("ruby")
        .args(["-e", "require 'xmlrpc/server'"])
        .stderr(Stdio::null())
        .status();
    if !has.is_ok_and(|status| status.success()) {
        return;
    }
    let Some(_program) = Program::start(Command::new("ruby").args(["-e", &program])) else {
        return;
    };
    let url = format!("http://127.0.0.1:{port}");
    let list = when_ready(|| xmlrpc(&["list", &url])).ok();
    assert!(list.contains("add\n"), "{list}");
    assert_eq!(xmlrpc(&["call", &url, "add", "2", "3"]).ok(), "5\n");
    let wrong = xmlrpc(&["call", &url, "add", "2", "x"]).failed(2);
    assert!(
        wrong.contains("argument 2: expected int, found string \"x\"; nothing was sent"),
        "{wrong}"
    );
    let describe = xmlrpc(&["describe", &url, "add"]).ok();
    assert_eq!(
        describe,
        "add(param1: int, param2: int): int\n    Adds two numbers.\n"
    );
}

#[test]
fn supervisor() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let configuration = format!(
        "[supervisord]\nnodaemon = true\nsilent = true\nlogfile = {path}/log\npidfile = {path}/pid\nchildlogdir = {path}\n\
         [rpcinterface:supervisor]\nsupervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface\n\
         [unix_http_server]\nfile = {path}/socket\nusername = moe\npassword = secret\n\
         [program:cat]\ncommand = cat\nautostart = false\nstartsecs = 0\n"
    );
    let file = folder.path().join("supervisord.conf");
    fs::write(&file, configuration).unwrap();
    let Some(_program) = Program::start(Command::new("supervisord").arg("-c").arg(file)) else {
        return;
    };
    let home = home(&format!(
        "[servers.s]\nurl = \"unix://{path}/socket\"\nuser = \"moe\"\npassword-command = \"echo secret\"\n"
    ));
    let run = |arguments: &[&str]| {
        let mut command = command(arguments);
        isolate(&mut command, home.path());
        finish(&mut command)
    };
    let list = when_ready(|| run(&["list", "@s", "supervisor.get"])).ok();
    assert!(list.contains("supervisor.getAllProcessInfo\n"), "{list}");
    // Its signature is flat, and the second parameter is optional.
    assert_eq!(
        run(&["call", "@s", "supervisor.startProcess", "cat"]).ok(),
        "true\n"
    );
    assert_eq!(
        run(&["call", "@s", "supervisor.stopProcess", "cat", "true"]).ok(),
        "true\n"
    );
    let wrong = run(&["call", "@s", "supervisor.startProcess", "cat", "soon"]).failed(2);
    assert!(wrong.contains("expected boolean"), "{wrong}");
    let all = run(&[
        "call",
        "@s",
        "supervisor.getAllProcessInfo",
        "--output",
        "table",
    ])
    .ok();
    assert!(all.contains("NAME") && all.contains("cat"), "{all}");
    let describe = run(&["describe", "@s", "supervisor.startProcess"]).ok();
    assert!(
        describe.contains("Start a process") && describe.contains(": boolean"),
        "{describe}"
    );
    let denied = xmlrpc(&[
        "call",
        &format!("unix://{path}/socket"),
        "supervisor.getState",
    ])
    .failed(3);
    assert!(
        denied.contains("401") && denied.contains("--user"),
        "{denied}"
    );
    assert_eq!(run(&["call", "@s", "supervisor.shutdown"]).ok(), "true\n");
}

#[test]
fn aria2() {
    let folder = tempfile::tempdir().unwrap();
    let port = closed_port();
    let mut program = Command::new("aria2c");
    program.args([
        "--no-conf",
        "--quiet",
        "--enable-rpc",
        "--enable-dht=false",
        "--bt-enable-lpd=false",
    ]);
    program
        .arg(format!("--rpc-listen-port={port}"))
        .arg(format!("--dir={}", folder.path().display()));
    let Some(_program) = Program::start(program.arg("--rpc-secret=s3cret")) else {
        return;
    };
    let home = home(&format!(
        "[servers.a]\nurl = \"http://127.0.0.1:{port}/rpc\"\nparams = [{{ command = \"echo token:s3cret\" }}]\n"
    ));
    let run = |arguments: &[&str]| {
        let mut command = command(arguments);
        isolate(&mut command, home.path());
        finish(&mut command)
    };
    let version = when_ready(|| run(&["call", "@a", "aria2.getVersion"])).ok();
    assert!(
        version.contains("version: ") && version.contains("enabledFeatures:"),
        "{version}"
    );
    assert!(
        run(&["list", "@a", "aria2.add"])
            .ok()
            .contains("aria2.addUri\n")
    );
    let uri = "[\"http://127.0.0.1:9/x\"]";
    let added = run(&["call", "@a", "aria2.addUri", uri, "{\"pause\": \"true\"}"]).ok();
    assert_eq!(added.trim_end().len(), 16, "{added}");
    let verbose = run(&["call", "@a", "aria2.getVersion", "-v"]);
    assert!(!verbose.stderr.contains("s3cret"), "{}", verbose.stderr);
}

#[test]
fn rtorrent() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    fs::create_dir(folder.path().join("session")).unwrap();
    let port = closed_port();
    let socket = Path::new(path).join("socket");
    let lines = format!(
        "system.daemon.set = true\nsession.path.set = {path}/session\ndirectory.default.set = {path}\n\
         network.port_range.set = {port}-{port}\ndht.mode.set = disable\nprotocol.pex.set = no\ntrackers.use_udp.set = no\n\
         network.scgi.open_local = {}\n",
        socket.display()
    );
    let file = folder.path().join("rtorrent.rc");
    fs::write(&file, lines).unwrap();
    let mut program = Command::new("rtorrent");
    program
        .args(["-n", "-o"])
        .arg(format!("import={}", file.display()));
    let Some(_program) = Program::start(&mut program) else {
        return;
    };
    let url = format!("scgi+unix://{}", socket.display());
    let list = when_ready(|| xmlrpc(&["list", &url])).ok();
    assert!(
        list.lines().count() > 500 && list.contains("\ndownload_list\n"),
        "{}",
        list.lines().count()
    );
    assert_eq!(
        xmlrpc(&["call", &url, "download_list", "text:"]).ok(),
        "[]\n"
    );
    assert_eq!(
        xmlrpc(&["call", &url, "cat", "text:", "a", "b"]).ok(),
        "ab\n"
    );
    let ping = xmlrpc(&["ping", &url, "system.pid", "-c", "3", "-i", "0"]).ok();
    assert!(ping.contains("3 responses"), "{ping}");
    let describe = xmlrpc(&["describe", &url]);
    assert_eq!(describe.code, 0, "{}", describe.stderr);
    assert!(
        describe
            .stdout
            .lines()
            .filter(|line| line.starts_with("d."))
            .count()
            > 100
    );
}
