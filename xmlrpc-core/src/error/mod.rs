//! The errors of the codec.

use core::fmt::{self, Display};
use std::{io, sync::Arc};

mod category;
mod exceeded;
mod excerpt;
mod message;
mod path;
mod serde_impl;

pub use category::Category;

pub(crate) use exceeded::Exceeded;
#[cfg(feature = "client")]
pub(crate) use excerpt::is_unprintable;
pub(crate) use excerpt::{Excerpt, OneLine};
pub(crate) use message::{Beginning, Found, Message, Mismatch, Missing};

use path::Path;

/// A `Result` whose error is [`Error`] by default.
pub type Result<T, E = Error> = core::result::Result<T, E>;

/// The error of every function of the codec: one pointer in size.
///
/// It has a [`Category`], the position in the document, and the path to the value.
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
pub struct Error(Box<ErrorInner>);

#[derive(Clone)]
struct ErrorInner {
    category: Category,
    message: Message,
    path: Path,
    location: Location,
}

/// Where in the document the error is, as far as known yet.
#[derive(Clone, Copy, Debug)]
enum Location {
    Unknown,
    Offset(usize),
    Position(Position),
}

/// A position in a document, in bytes and in lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) offset: usize,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Error {
    /// An error of the given category with a custom text. It has no position and no path.
    pub(crate) fn with_category(category: Category, message: impl Display) -> Self {
        Self::new(category, message.to_string())
    }

    pub(crate) fn new(category: Category, message: impl Into<Message>) -> Self {
        Self(Box::new(ErrorInner {
            category,
            message: message.into(),
            path: Path::default(),
            location: Location::Unknown,
        }))
    }

    /// The kind of the error.
    pub fn category(&self) -> Category {
        self.0.category
    }

    /// The byte offset in the UTF-8 form of the document.
    ///
    /// For [`Category::InvalidCharacter`] it is the offset in the original bytes.
    pub fn offset(&self) -> Option<usize> {
        match self.0.location {
            Location::Unknown => None,
            Location::Offset(offset) => Some(offset),
            Location::Position(position) => Some(position.offset),
        }
    }

    /// The line in the document, from 1.
    pub fn line(&self) -> Option<usize> {
        self.position().map(|position| position.line)
    }

    /// The column in the line, in characters, from 1.
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

    /// An error of reading or writing a stream; `what` could not be done.
    pub(crate) fn io(what: &'static str, error: io::Error) -> Self {
        Self::new(Category::Io, Message::Io(what, Arc::new(error)))
    }

    /// Adds the position, unless a deeper value has already added its own.
    pub(crate) fn at(mut self, position: impl FnOnce() -> Position) -> Self {
        if matches!(self.0.location, Location::Unknown) {
            self.0.location = Location::Position(position());
        }
        self
    }

    /// The same with an offset. Its line is computed later, if at all.
    pub(crate) fn at_offset(mut self, offset: usize) -> Self {
        if matches!(self.0.location, Location::Unknown) {
            self.0.location = Location::Offset(offset);
        }
        self
    }

    pub(crate) fn with_position(mut self, position: Position) -> Self {
        self.0.location = Location::Position(position);
        self
    }

    fn position(&self) -> Option<Position> {
        match self.0.location {
            Location::Position(position) => Some(position),
            Location::Unknown | Location::Offset(_) => None,
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

    /// The name of the member of the root that contains the error, as far as errors show it.
    pub(crate) fn outermost_member(&self) -> Option<&str> {
        self.0.path.outermost_member()
    }

    /// What was expected, if the error is that nil was found instead.
    pub(crate) fn expected_instead_of_nil(self) -> Option<Box<str>> {
        self.0.message.expected_instead_of_nil()
    }

    /// Whether the error is a missing parameter.
    pub(crate) fn is_missing_parameter(&self) -> bool {
        matches!(self.0.message, Message::Missing(_))
    }

    pub(crate) fn prefixed(mut self, prefix: impl Display) -> Self {
        self.0.message = self.0.message.prefixed(prefix);
        self
    }

    /// The text for a peer: it describes a limit in words, and does not name the setting.
    #[cfg(feature = "server")]
    pub(crate) fn for_peer(&self) -> impl Display {
        ForPeer(self)
    }

    /// Whether the text names a setting, which the text for a peer does not.
    #[cfg(feature = "server")]
    pub(crate) fn names_setting(&self) -> bool {
        matches!(self.0.message, Message::Limit(..))
    }

    /// Writes the path and the position behind the message.
    fn write_place(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ErrorInner { path, location, .. } = &*self.0;
        if !path.is_empty() {
            write!(f, " at {path}")?;
        }
        match location {
            Location::Unknown => Ok(()),
            Location::Offset(offset) => write!(f, " (byte {offset})"),
            Location::Position(Position { line, column, .. }) => {
                write!(f, " (line {line}, column {column})")
            }
        }
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.message.fmt(f)?;
        self.write_place(f)
    }
}

#[cfg(feature = "server")]
struct ForPeer<'a>(&'a Error);

#[cfg(feature = "server")]
impl Display for ForPeer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.0.message.write_for_peer(f)?;
        self.0.write_place(f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({:?}: {self})", self.0.category)
    }
}

impl std::error::Error for Error {
    /// The [`std::io::Error`] of an error of [`Category::Io`].
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.message {
            Message::Io(_, error) => Some(&**error),
            _ => None,
        }
    }
}
