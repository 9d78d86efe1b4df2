//! What people see: the command runs in a pseudo terminal, made by `script` of util-linux.

use std::{
    io::{Read, Write},
    process::{Command, Stdio},
    sync::Arc,
    thread,
    time::Duration,
};

use crate::{
    peer::{Canned, Peer, response},
    run::{XMLRPC, isolate},
};

/// The output of the command in a terminal of 80 columns, and its exit code. `None` if `script` is missing.
fn in_terminal(
    arguments: &[&str],
    input: &str,
    variables: &[(&str, &str)],
) -> Option<(String, i32)> {
    let line: Vec<_> = arguments
        .iter()
        .map(|word| format!("'{}'", word.replace('\'', "'\\''")))
        .collect();
    let line = format!("stty cols 80 rows 24; exec {XMLRPC} {}", line.join(" "));
    let mut command = Command::new("script");
    command.args(["-qec", &line, "/dev/null"]);
    isolate(&mut command, std::path::Path::new("/dev/null"));
    command
        .env("TERM", "xterm-256color")
        .envs(variables.iter().copied());
    let spawned = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = spawned else {
        return None;
    };
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let input = input.to_owned();
    // The terminal stays open until the end, and a person needs time to type.
    let writer = thread::spawn(move || {
        if !input.is_empty() {
            thread::sleep(Duration::from_millis(1_500));
            let _ = stdin.write_all(input.as_bytes());
        }
        stdin
    });
    let mut output = Vec::new();
    stdout.read_to_end(&mut output).unwrap();
    drop(writer.join().unwrap());
    let code = child.wait().unwrap().code().unwrap_or(-1);
    Some((String::from_utf8_lossy(&output).replace("\r\n", "\n"), code))
}

#[test]
fn colours() {
    let peer = Peer::demo();
    let call = ["call", &peer.url, "everything", "-o", "json"];
    let Some((coloured, code)) = in_terminal(&call, "", &[]) else {
        return;
    };
    assert!(
        code == 0 && coloured.contains("\u{1b}[33m5\u{1b}["),
        "{coloured:?}"
    );
    let (plain, _) = in_terminal(&call, "", &[("NO_COLOR", "1")]).unwrap();
    assert!(!plain.contains('\u{1b}'), "{plain:?}");
    let (dumb, _) = in_terminal(&call, "", &[("TERM", "dumb")]).unwrap();
    assert!(!dumb.contains('\u{1b}'), "{dumb:?}");
    let (table, _) = in_terminal(&["call", &peer.url, "processes"], "", &[]).unwrap();
    assert!(table.contains("\u{1b}[1mNAME\u{1b}["), "{table:?}");
    let (fault, code) = in_terminal(&["call", &peer.url, "fail", "7", "x"], "", &[]).unwrap();
    assert!(code == 1 && fault.contains("fault 7: x"), "{fault:?}");
}

#[test]
fn tables_fit_the_terminal() {
    let row = format!(
        "<struct><member><name>id</name><value><int>1</int></value></member><member><name>text</name><value>{}</value></member></struct>",
        "long ".repeat(50)
    );
    let peer = Canned::value(&format!(
        "<array><data><value>{row}</value><value>{row}</value></data></array>"
    ));
    let Some((table, _)) = in_terminal(&["call", &peer.url, "m"], "", &[("NO_COLOR", "1")]) else {
        return;
    };
    assert!(
        table.lines().all(|line| line.chars().count() <= 80) && table.contains('…'),
        "{table}"
    );
}

#[test]
fn raw_documents_are_escaped() {
    let peer = Canned::document("\u{1b}[31mno\u{9b}");
    let Some((raw, _)) = in_terminal(&["call", &peer.url, "m", "-o", "raw"], "", &[]) else {
        return;
    };
    assert!(raw.contains("\\u{1b}[31mno\\u{9b}"), "{raw:?}");
}

#[test]
fn the_password_is_not_shown() {
    let peer = Peer::demo();
    let call = [
        "call",
        &peer.url,
        "header",
        "authorization",
        "--user",
        "ada",
    ];
    let Some((output, code)) = in_terminal(&call, "pa55\n", &[]) else {
        return;
    };
    assert!(
        code == 0 && output.contains("Password for ada: "),
        "{output:?}"
    );
    assert!(
        output.contains("Basic YWRhOnBhNTU=") && !output.contains("pa55"),
        "{output:?}"
    );
}

/// A program that sends the password as soon as it sees the prompt, and what the terminal shows.
#[test]
fn the_password_is_hidden_when_the_prompt_appears() {
    let peer = Peer::demo();
    let call = format!("'{XMLRPC}' call {} header authorization -u ada", peer.url);
    for (typed, expected, code) in [
        ("pa55\n", "Basic YWRhOnBhNTU=", 0),
        ("x\u{15}pa556\u{7f}\n", "Basic YWRhOnBhNTU=", 0),
        ("\n", "Basic YWRhOg==", 0),
        ("\u{4}", "no password for `ada`: none was entered", 2),
        ("pa55\u{3}", "interrupted", 130),
    ] {
        for _ in 0..4 {
            // The terminal is as before afterwards.
            let line = format!("{call}; code=$?; stty -a | grep -o -- '[-]*echo\\b'; exit $code");
            let mut command = Command::new("script");
            command.args(["-qec", &line, "/dev/null"]);
            isolate(&mut command, std::path::Path::new("/dev/null"));
            let spawned = command
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn();
            let Ok(mut child) = spawned else {
                return;
            };
            let mut stdin = child.stdin.take().unwrap();
            let mut stdout = child.stdout.take().unwrap();
            let mut shown = Vec::new();
            let mut buffer = [0; 256];
            while !shown.ends_with(b"Password for ada: ") {
                let length = stdout.read(&mut buffer).unwrap();
                assert_ne!(length, 0, "{}", String::from_utf8_lossy(&shown));
                shown.extend_from_slice(&buffer[..length]);
            }
            stdin.write_all(typed.as_bytes()).unwrap();
            stdout.read_to_end(&mut shown).unwrap();
            drop(stdin);
            let shown = String::from_utf8_lossy(&shown);
            assert_eq!(child.wait().unwrap().code(), Some(code), "{shown}");
            assert!(
                shown.contains(expected) && !shown.contains("pa55"),
                "{shown}"
            );
            assert!(shown.trim_end().ends_with("\necho"), "{shown:?}");
        }
    }
}

#[test]
fn only_long_transfers_show_progress() {
    let slow = Canned::new(Arc::new(|_, stream| {
        let body = response(&format!("<string>{}</string>", "x".repeat(1_000_000)));
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        )?;
        for piece in body.as_bytes().chunks(100_000) {
            stream.write_all(piece)?;
            stream.flush()?;
            thread::sleep(Duration::from_millis(120));
        }
        Ok(())
    }));
    let call = |url: &str| in_terminal(&["call", url, "m", "--save", "/dev/null"], "", &[]);
    let Some((output, code)) = call(&slow.url) else {
        return;
    };
    assert!(
        code == 0 && output.contains("receiving") && output.contains("KiB"),
        "{output:?}"
    );
    let quick = Peer::demo();
    let (output, _) = in_terminal(&["call", &quick.url, "pow", "2", "9"], "", &[]).unwrap();
    assert!(!output.contains("receiving"), "{output:?}");
}
