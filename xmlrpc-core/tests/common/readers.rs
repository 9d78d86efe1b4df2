//! Functions for tests of both readers.
//!
//! The scanner gives up on a document that begins with a comment, so it is read through roxmltree.
//! The same document without the comment is scanned, as far as the scanner gets.

use serde::de::DeserializeOwned;
use xmlrpc_core::{Error, from_str, from_value};

/// The document with a comment in front of its root.
pub fn beyond_the_scanner(document: &str) -> String {
    let rest = document.trim_start_matches([' ', '\t', '\r', '\n', '\u{FEFF}']);
    let declaration = match rest.strip_prefix("<?xml") {
        Some(rest) => rest
            .find("?>")
            .map_or(0, |end| "<?xml".len() + end + "?>".len()),
        None => 0,
    };
    let (before, root) = document.split_at(document.len() - rest.len() + declaration);
    format!("{before}<!---->{root}")
}

/// Reads a document with the scanner, with roxmltree, and as a `Value`.
pub fn every_way<T: DeserializeOwned>(document: &str) -> Vec<Result<T, Error>> {
    let mut results = vec![from_str(document), from_str(&beyond_the_scanner(document))];
    if let Ok(value) = from_str(document) {
        results.push(from_value(value));
    }
    results
}
