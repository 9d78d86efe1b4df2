use std::borrow::Cow;

use super::{
    bytes::{first_at_once, plain, stands_for_itself},
    syntax::{character_reference, is_forbidden, skip_space},
};
use crate::{Error, Limits};

/// The fast reader of ordinary documents: one pass over the text, without a list of events.
///
/// It knows the tags of XML-RPC without attributes and prefixes, white space between them, the five
/// entities and character references. It stops for good at the first byte that is anything else, and
/// at every limit. Its results are then dropped, and the lenient reader reads the document from its
/// first byte. The scanner never guesses: roxmltree reads everything that it accepts in the same
/// way.
///
/// Between two steps it stands at a `<`, or at the end of the text.
#[derive(Clone)]
pub(crate) struct Scanner<'de> {
    text: &'de str,
    /// The rest of the text. Empty after a stop, so that every later step fails.
    rest: &'de [u8],
    /// The number of open arrays and structs.
    depth: usize,
    max_depth: usize,
    /// How many more elements and runs of text are allowed.
    budget: usize,
    stopped: bool,
}

/// The state of a scanner, from which [`Scanner::resume`] goes on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checkpoint {
    offset: usize,
    depth: usize,
    budget: usize,
}

impl Checkpoint {
    pub(crate) fn offset(self) -> usize {
        self.offset
    }
}

/// Where a scanner stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ScanPosition {
    pub(crate) offset: usize,
    /// The number of open arrays and structs.
    pub(crate) depth: usize,
}

impl<'de> Scanner<'de> {
    #[inline]
    /// A scanner from an offset on.
    pub(super) fn new(text: &'de str, at: usize, limits: &Limits) -> Self {
        let mut scanner = Self {
            text,
            rest: text.as_bytes().get(at..).unwrap_or_default(),
            depth: 0,
            max_depth: limits.depth,
            budget: limits.elements,
            stopped: false,
        };
        // The lenient reader, which has the last word, has offsets of 32 bits.
        if u32::try_from(text.len()).is_err() {
            scanner.stop();
        }
        scanner
    }

    /// A scanner of a whole text.
    pub(crate) fn of(text: &'de str, limits: &Limits) -> Self {
        Self::new(text, 0, limits)
    }

    #[inline]
    pub(crate) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            offset: self.offset(),
            depth: self.depth,
            budget: self.budget,
        }
    }

    /// A scanner that goes on where another scanner of the same text stood.
    #[inline]
    pub(super) fn resume(text: &'de str, checkpoint: Checkpoint, limits: &Limits) -> Self {
        Self {
            depth: checkpoint.depth,
            budget: checkpoint.budget,
            ..Self::new(text, checkpoint.offset, limits)
        }
    }

    /// Skips an XML declaration of version 1.0 and UTF-8, if there is one.
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
            // White space outside the root does not count as text.
            let budget = self.budget;
            self.space();
            self.budget = budget;
        }
        self.is_at(b"<")
    }

    /// Whether the scanner has read the text to its end without a stop.
    pub(crate) fn is_at_end(&self) -> bool {
        !self.stopped && self.rest.is_empty()
    }

    #[inline]
    pub(crate) fn offset(&self) -> usize {
        self.text.len() - self.rest.len()
    }

    #[inline]
    pub(crate) fn position(&self) -> ScanPosition {
        ScanPosition {
            offset: self.offset(),
            depth: self.depth,
        }
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

    /// Stops, and returns an error that no user sees.
    #[cold]
    pub(crate) fn stopped(&mut self) -> Error {
        self.stop();
        Error::syntax("the scanner has given up")
    }

    /// The rest of the text.
    #[inline]
    pub(crate) fn rest(&self) -> &'de [u8] {
        self.rest
    }

    #[inline]
    pub(crate) fn is_at(&self, run: &[u8]) -> bool {
        self.rest.starts_with(run)
    }

    /// Whether a tag comes next that opens an element.
    #[inline]
    pub(crate) fn is_at_start_tag(&self) -> bool {
        matches!(self.rest, [_, next, ..] if *next != b'/')
    }

    /// Skips `run` if it comes next.
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

    /// Goes on at `rest`, behind `nodes` elements and runs of text, and skips white space.
    #[inline]
    pub(crate) fn advance_to(&mut self, rest: &'de [u8], nodes: usize) {
        self.rest = rest;
        self.spend(nodes);
        self.space();
    }

    /// Skips a tag and the white space behind it, if the tag comes next.
    #[inline]
    pub(crate) fn tag<const N: usize>(&mut self, tag: &[u8; N]) -> bool {
        let found = self.eat(tag);
        if found {
            self.spend(1);
            self.space();
        }
        found
    }

    /// Skips a closing tag and the white space behind it, if the tag comes next.
    #[inline]
    pub(crate) fn end_tag<const N: usize>(&mut self, tag: &[u8; N]) -> bool {
        let found = self.eat(tag);
        if found {
            self.space();
        }
        found
    }

    /// Skips white space between tags.
    #[inline]
    pub(crate) fn space(&mut self) {
        match self.rest {
            [b'<', ..] => {}
            // Python, Ruby and Perl write line feeds.
            [b'\n', rest @ ..] if rest.starts_with(b"<") => {
                self.rest = rest;
                self.spend(1);
            }
            _ => self.more_space(),
        }
    }

    #[inline(never)]
    fn more_space(&mut self) {
        let length = skip_space(self.rest, 0);
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

    /// Text with references. The first reference is `end` bytes away.
    ///
    /// It goes through a buffer sixteen bytes at a time; a reference is replaced by its character.
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
                // Too few bytes are left for the closing tags of a document.
                return Err(self.stopped());
            };
            let length = match chunk {
                // Behind one reference, the next is often near.
                [b'&', ..] => 0,
                [first, b'&', ..] if is_ordinary_byte(*first) => 1,
                [first, second, b'&', ..]
                    if is_ordinary_byte(*first) && is_ordinary_byte(*second) =>
                {
                    2
                }
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
                    } else if let Some((char, length)) = numeric_reference(&bytes[at..]) {
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

/// The index of the first special byte, not inlined, for the loop above.
#[inline(never)]
fn first_of_sixteen(bytes: &[u8; SIXTEEN]) -> usize {
    first_at_once(bytes)
}

/// Whether a byte is a letter, a digit or a space, and so needs no interpretation.
fn is_ordinary_byte(byte: u8) -> bool {
    matches!(byte, b' ' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9')
}

/// An upper bound of the length of a text without its escapes: a reference is at least three bytes
/// longer than its character.
fn room(bytes: &[u8]) -> usize {
    let end = memchr::memchr(b'<', bytes).unwrap_or(bytes.len());
    let references = memchr::memchr_iter(b'&', &bytes[..end]).count();
    end.saturating_sub(3 * references)
}

/// The number of bytes before the first special one, up to sixteen; `None` if there are fewer bytes.
#[inline]
pub(crate) fn length_before_special(bytes: &[u8]) -> Option<usize> {
    bytes.first_chunk().map(first_at_once)
}

/// The character of one of the five entities at the beginning of `bytes`, and the length of its
/// reference.
#[inline]
fn entity(bytes: &[u8]) -> Option<(u8, usize)> {
    // With a branch for each entity, the processor can predict it and go on.
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

/// The character of a numeric reference at the beginning of `bytes`, and the length of the reference.
#[inline(never)]
fn numeric_reference(bytes: &[u8]) -> Option<(char, usize)> {
    let (number, length) = character_reference(bytes, 0)?;
    let char = char::from_u32(number)?;
    (!is_forbidden(char)).then_some((char, length))
}
