//! The lenient reader, for documents on which the scanner has given up: one linear pass turns their
//! elements into events.
//!
//! It knows tags, plain text and plain comments, and that every element ends with its own tag. It
//! passes everything unusual to roxmltree (references, CDATA, rare characters, declarations of
//! namespaces, unusual names): see `Batch`.
//!
//! The pass also protects roxmltree, which takes quadratic to cubic time for attributes and
//! namespaces, and reserves memory for every `<` and `=` before it reads them. The pass refuses them
//! where XML-RPC has no use for them.
//!
//! It also repairs documents that are not well-formed, but that real peers send: undeclared prefixes,
//! one character as two references to surrogates, and bytes around the document. It turns line ends
//! into line feeds, because roxmltree does not do so before a character reference.

mod attributes;
mod content;
mod elements;
mod error;
mod namespaces;
mod reader;
mod roxmltree;

use self::reader::LenientReader;
use super::{events::Events, syntax::is_space};
use crate::{Error, Limits};

/// Reads a whole document, within all `limits`.
pub(crate) fn read(text: &str, limits: &Limits) -> Result<Events, Error> {
    if u32::try_from(text.len()).is_err() {
        return Err(Error::limit("documents of 4 GiB and more cannot be read"));
    }
    let start = text.len() - text.trim_start_matches(is_before_document).len();
    let mut reader = LenientReader::new(text, limits);
    let end = reader.document(start);
    // The first error of a document counts. Roxmltree has not yet read the last batch, which ends
    // before the place where this pass failed.
    reader.batch.read(&mut reader.events)?;
    let mut events = reader.events;
    events.finish(end?);
    Ok(events)
}

/// Whether a character is ignored before the document.
pub(super) fn is_before_document(c: char) -> bool {
    matches!(c, '\0' | '\u{FEFF}') || u8::try_from(c).is_ok_and(is_space)
}
