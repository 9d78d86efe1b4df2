//! Users and passwords.

use std::fs;

use crate::{
    configuration::home,
    peer::Peer,
    run::{command, finish, isolate, xmlrpc_with_input},
};

/// The server, options and variables.
type Case<'a> = (&'a str, &'a [&'a str], &'a [(&'a str, &'a str)]);

/// `ada:pa55`, as the server receives it.
const ADA: &str = "Basic YWRhOnBhNTU=\n";

#[test]
fn passwords_come_from_many_places() {
    let peer = Peer::demo();
    let folder = home(&format!(
        "[servers.command]\nurl = \"{url}\"\nuser = \"ada\"\npassword-command = \"echo pa55\"\n\
         [servers.file]\nurl = \"{url}\"\nuser = \"ada\"\npassword-file = \"~/password\"\n\
         [servers.none]\nurl = \"{url}\"\nuser = \"ada\"\n",
        url = peer.url
    ));
    let file = folder.path().join("password");
    fs::write(&file, "pa55\nsecond line\n").unwrap();
    let file = file.to_str().unwrap();
    let with_user = peer.url.replace("http://", "http://ada@");
    let with_password = peer.url.replace("http://", "http://ada:pa55@");
    let variable = ("XMLRPC_PASSWORD", "pa55");
    let cases: [Case<'_>; 9] = [
        (&peer.url, &["--user", "ada:pa55"], &[]),
        (&peer.url, &["--user", "ada", "--password-file", file], &[]),
        (&peer.url, &["--user", "ada"], &[variable]),
        (&peer.url, &[], &[variable, ("XMLRPC_USER", "ada")]),
        (&with_user, &[], &[variable]),
        (&with_password, &[], &[]),
        ("@command", &[], &[]),
        ("@file", &[], &[]),
        ("@none", &["--password-file", file], &[]),
    ];
    for (server, options, variables) in cases {
        let arguments = [&["call", server, "header", "authorization"][..], options].concat();
        let mut command = command(&arguments);
        isolate(&mut command, folder.path());
        command.envs(variables.iter().copied());
        assert_eq!(
            finish(&mut command).ok(),
            ADA,
            "{server} {options:?} {variables:?}"
        );
    }
    let standard_input = [
        "call",
        &peer.url,
        "header",
        "authorization",
        "--user",
        "ada",
        "--password-file",
        "-",
    ];
    assert_eq!(xmlrpc_with_input(&standard_input, "pa55\n").ok(), ADA);
}

#[test]
fn headers_come_from_a_file() {
    let peer = Peer::demo();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("headers");
    fs::write(&file, "X-One: 1\n\nX-Two: 2\n").unwrap();
    let at = format!("@{}", file.display());
    let mut command = command(&["call", &peer.url, "header", "x-two", "-H", &at, "-v"]);
    let run = finish(&mut command);
    assert_eq!(run.stdout, "2\n");
    assert!(run.stderr.contains("X-Two: (hidden)"), "{}", run.stderr);
}

#[test]
fn without_a_terminal_nobody_is_asked() {
    let peer = Peer::demo();
    // A session without a terminal.
    let mut command = std::process::Command::new("setsid");
    command.args(["-w", crate::run::XMLRPC, "list", &peer.url, "--user", "ada"]);
    isolate(&mut command, std::path::Path::new("/dev/null"));
    let error = finish(&mut command).failed(2);
    assert!(
        error.contains("no password for `ada`: there is no terminal to ask"),
        "{error}"
    );
}
