use core::fmt;

use serde_core::Deserialize;

use super::{
    missing_param::missing,
    named_slots::{self, NamedSlots, Names, Nothing, Slots},
    scanned_params::ScannedParams,
};
use crate::{
    Error,
    de::decode_at,
    xml::{Document, EventIndex},
};

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
    /// The number of parameters taken so far.
    pub(super) taken: usize,
}

/// Where the parameters come from.
#[derive(Clone)]
pub(super) enum Source<'de> {
    None,
    Scanned(ScannedParams<'de>),
    Events {
        document: &'de Document,
        values: &'de [EventIndex],
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
    pub(super) fn new(source: Source<'de>) -> Self {
        Self { source, taken: 0 }
    }

    /// The next parameter.
    ///
    /// # Errors
    ///
    /// The parameter is missing, or does not have this type.
    pub fn required<T: Deserialize<'de>>(&mut self, name: &'static str) -> Result<T, Error> {
        if self.advance()? {
            return self.read_named(name);
        }
        let number = self.taken + 1;
        Err(missing::<T>(format_args!("{number} `{name}`")))
    }

    /// The next parameter; `None` if it is missing or nil.
    ///
    /// # Errors
    ///
    /// The parameter does not have this type.
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

    /// All remaining parameters.
    ///
    /// # Errors
    ///
    /// A parameter does not have this type.
    pub fn rest<T: Deserialize<'de>>(&mut self, name: &'static str) -> Result<Vec<T>, Error> {
        let mut rest = Vec::new();
        while self.advance()? {
            rest.push(self.read_named(name)?);
        }
        Ok(rest)
    }

    /// The next parameter, which has no name. A missing one is `None` if its type is an `Option`.
    #[cfg(feature = "server")]
    pub(crate) fn unnamed<T: Deserialize<'de>>(&mut self) -> Result<T, Error> {
        if !self.advance()? {
            return super::optional_param::none_or_missing(self.taken + 1);
        }
        let number = self.taken;
        self.read().map_err(|error| {
            error
                .in_param(number - 1)
                .prefixed(format_args!("parameter {number}"))
        })
    }

    /// The members of the next parameter, a struct without members of other names. If the parameter is
    /// missing or nil, there are no members.
    #[cfg_attr(not(feature = "macros"), allow(dead_code))]
    pub(crate) fn named<N: Names, L: Slots>(&mut self) -> Result<L, Error> {
        if !self.advance()? {
            return Ok(L::default());
        }
        let index = self.taken - 1;
        match self.read::<Option<NamedSlots<N, L>>>() {
            Ok(named) => Ok(named.map_or_else(L::default, |named| named.slots)),
            Err(error) => Err(named_slots::explain(error, N::NAMES).in_param(index)),
        }
    }

    /// Checks that there are no more parameters.
    ///
    /// # Errors
    ///
    /// There are more parameters.
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
        // Reads the parameter, so that the error describes it.
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

    /// The number of remaining parameters.
    #[inline]
    pub fn remaining(&self) -> usize {
        match &self.source {
            Source::None => 0,
            Source::Scanned(values) => values.count().unwrap_or_default(),
            Source::Events { values, .. } => values.len() - self.taken,
        }
    }

    /// Takes the next parameter, if there is one.
    #[inline]
    pub(super) fn advance(&mut self) -> Result<bool, Error> {
        let there = match &mut self.source {
            Source::None => false,
            Source::Scanned(values) => values.advance()?,
            Source::Events { values, .. } => self.taken < values.len(),
        };
        self.taken += usize::from(there);
        Ok(there)
    }

    /// Reads the parameter that was taken last.
    pub(super) fn read<T: Deserialize<'de>>(&mut self) -> Result<T, Error> {
        match &mut self.source {
            Source::None => Err(Error::data("a parameter was read before it was taken")),
            Source::Scanned(values) => values.read(),
            Source::Events { document, values } => decode_at(document, values[self.taken - 1]),
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

    /// Whether the rest of the document is valid.
    pub(super) fn is_complete(&mut self) -> bool {
        match &mut self.source {
            Source::None | Source::Events { .. } => true,
            Source::Scanned(values) => values.is_complete(),
        }
    }
}
