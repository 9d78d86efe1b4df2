use core::fmt;
use std::sync::Arc;

use serde::Deserialize;

use super::IncomingCall;
use crate::{
    Error, Value,
    de::{Item, Reader, decode_at},
    xml::{Cursor, Document, Events, Mark},
};

/// The parameters of a call, read but not decoded: owned, and cheap to clone.
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
#[derive(Clone)]
pub struct Params {
    document: Option<Arc<Document>>,
    values: Arc<[Mark]>,
}

impl Params {
    /// No parameters.
    pub fn empty() -> Self {
        Self {
            document: None,
            values: Arc::default(),
        }
    }

    pub(super) fn new(document: Arc<Document>, values: Vec<Mark>) -> Self {
        Self {
            document: Some(document),
            values: values.into(),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Decodes them one after the other, with `f`.
    ///
    /// `f` must have no effect but its result: it may be run more than once.
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
        f(&mut ParamsReader {
            document: self.document.as_deref(),
            values: &self.values,
            next: 0,
        })
    }

    /// All of them, whatever they are.
    ///
    /// # Errors
    ///
    /// A value is none that XML-RPC knows.
    pub fn to_values(&self) -> Result<Vec<Value>, Error> {
        self.decode(|params| {
            let mut values = Vec::with_capacity(params.remaining());
            while let Some((document, mark)) = params.advance() {
                let index = params.next - 1;
                let value = decode_at(document, mark);
                values.push(value.map_err(|error| error.in_element(index).in_member("params"))?);
            }
            Ok(values)
        })
    }

    /// The entries of a `system.multicall` whose parameters these are.
    ///
    /// A malformed entry is an error in its own place. Members may come in any order, and an entry
    /// without `params` has none.
    ///
    /// # Errors
    ///
    /// These are not the parameters of a multicall, or there are more than `max` entries.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use xmlrpc_core::{Dialect, Limits, message::{CallWriter, IncomingCall, MulticallWriter}};
    ///
    /// let mut multicall = MulticallWriter::new(Dialect::EXTENDED);
    /// multicall.push("getData", &CallWriter::new("getData", Dialect::EXTENDED).finish()?);
    /// let document = Bytes::from(multicall.finish());
    ///
    /// let call = IncomingCall::read(document, None, &Limits::default())?;
    /// let entries = call.params().multicall_entries(100)?;
    /// assert_eq!(entries[0].as_ref().unwrap().method(), "getData");
    /// # Ok::<(), xmlrpc_core::Error>(())
    /// ```
    pub fn multicall_entries(&self, max: usize) -> Result<Vec<Result<IncomingCall, Error>>, Error> {
        let (Some(document), [array]) = (&self.document, &*self.values) else {
            let found = self.len();
            return Err(Error::data(format_args!(
                "system.multicall takes 1 parameter, {found} given"
            )));
        };
        let mut reader = document.cursor_at(*array);
        enter(&mut reader, *array, "array").map_err(in_params)?;
        let mut entries = Vec::new();
        while reader.element(*array).map_err(in_params)? {
            if entries.len() == max {
                return Err(Error::limit(format_args!(
                    "system.multicall takes at most {max} entries here"
                )));
            }
            let entry = reader.here();
            let index = entries.len();
            let call = Self::entry(document, &mut reader, entry);
            entries.push(call.map_err(|error| in_params(error.in_element(index))));
            reader.leave_value(entry);
        }
        Ok(entries)
    }

    fn entry(
        document: &Arc<Document>,
        reader: &mut Cursor<'_>,
        entry: Mark,
    ) -> Result<IncomingCall, Error> {
        enter(reader, entry, "struct")?;
        let mut method = None;
        let mut values = Vec::new();
        while let Some(member) = reader.member(entry)? {
            let value = reader.here();
            match &*member.name {
                "methodName" => {
                    let name: String = decode_at(document, value)
                        .map_err(|error| error.in_member("methodName"))?;
                    method = Some(name);
                }
                "params" => values = elements(reader).map_err(|error| error.in_member("params"))?,
                _ => {}
            }
            reader.leave_value(value);
            reader.end_member(member.resume)?;
        }
        let method = method
            .as_deref()
            .map(str::trim_ascii)
            .filter(|method| !method.is_empty());
        let Some(method) = method else {
            return Err(reader.locate_value(Error::protocol("the entry names no method"), entry));
        };
        Ok(IncomingCall::new(
            method,
            Self::new(Arc::clone(document), values),
        ))
    }
}

impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Params")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

impl Default for Params {
    fn default() -> Self {
        Self::empty()
    }
}

fn in_params(error: Error) -> Error {
    error.in_element(0).in_member("params")
}

/// Enters an array or a struct.
fn enter(reader: &mut Cursor<'_>, mark: Mark, expected: &str) -> Result<(), Error> {
    let item = match reader.item()? {
        Item::Array => "array".to_owned(),
        Item::Struct => "struct".to_owned(),
        Item::Scalar(scalar) => scalar.to_string(),
    };
    if item == expected {
        return Ok(());
    }
    let error = Error::protocol(format_args!("expected {expected}, found {item}"));
    Err(reader.locate_value(error, mark))
}

/// The places of the elements of the array that comes next.
fn elements(reader: &mut Cursor<'_>) -> Result<Vec<Mark>, Error> {
    let array = reader.here();
    if reader.nil()? {
        return Ok(Vec::new());
    }
    enter(reader, array, "array")?;
    let mut values = Vec::new();
    while reader.element(array)? {
        values.push(reader.here());
        reader.skip();
    }
    Ok(values)
}

/// Takes the parameters of a call one after the other.
///
/// ```
/// use xmlrpc_core::message::Params;
///
/// let error = Params::empty().decode(|params| params.required::<i32>("a")).unwrap_err();
/// assert_eq!(error.to_string(), "missing parameter 1 `a`");
/// ```
#[derive(Clone)]
pub struct ParamsReader<'de> {
    document: Option<&'de Document>,
    values: &'de [Mark],
    next: usize,
}

impl fmt::Debug for ParamsReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParamsReader")
            .field("remaining", &self.remaining())
            .finish_non_exhaustive()
    }
}

impl<'de> ParamsReader<'de> {
    /// The next parameter.
    ///
    /// # Errors
    ///
    /// There is none, or it is not of this type.
    pub fn required<T: Deserialize<'de>>(&mut self, name: &'static str) -> Result<T, Error> {
        match self.advance() {
            Some(at) => self.read(at, name),
            None => Err(Error::data(format_args!(
                "missing parameter {} `{name}`",
                self.next + 1
            ))),
        }
    }

    /// The next parameter, unless it is absent or nil.
    ///
    /// # Errors
    ///
    /// It is not of this type.
    pub fn optional<T: Deserialize<'de>>(
        &mut self,
        name: &'static str,
    ) -> Result<Option<T>, Error> {
        match self.advance() {
            Some(at) => self.read(at, name),
            None => Ok(None),
        }
    }

    /// All parameters that are left.
    ///
    /// # Errors
    ///
    /// One of them is not of this type.
    pub fn rest<T: Deserialize<'de>>(&mut self, name: &'static str) -> Result<Vec<T>, Error> {
        let mut rest = Vec::with_capacity(self.remaining());
        while let Some(at) = self.advance() {
            rest.push(self.read(at, name)?);
        }
        Ok(rest)
    }

    /// Says that no more parameters are expected.
    ///
    /// # Errors
    ///
    /// There are more.
    pub fn end(&mut self) -> Result<(), Error> {
        if self.remaining() == 0 {
            return Ok(());
        }
        let (taken, given) = (self.next, self.values.len());
        let noun = if taken == 1 {
            "parameter"
        } else {
            "parameters"
        };
        Err(Error::data(format_args!(
            "takes {taken} {noun}, {given} given"
        )))
    }

    /// How many are left.
    pub fn remaining(&self) -> usize {
        self.values.len() - self.next
    }

    fn advance(&mut self) -> Option<(&'de Document, Mark)> {
        let mark = *self.values.get(self.next)?;
        self.next += 1;
        Some((self.document?, mark))
    }

    /// Reads the parameter that was taken last.
    fn read<T: Deserialize<'de>>(
        &self,
        (document, mark): (&'de Document, Mark),
        name: &str,
    ) -> Result<T, Error> {
        decode_at(document, mark).map_err(|error| {
            error
                .in_element(self.next - 1)
                .in_member("params")
                .prefixed(format_args!("parameter {} `{name}`", self.next))
        })
    }
}
