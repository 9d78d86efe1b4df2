//! Steps through the elements of a document, with the errors of elements that are out of place.

use std::borrow::Cow;

use crate::{
    Category, Error,
    error::Excerpt,
    xml::{Cursor, Event, EventIndex, Tag},
};

/// Whether a value begins here: a `<value>`, or the element of a type without one.
pub(crate) fn at_value(events: &Cursor<'_, '_>) -> bool {
    events
        .peek_open()
        .is_some_and(|tag| tag == Tag::Value || tag.is_type())
}

/// Goes to the type of the next value, which may be in a `<value>`.
pub(super) fn enter_value(events: &mut Cursor<'_, '_>) {
    if events.peek_open() == Some(Tag::Value) {
        events.next();
    }
}

/// The tag of the type of the value at `value`; `None` if it has no type.
pub(crate) fn type_of(events: &Cursor<'_, '_>, value: EventIndex) -> Option<Tag> {
    let mut events = events.clone().at(value);
    enter_value(&mut events);
    events.peek_open()
}

/// Enters the next element, which must have the given tag.
pub(super) fn open(
    events: &mut Cursor<'_, '_>,
    tag: Tag,
    expected: &str,
) -> Result<EventIndex, Error> {
    if events.peek_open() != Some(tag) {
        return Err(unexpected(events, expected));
    }
    let element = events.here();
    events.next();
    Ok(element)
}

/// Reads the text of the innermost element, which must have no child elements, and leaves it.
pub(crate) fn leaf_text<'de>(
    events: &mut Cursor<'_, 'de>,
    expected: &str,
) -> Result<Cow<'de, str>, Error> {
    if events.peek_open().is_some() {
        return Err(unexpected(events, expected));
    }
    match events.next() {
        Event::Text(text) => {
            events.next();
            Ok(text)
        }
        _ => Ok(Cow::Borrowed("")),
    }
}

/// Leaves an element; fails if another child element follows.
pub(crate) fn close(events: &mut Cursor<'_, '_>, element: EventIndex) -> Result<(), Error> {
    match events.close(element) {
        Ok(()) => Ok(()),
        Err(other) => {
            let message = format!(
                "unexpected <{}>: <{}> is already complete",
                Excerpt(events.name(other)),
                Excerpt(events.name(element))
            );
            Err(events.error(Category::Protocol, other, message))
        }
    }
}

/// The error that something else comes next than expected.
pub(crate) fn unexpected(events: &Cursor<'_, '_>, expected: &str) -> Error {
    let next = events.here();
    let message = match events.peek_open() {
        Some(_) => format!(
            "expected {expected}, found <{}>",
            Excerpt(events.name(next))
        ),
        None => format!("expected {expected}, found nothing"),
    };
    events.error(Category::Protocol, next, message)
}
