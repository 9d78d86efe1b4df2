use core::fmt;

/// How values are written. Reading needs no dialect, because it accepts all of them.
///
/// | | [`STANDARD`](Self::STANDARD) | [`EXTENDED`](Self::EXTENDED) | [`APACHE`](Self::APACHE) |
/// |---|---|---|---|
/// | an integer of more than 32 bits | error | `<i8>` | `<ex:i8>` |
/// | `None` in an array, or as the whole value | error | `<nil/>` | `<ex:nil/>` |
/// | `None` as a member | left out | left out | left out |
/// | `()` | `<boolean>1</boolean>` | `<nil/>` | `<ex:nil/>` |
///
/// ```
/// use xmlrpc_core::{Dialect, to_vec_with};
///
/// let apache = to_vec_with(&None::<i32>, Dialect::APACHE)?;
/// assert!(apache.ends_with(b"<ex:nil/></value>"));
///
/// let four = to_vec_with(&4, Dialect::STANDARD.i4(true))?;
/// assert_eq!(four, b"<value><i4>4</i4></value>");
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
///
/// A dialect also limits how [deeply](Self::depth) a value may nest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    pub(crate) extensions: ExtensionTags,
    pub(crate) switches: Switches,
    /// How many levels of arrays and structs may still be opened.
    pub(crate) levels: u16,
}

/// The switches of a dialect in one byte. So a serializer fits into two registers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Switches(u8);

impl Switches {
    const I4: u8 = 1;
    const ASCII: u8 = 1 << 1;
    const NON_FINITE: u8 = 1 << 2;
    const NIL_MEMBERS: u8 = 1 << 3;

    const fn set(self, switch: u8, on: bool) -> Self {
        if on {
            Self(self.0 | switch)
        } else {
            Self(self.0 & !switch)
        }
    }

    #[inline]
    const fn has(self, switch: u8) -> bool {
        self.0 & switch != 0
    }
}

impl fmt::Debug for Switches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [
            (Self::I4, "i4"),
            (Self::ASCII, "ascii"),
            (Self::NON_FINITE, "non_finite"),
            (Self::NIL_MEMBERS, "nil_members"),
        ];
        let on = names.iter().filter(|(switch, _)| self.has(*switch));
        f.debug_set().entries(on.map(|(_, name)| name)).finish()
    }
}

/// The default of [`Dialect::depth`], which is that of `Limits::depth`: we read what we write.
pub(crate) const LEVELS: u16 = 128;

/// The tags of types that the specification does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExtensionTags {
    None,
    Plain,
    Apache,
}

/// The characters that are written as they are; others become references.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charset {
    Unicode,
    Ascii,
}

macro_rules! apache_namespace {
    () => {
        "http://ws.apache.org/xmlrpc/namespaces/extensions"
    };
}

/// The namespace of the elements that Apache ws-xmlrpc adds.
pub(crate) const APACHE_NAMESPACE: &str = apache_namespace!();

impl Dialect {
    /// Only the types of the specification.
    pub const STANDARD: Self = Self {
        extensions: ExtensionTags::None,
        switches: Switches(0),
        levels: LEVELS,
    };

    /// The default: the specification, `<i8>` and `<nil/>`.
    pub const EXTENDED: Self = Self {
        extensions: ExtensionTags::Plain,
        ..Self::STANDARD
    };

    /// The specification, `<ex:i8>` and `<ex:nil/>`. The root declares the namespace of Apache ws-xmlrpc.
    pub const APACHE: Self = Self {
        extensions: ExtensionTags::Apache,
        ..Self::STANDARD
    };

    /// Whether 32-bit integers are written as `<i4>` instead of `<int>`.
    #[must_use]
    pub const fn i4(mut self, on: bool) -> Self {
        self.switches = self.switches.set(Switches::I4, on);
        self
    }

    /// Whether characters beyond ASCII are written as references.
    ///
    /// ```
    /// use xmlrpc_core::{Dialect, to_vec_with};
    ///
    /// let bytes = to_vec_with("é", Dialect::EXTENDED.ascii(true))?;
    /// assert_eq!(bytes, b"<value><string>&#233;</string></value>");
    /// # Ok::<(), xmlrpc_core::Error>(())
    /// ```
    #[must_use]
    pub const fn ascii(mut self, on: bool) -> Self {
        self.switches = self.switches.set(Switches::ASCII, on);
        self
    }

    /// Whether NaN and the infinities are written, as `nan`, `inf` and `-inf`. The specification does not
    /// allow them.
    ///
    /// ```
    /// use xmlrpc_core::{Dialect, to_vec_with};
    ///
    /// assert!(to_vec_with(&f64::NAN, Dialect::EXTENDED).is_err());
    /// let bytes = to_vec_with(&f64::NAN, Dialect::EXTENDED.non_finite(true))?;
    /// assert_eq!(bytes, b"<value><double>nan</double></value>");
    /// # Ok::<(), xmlrpc_core::Error>(())
    /// ```
    #[must_use]
    pub const fn non_finite(mut self, on: bool) -> Self {
        self.switches = self.switches.set(Switches::NON_FINITE, on);
        self
    }

    /// Whether a member that is `None` is written as nil instead of being left out.
    ///
    /// In a dialect without nil, such a member is then an error.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use xmlrpc_core::{Dialect, to_vec_with};
    ///
    /// let members = BTreeMap::from([("a", None::<i32>)]);
    /// assert_eq!(to_vec_with(&members, Dialect::EXTENDED)?, b"<value><struct></struct></value>");
    /// let bytes = to_vec_with(&members, Dialect::EXTENDED.nil_members(true))?;
    /// assert!(bytes.ends_with(b"<name>a</name><value><nil/></value></member></struct></value>"));
    /// # Ok::<(), xmlrpc_core::Error>(())
    /// ```
    #[must_use]
    pub const fn nil_members(mut self, on: bool) -> Self {
        self.switches = self.switches.set(Switches::NIL_MEMBERS, on);
        self
    }

    /// How deeply arrays and structs may nest in a value that is written; 128 by default, as in
    /// [`Limits::depth`](crate::Limits::depth). At most 65,535.
    ///
    /// A value that nests deeper is an error of [`Category::Limit`](crate::Category::Limit), also if it
    /// never ends. This protects the stack: writing recurses once for every level. If you raise it beyond a
    /// few hundred, give the threads that write a larger stack.
    ///
    /// In a multicall, a result is two levels deeper, and a parameter is three levels deeper. These levels
    /// do not count here.
    ///
    /// ```
    /// use xmlrpc_core::{Category, Dialect, to_vec_with};
    ///
    /// let flat = Dialect::EXTENDED.depth(1);
    /// assert!(to_vec_with(&[1, 2], flat).is_ok());
    /// let error = to_vec_with(&[[1, 2]], flat).unwrap_err();
    /// assert_eq!(error.category(), Category::Limit);
    /// ```
    #[must_use]
    pub const fn depth(mut self, levels: usize) -> Self {
        self.levels = if levels < u16::MAX as usize {
            #[allow(clippy::cast_possible_truncation, reason = "it is smaller")]
            {
                levels as u16
            }
        } else {
            u16::MAX
        };
        self
    }

    /// The dialect for the content of an array or struct; `None` if that would be too deep.
    #[inline]
    pub(crate) const fn within(mut self) -> Option<Self> {
        match self.levels.checked_sub(1) {
            Some(levels) => {
                self.levels = levels;
                Some(self)
            }
            None => None,
        }
    }

    #[inline]
    pub(crate) const fn has_i4(self) -> bool {
        self.switches.has(Switches::I4)
    }

    #[inline]
    pub(crate) const fn has_non_finite(self) -> bool {
        self.switches.has(Switches::NON_FINITE)
    }

    #[inline]
    pub(crate) const fn has_nil_members(self) -> bool {
        self.switches.has(Switches::NIL_MEMBERS)
    }

    #[inline]
    pub(crate) const fn charset(self) -> Charset {
        if self.switches.has(Switches::ASCII) {
            Charset::Ascii
        } else {
            Charset::Unicode
        }
    }

    /// The namespace declaration on the root of a document in this dialect.
    pub(crate) const fn declaration(self) -> &'static str {
        match self.extensions {
            ExtensionTags::Apache => concat!(" xmlns:ex=\"", apache_namespace!(), "\""),
            ExtensionTags::None | ExtensionTags::Plain => "",
        }
    }
}

impl Default for Dialect {
    fn default() -> Self {
        Self::EXTENDED
    }
}
