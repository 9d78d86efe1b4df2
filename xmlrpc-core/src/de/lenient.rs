//! Values from the events of the lenient reader.

use std::borrow::Cow;

use super::{
    grammar::{at_value, close, enter_value, leaf_text, open, unexpected},
    reader::{Item, NamedMember, Reader},
    scalar::Scalar,
};
use crate::{
    Category, Error,
    datetime::is_zero_date,
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
        let value = Cursor::here(self);
        enter_value(self);
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

    fn is_nothing(&self) -> bool {
        match self.leaf() {
            Some((Tag::String, text)) => text.is_empty() || is_zero_date(text),
            Some((Tag::DateTime, text)) => text.trim_ascii().is_empty() || is_zero_date(text),
            Some((tag, text)) => Scalar::is_scalar(tag) && text.trim_ascii().is_empty(),
            None => false,
        }
    }

    fn skip_blank(&mut self, value: EventIndex) -> bool {
        let is_blank = match self.clone().at(value).leaf() {
            Some((Tag::String | Tag::Base64, _)) | None => false,
            Some((tag, text)) => Scalar::is_scalar(tag) && text.trim_ascii().is_empty(),
        };
        if is_blank {
            self.leave(value);
        }
        is_blank
    }

    fn is_entry(&self, value: EventIndex) -> bool {
        Cursor::is_entry(self, value)
    }

    fn element(&mut self, array: EventIndex) -> Result<bool, Error> {
        loop {
            if at_value(self) {
                return Ok(true);
            }
            if enter_param(self, array) || self.peek_open().is_none() && next_data(self, array) {
                continue;
            }
            if self.peek_open().is_some() {
                return Err(unexpected(self, "<value>"));
            }
            return close(self, array).map(|()| false);
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
        if !at_value(self) && self.peek_open() != Some(Tag::Params) {
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
        enter_value(&mut within);
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
    let value = events.here();
    match events.peek_open() {
        Some(Tag::Params) => {
            events.next();
            return Ok(Item::Array);
        }
        Some(_) if at_value(events) => {}
        _ => return Err(unexpected(events, "<value>")),
    }
    enter_value(events);
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
    if kind != value {
        close(events, value)?;
    }
    Ok(Item::Scalar(scalar))
}

/// Goes on in the `<params>` of a response with several values, which is read as a list. They have been
/// checked.
fn enter_param(events: &mut Cursor<'_, '_>, list: EventIndex) -> bool {
    let is_between = match events.peek_open() {
        Some(tag) => tag == Tag::Param,
        None => !events.is_at_end_of(list),
    };
    is_between
        && events.clone().at(list).peek_open() == Some(Tag::Params)
        && events.next() != Event::End
}

/// Goes from the end of a `<data>` into the next one of the same array. Several are one list.
fn next_data(events: &mut Cursor<'_, '_>, array: EventIndex) -> bool {
    let mut after = events.clone();
    after.next();
    if after.peek_open() != Some(Tag::Data) {
        return false;
    }
    after.next();
    let mut first = events.clone().at(array);
    enter_value(&mut first);
    first.next();
    // Without a `<data>`, the elements are directly in the array, which ends here.
    let is_within = first.peek_open() == Some(Tag::Data);
    if is_within {
        *events = after;
    }
    is_within
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
                Some(_) if at_value(events) => Ok(EventMember { name, resume: None }),
                Some(_) => Err(unexpected(events, "<value>")),
                None => Err(events.error(Category::Protocol, member, "the member has no <value>")),
            }
        }
        Some(_) if at_value(events) => {
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
