use core::{fmt, ops::Range};

use bytes::Bytes;

use super::{Params, params::Values};
use crate::{
    Category, Error, Limits,
    de::{close, leaf_text, unexpected},
    error::Excerpt,
    xml::{Cursor, Document, Events, Mark, Pause, Tag},
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
#[derive(Clone)]
pub struct IncomingCall {
    method: Method,
    params: Params,
}

/// The name of a method: where it is in the document of the parameters, or a copy.
#[derive(Clone)]
pub(super) enum Method {
    There(Range<usize>),
    Copy(Box<str>),
}

impl fmt::Debug for IncomingCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IncomingCall")
            .field("method", &self.method())
            .field("params", &self.params)
            .finish()
    }
}

impl Method {
    /// What was scanned in a document, without a copy where there is a choice; nothing if it is
    /// blank.
    pub(super) fn scanned(name: &str, document: &Document) -> Option<Self> {
        let name = name.trim_ascii();
        if name.is_empty() {
            return None;
        }
        let place = document.place_of(name);
        Some(place.map_or_else(|| Self::Copy(name.into()), Self::There))
    }
}

impl IncomingCall {
    /// Reads the body of a request; `charset` is that of its `Content-Type`.
    ///
    /// What follows the name of the method may be read only when the [parameters](Self::params) are
    /// decoded, and what is wrong there is an error then: a call whose parameters could be decoded
    /// was read to its end.
    ///
    /// # Errors
    ///
    /// The document cannot be read, or is no call.
    pub fn read(body: Bytes, charset: Option<&str>, limits: &Limits) -> Result<Self, Error> {
        let document = Document::new(body, charset, limits)?;
        if let Some((method, params)) = scan(&document) {
            let place = params.map_or(Values::None, Values::Params);
            let params = Params::new(document, place);
            return Ok(Self { method, params });
        }
        let (method, values) = read_tree(&document).map_err(|error| document.resolve(error))?;
        let params = Params::of_tree(document, values);
        let method = Method::Copy(method.into());
        Ok(Self { method, params })
    }

    /// An entry of a multicall.
    pub(super) fn entry(method: Method, mut params: Params) -> Self {
        params.of_entry = true;
        Self { method, params }
    }

    /// The name of the method.
    #[inline]
    pub fn method(&self) -> &str {
        match (&self.method, &self.params.document) {
            (Method::Copy(name), _) => name,
            (Method::There(place), Some(document)) => &document.text()[place.clone()],
            (Method::There(_), None) => "",
        }
    }

    /// The parameters.
    pub fn params(&self) -> &Params {
        &self.params
    }

    /// The name of the method and the parameters.
    #[inline]
    pub fn into_parts(self) -> (Box<str>, Params) {
        (self.method().into(), self.params)
    }

    /// The parameters, for whom the name of the method is no longer needed.
    pub fn into_params(self) -> Params {
        self.params
    }
}

/// The method, and where its `<param>`s begin; what follows there is read with the parameters.
fn scan(document: &Document) -> Option<(Method, Option<Pause>)> {
    let mut scanner = document.scanner(0);
    if !(scanner.prolog() && scanner.tag(b"<methodCall>") && scanner.tag(b"<methodName>")) {
        return None;
    }
    let method = Method::scanned(&scanner.text().ok()?, document)?;
    if !scanner.end_tag(b"</methodName>") {
        return None;
    }
    let params = if scanner.tag(b"<params>") {
        Some(scanner.pause())
    } else if scanner.end_tag(b"</methodCall>") && scanner.is_at_end() {
        None
    } else {
        return None;
    };
    (!scanner.is_stopped()).then_some((method, params))
}

/// The method and the places of the parameters, wherever they stand.
pub(super) fn read_tree(document: &Document) -> Result<(String, Vec<Mark>), Error> {
    let mut events = document.tree()?.cursor(document.text());
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
                let name = Excerpt(events.name(mark));
                let message = format!("a call has one <{name}>, this has another");
                return Err(events.error(Category::Protocol, mark, message));
            }
            Some(_) => return Err(unexpected(&events, "<methodName> or <params>")),
            None => break,
        }
    }
    match method {
        Some(method) if !method.trim_ascii().is_empty() => {
            Ok((method.trim_ascii().into(), params.unwrap_or_default()))
        }
        _ => Err(events.error(Category::Protocol, root, "the call names no method")),
    }
}

/// The places of the values in the `<params>` that comes next.
pub(super) fn params_of(events: &mut Cursor<'_, '_>) -> Result<Vec<Mark>, Error> {
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
