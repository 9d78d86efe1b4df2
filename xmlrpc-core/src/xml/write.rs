//! From text to the bytes of a document.

use super::special::{find, is_plain};
use crate::Error;

/// What may stand in a document as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charset {
    Unicode,
    Ascii,
}

/// What becomes of characters that XML 1.0 cannot carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escaped {
    /// They are an error.
    Strictly,
    /// They become U+FFFD.
    Always,
}

/// Writes text such that every XML reader reads it back.
///
/// Carriage returns become references, since line ends are normalised on reading.
#[inline]
pub(crate) fn escape_into(
    text: &str,
    charset: Charset,
    how: Escaped,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    if charset == Charset::Ascii && !text.is_ascii() {
        return escape_slowly(text, charset, how, out);
    }
    let bytes = text.as_bytes();
    if bytes.len() <= SHORT && is_plain(bytes) {
        out.extend_from_slice(bytes);
        return Ok(());
    }
    escape(text, charset, how, out)
}

/// Writes text between two tags, as [`escape_into`] does.
///
/// What is short and ordinary is made in place, in stores of fixed lengths that may overlap; what is
/// too much is cut off.
#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "where the text is a constant, such as the name of a field, a few stores are left of this"
)]
pub(crate) fn escape_between<const N: usize, const M: usize>(
    open: &[u8; N],
    text: &str,
    close: &[u8; M],
    charset: Charset,
    how: Escaped,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let bytes = text.as_bytes();
    if charset == Charset::Unicode && bytes.len() <= SHORT && is_plain(bytes) {
        if const { N + SHORT + M <= 64 } {
            put_between::<64>(open, bytes, close, out);
        } else {
            put_between::<128>(open, bytes, close, out);
        }
        return Ok(());
    }
    out.extend_from_slice(open);
    escape_into(text, charset, how, out)?;
    out.extend_from_slice(close);
    Ok(())
}

/// Puts a short text between two tags into a room that is long enough for all of it.
#[inline(always)]
#[allow(clippy::inline_always, reason = "as for `escape_between`")]
fn put_between<const ROOM: usize>(open: &[u8], bytes: &[u8], close: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(&[0; ROOM]);
    if let Some(room) = out[start..].first_chunk_mut::<ROOM>() {
        room[..open.len()].copy_from_slice(open);
        put_short(bytes, &mut room[open.len()..]);
        room[open.len() + bytes.len()..][..close.len()].copy_from_slice(close);
    }
    out.truncate(start + open.len() + bytes.len() + close.len());
}

/// A text that may be put in place of being appended.
const SHORT: usize = 32;

/// Puts a short text at the beginning of a room for the longest of them.
#[inline(always)]
#[allow(clippy::inline_always, reason = "as for `escape_between`")]
fn put_short(bytes: &[u8], room: &mut [u8]) {
    if put_ends::<16>(bytes, room) || put_ends::<8>(bytes, room) || put_ends::<4>(bytes, room) {
        return;
    }
    for (byte, place) in bytes.iter().zip(room) {
        *place = *byte;
    }
}

/// Puts the first and the last bytes of a text that has at least so many, and at most twice as many.
#[inline]
fn put_ends<const N: usize>(bytes: &[u8], room: &mut [u8]) -> bool {
    let (Some(first), Some(last)) = (bytes.first_chunk::<N>(), bytes.last_chunk::<N>()) else {
        return false;
    };
    room[..N].copy_from_slice(first);
    room[bytes.len() - N..][..N].copy_from_slice(last);
    true
}

/// Writes text in which something may have to be escaped: long runs in which nothing has to be are
/// found, and copied, in bulk, and what is around the rest goes by in blocks.
#[inline(never)]
fn escape(text: &str, charset: Charset, how: Escaped, out: &mut Vec<u8>) -> Result<(), Error> {
    let bytes = text.as_bytes();
    // At least so much it becomes: a large text is not moved as often as the buffer would double.
    out.reserve(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let plain = find(bytes, at);
        out.extend_from_slice(&bytes[at..plain]);
        at = plain;
        loop {
            let block = bytes.get(at..).and_then(<[u8]>::first_chunk);
            let written = block.map_or(0, |block| escape_block(block, out));
            if written == 0 {
                // The end is near, or XML may forbid a character of the block.
                let end = bytes.len().min(at + BLOCK);
                while at < end {
                    at += escape_char(text, at, charset, how, out)?;
                }
                break;
            }
            at += BLOCK;
            if written == BLOCK {
                break;
            }
        }
    }
    Ok(())
}

const BLOCK: usize = 32;

/// Writes so many bytes without a branch, and says how many they became: none, if there is one that
/// has to be looked at.
fn escape_block(block: &[u8; BLOCK], out: &mut Vec<u8>) -> usize {
    let mut buffer = [0; BLOCK * LONGEST + size_of::<u64>()];
    let mut filled = 0;
    let mut seen = 0;
    for byte in block {
        let escape = ESCAPES[usize::from(*byte)];
        seen |= escape;
        buffer[filled..filled + size_of::<u64>()].copy_from_slice(&escape.to_le_bytes());
        filled += length(escape);
    }
    if seen & UNKNOWN != 0 {
        return 0;
    }
    out.extend_from_slice(&buffer[..filled]);
    filled
}

/// What each byte becomes: up to five bytes, the number of which is in the highest.
static ESCAPES: [u64; 256] = {
    let mut escapes = [0; 256];
    let mut byte = 0_u8;
    loop {
        escapes[byte as usize] = match byte {
            b'&' => entry(b"&amp;", 5),
            b'<' => entry(b"&lt;", 4),
            b'>' => entry(b"&gt;", 4),
            b'\r' => entry(b"&#13;", 5),
            b'\n' | b'\t' => entry(&[byte], 1),
            // U+FFFE and U+FFFF begin with 0xEF.
            0..b' ' | 0xEF => UNKNOWN,
            _ => entry(&[byte], 1),
        };
        if byte == u8::MAX {
            break;
        }
        byte += 1;
    }
    escapes
};

/// The longest that a byte becomes.
const LONGEST: usize = b"&amp;".len();

/// In place of a length: XML may forbid the character that begins with this byte.
const UNKNOWN: u64 = 1 << 63;

const fn entry(text: &[u8], length: u8) -> u64 {
    let mut word = [0; 8];
    let mut index = 0;
    while index < text.len() {
        word[index] = text[index];
        index += 1;
    }
    word[7] = length;
    u64::from_le_bytes(word)
}

fn length(escape: u64) -> usize {
    usize::from(escape.to_le_bytes()[7] & 0x0F)
}

/// Writes the byte at `at`, or the character that begins with it, and says how long it was.
fn escape_char(
    text: &str,
    at: usize,
    charset: Charset,
    how: Escaped,
    out: &mut Vec<u8>,
) -> Result<usize, Error> {
    let escape = ESCAPES[usize::from(text.as_bytes()[at])];
    if escape & UNKNOWN == 0 {
        out.extend_from_slice(&escape.to_le_bytes()[..length(escape)]);
        return Ok(1);
    }
    let c = text[at..].chars().next().unwrap_or_default();
    match how {
        Escaped::Strictly if is_forbidden(c) => return Err(forbidden(c)),
        Escaped::Always if is_forbidden(c) => push_char('\u{FFFD}', charset, out),
        _ => push_char(c, charset, out),
    }
    Ok(c.len_utf8())
}

/// Writes text a character at a time.
fn escape_slowly(
    text: &str,
    charset: Charset,
    how: Escaped,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    for c in text.chars() {
        match c {
            '&' => out.extend_from_slice(b"&amp;"),
            '<' => out.extend_from_slice(b"&lt;"),
            '>' => out.extend_from_slice(b"&gt;"),
            '\r' => out.extend_from_slice(b"&#13;"),
            c if c.is_ascii_graphic() || matches!(c, ' ' | '\n' | '\t') => out.push(c as u8),
            c if !is_forbidden(c) => push_char(c, charset, out),
            c if how == Escaped::Strictly => return Err(forbidden(c)),
            _ => push_char('\u{FFFD}', charset, out),
        }
    }
    Ok(())
}

fn push_char(c: char, charset: Charset, out: &mut Vec<u8>) {
    match charset {
        Charset::Unicode => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        Charset::Ascii if c.is_ascii() => out.push(c as u8),
        Charset::Ascii => {
            out.extend_from_slice(b"&#");
            out.extend_from_slice(itoa::Buffer::new().format(u32::from(c)).as_bytes());
            out.push(b';');
        }
    }
}

fn is_forbidden(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

fn forbidden(c: char) -> Error {
    Error::data(format_args!(
        "XML 1.0 cannot carry the character U+{:04X}",
        u32::from(c)
    ))
}
