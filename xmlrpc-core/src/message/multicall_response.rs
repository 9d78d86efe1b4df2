//! The answer to a `system.multicall`, on the side that has called.

use core::fmt;
use std::sync::OnceLock;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::{
    fault,
    response::{Answer, answer, begin, end},
};
use crate::{
    Error, Fault, Limits,
    de::{Explaining, Item, Reader, cursor_at, decode_at, read_value},
    error::{Found, Instead},
    xml::{Cursor, Document, Events, Mark, Tag},
};

/// The answer to a `system.multicall`; its entries are not decoded yet.
///
/// ```
/// use bytes::Bytes;
/// use xmlrpc_core::{Dialect, Fault, Limits, message::{MulticallResponse, MulticallResponseWriter, EncodedResponse}};
///
/// let mut reply = MulticallResponseWriter::new(Dialect::EXTENDED, usize::MAX);
/// reply.push(Ok(&EncodedResponse::new(&7, Dialect::EXTENDED)?))?;
/// reply.push(Err(&Fault::new(1, "no")))?;
/// let body = Bytes::from(reply.finish().into_document());
///
/// let answer = MulticallResponse::read(body, None, &Limits::default())?.unwrap();
/// assert_eq!(answer.entry::<i32>(0)?, Ok(7));
/// assert_eq!(answer.entry::<i32>(1)?, Err(Fault::new(1, "no")));
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
pub struct MulticallResponse {
    document: Document,
    entries: Entries,
}

impl fmt::Debug for MulticallResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MulticallResponse")
            .field("entries", &self.len())
            .finish_non_exhaustive()
    }
}

/// Where the entries are.
enum Entries {
    /// Their offsets, as the scanner has found them in an answer that it has read to its end; their
    /// places in the tree as well, once the scanner could not read one of them as its type.
    Scanned(Vec<usize>, OnceLock<Vec<Mark>>),
    Tree(Vec<Mark>),
}

impl MulticallResponse {
    /// Reads a `methodResponse`; `charset` is that of its `Content-Type`.
    ///
    /// # Errors
    ///
    /// The document cannot be read, is no answer, or its value is no array.
    pub fn read(
        body: Bytes,
        charset: Option<&str>,
        limits: &Limits,
    ) -> Result<Result<Self, Fault>, Error> {
        let document = Document::new(body, charset, limits)?;
        if let Some(offsets) = scan_entries(&document) {
            let entries = Entries::Scanned(offsets, OnceLock::new());
            return Ok(Ok(Self { document, entries }));
        }
        match tree_entries(&document) {
            Ok(Ok(marks)) => {
                let entries = Entries::Tree(marks);
                Ok(Ok(Self { document, entries }))
            }
            Ok(Err(fault)) => Ok(Err(fault)),
            Err(error) => Err(document.resolve(error)),
        }
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        match &self.entries {
            Entries::Scanned(offsets, _) => offsets.len(),
            Entries::Tree(marks) => marks.len(),
        }
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The result of the entry at `index`.
    ///
    /// It is an array of one value, the struct of a fault, or, from peers that do not wrap their results,
    /// the value itself.
    ///
    /// # Errors
    ///
    /// There is no such entry, or it is not of this type.
    pub fn entry<T: DeserializeOwned>(&self, index: usize) -> Result<Result<T, Fault>, Error> {
        if let Entries::Scanned(offsets, marks) = &self.entries
            && marks.get().is_none()
            && let Some(offset) = offsets.get(index)
            && let Some(result) = scan_entry(&self.document, *offset)
        {
            return result.map_err(|error| error.in_element(index));
        }
        let Some(mark) = self.marks()?.get(index) else {
            let entries = self.len();
            return Err(Error::protocol(format_args!(
                "the answer has {entries} entries, none of them is {index}"
            )));
        };
        tree_entry(&self.document, *mark).map_err(|error| error.in_element(index))
    }

    /// The places of the entries in the tree.
    fn marks(&self) -> Result<&[Mark], Error> {
        let (offsets, marks) = match &self.entries {
            Entries::Scanned(offsets, marks) => (offsets, marks),
            Entries::Tree(marks) => return Ok(marks),
        };
        let tree = self.document.tree()?;
        let find = || {
            let mut marks = Vec::with_capacity(offsets.len());
            let first = offsets.first().and_then(|first| tree.element_at(*first));
            if let Some(first) = first {
                let mut entries = tree.cursor(self.document.text()).at(first);
                while entries.peek_open().is_some() {
                    marks.push(entries.mark());
                    entries.skip();
                }
            }
            marks
        };
        Ok(marks.get_or_init(find))
    }
}

/// The result of the entry at an offset, or what is wrong with it, if the scanner can tell.
fn scan_entry<T: DeserializeOwned>(
    document: &Document,
    offset: usize,
) -> Option<Result<Result<T, Fault>, Error>> {
    let mut reader = Explaining::at(document, offset);
    let entry = reader.here();
    let mut wrapped = None;
    match reader.item().ok()? {
        // Most peers answer with an array of one.
        Item::Array if reader.element(entry).ok()? => {
            let mark = reader.here();
            let value = read_value(&mut reader);
            reader.leave_value(mark);
            if !reader.element(entry).ok()? {
                match value {
                    Ok(value) => return Some(Ok(Ok(value))),
                    Err(error) => wrapped = Some(error.in_element(0)),
                }
            }
        }
        Item::Struct => {
            let mut reader = Explaining::at(document, offset);
            match fault::read_if_fault(&mut reader) {
                Ok(Some(fault)) => return Some(Ok(Err(fault))),
                Err(_) if reader.is_stopped() => return None,
                Ok(None) | Err(_) => {}
            }
        }
        Item::Array | Item::Scalar(_) => {}
    }
    let mut reader = Explaining::at(document, offset);
    let value = read_value(&mut reader);
    if reader.is_stopped() {
        return None;
    }
    // An array of one that is not wrapped looks like a wrapped value.
    Some(value.map(Ok).map_err(|error| wrapped.unwrap_or(error)))
}

/// The result of the entry at a place in the tree.
fn tree_entry<T: DeserializeOwned>(
    document: &Document,
    entry: Mark,
) -> Result<Result<T, Fault>, Error> {
    let mut reader = cursor_at(document, entry)?;
    reader.next();
    let kind = reader.peek_open();
    reader.rewind(entry);
    match kind {
        Some(Tag::Struct) => {
            if let Ok(Some(fault)) = fault::read_if_fault(&mut reader) {
                return Ok(Err(fault));
            }
        }
        Some(Tag::Array) => {
            if let Some(value) = only_element(&mut reader) {
                reader.rewind(value);
                return match read_value(&mut reader) {
                    Ok(value) => Ok(Ok(value)),
                    // An array of one that is not wrapped looks like a wrapped value.
                    Err(error) => decode_at(document, entry)
                        .map(Ok)
                        .map_err(|_| error.in_element(0)),
                };
            }
        }
        _ => {}
    }
    reader.rewind(entry);
    read_value(&mut reader).map(Ok)
}

/// The place of the only element of the array that comes next.
fn only_element(reader: &mut Cursor<'_, '_>) -> Option<Mark> {
    let array = reader.mark();
    if !matches!(reader.item(), Ok(Item::Array)) || !reader.element(array).ok()? {
        return None;
    }
    let value = reader.mark();
    reader.skip();
    (!reader.element(array).ok()?).then_some(value)
}

/// Where the entries of an ordinary answer begin.
fn scan_entries(document: &Document) -> Option<Vec<usize>> {
    let mut scanner = document.scanner(0);
    if !begin(&mut scanner) {
        return None;
    }
    let array = scanner.mark();
    let Ok(Item::Array) = scanner.item() else {
        return None;
    };
    let mut entries = Vec::new();
    while scanner.element(array).ok()? {
        entries.push(scanner.offset());
        scanner.skip_value().ok()?;
    }
    end(&mut scanner).then_some(entries)
}

fn tree_entries(document: &Document) -> Result<Result<Vec<Mark>, Fault>, Error> {
    let array = match answer(document)? {
        Answer::Value(mark) => mark,
        Answer::Nothing => {
            return Err(Error::protocol(
                "the answer to system.multicall has no value",
            ));
        }
        Answer::Fault(fault) => return Ok(Err(fault)),
    };
    let mut reader = cursor_at(document, array)?;
    let found = match reader.item()? {
        Item::Array => None,
        Item::Struct => Some(Found::Struct),
        Item::Scalar(scalar) => Some(scalar.found()),
    };
    if let Some(found) = found {
        let expected = "array of the results of a multicall";
        let error = Error::protocol(Instead { expected, found });
        return Err(reader.locate_value(error, array));
    }
    let mut entries = Vec::new();
    while reader.element(array)? {
        entries.push(reader.mark());
        reader.skip();
    }
    Ok(Ok(entries))
}
