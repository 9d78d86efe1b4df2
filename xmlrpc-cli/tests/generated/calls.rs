//! Makes calls with the generated code: to a generated server, and to those servers that are installed.

use std::{fs, process::Command};

use crate::{
    compile::program,
    inputs::golden,
    servers::{self, Server, xmlrpc},
};

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
    assert!(
        checked.status.success() && checked.stdout.is_empty(),
        "{checked:?}"
    );
    // The same server gives the same text.
    let again = xmlrpc(&["gen", "rust", &server.url]);
    assert_eq!(
        String::from_utf8_lossy(&again.stdout),
        fs::read_to_string(file).unwrap()
    );
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
    if let Some(server) = servers::python() {
        calls("python", &server);
    }
}

#[test]
fn supervisor() {
    let Some(server) = servers::supervisor() else {
        return;
    };
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
    assert!(
        code.contains("pub struct GetAllProcessInfoItem {"),
        "{code}"
    );
    assert!(code.contains("pub statename: String,"), "{code}");
    assert!(
        !code.contains("GetProcessInfoResult"),
        "the two have the same type: {code}"
    );
}

#[test]
fn aria2() {
    if let Some(server) = servers::aria2() {
        calls("aria2", &server);
    }
}

#[test]
fn rtorrent() {
    if let Some(server) = servers::rtorrent() {
        calls("rtorrent", &server);
    }
}

#[test]
fn wordpress() {
    if let Some(server) = servers::wordpress() {
        calls("wordpress", &server);
    }
}
