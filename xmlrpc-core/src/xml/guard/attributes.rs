use core::ops::Range;

use memchr::memchr2;

use super::{
    Piece, refusal,
    scope::{DECLARATIONS, Scope},
    syntax,
};
use crate::{
    Category, Error,
    error::Excerpt,
    xml::lexis::{name_end, skip_space},
};

/// More than any element of XML-RPC has.
const ATTRIBUTES: usize = 64;

/// The attributes of the element at hand.
pub(super) struct Attributes<'a> {
    text: &'a str,
    /// Each with its name, and the end of its value.
    found: Vec<(Range<usize>, usize)>,
    /// A number for each name: equal names have the same.
    keys: Vec<u64>,
    declares: bool,
}

impl<'a> Attributes<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            found: Vec::new(),
            keys: Vec::new(),
            declares: false,
        }
    }

    /// Reads up to the end of a tag; says where that is, and whether the element is empty.
    pub(super) fn read(
        &mut self,
        mut at: usize,
        scope: &mut Scope<'a>,
        depth: usize,
    ) -> Result<(usize, bool), Error> {
        let bytes = self.text.as_bytes();
        self.found.clear();
        self.keys.clear();
        self.declares = false;
        loop {
            let before = at;
            at = skip_space(bytes, at);
            match bytes.get(at) {
                Some(b'>') => return Ok((at + 1, false)),
                Some(b'/') if bytes.get(at + 1) == Some(&b'>') => return Ok((at + 2, true)),
                Some(_) if at == before => {
                    return Err(self.syntax(at, "expected white space before an attribute"));
                }
                Some(_) => at = self.attribute(at, scope, depth)?,
                None => return Err(self.syntax(at, "the tag has no end")),
            }
        }
    }

    /// Leaves declarations of namespaces alone: no other attribute means anything here, and
    /// roxmltree compares those of an element with each other, the text of their namespaces
    /// included.
    pub(super) fn leave_out(&self, piece: &mut Piece<'_>) {
        match (&self.found[..], self.declares) {
            ([], _) => {}
            ([(first, _), ..], false) => {
                let end = self.found.last().map_or(first.end, |(_, end)| *end);
                piece.replace(first.start, end, "");
            }
            (found, true) => {
                for (name, end) in found {
                    if !Scope::is_declaration(&self.text[name.clone()]) {
                        piece.replace(name.start, *end, "");
                    }
                }
            }
        }
    }

    fn attribute(
        &mut self,
        at: usize,
        scope: &mut Scope<'a>,
        depth: usize,
    ) -> Result<usize, Error> {
        let bytes = self.text.as_bytes();
        let name = at..name_end(bytes, at);
        let equals = skip_space(bytes, name.end);
        if name.is_empty() || bytes.get(equals) != Some(&b'=') {
            return Err(self.syntax(at, "expected an attribute, `>` or `/>`"));
        }
        let quote_at = skip_space(bytes, equals + 1);
        let Some(quote @ (b'"' | b'\'')) = bytes.get(quote_at) else {
            return Err(self.syntax(quote_at, "expected a quoted attribute value"));
        };
        let Some(length) = memchr2(*quote, b'<', &bytes[quote_at + 1..]) else {
            return Err(self.syntax(quote_at, "the attribute value has no end"));
        };
        if bytes[quote_at + 1 + length] == b'<' {
            return Err(self.syntax(quote_at + 1 + length, "an attribute value cannot hold `<`"));
        }
        let end = quote_at + 1 + length + 1;
        if self.found.len() == ATTRIBUTES {
            let message =
                format_args!("an element has more than {ATTRIBUTES} attributes; XML-RPC has none");
            return Err(refusal(self.text, Category::Limit, at, message));
        }
        if self.is_there(&name) {
            let again = Excerpt(&self.text[name]);
            return Err(self.syntax(at, format_args!("the attribute {again} is there twice")));
        }
        if !scope.attribute(&self.text[at..end], name.len(), depth) {
            let message =
                format_args!("the document has more than {DECLARATIONS} namespace declarations");
            return Err(refusal(self.text, Category::Limit, at, message));
        }
        self.declares |= Scope::is_declaration(&self.text[name.clone()]);
        self.found.push((name, end));
        Ok(end)
    }

    /// Whether the element has an attribute of this name already. Takes note of the name.
    fn is_there(&mut self, name: &Range<usize>) -> bool {
        let name = &self.text.as_bytes()[name.clone()];
        let key = key(name);
        // Counted, not searched, so that it is a loop over vectors.
        let is_known = self.keys.iter().filter(|it| **it == key).count() > 0;
        self.keys.push(key);
        is_known
            && self
                .found
                .iter()
                .any(|(other, _)| &self.text.as_bytes()[other.clone()] == name)
    }

    fn syntax(&self, at: usize, message: impl core::fmt::Display) -> Error {
        syntax(self.text, at, message)
    }
}

/// FNV-1a.
fn key(name: &[u8]) -> u64 {
    name.iter().fold(0xCBF2_9CE4_8422_2325, |key, byte| {
        (key ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3)
    })
}
