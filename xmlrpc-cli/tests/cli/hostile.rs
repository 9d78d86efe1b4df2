//! Servers that want to harm: nothing of them reaches the terminal unescaped, and everything has a bound.

use std::{io::Write, sync::Arc, time::Instant};

use crate::{
    peer::{Canned, fault},
    run::{Run, xmlrpc, xmlrpc_with_input},
};

/// What must never be in the output: escape sequences, also those of one character, and characters that reorder text.
#[track_caller]
fn assert_safe(run: &Run) {
    for text in [&run.stdout, &run.stderr] {
        let is_bad = |char: char| {
            (char.is_control() && char != '\n' && char != '\t')
                || ('\u{202a}'..='\u{202e}').contains(&char)
        };
        assert!(!text.chars().any(is_bad), "{text:?}");
    }
}

/// XML forbids most control characters, but not U+009B, which begins an escape sequence by itself.
const EVIL: &str = "a\u{9b}31m\u{202e}\u{85}&#13;b&#7;";

#[test]
fn texts_of_all_kinds_are_escaped() {
    let names = [EVIL, "$(touch x)", "line&#10;break", "plain"];
    let result = format!(
        "<struct><member><name>{EVIL}</name><value>{EVIL}</value></member><member><name>list</name><value><array><data>\
         <value><struct><member><name>{EVIL}</name><value>{EVIL}</value></member></struct></value></data></array></value></member></struct>"
    );
    let peer = Canned::methods(&names, &format!("{EVIL}&#10;second line"), &result);
    let runs: [&[&str]; 13] = [
        &["list", &peer.url],
        &["list", &peer.url, "-o", "json"],
        &["list", &peer.url, "-o", "xml"],
        &["describe", &peer.url],
        &["describe", &peer.url, "-o", "json"],
        &["call", &peer.url, "m"],
        &["call", &peer.url, "m", "-o", "json"],
        &["call", &peer.url, "m", "-o", "table"],
        &["call", &peer.url, "m", "-o", "xml"],
        &["call", &peer.url, "m", "--typed"],
        &["call", &peer.url, "m", "--envelope"],
        &["call", &peer.url, "m", "-v"],
        &["ping", &peer.url, "-c", "1"],
    ];
    for arguments in runs {
        let run = xmlrpc(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.stderr);
        assert_safe(&run);
    }
    assert_safe(&xmlrpc_with_input(&["multicall", &peer.url], "m\n"));
    // A name with a line break is one line.
    let list = xmlrpc(&["list", &peer.url]).ok();
    assert_eq!(list.lines().count(), 4, "{list}");
}

#[test]
fn errors_are_escaped() {
    let evil_fault = Canned::document(&fault(1, EVIL));
    let evil_status = Canned::status("500 \u{9b}31m", "<b>\u{1b}[31m\u{9b}31m</b>");
    let evil_header = Canned::new(Arc::new(|_, stream| {
        stream.write_all(
            b"HTTP/1.1 200 OK\r\nX-Evil: \xc2\x9b31m\xff\r\nContent-Length: 3\r\n\r\nno\x1b",
        )
    }));
    for peer in [evil_fault, evil_status, evil_header] {
        for options in [&[][..], &["-v"], &["--envelope"], &["-o", "json"]] {
            let run = xmlrpc(&[&["call", &peer.url, "m"][..], options].concat());
            assert!(run.code != 0);
            assert_safe(&run);
        }
    }
}

#[test]
fn endless_responses_end() {
    let endless = Canned::new(Arc::new(|_, stream| {
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n")?;
        stream.write_all(b"<methodResponse><params><param><value><array><data>")?;
        let values = "<value>name</value>".repeat(1_000);
        loop {
            stream.write_all(values.as_bytes())?;
        }
    }));
    let started = Instant::now();
    for command in ["list", "describe"] {
        let error = xmlrpc(&[command, &endless.url, "--max-response", "2M"]).failed(4);
        assert!(error.contains("bytes"), "{error}");
    }
    assert!(started.elapsed().as_secs() < 60);
}

#[test]
fn long_lists_and_texts_are_bounded() {
    let names: Vec<_> = (0..20_000).map(|number| format!("m{number}")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let peer = Canned::methods(&names, "", "");
    assert_eq!(xmlrpc(&["list", &peer.url]).ok().lines().count(), 20_000);
    // A help text of a megabyte, in one line and in many.
    for help in ["x".repeat(1 << 20), "line&#10;".repeat(100_000)] {
        let peer = Canned::methods(&["m"], &help, "");
        let run = xmlrpc(&["describe", &peer.url]);
        assert!(
            run.code == 0 && run.stdout.len() < 1 << 20,
            "{} bytes",
            run.stdout.len()
        );
        assert!(run.stderr.contains("warning: "), "{}", run.stderr);
    }
    let long = "n".repeat(100_000);
    let list = xmlrpc(&["list", &Canned::methods(&[&long], "", "").url]).ok();
    assert!(list.len() < 2_000);
}

#[test]
fn deep_values_are_read_or_refused() {
    for (levels, code) in [(120, 0), (200, 4), (200_000, 4)] {
        let open = "<array><data><value>".repeat(levels);
        let close = "</value></data></array>".repeat(levels);
        let peer = Canned::value(&format!("{open}{close}"));
        for format in ["text", "json", "table", "xml"] {
            let run = xmlrpc(&["call", &peer.url, "m", "-o", format]);
            assert_eq!(
                run.code, code,
                "{levels} levels as {format}: {}",
                run.stderr
            );
        }
    }
}

#[test]
fn values_that_json_lacks_do_not_crash() {
    let xml = "<array><data><value><double>nan</double></value><value><double>-inf</double></value><value><i8>-9223372036854775808</i8></value></data></array>";
    let peer = Canned::value(xml);
    let json = xmlrpc(&["call", &peer.url, "m", "-o", "json"]).ok();
    assert_eq!(
        json,
        "[\n  \"NaN\",\n  \"-Infinity\",\n  -9223372036854775808\n]\n"
    );
    let text = xmlrpc(&["call", &peer.url, "m"]).ok();
    assert_eq!(text, "NaN\n-inf\n-9223372036854775808\n");
}
