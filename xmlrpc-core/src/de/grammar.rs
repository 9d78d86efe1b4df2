//! The grammar of values, over any stream of events.

use std::borrow::Cow;

use super::{Item, Member, Scalar};
use crate::{
    Category, Error,
    error::Excerpt,
    xml::{Event, Events, Mark, Tag},
};

pub(super) fn item<'de, E: Events<'de>>(events: &mut E) -> Result<Item<'de>, Error> {
    let value = open(events, Tag::Value, "<value>")?;
    let kind = events.mark();
    let scalar = match events.next() {
        Event::Text(text) => Scalar::String(text),
        Event::Open(Tag::Array) => {
            if events.peek_open() == Some(Tag::Data) {
                events.next();
            }
            return Ok(Item::Array);
        }
        Event::Open(Tag::Struct) => return Ok(Item::Struct),
        Event::Open(tag) => scalar(events, tag, kind)?,
        Event::Close | Event::End => return Ok(Item::Scalar(Scalar::String(Cow::Borrowed("")))),
    };
    close(events, value)?;
    Ok(Item::Scalar(scalar))
}

/// Reads a scalar whose element has just been opened at `kind`.
fn scalar<'de, E: Events<'de>>(events: &mut E, tag: Tag, kind: Mark) -> Result<Scalar<'de>, Error> {
    let found = match tag {
        Tag::Nil => {
            events.leave(kind);
            return Ok(Scalar::Nil);
        }
        Tag::Dom | Tag::Serializable => {
            let message = format!(
                "<{}> cannot be read: it holds no XML-RPC value",
                Excerpt(events.name(kind))
            );
            return Err(events.error(Category::Data, kind, message));
        }
        _ if Scalar::is_scalar(tag) => leaf_text(events, "text")?,
        _ => {
            let message = format!("<{}> is no type of a value", Excerpt(events.name(kind)));
            return Err(events.error(Category::Protocol, kind, message));
        }
    };
    Scalar::parse(tag, found).map_err(|error| events.locate(error, kind))
}

pub(super) fn nil<'de, E: Events<'de>>(events: &mut E) -> Result<bool, Error> {
    let value = open(events, Tag::Value, "<value>")?;
    let is_nil = match events.peek_open() {
        Some(Tag::Nil) => true,
        Some(Tag::DateTime) => {
            events.next();
            match events.next() {
                Event::Close => true,
                Event::Text(text) => text.trim_ascii().is_empty(),
                _ => false,
            }
        }
        _ => false,
    };
    if is_nil {
        events.leave(value);
    } else {
        events.rewind(value);
    }
    Ok(is_nil)
}

pub(super) fn element<'de, E: Events<'de>>(events: &mut E, array: Mark) -> Result<bool, Error> {
    match events.peek_open() {
        Some(Tag::Value) => Ok(true),
        Some(_) => Err(unexpected(events, "<value>")),
        None => close(events, array).map(|()| false),
    }
}

pub(super) fn member<'de, E: Events<'de>>(
    events: &mut E,
    structure: Mark,
) -> Result<Option<Member<'de>>, Error> {
    if events.peek_open().is_none() {
        return close(events, structure).map(|()| None);
    }
    let member = open(events, Tag::Member, "<member>")?;
    match events.peek_open() {
        Some(Tag::Name) => {
            events.next();
            let name = leaf_text(events, "text")?;
            match events.peek_open() {
                Some(Tag::Value) => Ok(Some(Member { name, resume: None })),
                Some(_) => Err(unexpected(events, "<value>")),
                None => Err(events.error(Category::Protocol, member, "the member has no <value>")),
            }
        }
        Some(Tag::Value) => {
            let value = events.mark();
            events.skip();
            if events.peek_open().is_none() {
                return Err(events.error(Category::Protocol, member, "the member has no <name>"));
            }
            open(events, Tag::Name, "<name>")?;
            let name = leaf_text(events, "text")?;
            let resume = Some(events.mark());
            events.rewind(value);
            Ok(Some(Member { name, resume }))
        }
        Some(_) => Err(unexpected(events, "<name>")),
        None => Err(events.error(Category::Protocol, member, "the member has no <name>")),
    }
}

pub(super) fn end_member<'de, E: Events<'de>>(
    events: &mut E,
    resume: Option<Mark>,
) -> Result<(), Error> {
    if let Some(resume) = resume {
        events.rewind(resume);
    }
    if events.peek_open().is_some() {
        return Err(unexpected(events, "</member>"));
    }
    events.next();
    Ok(())
}

fn open<'de, E: Events<'de>>(events: &mut E, tag: Tag, expected: &str) -> Result<Mark, Error> {
    if events.peek_open() != Some(tag) {
        return Err(unexpected(events, expected));
    }
    let mark = events.mark();
    events.next();
    Ok(mark)
}

/// The text of the element that was opened last, which must be a leaf; goes past its end.
pub(crate) fn leaf_text<'de, E: Events<'de>>(
    events: &mut E,
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

/// Goes past the element that was opened at `mark`; fails if it holds another one.
pub(crate) fn close<'de, E: Events<'de>>(events: &mut E, mark: Mark) -> Result<(), Error> {
    match events.close(mark) {
        Ok(()) => Ok(()),
        Err(other) => {
            let message = format!(
                "<{}> holds more than it may: <{}>",
                Excerpt(events.name(mark)),
                Excerpt(events.name(other))
            );
            Err(events.error(Category::Protocol, other, message))
        }
    }
}

/// The error for what comes next where `expected` should.
pub(crate) fn unexpected<'de, E: Events<'de>>(events: &E, expected: &str) -> Error {
    let mark = events.mark();
    let message = match events.peek_open() {
        Some(_) => format!(
            "expected {expected}, found <{}>",
            Excerpt(events.name(mark))
        ),
        None => format!("expected {expected}, found nothing"),
    };
    events.error(Category::Protocol, mark, message)
}
