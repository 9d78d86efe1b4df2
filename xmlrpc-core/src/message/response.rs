use bytes::Bytes;
use serde_core::de::DeserializeOwned;

use super::{envelope::read_params, fault};
use crate::{
    Error, Fault, Limits, Value,
    de::{close, decode_at, from_value, read_value, unexpected},
    xml::{Document, EventIndex, Scanner, Tag, plain_text},
};

/// The content of a response.
pub(super) enum ResponseContent {
    /// No value. Some peers send this for methods without a result.
    Nothing,
    /// The value, or the `<params>` if they have several. These are read as a list.
    Value(EventIndex),
    Fault(Fault),
}

/// Reads a `methodResponse`; `charset` is that of its `Content-Type`.
///
/// A response without a value reads as nil, and a response with several values as a list of them.
///
/// # Errors
///
/// The document cannot be read, is not a response, or its value does not have this type. For a document
/// that is not XML, for example HTML, the category is [`Category::Syntax`](crate::Category::Syntax). For another root than
/// `methodResponse` it is [`Category::Protocol`](crate::Category::Protocol).
///
/// ```
/// use bytes::Bytes;
/// use xmlrpc_core::{Dialect, Fault, Limits, message};
///
/// let fault = Fault::new(4, "Too many parameters.");
/// let document = message::fault_response(&fault, Dialect::STANDARD);
/// let response = message::read_response::<i32>(Bytes::from(document), None, &Limits::default())?;
/// assert_eq!(response, Err(fault));
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
    // A document in another encoding has not been scanned yet.
    if is_new && let Some(value) = scan(document.scanner(0)) {
        return Ok(Ok(value));
    }
    let read = match content(&document) {
        Ok(ResponseContent::Nothing) => return from_value(Value::Nil).map(Ok),
        Ok(ResponseContent::Fault(fault)) => return Ok(Err(fault)),
        Ok(ResponseContent::Value(value)) => decode_at(&document, value),
        Err(error) => Err(error),
    };
    read.map(Ok).map_err(|error| document.resolve(error))
}

/// Reads the value of an ordinary response.
fn scan<T: DeserializeOwned>(mut scanner: Scanner<'_>) -> Option<T> {
    if !begin(&mut scanner) {
        return None;
    }
    let value = read_value(&mut scanner).ok()?;
    end(&mut scanner).then_some(value)
}

/// Goes to the value of a response.
pub(super) fn begin(scanner: &mut Scanner<'_>) -> bool {
    scanner.prolog()
        && scanner.tag(b"<methodResponse>")
        && scanner.tag(b"<params>")
        && scanner.tag(b"<param>")
}

/// Goes from the end of the value of a response to the end of the document.
pub(super) fn end(scanner: &mut Scanner<'_>) -> bool {
    scanner.end_tag(b"</param>")
        && scanner.end_tag(b"</params>")
        && scanner.end_tag(b"</methodResponse>")
        && scanner.is_at_end()
}

/// Reads a response from the events of the lenient reader.
pub(super) fn content(document: &Document) -> Result<ResponseContent, Error> {
    let mut events = document.cursor()?;
    let root = events.here();
    if events.peek_open() != Some(Tag::MethodResponse) {
        return Err(unexpected(&events, "<methodResponse>"));
    }
    events.next();
    // A fault counts wherever it is.
    let mut children = events.clone();
    while let Some(tag) = children.peek_open() {
        if tag == Tag::Fault {
            return Ok(ResponseContent::Fault(fault::read(children)));
        }
        children.skip();
    }
    let child = events.here();
    let content = match events.peek_open() {
        Some(Tag::Params) => match *read_params(&mut events)? {
            [] => ResponseContent::Nothing,
            [value] => ResponseContent::Value(value),
            // A list of the values.
            [..] => ResponseContent::Value(child),
        },
        _ => return Err(unexpected(&events, "<params> or <fault>")),
    };
    close(&mut events, root)?;
    Ok(content)
}
