use std::{fmt, sync::Arc};

use super::{
    envelope::read_call,
    params_reader::{ParamsReader, Source},
    scanned_params::ScannedParams,
};
use crate::{
    Error, Value,
    xml::{Checkpoint, Document, EventIndex},
};

/// The parameters of a call, not decoded yet. They are owned and cheap to clone.
///
/// ```
/// use bytes::Bytes;
/// use xmlrpc_core::{Limits, Value, message::IncomingCall};
///
/// let document = Bytes::from_static(
///     b"<methodCall><methodName>m</methodName><params><param><value>a</value></param></params></methodCall>",
/// );
/// let (_, params) = IncomingCall::read(document, None, &Limits::default())?.into_parts();
/// assert_eq!(params.len(), 1);
/// assert_eq!(params.to_values()?, [Value::from("a")]);
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Params {
    pub(super) document: Option<Document>,
    pub(super) location: ParamsLocation,
    /// The bytes of the entry, if these belong to an entry of a multicall. Its errors name the byte
    /// instead of the line: finding a line reads the document from its beginning, and every entry
    /// can have an error.
    pub(super) of_entry: Option<usize>,
}

/// Where the parameters are.
#[derive(Clone, Default)]
pub(super) enum ParamsLocation {
    #[default]
    None,
    /// In `<param>`s, from here to the end of the document, which has not been read yet.
    Params(Checkpoint),
    /// In the `<data>` of an entry of a multicall, from here on.
    Data(Checkpoint),
    /// At these events.
    Events(Arc<[EventIndex]>),
}

impl Params {
    /// No parameters.
    pub fn empty() -> Self {
        Self::default()
    }

    pub(super) fn new(document: Document, location: ParamsLocation) -> Self {
        Self {
            document: Some(document),
            location,
            of_entry: None,
        }
    }

    pub(super) fn at_events(document: Document, values: Vec<EventIndex>) -> Self {
        Self::new(document, ParamsLocation::Events(values.into()))
    }

    /// The number of parameters. If the document has an error, the parameters before it are counted.
    pub fn len(&self) -> usize {
        match (&self.document, &self.location) {
            (Some(document), ParamsLocation::Params(start)) => self.count(document, *start, true),
            (Some(document), ParamsLocation::Data(start)) => self.count(document, *start, false),
            (_, ParamsLocation::Events(values)) => values.len(),
            _ => 0,
        }
    }

    fn count(&self, document: &Document, start: Checkpoint, in_params: bool) -> usize {
        let scanned = ScannedParams::new(document.resume(start), in_params);
        let count = scanned.count();
        count.unwrap_or_else(|| self.events().map_or(0, |values| values.len()))
    }

    /// About how many bytes are read to decode them.
    #[cfg(feature = "server")]
    pub(crate) fn bytes(&self) -> usize {
        let document = self.document.as_ref();
        let whole = document.map_or(0, |document| document.text().len());
        self.of_entry.unwrap_or(whole)
    }

    /// Whether there are no parameters.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Decodes the parameters one after the other with `f`.
    ///
    /// `f` may run more than once, so it must have no side effects.
    ///
    /// # Errors
    ///
    /// Those of `f`.
    ///
    /// ```
    /// use xmlrpc_core::message::Params;
    ///
    /// let names = Params::empty().decode(|params| params.rest::<String>("names"))?;
    /// assert!(names.is_empty());
    /// # Ok::<(), xmlrpc_core::Error>(())
    /// ```
    pub fn decode<R>(
        &self,
        mut f: impl FnMut(&mut ParamsReader<'_>) -> Result<R, Error>,
    ) -> Result<R, Error> {
        let mut result = None;
        self.decode_with(&mut |params| {
            result = Some(f(params)?);
            Ok(())
        })?;
        result.ok_or_else(|| Error::data("the parameters were not read"))
    }

    /// Not generic, so that it is compiled once and not for each method.
    fn decode_with(
        &self,
        f: &mut dyn FnMut(&mut ParamsReader<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let Some(document) = &self.document else {
            return f(&mut ParamsReader::new(Source::None));
        };
        if let ParamsLocation::Params(start) | ParamsLocation::Data(start) = self.location {
            let in_params = matches!(self.location, ParamsLocation::Params(_));
            let scanned = ScannedParams::new(document.resume(start), in_params);
            let mut params = ParamsReader::new(Source::Scanned(scanned));
            match f(&mut params) {
                Ok(()) if params.is_complete() => return Ok(()),
                // This error has no position, so the lenient reader would report the same one.
                Err(error) if error.is_missing_parameter() && params.is_complete() => {
                    return Err(error);
                }
                // The lenient reader reports other errors, with their positions.
                _ => {}
            }
        }
        let decoded = self.events().and_then(|values| {
            f(&mut ParamsReader::new(Source::Events {
                document,
                values: &values,
            }))
        });
        decoded.map_err(|error| {
            if self.of_entry.is_some() {
                error
            } else {
                document.resolve(error)
            }
        })
    }

    /// The events of the parameters.
    pub(super) fn events(&self) -> Result<Arc<[EventIndex]>, Error> {
        let Some(document) = &self.document else {
            return Ok(Arc::default());
        };
        match &self.location {
            ParamsLocation::None => Ok(Arc::default()),
            ParamsLocation::Params(_) => read_call(document).map(|(_, values)| values.into()),
            ParamsLocation::Data(start) => {
                Ok(document.cursor()?.siblings_at(start.offset()).into())
            }
            ParamsLocation::Events(values) => Ok(Arc::clone(values)),
        }
    }

    /// All parameters, of any type.
    ///
    /// # Errors
    ///
    /// A parameter is not an XML-RPC value.
    pub fn to_values(&self) -> Result<Vec<Value>, Error> {
        self.decode(|params| {
            let mut values = Vec::new();
            while params.advance()? {
                let index = params.taken - 1;
                let value = params.read();
                values.push(value.map_err(|error| error.in_param(index))?);
            }
            Ok(values)
        })
    }
}

impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Params")
            .field("document", &self.document)
            .finish_non_exhaustive()
    }
}
