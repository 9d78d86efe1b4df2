//! The elements of a call around its parameters, from the events of the lenient reader.

use crate::{
    Category, Error,
    de::{at_value, close, leaf_text, unexpected},
    error::Excerpt,
    xml::{Cursor, Document, EventIndex, Tag},
};

/// Reads the method name and the positions of the parameters of a call, in any order.
pub(super) fn read_call(document: &Document) -> Result<(String, Vec<EventIndex>), Error> {
    let mut events = document.cursor()?;
    let root = events.here();
    if events.peek_open() != Some(Tag::MethodCall) {
        return Err(unexpected(&events, "<methodCall>"));
    }
    events.next();
    let mut method = None;
    let mut params = None;
    loop {
        let child = events.here();
        match events.peek_open() {
            Some(Tag::MethodName) if method.is_none() => {
                events.next();
                method = Some(leaf_text(&mut events, "the name of a method")?);
            }
            Some(Tag::Params) if params.is_none() => params = Some(read_params(&mut events)?),
            Some(Tag::MethodName | Tag::Params) => {
                let name = Excerpt(events.name(child));
                let message = format!("duplicate <{name}>: a call has only one");
                return Err(events.error(Category::Protocol, child, message));
            }
            Some(_) => return Err(unexpected(&events, "<methodName> or <params>")),
            None => break,
        }
    }
    match method {
        Some(method) if !method.trim_ascii().is_empty() => {
            Ok((method.trim_ascii().into(), params.unwrap_or_default()))
        }
        _ => Err(events.error(Category::Protocol, root, "the call has no method name")),
    }
}

/// Reads the next element, a `<params>`, and returns the positions of the values in it.
pub(super) fn read_params(events: &mut Cursor<'_, '_>) -> Result<Vec<EventIndex>, Error> {
    let params = events.here();
    let mut values = Vec::new();
    events.next();
    loop {
        match events.peek_open() {
            Some(Tag::Param) => {
                let param = events.here();
                events.next();
                if !at_value(events) {
                    return Err(unexpected(events, "<value>"));
                }
                values.push(events.here());
                events.skip();
                close(events, param)?;
            }
            // Some peers leave out the `<param>`.
            Some(Tag::Value) => {
                values.push(events.here());
                events.skip();
            }
            Some(_) => return Err(unexpected(events, "<param>")),
            None => break,
        }
    }
    close(events, params)?;
    Ok(values)
}
