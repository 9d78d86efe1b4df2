use crate::xml::Charset;

/// How values are written. Reading needs no dialect: it takes them all.
///
/// | | [`STANDARD`](Self::STANDARD) | [`EXTENDED`](Self::EXTENDED) | [`APACHE`](Self::APACHE) |
/// |---|---|---|---|
/// | an integer beyond 32 bits | error | `<i8>` | `<ex:i8>` |
/// | `None` in an array or alone | error | `<nil/>` | `<ex:nil/>` |
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "four switches that are independent of each other"
)]
pub struct Dialect {
    pub(crate) extensions: Extensions,
    pub(crate) i4: bool,
    pub(crate) ascii: bool,
    pub(crate) non_finite: bool,
    pub(crate) nil_members: bool,
}

/// What is written where the specification has nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extensions {
    None,
    Plain,
    Apache,
}

impl Dialect {
    /// The specification and nothing else.
    pub const STANDARD: Self = Self {
        extensions: Extensions::None,
        i4: false,
        ascii: false,
        non_finite: false,
        nil_members: false,
    };

    /// `<i8>` and `<nil/>` where the specification has nothing: the default.
    pub const EXTENDED: Self = Self {
        extensions: Extensions::Plain,
        ..Self::STANDARD
    };

    /// `<ex:i8>` and `<ex:nil/>`, in the namespace of Apache ws-xmlrpc, declared on the root.
    pub const APACHE: Self = Self {
        extensions: Extensions::Apache,
        ..Self::STANDARD
    };

    /// Whether 32-bit integers are written `<i4>` in place of `<int>`.
    #[must_use]
    pub const fn i4(mut self, on: bool) -> Self {
        self.i4 = on;
        self
    }

    /// Whether everything outside ASCII is written as character references.
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
        self.ascii = on;
        self
    }

    /// Whether `nan`, `inf` and `-inf` are written, which the specification excludes.
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
        self.non_finite = on;
        self
    }

    /// Whether a member that is `None` is written as nil in place of being left out.
    ///
    /// Where the dialect has no nil, such a member is an error.
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
        self.nil_members = on;
        self
    }

    pub(crate) const fn charset(self) -> Charset {
        if self.ascii {
            Charset::Ascii
        } else {
            Charset::Unicode
        }
    }

    /// The namespace declaration that the root of a document has in this dialect.
    pub(crate) const fn declaration(self) -> &'static str {
        match self.extensions {
            Extensions::Apache => " xmlns:ex=\"http://ws.apache.org/xmlrpc/namespaces/extensions\"",
            Extensions::None | Extensions::Plain => "",
        }
    }
}

impl Default for Dialect {
    fn default() -> Self {
        Self::EXTENDED
    }
}
