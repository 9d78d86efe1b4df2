//! Writes the documents in the layouts of several peers, without the codec under test.

use std::fmt::Write;

use xmlrpc_core::Value;

/// Where a writer puts white space, and how it names the types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// No white space between tags.
    Compact,
    /// Python's `xmlrpc.client`: a line break after most tags.
    Python,
    /// Two spaces for each level.
    Indented,
    /// Apache ws-xmlrpc: `<i4>`, and extensions with a prefix.
    Apache,
}

/// The root of a document, which has one parameter or one result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    Call { method: &'static str },
    Response,
}

pub(crate) fn document(root: Root, layout: Layout, value: &Value) -> Vec<u8> {
    let mut body = match root {
        Root::Call { method } => format!("<methodCall><methodName>{method}</methodName>"),
        Root::Response => "<methodResponse>".to_owned(),
    };
    body += "<params><param>";
    put_value(&mut body, layout, value);
    body += "</param></params>";
    body += match root {
        Root::Call { .. } => "</methodCall>",
        Root::Response => "</methodResponse>",
    };
    match layout {
        Layout::Compact => format!("<?xml version=\"1.0\"?>{body}"),
        Layout::Python => format!("<?xml version='1.0'?>\n{}", with_lines(&body)),
        Layout::Indented => format!("<?xml version=\"1.0\"?>\n{}", indented(&body)),
        Layout::Apache => {
            const EXTENSIONS: &str =
                " xmlns:ex=\"http://ws.apache.org/xmlrpc/namespaces/extensions\">";
            let body = body.replacen('>', EXTENSIONS, 1);
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{body}")
        }
    }
    .into_bytes()
}

fn put_value(out: &mut String, layout: Layout, value: &Value) {
    let is_apache = layout == Layout::Apache;
    *out += "<value>";
    match value {
        Value::Int(number) if is_apache => put(out, "i4", number),
        Value::Int(number) => put(out, "int", number),
        Value::I8(number) if is_apache => put(out, "ex:i8", number),
        Value::I8(number) => put(out, "i8", number),
        Value::Bool(truth) => put(out, "boolean", u8::from(*truth)),
        Value::Double(number) => put(out, "double", format_args!("{number:?}")),
        Value::String(text) => put(out, "string", escaped(text)),
        Value::Base64(bytes) => put(out, "base64", base64(layout, bytes)),
        Value::Array(items) => {
            *out += "<array><data>";
            for item in items {
                put_value(out, layout, item);
            }
            *out += "</data></array>";
        }
        Value::Struct(members) => {
            *out += "<struct>";
            for (name, value) in members {
                *out += "<member>";
                put(out, "name", escaped(name));
                put_value(out, layout, value);
                *out += "</member>";
            }
            *out += "</struct>";
        }
        other => unreachable!("no document holds {other:?}"),
    }
    *out += "</value>";
}

fn put(out: &mut String, name: &str, text: impl std::fmt::Display) {
    // Writing to a `String` cannot fail.
    let _ = write!(out, "<{name}>{text}</{name}>");
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}

/// One line, or lines of 76 characters, as Python and MIME have them.
fn base64(layout: Layout, bytes: &[u8]) -> String {
    let text = base64_simd::STANDARD.encode_to_string(bytes);
    if layout != Layout::Python {
        return text;
    }
    let mut lines = String::from("\n");
    let mut rest = &*text;
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(76));
        lines = lines + line + "\n";
        rest = after;
    }
    lines
}

/// Python's line breaks. Texts are escaped, so that only tags hold a `>`.
fn with_lines(body: &str) -> String {
    #[rustfmt::skip]
    const WITHOUT: [&str; 17] = [
        "<methodName>", "<name>", "<value>", "<array>", "</array>", "</struct>", "</data>", "<int>", "</int>",
        "<i8>", "</i8>", "<boolean>", "</boolean>", "<double>", "</double>", "<string>", "</string>",
    ];
    let mut out = String::new();
    for piece in body.split_inclusive('>') {
        out += piece;
        let tag = &piece[piece.find('<').unwrap_or_default()..];
        if !WITHOUT.contains(&tag) && !tag.ends_with("base64>") {
            out += "\n";
        }
    }
    out
}

/// A line for each tag; values that are neither arrays nor structs, and names, take one together.
fn indented(body: &str) -> String {
    let mut out = String::new();
    let mut pieces = body.split_inclusive('>').peekable();
    // The open elements, and whether their content has lines of its own.
    let mut open: Vec<bool> = Vec::new();
    while let Some(piece) = pieces.next() {
        out += piece;
        let next = pieces.peek().copied().unwrap_or_default();
        let has_lines = if piece.contains("</") {
            open.pop();
            open.last() == Some(&true)
        } else {
            let scalar = piece == "<value>" && next != "<array>" && next != "<struct>";
            let has_lines = !scalar && open.last() != Some(&false) && next.starts_with('<');
            open.push(has_lines);
            has_lines
        };
        if has_lines {
            let level = open.len() - usize::from(next.starts_with("</"));
            out += "\n";
            out += &"  ".repeat(level);
        }
    }
    out
}
