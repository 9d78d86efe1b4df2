/// The kind of an [`Error`](crate::Error); each has its fault code.
///
/// ```
/// use xmlrpc_core::{Category, from_str};
///
/// let error = from_str::<i32>("<value><string>abc</string></value>").unwrap_err();
/// assert_eq!(error.category(), Category::Data);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Category {
    /// The document is not well-formed XML (fault −32700).
    Syntax,
    /// The document names an unknown encoding (fault −32701).
    UnknownEncoding,
    /// The document has bytes that are invalid in its encoding (fault −32702).
    InvalidCharacter,
    /// The document is well-formed, but not XML-RPC (fault −32600).
    Protocol,
    /// The document does not contain the requested type, or a Rust value cannot be written
    /// as XML-RPC (fault −32602).
    Data,
    /// The document exceeds a bound of [`Limits`](crate::Limits) (fault −32600), or a Rust value nests
    /// deeper than [`Dialect::depth`](crate::Dialect::depth) allows.
    Limit,
    /// A stream could not be read or written (fault −32300). The [source](std::error::Error::source)
    /// of the error is the [`std::io::Error`].
    Io,
}
