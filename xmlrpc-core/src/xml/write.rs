//! From text to the bytes of a document.

use super::special::{find, first, word};
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
    let plain = find::<b'>'>(bytes, 0);
    out.extend_from_slice(&bytes[..plain]);
    if plain == bytes.len() {
        return Ok(());
    }
    escape_rest(text, plain, how, out)
}

/// Writes text from its first special byte on: eight bytes at a time go to a buffer, together with
/// what stands for the first special one among them.
fn escape_rest(text: &str, mut at: usize, how: Escaped, out: &mut Vec<u8>) -> Result<(), Error> {
    const ROOM: usize = 256;
    /// Long runs without a special byte are found, and copied, in larger pieces.
    const RUN: usize = 4;
    let bytes = text.as_bytes();
    let mut buffer = [0; ROOM];
    let mut filled = 0;
    let mut run = 0;
    while let Some(word) = word(bytes, at) {
        if filled + 16 > ROOM {
            out.extend_from_slice(&buffer[..filled]);
            filled = 0;
        }
        buffer[filled..filled + 8].copy_from_slice(&word.to_le_bytes());
        let length = first::<b'>'>(word);
        at += length;
        filled += length;
        if length == 8 {
            run += 1;
            if run == RUN {
                out.extend_from_slice(&buffer[..filled]);
                filled = 0;
                run = 0;
                let plain = find::<b'>'>(bytes, at);
                out.extend_from_slice(&bytes[at..plain]);
                at = plain;
            }
            continue;
        }
        run = 0;
        let Some((replacement, length)) = replacement(bytes[at]) else {
            out.extend_from_slice(&buffer[..filled]);
            filled = 0;
            at += escape_char(text, at, how, out)?;
            continue;
        };
        buffer[filled..filled + 8].copy_from_slice(replacement);
        filled += length;
        at += 1;
    }
    out.extend_from_slice(&buffer[..filled]);
    // The last word may have ended within a character.
    let within = bytes[at..]
        .iter()
        .take_while(|byte| (**byte & 0b1100_0000) == 0b1000_0000);
    let begun = within.count();
    out.extend_from_slice(&bytes[at..at + begun]);
    let rest = text.get(at + begun..).unwrap_or_default();
    escape_slowly(rest, Charset::Unicode, how, out)
}

/// What stands for a byte that is a character by itself, and its length.
fn replacement(byte: u8) -> Option<(&'static [u8; 8], usize)> {
    match byte {
        b'&' => Some((b"&amp;\0\0\0", 5)),
        b'<' => Some((b"&lt;\0\0\0\0", 4)),
        b'>' => Some((b"&gt;\0\0\0\0", 4)),
        b'\r' => Some((b"&#13;\0\0\0", 5)),
        b'\n' => Some((b"\n\0\0\0\0\0\0\0", 1)),
        b'\t' => Some((b"\t\0\0\0\0\0\0\0", 1)),
        _ => None,
    }
}

/// Writes the character at `at`, which may be one that XML forbids, and says how long it was.
fn escape_char(text: &str, at: usize, how: Escaped, out: &mut Vec<u8>) -> Result<usize, Error> {
    let c = text[at..].chars().next().unwrap_or_default();
    match how {
        Escaped::Strictly if is_forbidden(c) => return Err(forbidden(c)),
        Escaped::Always if is_forbidden(c) => push_char('\u{FFFD}', Charset::Unicode, out),
        _ => push_char(c, Charset::Unicode, out),
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
