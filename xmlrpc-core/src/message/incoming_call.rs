use core::{fmt, ops::Range};

use bytes::Bytes;

use super::{
    envelope::read_call,
    params::{Params, ParamsLocation},
};
use crate::{
    Error, Limits,
    xml::{Checkpoint, Document},
};

/// A `methodCall` whose parameters are not decoded yet.
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
    method: MethodName,
    params: Params,
}

/// The name of a method: its range in the document of the parameters, or a copy.
#[derive(Clone)]
pub(super) enum MethodName {
    InDocument(Range<usize>),
    Copied(Box<str>),
}

impl fmt::Debug for IncomingCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IncomingCall")
            .field("method", &self.method())
            .field("params", &self.params)
            .finish()
    }
}

impl MethodName {
    /// A name that was scanned in a document, copied only if necessary; `None` if it is blank.
    pub(super) fn scanned(name: &str, document: &Document) -> Option<Self> {
        let name = name.trim_ascii();
        if name.is_empty() {
            return None;
        }
        let range = document.range_of(name);
        Some(range.map_or_else(|| Self::Copied(name.into()), Self::InDocument))
    }
}

impl IncomingCall {
    /// Reads the body of a request; `charset` is that of its `Content-Type`.
    ///
    /// The document behind the method name may be read later, when the [parameters](Self::params) are
    /// decoded. Its errors are then reported by the decoding. Decoding succeeds only if the whole
    /// document is valid.
    ///
    /// # Errors
    ///
    /// The document cannot be read, or is not a call.
    pub fn read(body: Bytes, charset: Option<&str>, limits: &Limits) -> Result<Self, Error> {
        let document = Document::new(body, charset, limits)?;
        if let Some((method, params)) = scan(&document) {
            let location = params.map_or(ParamsLocation::None, ParamsLocation::Params);
            let params = Params::new(document, location);
            return Ok(Self { method, params });
        }
        let (method, values) = read_call(&document).map_err(|error| document.resolve(error))?;
        let params = Params::at_events(document, values);
        let method = MethodName::Copied(method.into());
        Ok(Self { method, params })
    }

    /// Reads the body of a [`Request`](crate::Request), with the charset of its `Content-Type`. The request
    /// stays as it is, and shares its bytes.
    ///
    /// A program that passes requests on finds the method in this way. The
    /// [entries of a multicall](Params::multicall_entries) are calls as well.
    ///
    /// ```
    /// use xmlrpc_core::{Limits, Request, message::IncomingCall};
    ///
    /// let request = Request::new("", "<methodCall><methodName>getData</methodName></methodCall>");
    /// let call = IncomingCall::from_request(&request, &Limits::default())?;
    /// assert_eq!(call.method(), "getData");
    /// # Ok::<(), xmlrpc_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`read`](Self::read).
    #[cfg(any(feature = "server", feature = "client"))]
    #[cfg_attr(docsrs, doc(cfg(any(feature = "server", feature = "client"))))]
    pub fn from_request(request: &crate::Request, limits: &Limits) -> Result<Self, Error> {
        let charset = crate::read_options::charset(&request.headers);
        Self::read(request.body.clone(), charset, limits)
    }

    /// An entry of a multicall, and about how many bytes it has.
    pub(super) fn entry(method: MethodName, mut params: Params, bytes: usize) -> Self {
        params.of_entry = Some(bytes);
        Self { method, params }
    }

    /// The name of the method.
    #[inline]
    pub fn method(&self) -> &str {
        match (&self.method, &self.params.document) {
            (MethodName::Copied(name), _) => name,
            (MethodName::InDocument(range), Some(document)) => &document.text()[range.clone()],
            (MethodName::InDocument(_), None) => "",
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

    /// The parameters, without the name of the method.
    pub fn into_params(self) -> Params {
        self.params
    }
}

/// Scans up to the first `<param>`. Returns the method name, and that position if there are parameters.
fn scan(document: &Document) -> Option<(MethodName, Option<Checkpoint>)> {
    let mut scanner = document.scanner(0);
    if !(scanner.prolog() && scanner.tag(b"<methodCall>") && scanner.tag(b"<methodName>")) {
        return None;
    }
    let method = MethodName::scanned(&scanner.text().ok()?, document)?;
    if !scanner.end_tag(b"</methodName>") {
        return None;
    }
    let params = if scanner.tag(b"<params>") {
        Some(scanner.checkpoint())
    } else if scanner.end_tag(b"</methodCall>") && scanner.is_at_end() {
        None
    } else {
        return None;
    };
    (!scanner.is_stopped()).then_some((method, params))
}
