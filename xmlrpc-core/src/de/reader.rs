use std::borrow::Cow;

use super::{Scalar, grammar};
use crate::{
    Error,
    xml::{Cursor, Events, Mark, Tag},
};

/// What a value is: a scalar, which has been read with it, or the beginning of more.
pub(crate) enum Item<'de> {
    Scalar(Scalar<'de>),
    Array,
    Struct,
}

/// A number that was not asked for, and is no `<i8>`.
pub(crate) enum Number {
    Int(i64),
    Double(f64),
}

/// A member of a struct whose value is to be read next, to those that explain their errors.
pub(crate) struct Member<'de> {
    pub(crate) name: Cow<'de, str>,
    /// Where to go on after the value, if the name came after it.
    pub(crate) resume: Option<Mark>,
}

/// The name of a member, and the member.
pub(crate) type Named<'de, M> = (Cow<'de, str>, M);

/// Where the deserializer gets values from, one step at a time.
///
/// Every method that reads stands before a value, or within the array or struct whose value
/// was opened at the mark that is given to it.
pub(crate) trait Reader<'de> {
    /// Whether anybody gets to see its errors, and the places in them.
    const EXPLAINS: bool = true;

    /// What has to be known of a member while its value is read.
    type Member;

    /// Reads the value if it is an integer in the form in which most peers write it; nothing has
    /// been read if it is not. So do the four that follow, each for its type.
    fn int(&mut self) -> Option<i64> {
        None
    }

    fn double(&mut self) -> Option<f64> {
        None
    }

    /// Reads the value if it is a number in such a form, for whom the type is not known.
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

    /// Reads the value if it is nil, and says whether it was.
    ///
    /// A date without text counts as nil.
    fn nil(&mut self) -> Result<bool, Error>;

    /// Whether another element follows; if not, the array has been left.
    fn element(&mut self, array: Mark) -> Result<bool, Error>;

    /// Goes to the value of the next member if its name is this, and is written as most peers
    /// write it; nothing has been read if it is not.
    fn member_named(&mut self, _: &'static str) -> Option<Self::Member> {
        None
    }

    /// The name of the next member, whose value comes next; if there is none, the struct has been
    /// left.
    fn member(&mut self, structure: Mark) -> Result<Option<Named<'de, Self::Member>>, Error>;

    /// Goes on after the value of a member.
    fn end_member(&mut self, member: Self::Member) -> Result<(), Error>;

    /// Goes past a value.
    fn skip_value(&mut self) -> Result<(), Error>;

    /// The place of the value that comes next.
    fn here(&self) -> Mark;

    /// Goes past the value at `mark`, however much of it was read: a user's `Deserialize` may
    /// have swallowed an error in the middle of it.
    fn leave_value(&mut self, mark: Mark);

    /// Says that `error` happened in the value at `mark`, unless it knows better already.
    fn locate_value(&self, error: Error, mark: Mark) -> Error;

    /// Says that `error` happened in the value at `mark`, which is that of a member.
    fn locate_member(&self, error: Error, mark: Mark, member: &Self::Member) -> Error;

    /// Fails if the reader hit a bound or gave up while somebody swallowed the error.
    fn check(&mut self) -> Result<(), Error>;
}

impl<'de> Reader<'de> for Cursor<'_, 'de> {
    type Member = Member<'de>;

    fn item(&mut self) -> Result<Item<'de>, Error> {
        let value = self.mark();
        if let Some((tag, text)) = self.leaf_value()
            && Scalar::is_scalar(tag)
            && let Ok(scalar) = Scalar::parse(tag, text)
        {
            return Ok(Item::Scalar(scalar));
        }
        // The grammar says what is wrong, and where.
        self.rewind(value);
        grammar::item(self)
    }

    fn nil(&mut self) -> Result<bool, Error> {
        grammar::nil(self)
    }

    fn element(&mut self, array: Mark) -> Result<bool, Error> {
        grammar::element(self, array)
    }

    fn member(&mut self, structure: Mark) -> Result<Option<Named<'de, Member<'de>>>, Error> {
        let member = grammar::member(self, structure)?;
        Ok(member.map(|member| (member.name.clone(), member)))
    }

    fn end_member(&mut self, member: Member<'de>) -> Result<(), Error> {
        grammar::end_member(self, member.resume)
    }

    fn skip_value(&mut self) -> Result<(), Error> {
        if self.peek_open() != Some(Tag::Value) {
            return Err(grammar::unexpected(self, "<value>"));
        }
        self.skip();
        Ok(())
    }

    fn here(&self) -> Mark {
        self.mark()
    }

    fn leave_value(&mut self, mark: Mark) {
        self.leave(mark);
    }

    fn locate_value(&self, error: Error, mark: Mark) -> Error {
        let mut within = self.clone();
        within.rewind(mark);
        within.next();
        let mark = if within.peek_open().is_some() {
            within.mark()
        } else {
            mark
        };
        self.locate(error, mark)
    }

    fn locate_member(&self, error: Error, mark: Mark, member: &Member<'de>) -> Error {
        self.locate_value(error, mark).in_member(&member.name)
    }

    fn check(&mut self) -> Result<(), Error> {
        // The whole document had been read, and its bounds been checked, before there was a cursor.
        Ok(())
    }
}
