//! What can go wrong between bytes and Rust values.

use core::fmt::{self, Display};

use serde::{de, ser};

mod excerpt;
mod message;
mod path;

pub(crate) use excerpt::Excerpt;
pub(crate) use message::{Beginning, Found, Instead, Message};

use path::Path;

/// A `Result` whose error is [`Error`] unless it says otherwise.
pub type Result<T, E = Error> = core::result::Result<T, E>;

/// What kind of thing went wrong; each kind has its fault code.
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
    /// The document names an encoding that is not known (fault −32701).
    UnknownEncoding,
    /// The document holds bytes that its encoding cannot hold (fault −32702).
    InvalidCharacter,
    /// The document is well-formed, but it is no XML-RPC (fault −32600).
    Protocol,
    /// The document is XML-RPC, but it does not hold the type asked for, or a Rust value
    /// has no form on the wire (fault −32602).
    Data,
    /// A bound of [`Limits`](crate::Limits) was reached (fault −32600).
    Limit,
}

/// The error of every function of the codec: one pointer in size.
///
/// It knows its [`Category`], where in the document it happened, and the path to the value.
///
/// ```
/// let error = xmlrpc_core::from_str::<Vec<i32>>(
///     "<value><array><data>\n<value><string>abc</string></value></data></array></value>",
/// )
/// .unwrap_err();
/// assert_eq!(error.to_string(), r#"expected int, found string "abc" at [0] (line 2, column 8)"#);
/// assert_eq!(error.path(), "[0]");
/// assert_eq!((error.line(), error.column()), (Some(2), Some(8)));
/// ```
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    category: Category,
    message: Message,
    path: Path,
    place: Place,
}

/// Where it happened, as far as that is known yet.
#[derive(Clone, Copy, Debug)]
enum Place {
    Unknown,
    Offset(usize),
    Position(Position),
}

/// A place in a document, in bytes and in lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) offset: usize,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Error {
    /// An error of the given category with a text of one's own; it has no position and no path.
    #[doc(hidden)]
    pub fn custom(category: Category, message: impl Display) -> Self {
        Self::new(category, message.to_string())
    }

    pub(crate) fn new(category: Category, message: impl Into<Message>) -> Self {
        Self(Box::new(Inner {
            category,
            message: message.into(),
            path: Path::default(),
            place: Place::Unknown,
        }))
    }

    /// What kind of thing went wrong.
    pub fn category(&self) -> Category {
        self.0.category
    }

    /// The byte offset in the document, counted in its UTF-8 form.
    ///
    /// For bytes that their encoding cannot hold it is the offset in the bytes as they came.
    pub fn offset(&self) -> Option<usize> {
        match self.0.place {
            Place::Unknown => None,
            Place::Offset(offset) => Some(offset),
            Place::Position(position) => Some(position.offset),
        }
    }

    /// The line in the document, from 1.
    pub fn line(&self) -> Option<usize> {
        self.position().map(|position| position.line)
    }

    /// The column in its line, in characters, from 1.
    pub fn column(&self) -> Option<usize> {
        self.position().map(|position| position.column)
    }

    /// The path to the value, such as `params[1].members.owner`; empty at the root.
    pub fn path(&self) -> &str {
        self.0.path.as_str()
    }

    pub(crate) fn syntax(message: impl Into<Message>) -> Self {
        Self::new(Category::Syntax, message)
    }

    pub(crate) fn protocol(message: impl Into<Message>) -> Self {
        Self::new(Category::Protocol, message)
    }

    pub(crate) fn data(message: impl Into<Message>) -> Self {
        Self::new(Category::Data, message)
    }

    pub(crate) fn limit(message: impl Into<Message>) -> Self {
        Self::new(Category::Limit, message)
    }

    /// Says where it happened, unless something deeper has already said so.
    pub(crate) fn at(mut self, position: impl FnOnce() -> Position) -> Self {
        if matches!(self.0.place, Place::Unknown) {
            self.0.place = Place::Position(position());
        }
        self
    }

    /// The same for the inside of a document, where the line is worked out later if at all.
    pub(crate) fn at_offset(mut self, offset: usize) -> Self {
        if matches!(self.0.place, Place::Unknown) {
            self.0.place = Place::Offset(offset);
        }
        self
    }

    pub(crate) fn with_position(mut self, position: Position) -> Self {
        self.0.place = Place::Position(position);
        self
    }

    fn position(&self) -> Option<Position> {
        match self.0.place {
            Place::Position(position) => Some(position),
            Place::Unknown | Place::Offset(_) => None,
        }
    }

    pub(crate) fn in_element(mut self, index: usize) -> Self {
        self.0.path.in_element(index);
        self
    }

    pub(crate) fn in_member(mut self, name: &str) -> Self {
        self.0.path.in_member(name);
        self
    }

    /// The same for the parameter at `index`.
    pub(crate) fn in_param(mut self, index: usize) -> Self {
        self.0.path.in_element(index);
        self.0.path.in_params();
        self
    }

    /// The name of the member of the root that this is in, as much of it as an error shows.
    pub(crate) fn outermost_member(&self) -> Option<&str> {
        self.0.path.outermost_member()
    }

    /// What was expected, where it is this that is said and nil was found.
    pub(crate) fn expected_for_nil(&self) -> Option<String> {
        let message = self.0.message.to_string();
        let expected = message.strip_prefix("expected ")?;
        expected.strip_suffix(", found nil").map(ToOwned::to_owned)
    }

    pub(crate) fn prefixed(mut self, prefix: impl Display) -> Self {
        self.0.message = format!("{prefix}: {}", self.0.message).into();
        self
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            message,
            path,
            place,
            ..
        } = &*self.0;
        message.fmt(f)?;
        if !path.is_empty() {
            write!(f, " at {path}")?;
        }
        match place {
            Place::Unknown => Ok(()),
            Place::Offset(offset) => write!(f, " (byte {offset})"),
            Place::Position(Position { line, column, .. }) => {
                write!(f, " (line {line}, column {column})")
            }
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({:?}: {self})", self.0.category)
    }
}

impl std::error::Error for Error {}

impl ser::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Self::custom(Category::Data, message)
    }
}

impl de::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Self::custom(Category::Data, message)
    }

    fn invalid_type(unexpected: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::data(format_args!(
            "expected {expected}, found {}",
            InWords(unexpected)
        ))
    }

    fn invalid_value(unexpected: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::data(format_args!(
            "expected {expected}, found {}",
            InWords(unexpected)
        ))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::data(format_args!(
            "unknown variant `{}`, {}",
            Excerpt(variant),
            OneOf(expected)
        ))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::data(format_args!(
            "unknown field `{}`, {}",
            Excerpt(field),
            OneOf(expected)
        ))
    }

    fn invalid_length(len: usize, expected: &dyn de::Expected) -> Self {
        Self::data(format_args!("expected {expected}, found array of {len}"))
    }
}

/// The names that would have been right.
struct OneOf(&'static [&'static str]);

impl Display for OneOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [] => f.write_str("there are none"),
            [one] => write!(f, "expected `{one}`"),
            [one, other] => write!(f, "expected `{one}` or `{other}`"),
            [first, rest @ ..] => {
                write!(f, "expected one of `{first}`")?;
                rest.iter().try_for_each(|name| write!(f, ", `{name}`"))
            }
        }
    }
}

/// What serde found, in the words of XML-RPC.
struct InWords<'a>(de::Unexpected<'a>);

impl Display for InWords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use de::Unexpected as U;
        match self.0 {
            U::Bool(value) => write!(f, "boolean {}", u8::from(value)),
            U::Unsigned(value) => write!(f, "int {value}"),
            U::Signed(value) => write!(f, "int {value}"),
            U::Float(value) => write!(f, "double {value}"),
            U::Char(value) => write!(f, "string {value:?}"),
            U::Str(value) => write!(f, "string {:?}", Excerpt(value)),
            U::Bytes(value) => write!(f, "base64 of {} bytes", value.len()),
            U::Unit | U::Option => f.write_str("nil"),
            U::Seq => f.write_str("array"),
            U::Map => f.write_str("struct"),
            other => Display::fmt(&other, f),
        }
    }
}
