//! Documents that real peers sent. Each is read as `data/wire/expected.txt` says, or is in a table
//! that says why not.
//!
//! `UPDATE_EXPECT=1 cargo test -p xmlrpc-core --test codec samples` rewrites `expected.txt`; read
//! the difference and compare it with the documents.

use std::{env, fmt::Write as _, fs, path::PathBuf};

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
        "contains unescaped control characters",
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
        "half of an HTML page",
    ),
    (
        "twisted-server-malformed-request.xml",
        Category::Syntax,
        "cut off",
    ),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/wire")
}

fn samples() -> Vec<(String, Bytes)> {
    let mut samples: Vec<_> = fs::read_dir(folder())
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

enum Sample {
    Call(String, Vec<Value>),
    Answer(Value),
    Fault(Fault),
}

fn read(name: &str, body: Bytes) -> Result<Sample, Error> {
    let limits = Limits::default();
    if name.ends_with("-request.xml") {
        let call = IncomingCall::read(body, None, &limits)?;
        let params = call.params().to_values()?;
        return Ok(Sample::Call(call.method().to_owned(), params));
    }
    let answer = read_response(body, None, &limits)?;
    Ok(answer.map_or_else(Sample::Fault, Sample::Answer))
}

/// A line for each value, with its contents indented below it.
fn describe(sample: &Sample) -> String {
    let mut text = String::new();
    match sample {
        Sample::Call(method, params) => {
            text += &format!("call {method:?}\n");
            for param in params {
                lines(&mut text, "", param, 1);
            }
        }
        Sample::Answer(value) => lines(&mut text, "answer ", value, 0),
        Sample::Fault(fault) => {
            text += &format!("fault {} {:?}\n", fault.code(), fault.message());
        }
    }
    text
}

/// How many elements of an array are shown. Of longer arrays, the first and the last elements are
/// shown.
const SHOWN: usize = 20;

fn lines(text: &mut String, name: &str, value: &Value, level: usize) {
    let _ = write!(text, "{}{name}", "  ".repeat(level));
    let _ = match value {
        Value::Int(number) => writeln!(text, "int {number}"),
        Value::I8(number) => writeln!(text, "i8 {number}"),
        Value::Bool(value) => writeln!(text, "boolean {value}"),
        Value::String(string) => writeln!(text, "string {string:?}"),
        Value::Double(number) => writeln!(text, "double {number:?}"),
        Value::DateTime(date) => match date.offset() {
            Some(offset) => writeln!(text, "dateTime {date} {offset}"),
            None => writeln!(text, "dateTime {date}"),
        },
        Value::Base64(bytes) => writeln!(text, "base64 {}", bytes.escape_ascii()),
        Value::Nil => writeln!(text, "nil"),
        Value::Struct(members) => writeln!(text, "struct of {}", members.len()),
        Value::Array(elements) => writeln!(text, "array of {}", elements.len()),
    };
    match value {
        Value::Struct(members) => {
            for (name, member) in members {
                lines(text, &format!("{name:?} "), member, level + 1);
            }
        }
        Value::Array(elements) if elements.len() > SHOWN => {
            lines(text, "", &elements[0], level + 1);
            let _ = writeln!(text, "{}...", "  ".repeat(level + 1));
            lines(text, "", &elements[elements.len() - 1], level + 1);
        }
        Value::Array(elements) => {
            for element in elements {
                lines(text, "", element, level + 1);
            }
        }
        _ => {}
    }
}

#[test]
fn every_sample_is_read_as_expected_or_has_a_reason() {
    let samples = samples();
    assert!(samples.len() > 200, "the samples are there");
    let mut wrong = Vec::new();
    let mut found = String::new();
    for (name, body) in samples {
        let exception = EXCEPTIONS.iter().find(|(exception, ..)| *exception == name);
        match (read(&name, body), exception) {
            (Ok(sample), None) => found += &format!("== {name}\n{}", describe(&sample)),
            (Ok(_), Some(_)) => wrong.push(format!("{name}: is read after all")),
            (Err(error), Some((_, category, _))) if error.category() == *category => {}
            (Err(error), _) => wrong.push(format!("{name}: {error:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    let path = folder().join("expected.txt");
    if env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &found).expect("the file can be written");
    }
    let expected = fs::read_to_string(&path).expect("the file can be read");
    let samples = |text: &str| -> Vec<String> { text.split("\n== ").map(str::to_owned).collect() };
    for (found, expected) in samples(&found).iter().zip(samples(&expected)) {
        assert_eq!(*found, expected);
    }
    assert_eq!(found.len(), expected.len());
}

#[test]
fn a_cut_off_sample_is_an_error_and_does_not_panic() {
    for (name, body) in samples() {
        let Some(last) = body.iter().rposition(|byte| *byte == b'<') else {
            continue;
        };
        for end in (0..last).step_by(61) {
            assert!(read(&name, body.slice(..end)).is_err(), "{name}: {end}");
        }
    }
}
