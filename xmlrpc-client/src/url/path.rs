//! The path and the query of a URL.

use std::fmt::Write;

/// Removes `.` and `..`, and encodes characters that a request cannot contain.
pub(super) fn normalize(path: &str, is_web: bool) -> String {
    let is_slash = |c: char| c == '/' || (is_web && c == '\\');
    let Some(path) = path.strip_prefix(is_slash) else {
        // The path of a web URL is never empty.
        return if is_web {
            "/".to_owned()
        } else {
            String::new()
        };
    };
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split(is_slash).peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        match dots(segment) {
            0 => kept.push(segment),
            dots => {
                if dots == 2 {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
        }
    }
    let mut normal = String::with_capacity(path.len() + 1);
    for segment in kept {
        normal.push('/');
        encode(segment, " \"#<>?^`{}", &mut normal);
    }
    normal
}

pub(super) fn encode_query(query: &str, is_web: bool) -> String {
    let mut encoded = String::with_capacity(query.len());
    let special = if is_web { " \"#<>'" } else { " \"#<>" };
    encode(query, special, &mut encoded);
    encoded
}

/// 1 for `.`, 2 for `..`, and 0 for any other segment. The dots may be encoded.
fn dots(segment: &str) -> usize {
    let mut rest = segment;
    let mut count = 0;
    while !rest.is_empty() {
        let encoded = rest
            .get(..3)
            .is_some_and(|dot| dot.eq_ignore_ascii_case("%2e"));
        rest = match rest.strip_prefix('.') {
            Some(after) => after,
            None if encoded => &rest[3..],
            None => return 0,
        };
        count += 1;
    }
    if count <= 2 { count } else { 0 }
}

/// Encodes these characters, controls and everything that is not ASCII. `%` stays as it is.
fn encode(text: &str, special: &str, encoded: &mut String) {
    for byte in text.bytes() {
        let c = char::from(byte);
        if c.is_ascii_control() || !c.is_ascii() || special.contains(c) {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        } else {
            encoded.push(c);
        }
    }
}
