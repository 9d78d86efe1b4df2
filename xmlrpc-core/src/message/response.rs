use core::fmt;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::{fault, incoming::params_of};
use crate::{
    Category, Error, Fault, Limits, Value,
    de::{Item, Place, Reader, close, cursor_at, decode_at, read_value, unexpected},
    from_value,
    xml::{Document, Events, Mark, Scanner, Tag, plain_text},
};

/// What an answer holds.
enum Answer {
    /// No value at all, as some peers answer where there is nothing to say.
    Nothing,
    Value(Mark),
    Fault(Fault),
}

/// Reads a `methodResponse`; `charset` is that of its `Content-Type`.
///
/// An answer without a value reads as nil.
///
/// # Errors
///
/// The document cannot be read, is no answer, or its value is not of this type. What is no XML at
/// all, such as HTML, is [`Category::Syntax`]; another root than `methodResponse` is
/// [`Category::Protocol`].
///
/// ```
/// use bytes::Bytes;
/// use xmlrpc_core::{Dialect, Fault, Limits, message};
///
/// let fault = Fault::new(4, "Too many parameters.");
/// let document = message::fault_document(&fault, Dialect::STANDARD);
/// let answer = message::read_response::<i32>(Bytes::from(document), None, &Limits::default())?;
/// assert_eq!(answer, Err(fault));
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
pub fn read_response<T: DeserializeOwned>(
    body: Bytes,
    charset: Option<&str>,
    limits: &Limits,
) -> Result<Result<T, Fault>, Error> {
    let plain = plain_text(&body, charset, limits);
    if let Some(value) = plain.and_then(|text| scan(Scanner::of(text, limits))) {
        return Ok(Ok(value));
    }
    let is_new = plain.is_none();
    let document = Document::new(body, charset, limits)?;
    // What has been transcoded has not been scanned yet.
    if is_new && let Some(value) = scan(document.scanner(0)) {
        return Ok(Ok(value));
    }
    let read = match answer(&document) {
        Ok(Answer::Nothing) => return from_value(Value::Nil).map(Ok),
        Ok(Answer::Fault(fault)) => return Ok(Err(fault)),
        Ok(Answer::Value(mark)) => decode_at(&document, Place::Tree(mark)),
        Err(error) => Err(error),
    };
    read.map(Ok).map_err(|error| document.resolve(error))
}

/// The value of an ordinary answer.
fn scan<T: DeserializeOwned>(mut scanner: Scanner<'_>) -> Option<T> {
    if !begin(&mut scanner) {
        return None;
    }
    let value = read_value(&mut scanner).ok()?;
    end(&mut scanner).then_some(value)
}

/// Goes to the value of an answer.
fn begin(scanner: &mut Scanner<'_>) -> bool {
    scanner.prolog()
        && scanner.tag(b"<methodResponse>")
        && scanner.tag(b"<params>")
        && scanner.tag(b"<param>")
}

/// Goes from behind the value of an answer to the end of the document.
fn end(scanner: &mut Scanner<'_>) -> bool {
    scanner.end_tag(b"</param>")
        && scanner.end_tag(b"</params>")
        && scanner.end_tag(b"</methodResponse>")
        && scanner.is_at_end()
}

fn answer(document: &Document) -> Result<Answer, Error> {
    let mut events = document.tree()?.cursor(document.text());
    let root = events.mark();
    if events.peek_open() != Some(Tag::MethodResponse) {
        return Err(unexpected(&events, "<methodResponse>"));
    }
    events.next();
    let at = events.mark();
    let answer = match events.peek_open() {
        Some(Tag::Params) => match *params_of(&mut events)? {
            [] => Answer::Nothing,
            [value] => Answer::Value(value),
            _ => {
                return Err(events.error(
                    Category::Protocol,
                    at,
                    "an answer has one value, this has more",
                ));
            }
        },
        Some(Tag::Fault) => {
            events.next();
            if events.peek_open() != Some(Tag::Value) {
                return Err(unexpected(&events, "<value>"));
            }
            let value = events.mark();
            events.skip();
            close(&mut events, at)?;
            Answer::Fault(fault::read(document, Place::Tree(value))?)
        }
        _ => return Err(unexpected(&events, "<params> or <fault>")),
    };
    close(&mut events, root)?;
    Ok(answer)
}

/// The answer to a `system.multicall`; its entries are not decoded yet.
///
/// ```
/// use bytes::Bytes;
/// use xmlrpc_core::{Dialect, Fault, Limits, message::{MulticallAnswer, MulticallReplyWriter, Reply}};
///
/// let mut reply = MulticallReplyWriter::new(Dialect::EXTENDED, usize::MAX);
/// reply.push(Ok(&Reply::new(&7, Dialect::EXTENDED)?))?;
/// reply.push(Err(&Fault::new(1, "no")))?;
/// let body = Bytes::from(reply.finish().into_document());
///
/// let answer = MulticallAnswer::read(body, None, &Limits::default())?.unwrap();
/// assert_eq!(answer.entry::<i32>(0)?, Ok(7));
/// assert_eq!(answer.entry::<i32>(1)?, Err(Fault::new(1, "no")));
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
pub struct MulticallAnswer {
    document: Document,
    entries: Vec<Place>,
}

impl fmt::Debug for MulticallAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MulticallAnswer")
            .field("entries", &self.entries.len())
            .finish_non_exhaustive()
    }
}

impl MulticallAnswer {
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
        if let Some(entries) = scan_entries(&document) {
            return Ok(Ok(Self { document, entries }));
        }
        match tree_entries(&document) {
            Ok(Ok(entries)) => Ok(Ok(Self { document, entries })),
            Ok(Err(fault)) => Ok(Err(fault)),
            Err(error) => Err(document.resolve(error)),
        }
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
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
        let Some(entry) = self.entries.get(index).copied() else {
            let entries = self.len();
            return Err(Error::protocol(format_args!(
                "the answer has {entries} entries, none of them is {index}"
            )));
        };
        if let Place::Text(offset) = entry
            && let Some(result) = scan_wrapped(&mut self.document.scanner(offset))
        {
            return Ok(Ok(result));
        }
        if let Some(fault) = fault::read_if_fault(&self.document, entry) {
            return Ok(Err(fault));
        }
        let wrapped = self
            .wrapped(entry)
            .map(|value| decode_at(&self.document, value));
        let result = match wrapped {
            Some(Ok(value)) => Ok(value),
            // An array of one that is not wrapped looks like a wrapped value.
            Some(Err(error)) => decode_at(&self.document, entry).map_err(|_| error.in_element(0)),
            None => decode_at(&self.document, entry),
        };
        result.map(Ok).map_err(|error| error.in_element(index))
    }

    /// The only element of the array at `entry`.
    fn wrapped(&self, entry: Place) -> Option<Place> {
        let mut reader = cursor_at(&self.document, entry).ok()?;
        let array = reader.here();
        if !matches!(reader.item(), Ok(Item::Array)) || !reader.element(array).ok()? {
            return None;
        }
        let value = reader.here();
        reader.skip();
        (!reader.element(array).ok()?).then_some(Place::Tree(value))
    }
}

/// The value in an array of one, as most peers answer.
fn scan_wrapped<T: DeserializeOwned>(scanner: &mut Scanner<'_>) -> Option<T> {
    let array = scanner.mark();
    if !matches!(scanner.item(), Ok(Item::Array)) || !scanner.element(array).ok()? {
        return None;
    }
    let value = read_value(scanner).ok()?;
    let ends = !scanner.element(array).ok()?;
    (ends && !scanner.is_stopped()).then_some(value)
}

/// The entries of an ordinary answer.
fn scan_entries(document: &Document) -> Option<Vec<Place>> {
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
        entries.push(Place::Text(scanner.offset()));
        scanner.skip_value().ok()?;
    }
    end(&mut scanner).then_some(entries)
}

fn tree_entries(document: &Document) -> Result<Result<Vec<Place>, Fault>, Error> {
    let array = match answer(document)? {
        Answer::Value(mark) => mark,
        Answer::Nothing => {
            return Err(Error::protocol(
                "the answer to system.multicall has no value",
            ));
        }
        Answer::Fault(fault) => return Ok(Err(fault)),
    };
    let mut reader = cursor_at(document, Place::Tree(array))?;
    let found = match reader.item()? {
        Item::Array => None,
        Item::Struct => Some("struct".to_owned()),
        Item::Scalar(scalar) => Some(scalar.to_string()),
    };
    if let Some(found) = found {
        let error = Error::protocol(format_args!(
            "expected array of the results of a multicall, found {found}"
        ));
        return Err(reader.locate_value(error, array));
    }
    let mut entries = Vec::new();
    while reader.element(array)? {
        entries.push(Place::Tree(reader.here()));
        reader.skip();
    }
    Ok(Ok(entries))
}
