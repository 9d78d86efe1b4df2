use std::borrow::Cow;

use super::scalar::Scalar;
use crate::Error;

/// A value: a scalar, or the beginning of an array or a struct.
pub(crate) enum Item<'de> {
    Scalar(Scalar<'de>),
    Array,
    Struct,
}

/// A number, except `<i8>`, for a visitor that takes any type.
pub(crate) enum Number {
    Int(i64),
    Double(f64),
}

/// The name of a member, and what the reader must know while it reads the member's value.
pub(crate) type NamedMember<'de, M> = (Cow<'de, str>, M);

/// A source of values for the deserializer, one step at a time.
///
/// Every method that reads stands before a value, or within the array or struct whose value begins at
/// the given bookmark.
pub(crate) trait Reader<'de> {
    /// Whether users see the errors, with their positions and paths.
    const EXPLAINS: bool = true;

    /// The position of a value.
    type Bookmark: Copy;

    /// What the reader must know of a member while it reads the member's value.
    type Member;

    /// Reads the value if it is an integer in the form that most peers write. Otherwise it reads
    /// nothing. The next four methods do the same for other types.
    fn int(&mut self) -> Option<i64> {
        None
    }

    fn double(&mut self) -> Option<f64> {
        None
    }

    /// Reads an integer or a double, for a visitor that takes any type.
    fn number(&mut self) -> Option<Number> {
        None
    }

    fn boolean(&mut self) -> Option<bool> {
        None
    }

    fn string(&mut self) -> Option<Cow<'de, str>> {
        None
    }

    /// Reads a scalar, or enters an array or a struct.
    fn item(&mut self) -> Result<Item<'de>, Error>;

    /// Reads the value if it is nil, and returns whether it was.
    ///
    /// A date without text counts as nil.
    fn nil(&mut self) -> Result<bool, Error>;

    /// Whether the next value is a scalar without text, or a zero date. If its type cannot be read, an
    /// `Option` of it is `None`.
    fn is_nothing(&self) -> bool {
        false
    }

    /// Notes that the content of an `Option` could not be read. A reader that does not know whether the
    /// value [is nothing](Self::is_nothing) stops.
    fn option_failed(&mut self) {}

    /// Skips the value at `bookmark` if it is a number, boolean or date without text.
    fn skip_blank(&mut self, _: Self::Bookmark) -> bool {
        false
    }

    /// Whether the value at `bookmark` is the entry of a multicall. Its shape is its meaning, so an empty
    /// array is not a struct there.
    fn is_entry(&self, _: Self::Bookmark) -> bool {
        false
    }

    /// Whether another element follows. If not, the reader has left the array.
    fn element(&mut self, array: Self::Bookmark) -> Result<bool, Error>;

    /// Goes to the value of the next member if the member has this name, in the form that most peers
    /// write. Otherwise it reads nothing.
    fn member_named(&mut self, _: &'static str) -> Option<Self::Member> {
        None
    }

    /// Reads the name of the next member and goes to its value. Without another member, the reader has
    /// left the struct.
    fn member(
        &mut self,
        structure: Self::Bookmark,
    ) -> Result<Option<NamedMember<'de, Self::Member>>, Error>;

    /// Goes on after the value of a member.
    fn end_member(&mut self, member: Self::Member) -> Result<(), Error>;

    /// Skips a value.
    fn skip_value(&mut self) -> Result<(), Error>;

    /// The position of the next value.
    fn here(&self) -> Self::Bookmark;

    /// Goes behind the value at `bookmark`, however much of it was read. A user's `Deserialize` may
    /// have swallowed an error in the middle of it.
    fn leave_value(&mut self, bookmark: Self::Bookmark);

    /// Adds the position of a value to an error that has none.
    fn locate_value(&self, error: Error, bookmark: Self::Bookmark) -> Error;

    /// Adds the position of a member's value and the member's name to an error.
    fn locate_member(&self, error: Error, bookmark: Self::Bookmark, member: &Self::Member)
    -> Error;

    /// Fails if the reader reached a limit or gave up, even if a `Deserialize` swallowed that error.
    fn check(&mut self) -> Result<(), Error>;
}
