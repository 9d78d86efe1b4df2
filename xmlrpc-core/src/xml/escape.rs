//! Writes text into a document.

use super::{
    bytes::{find, needs_no_escape},
    syntax::{FORBIDDEN_LEAD, is_forbidden},
};
use crate::{Error, dialect::Charset};

/// What happens to characters that XML 1.0 forbids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forbidden {
    /// They are an error.
    Reject,
    /// They become U+FFFD.
    Replace,
}

/// Writes text so that every XML reader reads the same text.
///
/// Carriage returns become references, because XML readers normalise line ends.
#[inline]
pub(crate) fn escape_into(
    text: &str,
    charset: Charset,
    policy: Forbidden,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    if charset == Charset::Ascii && !text.is_ascii() {
        return escape_slowly(text, charset, policy, out);
    }
    let bytes = text.as_bytes();
    if bytes.len() <= SHORT && needs_no_escape(bytes) {
        out.extend_from_slice(bytes);
        return Ok(());
    }
    escape(text, charset, policy, out)
}

/// Writes a tag, text as [`escape_into`] does, and another tag.
///
/// A short plain text is written in stores of fixed lengths, which may overlap and may write too much;
/// the surplus is cut off.
#[inline(always)]
#[allow(
    clippy::inline_always,
    reason = "where the text is a constant, such as the name of a field, only a few stores remain"
)]
pub(crate) fn escape_between<const N: usize, const M: usize>(
    open: &[u8; N],
    text: &str,
    close: &[u8; M],
    charset: Charset,
    policy: Forbidden,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let bytes = text.as_bytes();
    if charset == Charset::Unicode && bytes.len() <= SHORT && needs_no_escape(bytes) {
        if const { N + SHORT + M <= 64 } {
            put_between::<64>(open, bytes, close, out);
        } else {
            put_between::<128>(open, bytes, close, out);
        }
        return Ok(());
    }
    out.extend_from_slice(open);
    escape_into(text, charset, policy, out)?;
    out.extend_from_slice(close);
    Ok(())
}

/// Appends a short text between two tags; `ROOM` is at least as long as all of it.
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

/// The longest text that counts as short.
const SHORT: usize = 32;

/// Copies a short text to the beginning of `room`, which holds at least [`SHORT`] bytes.
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

/// Copies a text of `N` to `2 * N` bytes as its first and its last `N` bytes, which may overlap.
#[inline]
fn put_ends<const N: usize>(bytes: &[u8], room: &mut [u8]) -> bool {
    let (Some(first), Some(last)) = (bytes.first_chunk::<N>(), bytes.last_chunk::<N>()) else {
        return false;
    };
    room[..N].copy_from_slice(first);
    room[bytes.len() - N..][..N].copy_from_slice(last);
    true
}

/// Writes text that may need escapes: copies long plain runs in bulk, and the rest in blocks.
#[inline(never)]
fn escape(text: &str, charset: Charset, policy: Forbidden, out: &mut Vec<u8>) -> Result<(), Error> {
    let bytes = text.as_bytes();
    // Reserves the least that is needed, so that doubling does not move a large text repeatedly.
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
                // Either fewer bytes than a block are left, or XML may forbid one of its characters.
                let end = bytes.len().min(at + BLOCK);
                while at < end {
                    at += escape_char(text, at, charset, policy, out)?;
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

/// Escapes a block without a branch, and returns the number of bytes written: 0, and nothing is
/// written, if the block has a byte that needs a closer look.
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

/// What each byte becomes: up to five bytes from the lowest on, and their number in the highest byte.
///
/// A store of all eight bytes writes the escape; the surplus is overwritten by the next one.
static ESCAPES: [u64; 256] = {
    let mut escapes = [0; 256];
    let mut byte = 0_u8;
    loop {
        escapes[byte as usize] = match byte {
            b'&' => entry(b"&amp;", 5),
            b'<' => entry(b"&lt;", 4),
            b'>' => entry(b"&gt;", 4),
            b'\r' => entry(b"&#13;", 5),
            FORBIDDEN_LEAD => UNKNOWN,
            byte if byte.is_ascii() && is_forbidden(byte as char) => UNKNOWN,
            _ => entry(&[byte], 1),
        };
        if byte == u8::MAX {
            break;
        }
        byte += 1;
    }
    escapes
};

/// The length of the longest escape.
const LONGEST: usize = b"&amp;".len();

/// Stands instead of a length: XML may forbid the character that begins with this byte.
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

/// Writes the byte or the whole character at `at`, and returns its length in `text`.
fn escape_char(
    text: &str,
    at: usize,
    charset: Charset,
    policy: Forbidden,
    out: &mut Vec<u8>,
) -> Result<usize, Error> {
    let escape = ESCAPES[usize::from(text.as_bytes()[at])];
    if escape & UNKNOWN == 0 {
        out.extend_from_slice(&escape.to_le_bytes()[..length(escape)]);
        return Ok(1);
    }
    let c = text[at..].chars().next().unwrap_or_default();
    match policy {
        Forbidden::Reject if is_forbidden(c) => return Err(forbidden(c)),
        Forbidden::Replace if is_forbidden(c) => push_char('\u{FFFD}', charset, out),
        _ => push_char(c, charset, out),
    }
    Ok(c.len_utf8())
}

/// Writes text character by character.
fn escape_slowly(
    text: &str,
    charset: Charset,
    policy: Forbidden,
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
            c if policy == Forbidden::Reject => return Err(forbidden(c)),
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

fn forbidden(c: char) -> Error {
    Error::data(format_args!(
        "the character U+{:04X} is not allowed in XML 1.0; send such data as `Base64`",
        u32::from(c)
    ))
}
