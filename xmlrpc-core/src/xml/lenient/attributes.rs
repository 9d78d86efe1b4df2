use core::ops::Range;

use memchr::memchr2;

use super::{
    error::{error_at, syntax},
    namespaces::{DECLARATIONS, Namespaces},
};
use crate::{
    Category, Error,
    error::Excerpt,
    xml::{
        bytes::plain,
        syntax::{is_simple_name, name_end, skip_space},
    },
};

/// The most attributes of an element; no XML-RPC peer sends as many.
const ATTRIBUTES: usize = 64;

/// The attributes of the current element.
pub(super) struct Attributes<'a> {
    text: &'a str,
    /// The name of each, and the end of its value.
    found: Vec<(Range<usize>, usize)>,
    /// A hash of each name.
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

    /// Reads to the end of a tag. Returns that offset, and whether the element is empty.
    pub(super) fn read(
        &mut self,
        mut at: usize,
        namespaces: &mut Namespaces<'a>,
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
                Some(_) => at = self.attribute(at, namespaces, depth)?,
                None => return Err(self.syntax(at, "the tag has no end")),
            }
        }
    }

    /// The attributes that roxmltree must check, except declarations of namespaces: the name, and the
    /// end of the value.
    pub(super) fn unusual(&self) -> impl Iterator<Item = (Range<usize>, usize)> {
        let is_unusual = |(name, end): &&(Range<usize>, usize)| {
            let value = &self.text.as_bytes()[name.end..*end];
            let (name, has_special) = (&self.text[name.clone()], plain(value) < value.len());
            !Namespaces::is_declaration(name) && (has_special || !is_simple(name))
        };
        self.found.iter().filter(is_unusual).cloned()
    }

    /// Whether an attribute declares a namespace.
    pub(super) fn declares(&self) -> bool {
        self.declares
    }

    /// The declarations of namespaces. roxmltree compares the attributes of one element with each
    /// other, including the texts of their namespaces; so it gets these apart from the others.
    pub(super) fn declarations(&self) -> impl Iterator<Item = &'a str> {
        let declarations = self
            .found
            .iter()
            .filter(|(name, _)| Namespaces::is_declaration(&self.text[name.clone()]));
        declarations.map(|(name, end)| &self.text[name.start..*end])
    }

    fn attribute(
        &mut self,
        at: usize,
        namespaces: &mut Namespaces<'a>,
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
            return Err(self.syntax(
                quote_at + 1 + length,
                "an attribute value cannot contain `<`; write `&lt;`",
            ));
        }
        let end = quote_at + 1 + length + 1;
        if self.found.len() == ATTRIBUTES {
            let message =
                format_args!("an element has more than {ATTRIBUTES} attributes; XML-RPC has none");
            return Err(error_at(self.text, Category::Limit, at, message));
        }
        if self.is_duplicate(&name) {
            let again = Excerpt(&self.text[name]);
            return Err(self.syntax(at, format_args!("duplicate attribute {again}")));
        }
        let value = &self.text[quote_at + 1..end - 1];
        if !namespaces.attribute(&self.text[name.clone()], value, depth) {
            let message =
                format_args!("the document has more than {DECLARATIONS} namespace declarations");
            return Err(error_at(self.text, Category::Limit, at, message));
        }
        self.declares |= Namespaces::is_declaration(&self.text[name.clone()]);
        self.found.push((name, end));
        Ok(end)
    }

    /// Remembers a name. Returns whether the element already has an attribute of this name.
    fn is_duplicate(&mut self, name: &Range<usize>) -> bool {
        let name = &self.text.as_bytes()[name.clone()];
        let key = key(name);
        // Counting instead of searching lets the compiler vectorise the loop.
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

/// Whether a name, perhaps with a prefix, is valid without a look by roxmltree.
fn is_simple(name: &str) -> bool {
    let (prefix, local) = name.split_once(':').unwrap_or(("a", name));
    is_simple_name(prefix.as_bytes()) && is_simple_name(local.as_bytes())
}

/// The hash FNV-1a of 64 bits, with its usual offset basis and prime.
fn key(name: &[u8]) -> u64 {
    name.iter().fold(0xCBF2_9CE4_8422_2325, |key, byte| {
        (key ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3)
    })
}
