//! The response to a `system.multicall`, as the client reads it.

use core::fmt;
use std::sync::OnceLock;

use bytes::Bytes;
use serde_core::de::DeserializeOwned;

use super::{
    fault,
    response::{ResponseContent, begin, content, end},
};
use crate::{
    Error, Fault, Limits,
    de::{Item, LocatedScanner, Reader, cursor_at, read_value, type_of},
    error::{Found, Mismatch},
    xml::{Cursor, Document, EventIndex, Tag},
};

/// The response to a `system.multicall`, whose entries are not decoded yet.
///
/// ```
/// use bytes::Bytes;
/// use xmlrpc_core::{Dialect, Fault, Limits, message::{MulticallResponse, MulticallResponseWriter, EncodedResponse}};
///
/// let mut writer = MulticallResponseWriter::new(Dialect::EXTENDED, usize::MAX);
/// writer.push(Ok(&EncodedResponse::new(&7, Dialect::EXTENDED)?))?;
/// writer.push(Err(&Fault::new(1, "no")))?;
/// let body = Bytes::from(writer.finish().into_document());
///
/// let response = MulticallResponse::read(body, None, &Limits::default())?.unwrap();
/// assert_eq!(response.entry::<i32>(0)?, Ok(7));
/// assert_eq!(response.entry::<i32>(1)?, Err(Fault::new(1, "no")));
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
pub struct MulticallResponse {
    document: Document,
    entries: EntryPositions,
    /// Whether an entry must be an array of one value or a fault.
    strict: bool,
}

impl fmt::Debug for MulticallResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MulticallResponse")
            .field("entries", &self.len())
            .finish_non_exhaustive()
    }
}

/// Where the entries are.
enum EntryPositions {
    /// Their offsets in a response that the scanner has read to its end. Their events as well, once the
    /// scanner could not read an entry.
    Scanned(Vec<usize>, OnceLock<Vec<EventIndex>>),
    Events(Vec<EventIndex>),
}

impl MulticallResponse {
    /// Reads a `methodResponse`; `charset` is that of its `Content-Type`.
    ///
    /// # Errors
    ///
    /// The document cannot be read, is not a response, or its value is not an array.
    pub fn read(
        body: Bytes,
        charset: Option<&str>,
        limits: &Limits,
    ) -> Result<Result<Self, Fault>, Error> {
        let document = Document::new(body, charset, limits)?;
        if let Some(offsets) = scan_entries(&document) {
            let entries = EntryPositions::Scanned(offsets, OnceLock::new());
            return Ok(Ok(Self::new(document, entries)));
        }
        match read_entries(&document) {
            Ok(Ok(entries)) => {
                let entries = EntryPositions::Events(entries);
                Ok(Ok(Self::new(document, entries)))
            }
            Ok(Err(fault)) => Ok(Err(fault)),
            Err(error) => Err(document.resolve(error)),
        }
    }

    fn new(document: Document, entries: EntryPositions) -> Self {
        Self {
            document,
            entries,
            strict: false,
        }
    }

    /// Whether an entry is an error if it is neither an array of one value nor a fault. Off by
    /// default: the value of such an entry is the result.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use xmlrpc_core::{Limits, message::MulticallResponse};
    ///
    /// let body = Bytes::from("<methodResponse><params><param><value><array><data>\
    ///     <value>no such ticket</value></data></array></value></param></params></methodResponse>");
    /// let response = MulticallResponse::read(body, None, &Limits::default())?.unwrap();
    /// assert_eq!(response.entry::<String>(0)?.unwrap(), "no such ticket");
    /// assert!(response.strict(true).entry::<String>(0).is_err());
    /// # Ok::<(), xmlrpc_core::Error>(())
    /// ```
    #[must_use]
    pub fn strict(mut self, on: bool) -> Self {
        self.strict = on;
        self
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        match &self.entries {
            EntryPositions::Scanned(offsets, _) => offsets.len(),
            EntryPositions::Events(entries) => entries.len(),
        }
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The result of the entry at `index`.
    ///
    /// An entry is an array of one value or the struct of a fault. Some peers send the value itself,
    /// without the array; it is accepted as well, unless reading is [strict](Self::strict).
    ///
    /// # Errors
    ///
    /// The entry does not exist, or does not have this type.
    pub fn entry<T: DeserializeOwned>(&self, index: usize) -> Result<Result<T, Fault>, Error> {
        if let EntryPositions::Scanned(offsets, events) = &self.entries
            && events.get().is_none()
            && let Some(offset) = offsets.get(index)
            && let Some(result) = scan_entry(&self.document, *offset, self.strict)
        {
            return result.map_err(|error| error.in_element(index));
        }
        let Some(entry) = self.events()?.get(index) else {
            let entries = self.len();
            return Err(Error::protocol(format_args!(
                "entry {index} does not exist: the response has {entries} entries"
            )));
        };
        read_entry(&self.document, *entry, self.strict).map_err(|error| error.in_element(index))
    }

    /// The events of the entries.
    fn events(&self) -> Result<&[EventIndex], Error> {
        let (offsets, events) = match &self.entries {
            EntryPositions::Scanned(offsets, events) => (offsets, events),
            EntryPositions::Events(entries) => return Ok(entries),
        };
        let cursor = self.document.cursor()?;
        let find = || {
            let first = offsets.first().and_then(|first| cursor.element_at(*first));
            first.map_or_else(Vec::new, |first| cursor.at(first).siblings())
        };
        Ok(events.get_or_init(find))
    }
}

/// The result or the error of the entry at an offset, if the scanner can read it.
fn scan_entry<T: DeserializeOwned>(
    document: &Document,
    offset: usize,
    strict: bool,
) -> Option<Result<Result<T, Fault>, Error>> {
    let mut reader = LocatedScanner::at(document, offset);
    let entry = reader.here();
    let mut wrapped = None;
    match reader.item().ok()? {
        // Most peers send an array of one value.
        Item::Array if reader.element(entry).ok()? => {
            let only = reader.here();
            if !strict {
                reader.set_entry(only.offset);
            }
            let value = read_value(&mut reader);
            reader.leave_value(only);
            if !reader.element(entry).ok()? {
                match value {
                    Ok(value) => return Some(Ok(Ok(value))),
                    Err(error) if strict => return Some(Err(error.in_element(0))),
                    Err(_) => wrapped = Some(only.offset),
                }
            }
        }
        Item::Struct => {
            let mut reader = LocatedScanner::at(document, offset);
            match fault::read_if_fault(&mut reader) {
                Ok(Some(fault)) => return Some(Ok(Err(fault))),
                Err(_) if reader.is_stopped() => return None,
                Ok(None) | Err(_) => {}
            }
        }
        Item::Array | Item::Scalar(_) => {}
    }
    // The tolerant reader reports the shape.
    if strict {
        return None;
    }
    let mut reader = LocatedScanner::at(document, offset);
    if let Some(only) = wrapped {
        reader.set_entry(only);
    }
    let value = read_value(&mut reader);
    if reader.is_stopped() {
        return None;
    }
    // An array of one element that is not wrapped looks like a wrapped value.
    match (value, wrapped) {
        (Ok(value), _) => Some(Ok(Ok(value))),
        (Err(error), None) => Some(Err(error)),
        (Err(_), Some(only)) => {
            // An empty array may be a struct, and the reverse.
            let mut reader = LocatedScanner::at(document, only);
            reader.set_entry(offset);
            let value = read_value(&mut reader);
            (!reader.is_stopped()).then_some(value.map(Ok).map_err(|error| error.in_element(0)))
        }
    }
}

/// The result of the entry at an event.
fn read_entry<T: DeserializeOwned>(
    document: &Document,
    entry: EventIndex,
    strict: bool,
) -> Result<Result<T, Fault>, Error> {
    let mut reader = document.cursor()?.at_entry(entry);
    match type_of(&reader, entry) {
        Some(Tag::Struct) => {
            if let Ok(Some(fault)) = fault::read_if_fault(&mut reader) {
                return Ok(Err(fault));
            }
        }
        Some(Tag::Array) => {
            if let Some(value) = only_element(&mut reader) {
                // An array of one element that is not wrapped looks like a wrapped value. So an empty
                // array is only a struct, and the reverse, if nothing else can be read.
                if !strict {
                    let mut unchanged = reader.clone().at_entry(value);
                    if let Ok(read) = read_value(&mut unchanged) {
                        return Ok(Ok(read));
                    }
                    if let Ok(read) = read_value(&mut unchanged.at(entry)) {
                        return Ok(Ok(read));
                    }
                }
                reader.rewind(value);
                return read_value(&mut reader)
                    .map(Ok)
                    .map_err(|error| error.in_element(0));
            }
        }
        _ => {}
    }
    reader.rewind(entry);
    if strict {
        let found = found(&reader.item()?);
        let expected = "array of one element or fault";
        let error = Error::protocol(Mismatch { expected, found });
        return Err(reader.locate_value(error, entry));
    }
    read_value(&mut reader).map(Ok)
}

/// The only element of the next value, if that is an array of one element.
fn only_element(reader: &mut Cursor<'_, '_>) -> Option<EventIndex> {
    let array = reader.here();
    if !matches!(reader.item(), Ok(Item::Array)) || !reader.element(array).ok()? {
        return None;
    }
    let value = reader.here();
    reader.skip();
    (!reader.element(array).ok()?).then_some(value)
}

fn found(item: &Item<'_>) -> Found {
    match item {
        Item::Array => Found::Array,
        Item::Struct => Found::Struct,
        Item::Scalar(scalar) => scalar.found(),
    }
}

/// The offsets of the entries of an ordinary response.
fn scan_entries(document: &Document) -> Option<Vec<usize>> {
    let mut scanner = document.scanner(0);
    if !begin(&mut scanner) {
        return None;
    }
    let array = scanner.position();
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

fn read_entries(document: &Document) -> Result<Result<Vec<EventIndex>, Fault>, Error> {
    let array = match content(document)? {
        ResponseContent::Value(value) => value,
        ResponseContent::Nothing => {
            return Err(Error::protocol(
                "the response to system.multicall has no value",
            ));
        }
        ResponseContent::Fault(fault) => return Ok(Err(fault)),
    };
    let mut reader = cursor_at(document, array)?;
    let item = reader.item()?;
    if !matches!(item, Item::Array) {
        let found = found(&item);
        let expected = "array of the results of a multicall";
        let error = Error::protocol(Mismatch { expected, found });
        return Err(reader.locate_value(error, array));
    }
    let mut entries = Vec::new();
    while reader.element(array)? {
        entries.push(reader.here());
        reader.skip();
    }
    Ok(Ok(entries))
}
