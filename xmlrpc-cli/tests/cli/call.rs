//! `xmlrpc call`: arguments, results and exit codes.

use crate::{
    peer::{Canned, Peer, closed_port},
    run::{xmlrpc, xmlrpc_with_input},
};

#[test]
fn signatures_decide_types() {
    let peer = Peer::demo();
    let cases: [(&[&str], &str); 12] = [
        (&["pow", "2", "9"], "512\n"),
        (&["pow", "-2", "3"], "-8\n"),
        (&["length", "5"], "1\n"),
        (&["length", "true"], "4\n"),
        (&["length", "{\"a\": 1}"], "8\n"),
        (&["length", "\"quoted\""], "6\n"),
        (&["length", "--", "--flag"], "6\n"),
        (&["double", "2"], "4.0\n"),
        (&["day_after", "2026-12-31"], "2027-01-01 00:00:00\n"),
        (
            &["day_after", "date:20261231T10:00:00"],
            "2027-01-01 10:00:00\n",
        ),
        (&["size", "SGVsbG8="], "5\n"),
        (
            &[
                "types.of",
                "5",
                "5.0",
                "x",
                "nil:",
                "i8:5",
                "text:5",
                "[1]",
                "{}",
                "true",
                "base64:AAE=",
                "date:2026-11-27T10:00:00",
            ],
            "int\ndouble\nstring\nnil\ni8\nstring\narray\nstruct\nboolean\nbase64\ndate\n",
        ),
    ];
    for (arguments, expected) in cases {
        let arguments = [&["call", &peer.url][..], arguments].concat();
        assert_eq!(xmlrpc(&arguments).ok(), expected, "{arguments:?}");
    }
}

#[test]
fn wrong_types_are_reported_before_the_call() {
    let answer = "<array><data><value><array><data><value>int</value><value>int</value></data></array></value></data></array>";
    let peer = Canned::value(answer);
    let cases: [(&[&str], &str); 3] = [
        (
            &["m", "x"],
            "argument 1: expected int, found string \"x\"; nothing was sent",
        ),
        (
            &["m", "[1"],
            "argument 1: invalid JSON: expected `,` or `]` at line 1, column 3; for text, write text:…; nothing was sent",
        ),
        (
            &["m", "i8:x"],
            "invalid argument `i8:x`: expected an integer of 64 bits after `i8:`",
        ),
    ];
    for (arguments, expected) in cases {
        let arguments = [&["call", &peer.url][..], arguments].concat();
        let error = xmlrpc(&arguments).failed(2);
        assert_eq!(
            error.lines().next(),
            Some(&*format!("error: {expected}")),
            "{error}"
        );
    }
    assert!(
        peer.requests()
            .iter()
            .all(|request| request.contains("system.methodSignature"))
    );
    let sent = xmlrpc(&["call", &peer.url, "m", "x", "--no-signatures"]);
    assert_eq!(sent.code, 0);
}

#[test]
fn arguments_from_documents() {
    let peer = Peer::demo();
    let pow = xmlrpc_with_input(&["call", &peer.url, "pow", "--params", "-"], "[2, 9]");
    assert_eq!(pow.ok(), "512\n");
    let typed = xmlrpc_with_input(
        &["call", &peer.url, "types.of", "--params", "-"],
        r#"[{"$i8": 5}, {"$date": "2026-11-27T10:00:00"}, {"$base64": "AAE="}, {"$struct": {"$i8": 5}}, {"$double": "NaN"}]"#,
    );
    assert_eq!(typed.ok(), "i8\ndate\nbase64\nstruct\ndouble\n");
    let wrong = xmlrpc_with_input(&["call", &peer.url, "pow", "--params", "-"], "{\"a\": 1}");
    assert!(wrong.failed(2).contains("must contain a JSON array"));
    let broken = xmlrpc_with_input(&["call", &peer.url, "pow", "--params", "-"], "[1,\n x]");
    assert!(broken.failed(2).contains("line 2, column 2"));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), [0, 255, 7]).unwrap();
    let argument = format!("base64:@{}", file.path().display());
    assert_eq!(xmlrpc(&["call", &peer.url, "size", &argument]).ok(), "3\n");
    let input = xmlrpc_with_input(&["call", &peer.url, "size", "base64:@-"], "Hello");
    assert_eq!(input.ok(), "5\n");
}

#[test]
fn the_notation_of_xmlrpc_c() {
    let peer = Peer::demo();
    let types = [
        "i/5", "I/5", "d/1", "b/true", "s/x", "h/00ff", "n/", "plain",
    ];
    let arguments = [&["call", "--xmlrpc-c", &peer.url, "types.of"][..], &types].concat();
    let expected = "int\ni8\ndouble\nboolean\nstring\nbase64\nnil\nstring\n";
    assert_eq!(xmlrpc(&arguments).ok(), expected);
    let error = xmlrpc(&["call", "--xmlrpc-c", &peer.url, "types.of", "i/x"]).failed(2);
    assert_eq!(
        error,
        "error: invalid argument `i/x`: expected an integer of 32 bits after `i/`\n"
    );
}

#[test]
fn exit_codes() {
    let peer = Peer::demo();
    let fault = xmlrpc(&["call", &peer.url, "fail", "404", "no such page"]).failed(1);
    assert_eq!(fault, "fault 404: no such page\n");
    assert!(xmlrpc(&["call", &peer.url]).failed(2).contains("<METHOD>"));
    let no_scheme = xmlrpc(&["call", "localhost:8000", "m"]).failed(2);
    assert!(no_scheme.contains("is `http://` missing?"), "{no_scheme}");
    let refused = format!("http://127.0.0.1:{}", closed_port());
    let error = xmlrpc(&["call", &refused, "m"]).failed(3);
    assert!(error.contains("could not connect"), "{error}");
    let denied = Canned::status("401 Unauthorized", "no");
    assert!(
        xmlrpc(&["call", &denied.url, "m"])
            .failed(3)
            .contains("--user")
    );
    let missing = Canned::status("404 Not Found", "<html>");
    assert!(
        xmlrpc(&["call", &missing.url, "m"])
            .failed(3)
            .contains("/RPC2")
    );
    for body in ["<html>hello</html>", "", "<methodResponse><params>"] {
        let odd = Canned::document(body);
        assert_eq!(xmlrpc(&["call", &odd.url, "m"]).code, 4, "{body}");
    }
    let slow = Canned::new(std::sync::Arc::new(|_, _| {
        std::thread::sleep(std::time::Duration::from_secs(5));
        Ok(())
    }));
    let late = xmlrpc(&["call", &slow.url, "m", "--timeout", "0.2"]).failed(3);
    assert!(late.contains("no response within 200ms"), "{late}");
}

#[test]
fn base64_is_saved() {
    let peer = Peer::demo();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("zeros");
    let path = file.to_str().unwrap();
    let run = xmlrpc(&["call", &peer.url, "zeros", "2000", "--save", path]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    assert_eq!(run.stderr, format!("saved 2.0 KiB to {path}\n"));
    assert_eq!(std::fs::read(&file).unwrap(), [0; 2000]);
    // The only base64 inside a struct, and the rest.
    let run = xmlrpc(&[
        "call",
        &peer.url,
        "echo",
        r#"{"name": "x", "data": {"$base64": "SGVsbG8="}}"#,
        "--save",
        path,
    ]);
    assert_eq!(run.stdout, "name: x\ndata: (saved to the file)\n");
    assert_eq!(std::fs::read(&file).unwrap(), b"Hello");
    let none = xmlrpc(&["call", &peer.url, "pow", "2", "9", "--save", path]);
    assert!(none.failed(4).contains("contains no base64"));
    let out = xmlrpc(&["call", &peer.url, "echo", "base64:SGVsbG8=", "--save", "-"]);
    assert_eq!(out.ok(), "Hello");
}

#[test]
fn zones_are_refused_instead_of_lost() {
    let peer = Peer::demo();
    for argument in [
        "date:2026-11-27T10:00:00+02:00",
        "date:2026-11-27T10:00:00Z",
        "{\"$date\": \"2026-11-27T10:00:00Z\"}",
        "[{\"at\": {\"$date\": \"2026-11-27T10:00:00-05\"}}]",
    ] {
        let error = xmlrpc(&["call", &peer.url, "types.of", argument]).failed(2);
        assert!(
            error.contains("argument 1 of `types.of`: the zone of 20261127T10:00:00 would be lost"),
            "{error}"
        );
    }
    // A signature that makes a date of a text.
    let error = xmlrpc(&[
        "call",
        &Peer::described().url,
        "day_after",
        "2026-11-27T10:00:00Z",
    ])
    .failed(2);
    assert!(error.contains("would be lost"), "{error}");
}

/// The form in which the explorer copies calls: options, `--`, the server, the method, and arguments that are
/// texts with a prefix or typed JSON.
#[test]
fn calls_copied_from_the_explorer() {
    let peer = Peer::demo();
    let line = [
        "call",
        "--no-signatures",
        "--user",
        "ada:pa55",
        "-H",
        "X-One: 1",
        "--",
        &peer.url,
        "types.of",
        "text:-v",
        "text:{",
        "-5",
        "5.0",
        "true",
        "null",
        r#"{"$i8":5}"#,
        r#"{"$date":"20261127T10:00:00"}"#,
        r#"{"$base64":"AAE="}"#,
        r#"{"$struct":{"$date":1}}"#,
        "[1,[]]",
    ];
    let expected = "string\nstring\nint\ndouble\nboolean\nnil\ni8\ndate\nbase64\nstruct\narray\n";
    assert_eq!(xmlrpc(&line).ok(), expected);
}
