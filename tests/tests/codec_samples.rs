//! Documents that real peers sent: each is read, or is in a table that says why not.

use std::{fs, path::PathBuf};

use bytes::Bytes;
use xmlrpc_core::{
    Category, Error, Fault, Limits, Value,
    message::{IncomingCall, read_response},
};

/// The samples that are not read, and why.
const EXCEPTIONS: &[(&str, Category, &str)] = &[
    (
        "apache-wsxmlrpc-ext-server-response.xml",
        Category::Data,
        "holds a serialised Java object",
    ),
    (
        "node-xmlrpc-server-malformed-request.xml",
        Category::Syntax,
        "cut off",
    ),
    (
        "pydoc-server-malformed-request.xml",
        Category::Syntax,
        "cut off",
    ),
    (
        "ruby-server-echoall-response.xml",
        Category::Syntax,
        "holds control characters as they are",
    ),
    (
        "ruby-server-http500-response.xml",
        Category::Syntax,
        "an HTML page",
    ),
    (
        "ruby-server-i8-response.xml",
        Category::Syntax,
        "an HTML page",
    ),
    (
        "ruby-server-malformed-request.xml",
        Category::Syntax,
        "cut off",
    ),
    (
        "ruby-server-malformed-response.xml",
        Category::Syntax,
        "an HTML page",
    ),
    (
        "ruby-server-nil-response.xml",
        Category::Syntax,
        "an HTML page",
    ),
    (
        "supervisor-server-401-response.xml",
        Category::Protocol,
        "the half of an HTML page",
    ),
    (
        "twisted-server-malformed-request.xml",
        Category::Syntax,
        "cut off",
    ),
];

fn samples() -> Vec<(String, Bytes)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/wire");
    let mut samples: Vec<_> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "xml"))
        .map(|path| {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            (
                name,
                Bytes::from(fs::read(path).expect("the file can be read")),
            )
        })
        .collect();
    samples.sort();
    samples
}

fn read(name: &str, body: Bytes) -> Result<Result<Vec<Value>, Fault>, Error> {
    let limits = Limits::default();
    if name.ends_with("-request.xml") {
        return IncomingCall::read(body, None, &limits)?
            .params()
            .to_values()
            .map(Ok);
    }
    Ok(read_response::<Value>(body, None, &limits)?.map(|value| vec![value]))
}

#[test]
fn every_sample_is_read_or_has_a_reason() {
    let samples = samples();
    assert!(samples.len() > 200, "the samples are there");
    let mut wrong = Vec::new();
    for (name, body) in samples {
        let exception = EXCEPTIONS.iter().find(|(exception, ..)| *exception == name);
        match (read(&name, body), exception) {
            (Ok(_), None) => {}
            (Ok(_), Some(_)) => wrong.push(format!("{name}: is read after all")),
            (Err(error), Some((_, category, _))) if error.category() == *category => {}
            (Err(error), _) => wrong.push(format!("{name}: {error:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_sample_that_is_cut_off_is_an_error_and_no_panic() {
    for (name, body) in samples() {
        let Some(last) = body.iter().rposition(|byte| *byte == b'<') else {
            continue;
        };
        for end in (0..last).step_by(61) {
            assert!(read(&name, body.slice(..end)).is_err(), "{name}: {end}");
        }
    }
}
