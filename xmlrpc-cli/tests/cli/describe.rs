//! `xmlrpc list`, `describe` and `ping`.

use xmlrpc_core::{Dispatcher, Fault};

use crate::{
    peer::{Canned, Peer, closed_port},
    run::xmlrpc,
};

#[test]
fn lists() {
    let peer = Peer::demo();
    let names = xmlrpc(&["list", &peer.url]).ok();
    assert!(names.lines().any(|name| name == "pow") && names.contains("system.multicall\n"));
    assert_eq!(xmlrpc(&["list", &peer.url, "types."]).ok(), "types.of\n");
    assert_eq!(
        xmlrpc(&["list", &peer.url, "types.", "--output", "json"]).ok(),
        "[\n  \"types.of\"\n]\n"
    );
    assert_eq!(xmlrpc(&["list", &peer.url, "none."]).ok(), "");
}

#[test]
fn descriptions() {
    let peer = Peer::described();
    let pow = xmlrpc(&["describe", &peer.url, "pow"]).ok();
    assert_eq!(
        pow,
        "pow(base: int, exponent: int): int\n    Raises `base` to the power of `exponent`.\n"
    );
    let two = xmlrpc(&["describe", &peer.url, "length", "draw"]).ok();
    let draw = "draw(points: array of struct, closed?: boolean): struct of struct\n    Draws lines between points.\n\n    \
        points:\n      x: double\n      y: double\n      label?: string\n    result:\n      x: double\n      y: double\n      label?: string\n";
    assert!(
        two.starts_with(draw) && two.contains("\n\nlength(text: string): int\n"),
        "{two}"
    );
    let all = xmlrpc(&["describe", &peer.url]).ok();
    assert!(
        all.contains("\nsystem.listMethods(): array of string\n"),
        "{all}"
    );
    let json = xmlrpc(&["describe", &peer.url, "pow", "--output", "json"]).ok();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json[0]["params"][0]["name"], "base");
    let missing = xmlrpc(&["describe", &peer.url, "pow", "nope"]);
    assert_eq!(
        (missing.code, missing.stderr.as_str()),
        (1, "the server does not list `nope`; see `xmlrpc list`\n")
    );
}

/// One wrong entry does not hide the others.
#[test]
fn names_that_are_not_texts() {
    let peer = Peer::of(
        Dispatcher::new()
            .introspection(false)
            .method("system.listMethods", || xmlrpc_core::value!(["b", 5, "a"])),
    );
    let list = xmlrpc(&["list", &peer.url]);
    assert_eq!((list.code, list.stdout.as_str()), (0, "a\nb\n"));
    assert!(list.stderr.starts_with("warning: 1 "), "{}", list.stderr);
    let described = xmlrpc(&["describe", &peer.url]);
    assert_eq!(described.code, 0);
    assert!(described.stdout.contains("a(…)") && described.stderr.starts_with("warning: "));
}

#[test]
fn servers_that_know_only_signatures() {
    let peer = Peer::demo();
    let pow = xmlrpc(&["describe", &peer.url, "pow"]).ok();
    assert_eq!(
        pow,
        "pow(param1: int, param2: int): int\n    Raises `base` to the power of `exponent`.\n"
    );
}

#[test]
fn methods_that_the_server_does_not_list() {
    let dispatcher = Dispatcher::new()
        .introspection(false)
        .method("system.listMethods", || ["shown"])
        .method("system.methodHelp", |name: String| match &*name {
            "hidden" => Ok("Still works."),
            _ => Err(Fault::new(1, "unknown")),
        });
    let peer = Peer::of(dispatcher);
    let hidden = "hidden(…): any\n    Still works.\n";
    assert_eq!(xmlrpc(&["describe", &peer.url, "hidden"]).ok(), hidden);
    assert_eq!(xmlrpc(&["describe", &peer.url]).ok(), "shown(…): any\n");
    let missing = xmlrpc(&["describe", &peer.url, "missing", "hidden"]);
    assert_eq!((missing.code, missing.stdout.as_str()), (1, hidden));
    assert!(
        missing.stderr.contains("does not list `missing`"),
        "{}",
        missing.stderr
    );
}

#[test]
fn servers_without_introspection() {
    let peer = Canned::document(&crate::peer::fault(-32601, "method not found"));
    for command in ["list", "describe"] {
        assert_eq!(
            xmlrpc(&[command, &peer.url]).failed(1),
            "the server does not list its methods: fault -32601: method not found\n\
             hint: `xmlrpc call URL METHOD ARG…` calls the methods that you know\n"
        );
    }
    assert_eq!(
        xmlrpc(&["describe", &peer.url, "pow"]).failed(1),
        "the server does not list `pow`; see `xmlrpc list`\n"
    );
}

/// A method that is named is asked for without a list.
#[test]
fn methods_of_a_server_without_a_list() {
    let peer = Peer::of(
        Dispatcher::new()
            .introspection(false)
            .method("system.methodHelp", |_: String| "Raises."),
    );
    let pow = xmlrpc(&["describe", &peer.url, "pow"]).ok();
    assert_eq!(pow, "pow(…): any\n    Raises.\n");
}

#[test]
fn pings() {
    let peer = Peer::demo();
    let run = xmlrpc(&["ping", &peer.url, "--count", "3", "--interval", "0"]).ok();
    let lines: Vec<_> = run.lines().collect();
    assert_eq!(lines.len(), 4);
    assert!(
        lines[0].starts_with("1: ") && lines[3].starts_with("3 responses: minimum "),
        "{run}"
    );
    let json = xmlrpc(&[
        "ping",
        &peer.url,
        "-c",
        "2",
        "-i",
        "0",
        "-o",
        "json",
        "no.such.method",
    ])
    .ok();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&json["responses"], &json["failed"]),
        (&2.into(), &0.into())
    );
    let refused = format!("http://127.0.0.1:{}", closed_port());
    let failed = xmlrpc(&["ping", &refused, "-c", "1"]).failed(3);
    assert!(failed.contains("could not connect"), "{failed}");
}
