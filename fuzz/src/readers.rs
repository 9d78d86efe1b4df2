//! Compares the two readers.
//!
//! The scanner does not read a document that begins with a comment, so the other reader does. The scanner reads the same
//! document without the comment, as far as it gets.

use std::{any::type_name, fmt::Debug};

use serde::de::DeserializeOwned;
use xmlrpc_core::{Category, Error, Limits, from_slice_with};

/// It counts as one element, and has one `=`, which counts as well.
const COMMENT: &[u8] = b"<!--=-->";

/// The byte that starts an escape sequence in ISO-2022-JP, which then has more bytes than characters.
const ESCAPE: u8 = 0x1B;

/// A document for each of the two readers.
#[derive(Debug)]
pub struct Pair {
    fast: Vec<u8>,
    slow: Vec<u8>,
    limits: [Limits; 2],
    /// The byte at which the comment begins, if the text has it at the same place.
    comment: Option<usize>,
}

impl Pair {
    /// The document, and the same with a comment before its root. `None` if a comment cannot be inserted easily:
    /// because no element begins, or because every character has several bytes.
    pub fn new(document: &[u8], charset: Option<&str>, limits: &Limits) -> Option<Self> {
        let is_wide = charset.is_some_and(|charset| charset.starts_with("utf-16"))
            || matches!(
                document,
                [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [b'<', 0, ..] | [0, b'<', ..]
            );
        let rest = trim_start(document);
        if is_wide || rest.first() != Some(&b'<') {
            return None;
        }
        let declaration = match rest.strip_prefix(b"<?xml") {
            Some(rest) => {
                let end = rest.windows(2).position(|at| at == b"?>");
                end.map_or(0, |end| "<?xml".len() + end + "?>".len())
            }
            None => 0,
        };
        let at = document.len() - rest.len() + declaration;
        let (before, root) = document.split_at(at);
        let limits_beyond = limits
            .bytes(limits.bytes + COMMENT.len())
            .elements(limits.elements + 1);
        Some(Self {
            fast: document.to_vec(),
            slow: [before, COMMENT, root].concat(),
            limits: [*limits, limits_beyond],
            comment: (before.is_ascii() && !before.contains(&ESCAPE)).then_some(at),
        })
    }

    /// Compares the results or the errors of both readers.
    ///
    /// # Panics
    ///
    /// If they differ.
    #[track_caller]
    pub fn same<T: Debug>(&self, what: &str, read: impl Fn(&[u8], &Limits) -> Result<T, Error>) {
        let shown = |result: Result<T, Error>| result.map(|value| format!("{value:?}"));
        let fast = shown(read(&self.fast, &self.limits[0]));
        let slow = shown(read(&self.slow, &self.limits[1]));
        let same = match (&fast, &slow) {
            (Ok(fast), Ok(slow)) => fast == slow,
            (Err(fast), Err(slow)) => self.is_same_error(fast, slow),
            _ => false,
        };
        assert!(
            same,
            "{what}: the scanner reads {fast:?}, the other reader {slow:?} ({:?} {:?})",
            self.fast.escape_ascii().to_string(),
            self.limits[0],
        );
    }

    /// Does the same for a `<value>` of any type.
    ///
    /// # Panics
    ///
    /// If they differ.
    #[track_caller]
    pub fn same_value<T: DeserializeOwned + Debug>(&self) {
        let read = |document: &[u8], limits: &Limits| from_slice_with::<T>(document, limits);
        self.same(type_name::<T>(), read);
    }

    /// Whether two errors are the same, at the same place in the document.
    fn is_same_error(&self, fast: &Error, slow: &Error) -> bool {
        let (Some(comment), Some(mut place)) = (self.comment, slow.offset()) else {
            return fast.category() == slow.category() && fast.path() == slow.path();
        };
        let behind = comment + COMMENT.len();
        // In a declaration without an end, the comment is the error.
        if (comment..behind).contains(&place) {
            return fast.category() == slow.category();
        }
        if place >= behind {
            place -= COMMENT.len();
        }
        let said = |error: &Error| {
            // The message of a limit contains the limit, and the limits differ.
            let message = (error.category() != Category::Limit).then(|| message(error));
            (
                error.category(),
                error.path().to_owned(),
                message,
                error.line(),
            )
        };
        said(fast) == said(slow) && fast.offset() == Some(place)
    }
}

/// Removes what is allowed before a document.
fn trim_start(mut document: &[u8]) -> &[u8] {
    loop {
        document = match document {
            [b' ' | b'\t' | b'\r' | b'\n' | 0, rest @ ..] | [0xEF, 0xBB, 0xBF, rest @ ..] => rest,
            _ => return document,
        };
    }
}

/// The text of an error without its position.
pub fn message(error: &Error) -> String {
    let text = error.to_string();
    let end = text.rfind(" (line ").or_else(|| text.rfind(" (byte "));
    text[..end.unwrap_or(text.len())].to_owned()
}

/// A value, or the category of the error.
pub fn outcome<T: Debug>(result: Result<T, Error>) -> Result<String, Category> {
    result
        .map(|value| format!("{value:?}"))
        .map_err(|error| error.category())
}
