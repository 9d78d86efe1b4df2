//! Values from the events of the lenient reader.

use std::borrow::Cow;

use super::{
    grammar::{close, leaf_text, open, unexpected},
    reader::{Item, NamedMember, Reader},
    scalar::Scalar,
};
use crate::{
    Category, Error,
    error::Excerpt,
    xml::{Cursor, Event, EventIndex, Tag},
};

/// A member whose value is read next.
pub(crate) struct EventMember<'de> {
    name: Cow<'de, str>,
    /// Where to go on after the value, if the name came after it.
    resume: Option<EventIndex>,
}

impl<'de> Reader<'de> for Cursor<'_, 'de> {
    type Bookmark = EventIndex;
    type Member = EventMember<'de>;

    fn item(&mut self) -> Result<Item<'de>, Error> {
        let value = Cursor::here(self);
        if let Some((tag, text)) = self.leaf_value()
            && Scalar::is_scalar(tag)
            && let Ok(scalar) = Scalar::parse(tag, text)
        {
            return Ok(Item::Scalar(scalar));
        }
        self.rewind(value);
        any_item(self)
    }

    fn nil(&mut self) -> Result<bool, Error> {
        let value = open(self, Tag::Value, "<value>")?;
        let is_nil = match self.peek_open() {
            Some(Tag::Nil) => true,
            Some(Tag::DateTime) => {
                self.next();
                match self.next() {
                    Event::Close => true,
                    Event::Text(text) => text.trim_ascii().is_empty(),
                    _ => false,
                }
            }
            _ => false,
        };
        if is_nil {
            self.leave(value);
        } else {
            self.rewind(value);
        }
        Ok(is_nil)
    }

    fn element(&mut self, array: EventIndex) -> Result<bool, Error> {
        match self.peek_open() {
            Some(Tag::Value) => Ok(true),
            Some(_) => Err(unexpected(self, "<value>")),
            None => close(self, array).map(|()| false),
        }
    }

    fn member(
        &mut self,
        structure: EventIndex,
    ) -> Result<Option<NamedMember<'de, EventMember<'de>>>, Error> {
        if self.peek_open().is_none() {
            return close(self, structure).map(|()| None);
        }
        let member = next_member(self)?;
        Ok(Some((member.name.clone(), member)))
    }

    fn end_member(&mut self, member: EventMember<'de>) -> Result<(), Error> {
        if let Some(resume) = member.resume {
            self.rewind(resume);
        }
        if self.peek_open().is_some() {
            return Err(unexpected(self, "</member>"));
        }
        self.next();
        Ok(())
    }

    fn skip_value(&mut self) -> Result<(), Error> {
        if self.peek_open() != Some(Tag::Value) {
            return Err(unexpected(self, "<value>"));
        }
        self.skip();
        Ok(())
    }

    fn here(&self) -> EventIndex {
        Cursor::here(self)
    }

    fn leave_value(&mut self, value: EventIndex) {
        self.leave(value);
    }

    fn locate_value(&self, error: Error, value: EventIndex) -> Error {
        let mut within = self.clone().at(value);
        within.next();
        let place = match within.peek_open() {
            Some(_) => Cursor::here(&within),
            None => value,
        };
        self.locate(error, place)
    }

    fn locate_member(&self, error: Error, value: EventIndex, member: &EventMember<'de>) -> Error {
        self.locate_value(error, value).in_member(&member.name)
    }

    fn check(&mut self) -> Result<(), Error> {
        // The lenient reader has read the whole document, within all limits.
        Ok(())
    }
}

/// Reads any value, and reports what is wrong with it.
fn any_item<'de>(events: &mut Cursor<'_, 'de>) -> Result<Item<'de>, Error> {
    let value = open(events, Tag::Value, "<value>")?;
    let kind = events.here();
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

/// Reads a scalar, whose element `kind` has just been entered.
fn scalar<'de>(
    events: &mut Cursor<'_, 'de>,
    tag: Tag,
    kind: EventIndex,
) -> Result<Scalar<'de>, Error> {
    let text = match tag {
        Tag::Nil => {
            events.leave(kind);
            return Ok(Scalar::Nil);
        }
        Tag::Dom | Tag::Serializable => {
            let message = format!(
                "<{}> cannot be read: it does not contain an XML-RPC value",
                Excerpt(events.name(kind))
            );
            return Err(events.error(Category::Data, kind, message));
        }
        _ if Scalar::is_scalar(tag) => leaf_text(events, "text")?,
        _ => {
            let message = format!("<{}> is not an XML-RPC type", Excerpt(events.name(kind)));
            return Err(events.error(Category::Protocol, kind, message));
        }
    };
    Scalar::parse(tag, text).map_err(|error| events.locate(error, kind))
}

/// Enters the next member and goes to its value.
fn next_member<'de>(events: &mut Cursor<'_, 'de>) -> Result<EventMember<'de>, Error> {
    let member = open(events, Tag::Member, "<member>")?;
    match events.peek_open() {
        Some(Tag::Name) => {
            events.next();
            let name = leaf_text(events, "text")?;
            match events.peek_open() {
                Some(Tag::Value) => Ok(EventMember { name, resume: None }),
                Some(_) => Err(unexpected(events, "<value>")),
                None => Err(events.error(Category::Protocol, member, "the member has no <value>")),
            }
        }
        Some(Tag::Value) => {
            let value = events.here();
            events.skip();
            if events.peek_open().is_none() {
                return Err(events.error(Category::Protocol, member, "the member has no <name>"));
            }
            open(events, Tag::Name, "<name>")?;
            let name = leaf_text(events, "text")?;
            let resume = Some(events.here());
            events.rewind(value);
            Ok(EventMember { name, resume })
        }
        Some(_) => Err(unexpected(events, "<name>")),
        None => Err(events.error(Category::Protocol, member, "the member has no <name>")),
    }
}
