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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "four independent switches")]
pub struct Dialect {
    pub(crate) extensions: ExtensionTags,
    pub(crate) i4: bool,
    pub(crate) ascii: bool,
    pub(crate) non_finite: bool,
    pub(crate) nil_members: bool,
}

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
        i4: false,
        ascii: false,
        non_finite: false,
        nil_members: false,
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
        self.i4 = on;
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
        self.ascii = on;
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
        self.non_finite = on;
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
