use std::sync::Arc;

use bytes::Bytes;

use super::Params;
use crate::{
    Category, Error, Limits,
    de::{close, leaf_text, unexpected},
    xml::{Cursor, Document, Events, Mark, Tag},
};

/// A `methodCall` that was read; its parameters are not decoded yet.
///
/// ```
/// use bytes::Bytes;
/// use xmlrpc_core::{Limits, message::IncomingCall};
///
/// let document = Bytes::from_static(b"<methodCall><methodName> getData </methodName></methodCall>");
/// let call = IncomingCall::read(document, None, &Limits::default())?;
/// assert_eq!(call.method(), "getData");
/// assert!(call.params().is_empty());
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct IncomingCall {
    method: Box<str>,
    params: Params,
}

impl IncomingCall {
    /// Reads the body of a request; `charset` is that of its `Content-Type`.
    ///
    /// # Errors
    ///
    /// The document cannot be read, or is no call.
    pub fn read(body: Bytes, charset: Option<&str>, limits: &Limits) -> Result<Self, Error> {
        let document = Arc::new(Document::read(body, charset, limits)?);
        let mut events = document.cursor();
        let root = events.mark();
        if events.peek_open() != Some(Tag::MethodCall) {
            return Err(unexpected(&events, "<methodCall>"));
        }
        events.next();
        let mut method = None;
        let mut params = None;
        loop {
            let mark = events.mark();
            match events.peek_open() {
                Some(Tag::MethodName) if method.is_none() => {
                    events.next();
                    method = Some(leaf_text(&mut events, "the name of a method")?);
                }
                Some(Tag::Params) if params.is_none() => params = Some(params_of(&mut events)?),
                Some(Tag::MethodName | Tag::Params) => {
                    let message =
                        format!("a call has one <{}>, this has another", events.name(mark));
                    return Err(events.error(Category::Protocol, mark, message));
                }
                Some(_) => return Err(unexpected(&events, "<methodName> or <params>")),
                None => break,
            }
        }
        let method = match method {
            Some(method) if !method.trim_ascii().is_empty() => method.trim_ascii().into(),
            _ => return Err(events.error(Category::Protocol, root, "the call names no method")),
        };
        let values = params.unwrap_or_default();
        Ok(Self {
            method,
            params: Params::new(Arc::clone(&document), values),
        })
    }

    pub(super) fn new(method: &str, params: Params) -> Self {
        Self {
            method: method.into(),
            params,
        }
    }

    /// The name of the method.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The parameters.
    pub fn params(&self) -> &Params {
        &self.params
    }

    /// The name of the method and the parameters.
    pub fn into_parts(self) -> (Box<str>, Params) {
        (self.method, self.params)
    }
}

/// The places of the values in the `<params>` that comes next.
pub(super) fn params_of(events: &mut Cursor<'_>) -> Result<Vec<Mark>, Error> {
    let params = events.mark();
    let mut values = Vec::new();
    events.next();
    loop {
        match events.peek_open() {
            Some(Tag::Param) => {
                let param = events.mark();
                events.next();
                if events.peek_open() != Some(Tag::Value) {
                    return Err(unexpected(events, "<value>"));
                }
                values.push(events.mark());
                events.skip();
                close(events, param)?;
            }
            Some(_) => return Err(unexpected(events, "<param>")),
            None => break,
        }
    }
    close(events, params)?;
    Ok(values)
}
