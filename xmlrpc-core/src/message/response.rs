use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::{fault, incoming::params_of};
use crate::{
    Category, Error, Fault, Limits, Value,
    de::{close, decode_at, read_value, unexpected},
    from_value,
    xml::{Document, Events, Mark, Scanner, Tag, plain_text},
};

/// What an answer holds.
pub(super) enum Answer {
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
/// let document = message::fault_response(&fault, Dialect::STANDARD);
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
        Ok(Answer::Value(mark)) => decode_at(&document, mark),
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
pub(super) fn begin(scanner: &mut Scanner<'_>) -> bool {
    scanner.prolog()
        && scanner.tag(b"<methodResponse>")
        && scanner.tag(b"<params>")
        && scanner.tag(b"<param>")
}

/// Goes from behind the value of an answer to the end of the document.
pub(super) fn end(scanner: &mut Scanner<'_>) -> bool {
    scanner.end_tag(b"</param>")
        && scanner.end_tag(b"</params>")
        && scanner.end_tag(b"</methodResponse>")
        && scanner.is_at_end()
}

pub(super) fn answer(document: &Document) -> Result<Answer, Error> {
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
            Answer::Fault(fault::read(document, value)?)
        }
        _ => return Err(unexpected(&events, "<params> or <fault>")),
    };
    close(&mut events, root)?;
    Ok(answer)
}
