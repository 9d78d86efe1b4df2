use std::borrow::Cow;

use super::{
    Mark,
    special::{first_at_once, first_of_sixteen, plain, stands_for_itself},
};
use crate::{Error, Limits};

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
    /// What is left of the text; nothing after a stop, so that whoever goes on gets nowhere.
    rest: &'de [u8],
    /// Arrays and structs that are open.
    depth: usize,
    max_depth: usize,
    /// Elements and runs of text that may still come.
    budget: usize,
    stopped: bool,
}

/// Where a scanner stands, and what it may still read: enough to go on from there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pause {
    at: usize,
    depth: usize,
    budget: usize,
}

impl Pause {
    pub(crate) fn offset(self) -> usize {
        self.at
    }
}

impl<'de> Scanner<'de> {
    #[inline]
    pub(super) fn new(text: &'de str, at: usize, limits: &Limits) -> Self {
        let mut scanner = Self {
            text,
            rest: text.as_bytes().get(at..).unwrap_or_default(),
            depth: 0,
            max_depth: limits.depth,
            budget: limits.elements,
            stopped: false,
        };
        // The tree has offsets of 32 bits.
        if u32::try_from(text.len()).is_err() {
            scanner.stop();
        }
        scanner
    }

    /// A scanner of the whole of a text.
    pub(crate) fn of(text: &'de str, limits: &Limits) -> Self {
        Self::new(text, 0, limits)
    }

    #[inline]
    pub(crate) fn pause(&self) -> Pause {
        Pause {
            at: self.offset(),
            depth: self.depth,
            budget: self.budget,
        }
    }

    /// A scanner of the whole of a text that goes on where another one paused.
    #[inline]
    pub(super) fn resume(text: &'de str, pause: Pause, limits: &Limits) -> Self {
        Self {
            depth: pause.depth,
            budget: pause.budget,
            ..Self::new(text, pause.at, limits)
        }
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
        !self.stopped && self.rest.is_empty()
    }

    #[inline]
    pub(crate) fn offset(&self) -> usize {
        self.text.len() - self.rest.len()
    }

    #[inline]
    pub(crate) fn mark(&self) -> Mark {
        Mark::within(self.offset(), self.depth)
    }

    #[inline]
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped
    }

    #[cold]
    pub(crate) fn stop(&mut self) {
        self.stopped = true;
        self.rest = &[];
    }

    /// The error of whatever is tried after, or by, a stop. Nobody gets to see it.
    #[cold]
    pub(crate) fn stopped(&mut self) -> Error {
        self.stop();
        Error::syntax("the scanner has given up")
    }

    /// What is left of the text.
    #[inline]
    pub(crate) fn rest(&self) -> &'de [u8] {
        self.rest
    }

    #[inline]
    pub(crate) fn is_at(&self, run: &[u8]) -> bool {
        self.rest.starts_with(run)
    }

    /// Whether what comes next is a tag, and none that closes an element.
    #[inline]
    pub(crate) fn is_at_start_tag(&self) -> bool {
        matches!(self.rest, [_, next, ..] if *next != b'/')
    }

    /// Goes past `run`, if it is what comes next.
    #[inline]
    pub(crate) fn eat<const N: usize>(&mut self, run: &[u8; N]) -> bool {
        match self.rest.strip_prefix(run) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Goes to where `rest` is left, past `nodes` elements and runs of text, and past white space.
    #[inline]
    pub(crate) fn advance_to(&mut self, rest: &'de [u8], nodes: usize) {
        self.rest = rest;
        self.spend(nodes);
        self.space();
    }

    /// Goes past a tag and the white space behind it.
    #[inline]
    pub(crate) fn tag<const N: usize>(&mut self, tag: &[u8; N]) -> bool {
        let found = self.eat(tag);
        if found {
            self.spend(1);
            self.space();
        }
        found
    }

    /// Goes past a closing tag and the white space behind it.
    #[inline]
    pub(crate) fn end_tag<const N: usize>(&mut self, tag: &[u8; N]) -> bool {
        let found = self.eat(tag);
        if found {
            self.space();
        }
        found
    }

    /// Goes past white space between tags.
    #[inline]
    pub(crate) fn space(&mut self) {
        match self.rest {
            [b'<', ..] => {}
            // As Python, Ruby and Perl write it.
            [b'\n', rest @ ..] if rest.starts_with(b"<") => {
                self.rest = rest;
                self.spend(1);
            }
            _ => self.more_space(),
        }
    }

    #[inline(never)]
    fn more_space(&mut self) {
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        let length = self.rest.iter().position(|byte| !is_space(byte));
        let length = length.unwrap_or(self.rest.len());
        self.rest = &self.rest[length..];
        self.spend(usize::from(length > 0));
    }

    #[inline]
    pub(crate) fn spend(&mut self, nodes: usize) {
        match self.budget.checked_sub(nodes) {
            Some(left) => self.budget = left,
            None => self.stop(),
        }
    }

    /// Enters an array or a struct.
    #[inline]
    pub(crate) fn enter(&mut self) {
        self.depth += 1;
        if self.depth > self.max_depth {
            self.stop();
        }
    }

    #[inline]
    pub(crate) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Text up to the next tag.
    #[inline]
    pub(crate) fn text(&mut self) -> Result<Cow<'de, str>, Error> {
        let length = plain(self.rest);
        if let Some(rest @ [b'<', ..]) = self.rest.get(length..)
            && let start = self.offset()
            && let Some(text) = self.text.get(start..start + length)
        {
            self.rest = rest;
            self.spend(usize::from(length > 0));
            return Ok(Cow::Borrowed(text));
        }
        self.unescaped(length).map(Cow::Owned)
    }

    /// Text with references in it, the first of which is `end` bytes away. Sixteen bytes at a time go
    /// to a buffer, together with what a reference among them stands for.
    #[inline(never)]
    fn unescaped(&mut self, end: usize) -> Result<String, Error> {
        const ROOM: usize = 512;
        let bytes = self.rest;
        let mut text = Vec::with_capacity(room(bytes));
        text.extend_from_slice(&bytes[..end]);
        let mut buffer = [0; ROOM];
        let mut filled = 0;
        let mut at = end;
        loop {
            if filled + 2 * SIXTEEN > ROOM {
                text.extend_from_slice(&buffer[..filled]);
                filled = 0;
            }
            let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<SIXTEEN>) else {
                // Too near to the end for more, and so for a document.
                return Err(self.stopped());
            };
            let length = match chunk {
                // Where there is one reference, the next is often near.
                [b'&', ..] => 0,
                [first, b'&', ..] if is_letter(*first) => 1,
                [first, second, b'&', ..] if is_letter(*first) && is_letter(*second) => 2,
                _ => first_of_sixteen(chunk),
            };
            buffer[filled..filled + SIXTEEN].copy_from_slice(chunk);
            filled += length;
            at += length;
            if length == SIXTEEN {
                continue;
            }
            let byte = bytes[at];
            match byte {
                b'&' => {
                    if let Some((byte, length)) = entity(&bytes[at..]) {
                        buffer[filled] = byte;
                        filled += 1;
                        at += length;
                    } else if let Some((char, length)) = numeric(&bytes[at..]) {
                        filled += char.encode_utf8(&mut buffer[filled..]).len();
                        at += length;
                    } else {
                        return Err(self.stopped());
                    }
                }
                b'<' => break,
                _ if byte != b'\n' && byte != b'\t' && !stands_for_itself(bytes, at) => {
                    return Err(self.stopped());
                }
                _ => {
                    buffer[filled] = byte;
                    filled += 1;
                    at += 1;
                }
            }
        }
        text.extend_from_slice(&buffer[..filled]);
        self.rest = &bytes[at..];
        self.spend(1);
        String::from_utf8(text).map_err(|_| self.stopped())
    }
}

const SIXTEEN: usize = 16;

/// Whether a byte certainly stands for itself.
fn is_letter(byte: u8) -> bool {
    matches!(byte, b' ' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9')
}

/// At least as many bytes as the text is without its escapes: a reference is at least three longer
/// than what it stands for.
fn room(bytes: &[u8]) -> usize {
    let end = memchr::memchr(b'<', bytes).unwrap_or(bytes.len());
    let references = memchr::memchr_iter(b'&', &bytes[..end]).count();
    end.saturating_sub(3 * references)
}

/// How much of `bytes` is text that stands for itself, if that can be told from sixteen of them.
#[inline]
pub(crate) fn plain_short(bytes: &[u8]) -> Option<usize> {
    bytes.first_chunk().map(first_at_once)
}

/// The byte that one of the five entities at the beginning of `bytes` stands for, and the length of
/// its reference.
#[inline]
fn entity(bytes: &[u8]) -> Option<(u8, usize)> {
    // With a branch for each: what follows need not wait for what the branch is taken on.
    if bytes.starts_with(b"&lt;") {
        Some((b'<', 4))
    } else if bytes.starts_with(b"&gt;") {
        Some((b'>', 4))
    } else if bytes.starts_with(b"&amp;") {
        Some((b'&', 5))
    } else if bytes.starts_with(b"&quot;") {
        Some((b'"', 6))
    } else if bytes.starts_with(b"&apos;") {
        Some((b'\'', 6))
    } else {
        None
    }
}

/// The character that a numeric reference at the beginning of `bytes` stands for, and its length.
#[inline(never)]
fn numeric(bytes: &[u8]) -> Option<(char, usize)> {
    /// More than any character needs; what has more zeros before it is roxmltree's to read.
    const DIGITS: usize = 8;
    let (radix, start) = match bytes {
        [b'&', b'#', b'x', ..] => (16, 3),
        [b'&', b'#', ..] => (10, 2),
        _ => return None,
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
