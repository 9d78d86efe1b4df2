use std::borrow::Cow;

use super::Mark;
use crate::{Category, Error, Limits};

/// The fast way through ordinary documents: one pass over the text, and no tree.
///
/// It knows the tags that XML-RPC is made of, written without attributes and prefixes, white space
/// between them, the five entities and character references. At the first byte that is anything
/// else it stops, for good: the document is then read as a [`Tree`](super::Tree) from its first
/// byte on, and what the scanner has yielded is forgotten. Limits are no different. It never
/// guesses: what it accepts, roxmltree reads the same.
///
/// Between two steps it stands at a `<`, or at the end of the text.
#[derive(Clone)]
pub(crate) struct Scanner<'de> {
    text: &'de str,
    at: usize,
    /// Arrays and structs that are open.
    depth: usize,
    max_depth: usize,
    /// Elements and runs of text that may still come.
    budget: usize,
    stopped: bool,
}

impl<'de> Scanner<'de> {
    pub(super) fn new(text: &'de str, at: usize, limits: &Limits) -> Self {
        Self {
            text,
            at,
            depth: 0,
            max_depth: limits.depth,
            budget: limits.elements,
            // Offsets have 32 bits.
            stopped: u32::try_from(text.len()).is_err(),
        }
    }

    /// A scanner of the whole of a text.
    pub(crate) fn of(text: &'de str, limits: &Limits) -> Self {
        Self::new(text, 0, limits)
    }

    /// Goes past the XML declaration, if it is one that says nothing.
    pub(crate) fn prolog(&mut self) -> bool {
        if self.is_at(b"<?") {
            let known = self.eat(b"<?xml version=\"1.0\"?>")
                || self.eat(b"<?xml version='1.0'?>")
                || self.eat(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
                || self.eat(b"<?xml version=\"1.0\" encoding=\"utf-8\"?>")
                || self.eat(b"<?xml version='1.0' encoding='UTF-8'?>")
                || self.eat(b"<?xml version='1.0' encoding='utf-8'?>");
            if !known {
                self.stop();
                return false;
            }
            // Outside of the root, white space is no text.
            let budget = self.budget;
            self.space();
            self.budget = budget;
        }
        self.is_at(b"<")
    }

    /// Whether the text has been read to its end, and without a stop.
    pub(crate) fn is_at_end(&self) -> bool {
        !self.stopped && self.at == self.text.len()
    }

    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark::within(self.at, self.depth)
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped
    }

    pub(crate) fn stop(&mut self) {
        self.stopped = true;
    }

    /// The error of whatever is tried after, or by, a stop. Nobody gets to see it.
    #[cold]
    pub(crate) fn stopped(&mut self) -> Error {
        self.stopped = true;
        Error::custom(Category::Syntax, "the scanner has given up")
    }

    pub(crate) fn bytes(&self) -> &'de [u8] {
        self.text.as_bytes()
    }

    /// What is left of the text.
    pub(crate) fn rest(&self) -> &'de [u8] {
        self.bytes().get(self.at..).unwrap_or_default()
    }

    pub(crate) fn is_at(&self, run: &[u8]) -> bool {
        self.rest().starts_with(run)
    }

    /// Goes past `run`, if it is what comes next.
    pub(crate) fn eat<const N: usize>(&mut self, run: &[u8; N]) -> bool {
        let found = self.rest().first_chunk::<N>() == Some(run);
        if found {
            self.at += N;
        }
        found
    }

    /// Goes to an offset, past `nodes` elements and runs of text, and past white space.
    pub(crate) fn advance_to(&mut self, at: usize, nodes: usize) {
        self.at = at;
        self.spend(nodes);
        self.space();
    }

    /// Goes past a tag and the white space behind it.
    pub(crate) fn tag<const N: usize>(&mut self, tag: &[u8; N]) -> bool {
        let found = self.eat(tag);
        if found {
            self.spend(1);
            self.space();
        }
        found
    }

    /// Goes past a closing tag and the white space behind it.
    pub(crate) fn end_tag<const N: usize>(&mut self, tag: &[u8; N]) -> bool {
        let found = self.eat(tag);
        if found {
            self.space();
        }
        found
    }

    /// Goes past white space between tags.
    pub(crate) fn space(&mut self) {
        if self.rest().first() == Some(&b'<') {
            return;
        }
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        let rest = self.rest();
        let length = rest.iter().position(|byte| !is_space(byte));
        let length = length.unwrap_or(rest.len());
        self.at += length;
        self.spend(usize::from(length > 0));
    }

    pub(crate) fn spend(&mut self, nodes: usize) {
        match self.budget.checked_sub(nodes) {
            Some(left) => self.budget = left,
            None => self.stopped = true,
        }
    }

    /// Enters an array or a struct.
    pub(crate) fn enter(&mut self) {
        self.depth += 1;
        self.stopped |= self.depth > self.max_depth;
    }

    pub(crate) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Text up to the next tag.
    pub(crate) fn text(&mut self) -> Result<Cow<'de, str>, Error> {
        let start = self.at;
        let end = self.plain(start);
        if self.bytes().get(end) == Some(&b'<') {
            self.at = end;
            self.spend(usize::from(end > start));
            return Ok(Cow::Borrowed(&self.text[start..end]));
        }
        self.unescaped(start, end).map(Cow::Owned)
    }

    /// Text with references in it, the first of which is at `end`.
    fn unescaped(&mut self, start: usize, end: usize) -> Result<String, Error> {
        let mut text = String::with_capacity(2 * (end - start) + 16);
        let (mut start, mut end) = (start, end);
        loop {
            text.push_str(&self.text[start..end]);
            match self.bytes().get(end) {
                Some(b'<') => {
                    self.at = end;
                    self.spend(1);
                    return Ok(text);
                }
                Some(b'&') => {
                    let Some((char, after)) = reference(&self.bytes()[end..]) else {
                        return Err(self.stopped());
                    };
                    text.push(char);
                    start = end + after;
                }
                _ => return Err(self.stopped()),
            }
            end = self.plain(start);
        }
    }

    /// The end of the text from `at` on that stands for itself.
    fn plain(&self, mut at: usize) -> usize {
        let bytes = self.bytes();
        loop {
            at = skip_plain(bytes, at);
            let rest = bytes.get(at..).unwrap_or_default();
            match rest {
                // Three bytes that XML forbids in a row, and two characters that it forbids at all.
                [b']', ..] if !rest.starts_with(b"]]>") => at += 1,
                [0xEF, second, third, ..]
                    if (*second, *third) != (0xBF, 0xBE) && (*second, *third) != (0xBF, 0xBF) =>
                {
                    at += 3;
                }
                _ => return at,
            }
        }
    }
}

/// Whether a byte needs a second look within text.
const fn is_special(byte: u8) -> bool {
    matches!(byte, b'<' | b'&' | b']' | 0xEF) || (byte < b' ' && byte != b'\n' && byte != b'\t')
}

static SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        #[allow(clippy::cast_possible_truncation)] // it is below 256
        let value = byte as u8;
        table[byte] = is_special(value);
        byte += 1;
    }
    table
};

/// The first byte from `at` on that needs a second look.
fn skip_plain(bytes: &[u8], mut at: usize) -> usize {
    const CHUNK: usize = 32;
    // Most texts are short; what is long goes by in chunks, which the compiler makes vectors of.
    let short = bytes.get(at..).unwrap_or_default();
    let short = &short[..short.len().min(CHUNK)];
    if let Some(found) = short.iter().position(|byte| SPECIAL[usize::from(*byte)]) {
        return at + found;
    }
    at += short.len();
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<CHUNK>) {
        let hits = chunk.iter().fold(0_u8, |hits, &byte| {
            let control = u8::from(byte < b' ') & u8::from(byte != b'\n') & u8::from(byte != b'\t');
            let special = u8::from(byte == b'<')
                | u8::from(byte == b'&')
                | u8::from(byte == b']')
                | u8::from(byte == 0xEF);
            hits | control | special
        });
        if hits != 0 {
            break;
        }
        at += CHUNK;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let found = rest.iter().position(|byte| SPECIAL[usize::from(*byte)]);
    at + found.unwrap_or(rest.len())
}

/// The character that a reference at the beginning of `bytes` stands for, and its length.
fn reference(bytes: &[u8]) -> Option<(char, usize)> {
    const ENTITIES: [(&[u8], char); 5] = [
        (b"&lt;", '<'),
        (b"&gt;", '>'),
        (b"&amp;", '&'),
        (b"&quot;", '"'),
        (b"&apos;", '\''),
    ];
    if bytes.get(1) == Some(&b'#') {
        return numeric(bytes);
    }
    let found = ENTITIES.iter().find(|(name, _)| bytes.starts_with(name));
    found.map(|(name, char)| (*char, name.len()))
}

fn numeric(bytes: &[u8]) -> Option<(char, usize)> {
    /// More than any character needs; what has more zeros before it is roxmltree's to read.
    const DIGITS: usize = 8;
    let (radix, start) = if bytes.get(2) == Some(&b'x') {
        (16, 3)
    } else {
        (10, 2)
    };
    let digits = bytes.get(start..)?;
    let length = digits
        .iter()
        .take(DIGITS + 1)
        .position(|byte| *byte == b';')?;
    if length == 0 {
        return None;
    }
    let mut code = 0_u32;
    for digit in &digits[..length] {
        code = code
            .checked_mul(radix)?
            .checked_add(char::from(*digit).to_digit(radix)?)?;
    }
    let char = char::from_u32(code)?;
    // Those that XML 1.0 has: no other control characters, and not the last two of the plane.
    let is_allowed = matches!(char, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..);
    is_allowed.then_some((char, start + length + 1))
}
