//! The command, and generated code, with all servers of `tests/interop`: each is listed, described and called, its
//! trait is generated and checked, and one program calls all of them with their generated clients.
//!
//! Only `tests/interop/run` runs this, because it installs the servers: it sets `XMLRPC_PEERS=required`.

use std::{env, fmt::Write, fs, path::PathBuf, process::Command, thread};

use crate::{
    documentation::{package, root, shell},
    servers::{self, Server, xmlrpc},
};

/// A server, and a method with an argument whose type matters.
struct Peer {
    /// Also the name of the module.
    name: &'static str,
    start: fn() -> Option<Server>,
    /// The method and its arguments.
    call: &'static [&'static str],
    /// What the command prints with `--output json`.
    result: &'static str,
    /// The same call in Rust, with a client `c`, and what it returns.
    code: &'static str,
    returned: &'static str,
}

const ADD: &[&str] = &["peer.add", "2", "3"];

/// The servers that describe themselves.
const PEERS: &[Peer] = &[
    Peer {
        name: "simple",
        start: || script(&["python3", "python_server.py", "simple"]),
        call: ADD,
        result: "5",
        code: "simple::peer::PeerClient::new(c).add(&[2.into(), 3.into()])",
        returned: "Int(5)",
    },
    Peer {
        name: "doc",
        start: || script(&["python3", "python_server.py", "doc"]),
        call: ADD,
        result: "5",
        code: "doc::peer::PeerClient::new(c).add(&[2.into(), 3.into()])",
        returned: "Int(5)",
    },
    Peer {
        name: "abyss",
        start: || script(&["built/abyss_server", "i8"]),
        call: ADD,
        result: "5",
        code: "abyss::peer::PeerClient::new(c).add(2, 3)",
        returned: "5",
    },
    Peer {
        name: "abyss_apache",
        start: || script(&["built/abyss_server", "apache"]),
        call: ADD,
        result: "5",
        code: "abyss_apache::peer::PeerClient::new(c).add(2, 3)",
        returned: "5",
    },
    Peer {
        name: "ruby",
        start: || script(&["ruby", "ruby_server.rb"]),
        call: ADD,
        result: "5",
        code: "ruby::peer::PeerClient::new(c).add(2, 3)",
        returned: "5",
    },
    Peer {
        name: "twisted",
        start: || script(&["built/venv/bin/python", "twisted_server.py"]),
        call: ADD,
        result: "5",
        code: "twisted::peer::PeerClient::new(c).add(2, 3)",
        returned: "5",
    },
    Peer {
        name: "supervisor",
        start: servers::supervisor,
        call: &["supervisor.tailProcessStdoutLog", "cat", "0", "10"],
        result: "[\n  \"\",\n  0,\n  false\n]",
        code: "supervisor::supervisor::SupervisorClient::new(c).tail_process_stdout_log(\"cat\", 0, 10)",
        returned: "[String(\"\"), Int(0), Bool(false)]",
    },
    Peer {
        name: "aria2",
        start: servers::aria2,
        call: &["aria2.tellWaiting", "0", "10"],
        result: "[]",
        code: "aria2::aria2::Aria2Client::new(c).tell_waiting(&[0.into(), 10.into()])",
        returned: "Array([])",
    },
    Peer {
        name: "rtorrent",
        start: servers::rtorrent,
        call: &["math.add", "text:", "2", "3"],
        result: "5",
        code: "rtorrent::math::MathClient::new(c).add(&[\"\".into(), 2.into(), 3.into()])",
        returned: "I8(5)",
    },
    Peer {
        name: "wordpress",
        start: servers::wordpress,
        call: &["demo.addTwoNumbers", "2", "3"],
        result: "5",
        code: "wordpress::demo::DemoClient::new(c).add_two_numbers(&[2.into(), 3.into()])",
        returned: "Int(5)",
    },
];

/// Starts a server of `tests/interop/peers`. `built/` is the folder into which `tests/interop/run` installs peers.
fn script(words: &[&str]) -> Option<Server> {
    let interop = root().join("tests/interop/peers");
    let built = env::var_os("INTEROP_BUILT").map(PathBuf::from);
    let built = built.unwrap_or_else(|| root().join("target/interop"));
    let (program, arguments) = words.split_first()?;
    let mut command = match program.strip_prefix("built/") {
        Some(name) => Command::new(built.join(name)),
        None => Command::new(program),
    };
    for argument in arguments {
        let file = interop.join(argument);
        if file.exists() {
            command.arg(file);
        } else {
            command.arg(argument);
        }
    }
    let folder = tempfile::tempdir().unwrap();
    command.arg(folder.path().join("peer.sock"));
    command.env("NODE_PATH", built.join("node/node_modules"));
    Server::printing(&mut command, folder)
}

/// What the command prints.
#[track_caller]
fn printed(arguments: &[&str]) -> String {
    let output = xmlrpc(arguments);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {error}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Whether these tests run.
fn are_required() -> bool {
    env::var("XMLRPC_PEERS").is_ok_and(|it| it == "required")
}

fn started(name: &str, start: fn() -> Option<Server>) -> Server {
    start().unwrap_or_else(|| panic!("{name} is not installed"))
}

#[test]
fn peers() {
    if !are_required() {
        return;
    }
    let starting: Vec<_> = PEERS
        .iter()
        .map(|peer| thread::spawn(|| started(peer.name, peer.start)))
        .collect();
    let servers = starting.into_iter().map(|it| it.join().unwrap());
    let servers: Vec<_> = PEERS.iter().zip(servers).collect();
    let folder = package("peers", "");
    let (mut modules, mut arms) = (String::new(), String::new());
    for (peer, server) in &servers {
        let (url, method) = (&*server.url, peer.call[0]);
        let listed = printed(&["list", url]);
        assert!(
            listed.lines().any(|it| it == method),
            "{}: {listed}",
            peer.name
        );
        let described = printed(&["describe", url, method]);
        assert!(
            described.starts_with(&format!("{method}(")),
            "{}: {described}",
            peer.name
        );
        let call = [&["call", url], peer.call, &["--output", "json"]].concat();
        assert_eq!(printed(&call).trim_end(), peer.result, "{}", peer.name);
        let file = folder.path().join(format!("src/{}.rs", peer.name));
        let file = file.to_str().unwrap();
        printed(&["gen", "rust", url, "--save", file]);
        assert_eq!(printed(&["gen", "check", url, file]), "", "{}", peer.name);
        writeln!(modules, "mod {};", peer.name).unwrap();
        writeln!(
            arms,
            "{:?} => println!(\"{{:?}}\", {}.await?),",
            peer.name, peer.code
        )
        .unwrap();
    }
    let program = format!(
        "#![allow(dead_code)]\n{modules}\n\
         #[tokio::main(flavor = \"current_thread\")]\n\
         async fn main() -> Result<(), Box<dyn std::error::Error>> {{\n\
         let arguments: Vec<String> = std::env::args().collect();\n\
         let c = xmlrpc_client::Client::new(&arguments[2])?;\n\
         match &*arguments[1] {{\n{arms}_ => unreachable!(),\n}}\nOk(())\n}}\n"
    );
    fs::write(folder.path().join("src/main.rs"), program).unwrap();
    shell("cargo build --quiet", folder.path());
    for (peer, server) in &servers {
        let line = format!("cargo run --quiet -- {} '{}'", peer.name, server.url);
        let returned = shell(&line, folder.path());
        assert_eq!(returned.trim_end(), peer.returned, "{}", peer.name);
        println!(
            "xmlrpc with {}: list, describe, call, gen rust, gen check, and a call of the code",
            peer.name
        );
    }
}

/// A server that answers every question about its methods with HTTP 404.
#[test]
fn peers_without_introspection() {
    if !are_required() {
        return;
    }
    let server = started("node", || script(&["node", "node_server.js"]));
    assert_eq!(printed(&["call", &server.url, "peer.add", "2", "3"]), "5\n");
    for command in [&["list"][..], &["describe"], &["gen", "rust"]] {
        let output = xmlrpc(&[command, &[&server.url]].concat());
        assert_eq!(output.status.code(), Some(3), "{output:?}");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(
            error.contains("system.listMethods") && error.contains("404"),
            "{error}"
        );
    }
    println!("left out: xmlrpc with node, all but call: it has no introspection");
}
