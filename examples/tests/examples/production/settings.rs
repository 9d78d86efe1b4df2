//! Settings that the program refuses.

use std::fs;

use super::process::Folder;

#[test]
fn invalid_settings_are_refused_with_the_reason() {
    let folder = Folder::new();
    let cases = [
        (
            "STOCK_DRAIN",
            "5s",
            "invalid setting STOCK_DRAIN=5s: invalid digit",
        ),
        (
            "STOCK_CALLS_PER_SECOND",
            "0",
            "invalid setting STOCK_CALLS_PER_SECOND=0: number would be zero",
        ),
        (
            "STOCK_METRICS",
            "9000",
            "invalid setting STOCK_METRICS=9000: invalid socket address",
        ),
        (
            "STOCK_TLS_KEY",
            "key.pem",
            "set both STOCK_TLS_CERTIFICATE and STOCK_TLS_KEY",
        ),
        (
            "STOCK_LISTEN",
            "127.0.0.1:http",
            "cannot listen on 127.0.0.1:http",
        ),
        ("STOCK_LISTEN", "0.0.0.0:0", "set STOCK_TOKENS"),
        (
            "STOCK_DATABASE",
            "/no/such/folder/x",
            "cannot open the database /no/such/folder/x",
        ),
        (
            "STOCK_TOKENS",
            "/no/such/file",
            "cannot use the tokens in /no/such/file",
        ),
    ];
    for (name, value, reason) in cases {
        let refused = folder.refused(folder.open().env(name, value));
        assert!(refused.contains(reason), "{name}={value}: {refused}");
    }
}

#[test]
fn invalid_tokens_are_refused_and_not_shown() {
    let folder = Folder::new();
    let cases = [
        ("", "the file names no caller"),
        ("# ada:0123456789abcdef", "the file names no caller"),
        ("0123456789abcdef", "line 1 is not `name:token`"),
        (
            "\nada:123456789abcdef",
            "line 2: the token has fewer than 16 characters",
        ),
        (":0123456789abcdef", "line 1: the name is empty"),
        (
            "ada:0123456789abcdef\nada:fedcba9876543210",
            "line 2: the name is empty, or occurs twice",
        ),
    ];
    for (text, reason) in cases {
        fs::write(folder.path("tokens"), text).unwrap();
        let refused = folder.refused(&mut folder.closed());
        assert!(refused.contains(reason), "{text:?}: {refused}");
        assert!(!refused.contains("abcdef"), "{refused}");
    }
    fs::write(folder.path("tokens"), "ada:0123456789abcdef").unwrap();
    folder.start(&mut folder.closed());
}

#[test]
fn unknown_settings_are_ignored_with_a_warning() {
    let folder = Folder::new();
    let server = folder.start(folder.open().env("STOCK_DRAIN_DELY", "5"));
    server.event(|event| event["message"] == "ignored the unknown setting STOCK_DRAIN_DELY");
}
