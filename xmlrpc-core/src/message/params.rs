use std::{fmt, sync::Arc};

use serde::Deserialize;

use super::{
    IncomingCall,
    incoming::read_tree,
    multicall_entries,
    named::{self, Named, Names, Nothing, Slots},
    scanned::ScannedValues,
};
use crate::{
    Error, Value,
    de::decode_at,
    xml::{Document, Mark, Pause},
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
#[derive(Clone, Default)]
pub struct Params {
    pub(super) document: Option<Document>,
    pub(super) place: Values,
    /// Whether these are of an entry among many, whose errors say the byte and not the line: to
    /// work out a line reads the document from its beginning, and every entry can have an error.
    pub(super) of_entry: bool,
}

/// Where the parameters are.
#[derive(Clone, Default)]
pub(super) enum Values {
    #[default]
    None,
    /// In `<param>`s from a place on, up to the end of the document, which has not been read yet.
    Params(Pause),
    /// In the `<data>` of an entry of a multicall, from a place on.
    Data(Pause),
    /// In the tree, each at its own place.
    Tree(Arc<[Mark]>),
}

impl Params {
    /// No parameters.
    pub fn empty() -> Self {
        Self::default()
    }

    pub(super) fn new(document: Document, place: Values) -> Self {
        Self {
            document: Some(document),
            place,
            of_entry: false,
        }
    }

    pub(super) fn of_tree(document: Document, values: Vec<Mark>) -> Self {
        Self::new(document, Values::Tree(values.into()))
    }

    /// How many there are. Of a document that turns out not to be well-formed before its end,
    /// those before that place are counted.
    pub fn len(&self) -> usize {
        match (&self.document, &self.place) {
            (Some(document), Values::Params(pause) | Values::Data(pause)) => {
                let scanned = ScannedValues::new(document.resumed(*pause), &self.place);
                let count = scanned.count();
                count.unwrap_or_else(|| self.marks().map_or(0, |marks| marks.len()))
            }
            (_, Values::Tree(marks)) => marks.len(),
            _ => 0,
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
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
        let mut result = None;
        self.decode_with(&mut |params| {
            result = Some(f(params)?);
            Ok(())
        })?;
        result.ok_or_else(|| Error::data("the parameters were not read"))
    }

    /// Once for all methods: each of them would be compiled with its own.
    fn decode_with(
        &self,
        f: &mut dyn FnMut(&mut ParamsReader<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let Some(document) = &self.document else {
            return f(&mut ParamsReader::new(Source::None));
        };
        if let Values::Params(pause) | Values::Data(pause) = self.place {
            let scanned = ScannedValues::new(document.resumed(pause), &self.place);
            let mut params = ParamsReader::new(Source::Scanned(scanned));
            // Whatever is wrong, the tree knows better where, and how to say it.
            if f(&mut params).is_ok() && params.is_complete() {
                return Ok(());
            }
        }
        let decoded = self.marks().and_then(|values| {
            f(&mut ParamsReader::new(Source::Tree {
                document,
                values: &values,
            }))
        });
        decoded.map_err(|error| {
            if self.of_entry {
                error
            } else {
                document.resolve(error)
            }
        })
    }

    /// The places of the parameters in the tree.
    pub(super) fn marks(&self) -> Result<Arc<[Mark]>, Error> {
        let Some(document) = &self.document else {
            return Ok(Arc::default());
        };
        match &self.place {
            Values::None => Ok(Arc::default()),
            Values::Params(_) => read_tree(document).map(|(_, values)| values.into()),
            Values::Data(pause) => Ok(document
                .tree()?
                .elements_at(document.text(), pause.offset())
                .into()),
            Values::Tree(values) => Ok(Arc::clone(values)),
        }
    }

    /// All of them, whatever they are.
    ///
    /// # Errors
    ///
    /// A value is none that XML-RPC knows.
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
        multicall_entries::read(self, max)
    }
}

impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Params")
            .field("document", &self.document)
            .finish_non_exhaustive()
    }
}

/// Takes the parameters of a call one after the other.
///
/// ```
/// use xmlrpc_core::message::Params;
///
/// let error = Params::empty().decode(|params| params.required::<i32>("a")).unwrap_err();
/// assert_eq!(error.to_string(), "missing parameter 1 `a`: expected int, found nothing");
/// ```
#[derive(Clone)]
pub struct ParamsReader<'de> {
    source: Source<'de>,
    pub(super) taken: usize,
}

#[derive(Clone)]
enum Source<'de> {
    None,
    Scanned(ScannedValues<'de>),
    Tree {
        document: &'de Document,
        values: &'de [Mark],
    },
}

impl fmt::Debug for ParamsReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParamsReader")
            .field("taken", &self.taken)
            .finish_non_exhaustive()
    }
}

impl<'de> ParamsReader<'de> {
    fn new(source: Source<'de>) -> Self {
        Self { source, taken: 0 }
    }

    /// The next parameter.
    ///
    /// # Errors
    ///
    /// There is none, or it is not of this type.
    pub fn required<T: Deserialize<'de>>(&mut self, name: &'static str) -> Result<T, Error> {
        if self.advance()? {
            return self.read_named(name);
        }
        let number = self.taken + 1;
        Err(missing::<T>(format_args!("{number} `{name}`")))
    }

    /// The next parameter, unless it is absent or nil.
    ///
    /// # Errors
    ///
    /// It is not of this type.
    ///
    /// ```
    /// use xmlrpc_core::message::Params;
    ///
    /// let limit = Params::empty().decode(|params| params.optional::<u32>("limit"))?;
    /// assert_eq!(limit.unwrap_or(10), 10);
    /// # Ok::<(), xmlrpc_core::Error>(())
    /// ```
    pub fn optional<T: Deserialize<'de>>(
        &mut self,
        name: &'static str,
    ) -> Result<Option<T>, Error> {
        if self.advance()? {
            return self.read_named(name);
        }
        Ok(None)
    }

    /// All parameters that are left.
    ///
    /// # Errors
    ///
    /// One of them is not of this type.
    pub fn rest<T: Deserialize<'de>>(&mut self, name: &'static str) -> Result<Vec<T>, Error> {
        let mut rest = Vec::new();
        while self.advance()? {
            rest.push(self.read_named(name)?);
        }
        Ok(rest)
    }

    /// The members of the next parameter, which is a struct: one for each of the names, and no
    /// others. Without the parameter, or with a nil in its place, there are none.
    #[cfg_attr(not(feature = "macros"), allow(dead_code))]
    pub(crate) fn named<N: Names, L: Slots>(&mut self) -> Result<L, Error> {
        if !self.advance()? {
            return Ok(L::default());
        }
        let index = self.taken - 1;
        match self.read::<Option<Named<N, L>>>() {
            Ok(named) => Ok(named.map_or_else(L::default, |named| named.slots)),
            Err(error) => Err(named::explain(error, N::NAMES).in_param(index)),
        }
    }

    /// Says that no more parameters are expected.
    ///
    /// # Errors
    ///
    /// There are more.
    pub fn end(&mut self) -> Result<(), Error> {
        let remaining = self.remaining();
        if remaining == 0 {
            return Ok(());
        }
        let (taken, given) = (self.taken, self.taken + remaining);
        let noun = if taken == 1 {
            "parameter"
        } else {
            "parameters"
        };
        let what = format!("takes {taken} {noun}, {given} given");
        // Read, so that it says what was found.
        match self.advance().and_then(|_| self.read::<Nothing>()) {
            Ok(Nothing) => Err(Error::data(what)),
            Err(error) => {
                let number = taken + 1;
                Err(error
                    .in_param(taken)
                    .prefixed(format_args!("{what}: parameter {number}")))
            }
        }
    }

    /// How many are left.
    #[inline]
    pub fn remaining(&self) -> usize {
        match &self.source {
            Source::None => 0,
            Source::Scanned(values) => values.count().unwrap_or_default(),
            Source::Tree { values, .. } => values.len() - self.taken,
        }
    }

    /// Takes the next parameter, if there is one.
    #[inline]
    pub(super) fn advance(&mut self) -> Result<bool, Error> {
        let there = match &mut self.source {
            Source::None => false,
            Source::Scanned(values) => values.advance()?,
            Source::Tree { values, .. } => self.taken < values.len(),
        };
        self.taken += usize::from(there);
        Ok(there)
    }

    /// Reads the parameter that was taken last.
    pub(super) fn read<T: Deserialize<'de>>(&mut self) -> Result<T, Error> {
        match &mut self.source {
            Source::None => Err(Error::data("a parameter was read before it was taken")),
            Source::Scanned(values) => values.read(),
            Source::Tree { document, values } => decode_at(document, values[self.taken - 1]),
        }
    }

    fn read_named<T: Deserialize<'de>>(&mut self, name: &str) -> Result<T, Error> {
        let number = self.taken;
        self.read().map_err(|error| {
            error
                .in_param(number - 1)
                .prefixed(format_args!("parameter {number} `{name}`"))
        })
    }

    /// Whether the document is what it should be up to its end.
    fn is_complete(&mut self) -> bool {
        match &mut self.source {
            Source::None | Source::Tree { .. } => true,
            Source::Scanned(values) => values.is_complete(),
        }
    }
}

/// The error that a parameter of type `T` is not there.
pub(crate) fn missing<'de, T: Deserialize<'de>>(which: impl fmt::Display) -> Error {
    let nil = crate::from_str::<T>("<value><nil/></value>");
    match nil.err().and_then(|error| error.expected_for_nil()) {
        Some(expected) => Error::data(format_args!(
            "missing parameter {which}: expected {expected}, found nothing"
        )),
        None => Error::data(format_args!("missing parameter {which}")),
    }
}
