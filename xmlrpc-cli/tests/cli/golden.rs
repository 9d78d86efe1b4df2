//! Compares help, tables and errors with the files in `tests/golden`.

use std::{env, fmt::Write as _, fs, path::Path};

use crate::{
    peer::{Canned, Peer},
    run::{xmlrpc, xmlrpc_with_input},
};

const OVERWRITE: &str = "GOLDEN=overwrite cargo test -p xmlrpc-cli --test cli golden";

#[track_caller]
fn compare(name: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if env::var_os("GOLDEN").is_some_and(|value| value == "overwrite") {
        fs::write(&file, text).unwrap();
        return;
    }
    let held = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        held == text,
        "{name} has changed; run this and read the difference: {OVERWRITE}\n{text}"
    );
}

#[test]
fn help() {
    compare("help.txt", &xmlrpc(&["--help"]).ok());
    compare("help-short.txt", &xmlrpc(&["-h"]).ok());
    for command in [
        "call",
        "list",
        "describe",
        "multicall",
        "ping",
        "explore",
        "serve",
        "completion",
        "man",
    ] {
        compare(
            &format!("help-{command}.txt"),
            &xmlrpc(&[command, "--help"]).ok(),
        );
    }
}

/// Runs commands, and collects what they print. The address of the server is `SERVER`.
fn transcript(server: &str, runs: &[&[&str]]) -> String {
    let mut text = String::new();
    for arguments in runs {
        let quoted = |word: &&str| {
            if word.contains(' ') || word.is_empty() {
                format!("'{word}'")
            } else {
                (*word).to_owned()
            }
        };
        let shown: Vec<_> = arguments.iter().map(quoted).collect();
        let arguments: Vec<_> = arguments
            .iter()
            .map(|word| if *word == "SERVER" { server } else { word })
            .collect();
        let run = xmlrpc(&arguments);
        let address = server
            .trim_start_matches("http://")
            .trim_end_matches("/RPC2");
        let stderr = run.stderr.replace(address, "SERVER");
        let _ = write!(text, "$ xmlrpc {}\n{}{stderr}", shown.join(" "), run.stdout);
        if run.code != 0 {
            let _ = writeln!(text, "(exit code {})", run.code);
        }
        text.push('\n');
    }
    text
}

#[test]
fn results() {
    let peer = Peer::demo();
    let text = transcript(
        &peer.url,
        &[
            &["list", "SERVER"],
            &["describe", "SERVER", "draw", "pow"],
            &["call", "SERVER", "processes"],
            &["call", "SERVER", "processes", "--output", "json"],
            &["call", "SERVER", "everything"],
            &["call", "SERVER", "everything", "--typed"],
            &["call", "SERVER", "everything", "--output", "table"],
            &["call", "SERVER", "pow", "2", "9", "--output", "xml"],
            &["call", "SERVER", "draw", "[{\"x\": 1, \"y\": 2.5}]"],
        ],
    );
    compare("results.txt", &text);
    let calls = "pow 2 9\nfail 404 'no such page'\nprocesses\n";
    let run = xmlrpc_with_input(&["multicall", &peer.url], calls);
    compare("multicall.txt", &format!("{calls}\n{}", run.stdout));
}

#[test]
fn errors() {
    let peer = Peer::demo();
    let text = transcript(
        &peer.url,
        &[
            &["call", "SERVER", "pow", "x", "9"],
            &["call", "SERVER", "pow", "1", "2", "3"],
            &["call", "SERVER", "pow", "[1, 2"],
            &["call", "SERVER", "length", "i8:5"],
            &["call", "SERVER", "day_after", "tomorrow"],
            &["call", "SERVER", "size", "?"],
            &["call", "SERVER", "draw", "5"],
            &["call", "SERVER", "fail", "404", "no such page"],
            &["call", "SERVER", "missing"],
            &[
                "call",
                "SERVER",
                "pow",
                "2",
                "9",
                "--save",
                "/dev/null/file",
            ],
            &["call", "SERVER", "zeros", "3", "--save", "/dev/null/file"],
            &["call", "SERVER"],
            &["call", "localhost:8000", "m"],
            &["call", "ftp://localhost", "m"],
            &["call", "@seedbox", "m"],
            &["describe", "SERVER", "missing"],
            &["lst", "SERVER"],
        ],
    );
    compare("errors.txt", &text);
    let page = Canned::status("502 Bad Gateway", "<html>\n<h1>Bad gateway</h1>");
    compare(
        "errors-http.txt",
        &transcript(&page.url, &[&["call", "SERVER", "m"], &["list", "SERVER"]]),
    );
}
