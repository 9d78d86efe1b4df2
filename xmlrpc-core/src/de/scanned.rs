//! Values from the scanner, without events in between.

use std::borrow::Cow;

use super::{
    number,
    reader::{Item, NamedMember, Number, Reader},
    scalar::Scalar,
};
use crate::{
    Error, base64,
    xml::{ScanPosition, Scanner, Tag, is_space, length_before_special},
};

impl<'de> Reader<'de> for Scanner<'de> {
    /// The lenient reader reports the errors.
    const EXPLAINS: bool = false;

    type Bookmark = ScanPosition;

    type Member = ();

    #[inline]
    fn int(&mut self) -> Option<i64> {
        const OPEN: [u8; 12] = *b"<value><int>";
        const CLOSE: [u8; 14] = *b"</int></value>";
        const AT: usize = OPEN.len();
        let rest = self.rest();
        // One check of the length serves all accesses below.
        let run = rest.first_chunk::<{ AT + number::SHORT + CLOSE.len() }>();
        if let Some(run) = run
            && run.starts_with(&OPEN)
            && let Some(digits) = run[AT..].first_chunk()
            && let Some((number, length)) = number::short(digits)
            && run[AT + length..].starts_with(&CLOSE)
        {
            self.advance_to(&rest[AT + length + CLOSE.len()..], 3);
            return Some(number);
        }
        self.other_int()
    }

    #[inline]
    fn double(&mut self) -> Option<f64> {
        let text = self.rest().strip_prefix(b"<value><double>")?;
        // `nan` and `inf` are parsed by the standard library.
        if !matches!(text, [b'0'..=b'9' | b'-', ..]) {
            return None;
        }
        let (number, length) = fast_float2::parse_partial(text).ok()?;
        let rest = text.get(length..)?.strip_prefix(b"</double></value>")?;
        self.advance_to(rest, 3);
        Some(number)
    }

    #[inline]
    fn number(&mut self) -> Option<Number> {
        let (number, rest) = match self.rest().strip_prefix(b"<value><")? {
            [b'i', b'n', b't', b'>', text @ ..] => {
                let (number, length) = number::short(text.first_chunk()?)?;
                (Number::Int(number), text[length..].strip_prefix(b"</int>")?)
            }
            [b'i', b'4', b'>', text @ ..] => {
                let (number, length) = number::short(text.first_chunk()?)?;
                (Number::Int(number), text[length..].strip_prefix(b"</i4>")?)
            }
            [b'd', b'o', b'u', ..] => return self.double().map(Number::Double),
            _ => return None,
        };
        self.advance_to(rest.strip_prefix(b"</value>")?, 3);
        Some(number)
    }

    #[inline]
    fn boolean(&mut self) -> Option<bool> {
        let (boolean, rest) = match self.rest().strip_prefix(b"<value><boolean>")? {
            [boolean @ (b'0' | b'1'), rest @ ..] => (*boolean == b'1', rest),
            _ => return None,
        };
        let rest = rest.strip_prefix(b"</boolean></value>")?;
        self.advance_to(rest, 3);
        Some(boolean)
    }

    #[inline]
    fn string(&mut self) -> Option<Cow<'de, str>> {
        if !self.eat(b"<value><string>") {
            return None;
        }
        self.spend(2);
        let text = self.text().ok()?;
        // Anything but text in a `<string>` stops the scanner.
        let ends =
            self.eat(b"</string></value>") || self.end_tag(b"</string>") && self.eat(b"</value>");
        if !ends {
            self.stop();
            return None;
        }
        self.space();
        Some(text)
    }

    #[inline]
    fn item(&mut self) -> Result<Item<'de>, Error> {
        if self.eat(b"<value><array><data>") {
            self.open(3);
            return Ok(Item::Array);
        }
        if self.eat(b"<value><struct>") {
            self.open(2);
            return Ok(Item::Struct);
        }
        if !self.eat(b"<value>") {
            if self.tag(b"<value/>") {
                return Ok(Item::Scalar(Scalar::String(Cow::Borrowed(""))));
            }
            return Err(self.stopped());
        }
        self.spend(1);
        let text = self.text()?;
        if self.eat(b"</value>") {
            self.space();
            return Ok(Item::Scalar(Scalar::String(text)));
        }
        // Text beside a type is ignored; more than white space is rare.
        if !text.trim_ascii().is_empty() {
            return Err(self.stopped());
        }
        self.typed()
    }

    #[inline]
    fn nil(&mut self) -> Result<bool, Error> {
        match self.rest().strip_prefix(b"<value>") {
            Some([b'<', b'n' | b'd', ..]) => {}
            Some([byte, ..]) if is_space(*byte) => {}
            _ => return Ok(false),
        }
        let mut ahead = self.clone();
        ahead.tag(b"<value>");
        if ahead.tag(b"<nil/>") && ahead.tag(b"</value>") {
            *self = ahead;
            return Ok(true);
        }
        // An empty date counts as nil, but is rare.
        if ahead.is_at(b"<nil") || ahead.is_at(b"<dateTime.iso8601/") {
            return Err(self.stopped());
        }
        if ahead.tag(b"<dateTime.iso8601>") && ahead.is_at(b"<") {
            return Err(self.stopped());
        }
        Ok(false)
    }

    #[inline]
    fn option_failed(&mut self) {
        self.stop();
    }

    #[inline]
    fn element(&mut self, _: ScanPosition) -> Result<bool, Error> {
        // If this is not a value, reading it stops the scanner.
        if self.is_at_start_tag() {
            return Ok(true);
        }
        self.end_array()
    }

    #[inline]
    fn member_named(&mut self, name: &'static str) -> Option<()> {
        let (text, breaks) = match self.rest().strip_prefix(b"<member><name>") {
            Some(text) => (text, 0),
            None => (self.rest().strip_prefix(b"<member>\n<name>")?, 1),
        };
        // A name with special characters looks different in the document.
        if length_before_special(text)? != name.len() {
            return None;
        }
        let rest = text.strip_prefix(name.as_bytes())?;
        let rest = rest.strip_prefix(b"</name>")?;
        self.advance_to(rest, 2 + breaks + usize::from(!name.is_empty()));
        Some(())
    }

    #[inline]
    fn member(&mut self, _: ScanPosition) -> Result<Option<NamedMember<'de, ()>>, Error> {
        if self.is_at_start_tag() {
            let predicted = self.eat(b"<member><name>");
            if !(predicted || self.tag(b"<member>") && self.eat(b"<name>")) {
                return Err(self.stopped());
            }
            self.spend(1 + usize::from(predicted));
            let name = self.text()?;
            self.close(b"</name>")?;
            // If no value follows, reading it stops the scanner.
            return Ok(Some((name, ())));
        }
        self.end_struct()
    }

    #[inline]
    fn end_member(&mut self, (): ()) -> Result<(), Error> {
        self.close(b"</member>")
    }

    fn skip_value(&mut self) -> Result<(), Error> {
        let start = self.position();
        match self.item()? {
            Item::Scalar(_) => {}
            Item::Array => {
                while self.element(start)? {
                    self.skip_value()?;
                }
            }
            Item::Struct => {
                while self.member(start)?.is_some() {
                    self.skip_value()?;
                    self.end_member(())?;
                }
            }
        }
        Ok(())
    }

    #[inline]
    fn here(&self) -> ScanPosition {
        self.position()
    }

    #[inline]
    fn leave_value(&mut self, value: ScanPosition) {
        let now = self.position();
        if now.offset == value.offset {
            // Nothing was read. A value that cannot be skipped stops the scanner.
            let _ = self.skip_value();
        } else if now.depth != value.depth {
            // A `Deserialize` gave up in the middle of an array or a struct.
            self.stop();
        }
    }

    #[inline]
    fn locate_value(&self, error: Error, _: ScanPosition) -> Error {
        error
    }

    #[inline]
    fn locate_member(&self, error: Error, _: ScanPosition, (): &()) -> Error {
        error
    }

    #[inline]
    fn check(&mut self) -> Result<(), Error> {
        if self.is_stopped() {
            return Err(self.stopped());
        }
        Ok(())
    }
}

impl<'de> Scanner<'de> {
    /// Skips a closing tag, which must come next, and the white space behind it.
    #[inline]
    fn close<const N: usize>(&mut self, tag: &[u8; N]) -> Result<(), Error> {
        if self.end_tag(tag) {
            return Ok(());
        }
        Err(self.stopped())
    }

    /// Enters an array or a struct whose `tags` have been skipped.
    #[inline]
    fn open(&mut self, tags: usize) {
        self.spend(tags);
        self.space();
        self.enter();
    }

    /// Leaves an array without further elements.
    #[inline(never)]
    fn end_array(&mut self) -> Result<bool, Error> {
        if self.eat(b"</data></array></value>") {
            self.space();
        } else {
            self.close(b"</data>")?;
            self.close(b"</array>")?;
            self.close(b"</value>")?;
        }
        self.leave();
        Ok(false)
    }

    /// Leaves a struct without further members.
    #[inline(never)]
    fn end_struct(&mut self) -> Result<Option<NamedMember<'de, ()>>, Error> {
        if self.eat(b"</struct></value>") {
            self.space();
        } else {
            self.close(b"</struct>")?;
            self.close(b"</value>")?;
        }
        self.leave();
        Ok(None)
    }

    /// Reads any integer without a plus sign and white space.
    #[inline(never)]
    fn other_int(&mut self) -> Option<i64> {
        let rest = self.rest().strip_prefix(b"<value><")?;
        let names = [b"int".as_slice(), b"i4", b"i8"];
        let name = names.into_iter().find(|name| rest.starts_with(name))?;
        let digits = rest[name.len()..].strip_prefix(b">")?;
        let (number, length) = number::integer(digits)?;
        let rest = digits.get(length..)?.strip_prefix(b"</")?;
        let rest = rest.strip_prefix(name)?.strip_prefix(b"></value>")?;
        self.advance_to(rest, 3);
        Some(number)
    }

    /// Reads the type in a `<value>` and its content.
    fn typed(&mut self) -> Result<Item<'de>, Error> {
        let scalar = match self.rest() {
            [_, b'i', b'n', ..] => self.scalar(b"<int>", b"</int>", Tag::Int)?,
            [_, b'i', b'4', ..] => self.scalar(b"<i4>", b"</i4>", Tag::I4)?,
            [_, b'i', b'8', ..] => self.scalar(b"<i8>", b"</i8>", Tag::I8)?,
            [_, b's', b't', b'r', b'u', ..] if self.tag(b"<struct>") => {
                self.enter();
                return Ok(Item::Struct);
            }
            [_, b's', ..] if self.tag(b"<string/>") => Scalar::String(Cow::Borrowed("")),
            [_, b's', ..] => self.scalar(b"<string>", b"</string>", Tag::String)?,
            [_, b'd', b'o', ..] => self.scalar(b"<double>", b"</double>", Tag::Double)?,
            [_, b'd', b'a', ..] => {
                self.scalar(b"<dateTime.iso8601>", b"</dateTime.iso8601>", Tag::DateTime)?
            }
            [_, b'b', b'o', ..] => self.scalar(b"<boolean>", b"</boolean>", Tag::Boolean)?,
            [_, b'b', b'a', ..] => self.base64()?,
            [_, b'a', ..] if self.tag(b"<array>") && self.tag(b"<data>") => {
                self.enter();
                return Ok(Item::Array);
            }
            [_, b'n', ..] if self.tag(b"<nil/>") => Scalar::Nil,
            _ => return Err(self.stopped()),
        };
        self.close(b"</value>")?;
        Ok(Item::Scalar(scalar))
    }

    fn scalar<const N: usize, const M: usize>(
        &mut self,
        open: &[u8; N],
        close: &[u8; M],
        tag: Tag,
    ) -> Result<Scalar<'de>, Error> {
        if !self.eat(open) {
            return Err(self.stopped());
        }
        self.spend(1);
        let text = self.text()?;
        self.close(close)?;
        Scalar::parse(tag, text)
    }

    /// Reads base64. The decoder rejects every character that is special to XML.
    fn base64(&mut self) -> Result<Scalar<'de>, Error> {
        if !self.eat(b"<base64>") {
            return Err(self.stopped());
        }
        let rest = self.rest();
        let Some(length) = memchr::memchr(b'<', rest) else {
            return Err(self.stopped());
        };
        let Some(bytes) = base64::decode_bytes(&rest[..length]) else {
            return Err(self.stopped());
        };
        self.advance_to(&rest[length..], 2);
        self.close(b"</base64>")?;
        Ok(Scalar::Base64(bytes))
    }
}
