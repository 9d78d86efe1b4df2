//! The formats of results.

use std::process::Stdio;

use crate::{
    peer::Peer,
    run::{command, xmlrpc},
};

fn everything(options: &[&str]) -> String {
    let peer = Peer::demo();
    xmlrpc(&[&["call", &peer.url, "everything"][..], options].concat()).ok()
}

#[test]
fn text_is_for_people() {
    let expected = "int: 5\ni8: 5\nbig: 9007199254740993\ndouble: 5.0\nboolean: true\nstring: text\n\
        date: 2026-11-27 10:00:00\nbytes: base64 (5 bytes): \"Hello\"\nnil: nil\nlist:\n  - 1\n  -\n    - 2\n    - 3\nodd:\n  $date: 1\n";
    assert_eq!(everything(&[]), expected);
}

#[test]
fn json_is_exact() {
    let json = everything(&["--output", "json"]);
    let expected = "{\n  \"int\": 5,\n  \"i8\": 5,\n  \"big\": 9007199254740993,\n  \"double\": 5.0,\n  \
        \"boolean\": true,\n  \"string\": \"text\",\n  \"date\": \"2026-11-27T10:00:00\",\n  \"bytes\": \"SGVsbG8=\",\n  \"nil\": null,\n  \
        \"list\": [\n    1,\n    [\n      2,\n      3\n    ]\n  ],\n  \"odd\": {\n    \"$date\": 1\n  }\n}\n";
    assert_eq!(json, expected);
    serde_json::from_str::<serde_json::Value>(&json).unwrap();
}

#[test]
fn typed_json_is_an_argument_again() {
    let typed = everything(&["--typed"]);
    let peer = Peer::demo();
    let again = xmlrpc(&["call", &peer.url, "echo", &typed, "--typed"]).ok();
    assert_eq!(again, typed);
    assert!(typed.contains(r#""i8": {"$i8": 5}"#));
}

#[test]
fn tables() {
    let peer = Peer::demo();
    let expected = "NAME    PID  START                STATE\n\
                    web     101  2026-11-27 10:00:00  RUNNING\n\
                    worker    7  2026-11-27 10:00:00  STOPPED\n";
    assert_eq!(xmlrpc(&["call", &peer.url, "processes"]).ok(), expected);
    let forced = xmlrpc(&[
        "call",
        &peer.url,
        "echo",
        "{\"a\": 1, \"b\": \"x\"}",
        "-o",
        "table",
    ]);
    assert_eq!(forced.ok(), "NAME  VALUE\na     1\nb     x\n");
}

#[test]
fn documents() {
    let peer = Peer::demo();
    let raw = xmlrpc(&["call", &peer.url, "pow", "2", "9", "--output", "raw"]).ok();
    assert!(
        raw.contains("<params><param><value><int>512</int></value></param></params>"),
        "{raw}"
    );
    let xml = xmlrpc(&["call", &peer.url, "pow", "2", "9", "--output", "xml"]).ok();
    assert!(
        xml.contains("\n      <value>\n        <int>512</int>\n      </value>\n"),
        "{xml}"
    );
    let fault = xmlrpc(&["call", &peer.url, "fail", "7", "x", "--output", "raw"]);
    assert!(
        fault.stdout.contains("<fault>") && fault.code == 1,
        "{fault:?}"
    );
}

#[test]
fn envelopes_are_json() {
    let peer = Peer::demo();
    let call = ["call", &peer.url, "pow", "2", "9", "--envelope", "-o"];
    let json = xmlrpc(&[&call[..], &["json"]].concat()).ok();
    assert!(json.contains("\"value\": 512"), "{json}");
    for format in ["xml", "raw", "table"] {
        let error = xmlrpc(&[&call[..], &[format]].concat()).failed(2);
        assert!(error.contains("leave out --output"), "{error}");
    }
}

#[test]
fn envelopes() {
    let peer = Peer::demo();
    let read = |arguments: &[&str], code| {
        let run = xmlrpc(&[&["call", "--envelope"][..], arguments].concat());
        assert_eq!((run.code, run.stderr.as_str()), (code, ""));
        serde_json::from_str::<serde_json::Value>(&run.stdout).unwrap()
    };
    let value = read(&[&peer.url, "pow", "2", "9"], 0);
    assert_eq!(
        (&value["value"], &value["status"], &value["method"]),
        (&512.into(), &200.into(), &"pow".into())
    );
    assert!(
        value["headers"]["content-type"]
            .as_str()
            .unwrap()
            .starts_with("text/xml")
    );
    assert!(
        value["milliseconds"].as_f64().unwrap() > 0.0
            && value["received_bytes"].as_u64().unwrap() > 100
    );
    let fault = read(&[&peer.url, "fail", "404", "no such page"], 1);
    let expected = serde_json::json!({"code": 404, "message": "no such page"});
    assert_eq!(fault["fault"], expected);
    let refused = format!("http://127.0.0.1:{}", crate::peer::closed_port());
    let error = read(&[&refused, "pow", "2", "9"], 3);
    assert_eq!(error["error"]["kind"], "connect");
    assert!(error.get("status").is_none());
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let peer = Peer::demo();
    for arguments in [
        ["call", &peer.url, "zeros", "3000000", "-o", "json"].as_slice(),
        &["list", &peer.url],
    ] {
        let mut child = command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            output.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(output.stderr.is_empty());
    }
}

#[test]
fn a_full_disk_is_an_error() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
    let Ok(full) = full else { return };
    let peer = Peer::demo();
    let output = command(&["list", &peer.url]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write the output"));
}
