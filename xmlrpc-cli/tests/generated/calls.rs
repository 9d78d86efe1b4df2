//! Makes calls with the generated code: to a generated server, and to those servers that are installed.

use std::{
    env, fs,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use crate::{compile::program, inputs::golden};

/// The time for a server to start.
const START: Duration = Duration::from_secs(60);

/// A server, which ends with this value.
struct Server {
    process: Child,
    url: String,
    _folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        // Supervisor ends its own processes only if it is asked to.
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let begin = Instant::now();
        while self.process.try_wait().is_ok_and(|status| status.is_none()) {
            if begin.elapsed() > Duration::from_secs(10) {
                let _ = self.process.kill();
            }
            sleep(Duration::from_millis(20));
        }
    }
}

fn installed(name: &str) -> Option<PathBuf> {
    let paths = env::var_os("PATH")?;
    let found = env::split_paths(&paths).map(|folder| folder.join(name)).find(|it| it.is_file());
    if found.is_none() {
        eprintln!("{name} is not installed, so its test did not run");
    }
    found
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// Starts a server. `prepare` writes its files and returns its arguments and its URL.
fn start(name: &str, prepare: impl FnOnce(&Path, u16) -> (Vec<String>, String)) -> Option<Server> {
    let program = installed(name)?;
    let folder = tempfile::tempdir().unwrap();
    let (arguments, url) = prepare(folder.path(), free_port());
    let process = Command::new(program)
        .args(arguments)
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let server = Server {
        process,
        url,
        _folder: folder,
    };
    let begin = Instant::now();
    while !xmlrpc(&["gen", "json", &server.url]).status.success() {
        assert!(begin.elapsed() < START, "{name} does not respond");
        sleep(Duration::from_millis(100));
    }
    Some(server)
}

/// Runs the command.
fn xmlrpc(arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_xmlrpc"))
        .args(arguments)
        .env("no_proxy", "*")
        .output()
        .unwrap()
}

fn run(arguments: &[&str]) {
    let output = Command::new(program())
        .args(arguments)
        .env("no_proxy", "*")
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {error}");
}

/// Calls the server with the committed code, and checks that code generated now fits it.
fn calls(name: &str, server: &Server) {
    run(&[name, &server.url]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("server.rs");
    let file = file.to_str().unwrap();
    let generated = xmlrpc(&["gen", "rust", &server.url, "--save", file]);
    assert!(generated.status.success(), "{generated:?}");
    let checked = xmlrpc(&["gen", "check", &server.url, file]);
    assert!(checked.status.success() && checked.stdout.is_empty(), "{checked:?}");
    // The same server gives the same text.
    let again = xmlrpc(&["gen", "rust", &server.url]);
    assert_eq!(String::from_utf8_lossy(&again.stdout), fs::read_to_string(file).unwrap());
    // Another server differs.
    let other = golden(if name == "aria2" { "python" } else { "aria2" });
    let checked = xmlrpc(&["gen", "check", &server.url, other.to_str().unwrap()]);
    assert_eq!(checked.status.code(), Some(1), "{checked:?}");
}

#[test]
fn a_generated_client_calls_a_generated_server() {
    run(&["own"]);
}

#[test]
fn python() {
    let server = start("python3", |_, port| {
        let program = format!(
            "from xmlrpc.server import SimpleXMLRPCServer\n\
             server = SimpleXMLRPCServer(('127.0.0.1', {port}), logRequests=False)\n\
             server.register_introspection_functions()\n\
             def add(x, y):\n    return x + y\n\
             server.register_function(add)\n\
             server.serve_forever()\n"
        );
        (vec!["-c".to_owned(), program], format!("http://127.0.0.1:{port}/RPC2"))
    });
    if let Some(server) = server {
        calls("python", &server);
    }
}

#[test]
fn supervisor() {
    let server = start("supervisord", |folder, port| {
        let config = folder.join("supervisord.conf");
        let lines = format!(
            "[supervisord]\nnodaemon = true\nsilent = true\n\
             [rpcinterface:supervisor]\n\
             supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface\n\
             [inet_http_server]\nport = 127.0.0.1:{port}\n\
             [program:cat]\ncommand = cat\nstartsecs = 0\n"
        );
        fs::write(&config, lines).unwrap();
        let arguments = vec!["-c".to_owned(), config.to_str().unwrap().to_owned()];
        (arguments, format!("http://127.0.0.1:{port}/RPC2"))
    });
    let Some(server) = server else { return };
    calls("supervisor", &server);
    // Types from results.
    let sampled = xmlrpc(&[
        "gen",
        "rust",
        &server.url,
        "--sample",
        "supervisor.getAllProcessInfo",
        "--sample",
        "supervisor.getProcessInfo cat",
    ]);
    let code = String::from_utf8_lossy(&sampled.stdout);
    assert!(code.contains("pub struct GetAllProcessInfoItem {"), "{code}");
    assert!(code.contains("pub statename: String,"), "{code}");
    assert!(!code.contains("GetProcessInfoResult"), "the two have the same type: {code}");
}

#[test]
fn aria2() {
    let server = start("aria2c", |folder, port| {
        let arguments = [
            "--enable-rpc".to_owned(),
            format!("--rpc-listen-port={port}"),
            "--no-conf".to_owned(),
            format!("--dir={}", folder.display()),
        ];
        (arguments.into(), format!("http://127.0.0.1:{port}/rpc"))
    });
    if let Some(server) = server {
        calls("aria2", &server);
    }
}

#[test]
fn rtorrent() {
    let server = start("rtorrent", |folder, port| {
        let folder = folder.display();
        fs::create_dir(format!("{folder}/session")).unwrap();
        let config = format!("{folder}/rtorrent.rc");
        let lines = format!(
            "system.daemon.set = true\nsession.path.set = {folder}/session\n\
             directory.default.set = {folder}\nnetwork.port_range.set = {port}-{port}\n\
             dht.mode.set = disable\nprotocol.pex.set = no\ntrackers.use_udp.set = no\n\
             network.scgi.open_local = {folder}/rpc.sock\n"
        );
        fs::write(&config, lines).unwrap();
        let arguments = ["-n".to_owned(), "-o".to_owned(), format!("import={config}")];
        (arguments.into(), format!("scgi+unix://{folder}/rpc.sock"))
    });
    if let Some(server) = server {
        calls("rtorrent", &server);
    }
}
