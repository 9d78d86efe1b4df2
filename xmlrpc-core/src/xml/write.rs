//! From text to the bytes of a document.

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
pub(crate) fn escape_into(
    text: &str,
    charset: Charset,
    how: Escaped,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    out.reserve(text.len());
    let bytes = text.as_bytes();
    let mut written = 0;
    let mut at = 0;
    while let Some(found) = find_special(&bytes[at..], charset) {
        at += found;
        let byte = bytes[at];
        let replacement: &[u8] = match byte {
            b'&' => b"&amp;",
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            b'\r' => b"&#13;",
            _ => {
                let c = text[at..].chars().next().unwrap_or_default();
                if is_forbidden(c) {
                    if how == Escaped::Strictly {
                        return Err(forbidden(c));
                    }
                    out.extend_from_slice(&bytes[written..at]);
                    push_char('\u{FFFD}', charset, out);
                    at += c.len_utf8();
                    written = at;
                } else if charset == Charset::Ascii {
                    out.extend_from_slice(&bytes[written..at]);
                    push_char(c, charset, out);
                    at += c.len_utf8();
                    written = at;
                } else {
                    at += c.len_utf8();
                }
                continue;
            }
        };
        out.extend_from_slice(&bytes[written..at]);
        out.extend_from_slice(replacement);
        at += 1;
        written = at;
    }
    out.extend_from_slice(&bytes[written..]);
    Ok(())
}

fn push_char(c: char, charset: Charset, out: &mut Vec<u8>) {
    match charset {
        Charset::Unicode => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        Charset::Ascii => {
            out.extend_from_slice(b"&#");
            out.extend_from_slice(itoa::Buffer::new().format(u32::from(c)).as_bytes());
            out.push(b';');
        }
    }
}

/// The first byte that may not be copied without a look at it.
fn find_special(bytes: &[u8], charset: Charset) -> Option<usize> {
    match charset {
        Charset::Unicode => find(bytes, is_special),
        Charset::Ascii => find(bytes, |byte| is_special(byte) | !byte.is_ascii()),
    }
}

#[allow(
    clippy::needless_bitwise_bool,
    reason = "without branches this becomes vector instructions"
)]
fn is_special(byte: u8) -> bool {
    // U+FFFE and U+FFFF begin with 0xEF.
    ((byte < 0x20) & (byte != b'\n') & (byte != b'\t'))
        | (byte == b'&')
        | (byte == b'<')
        | (byte == b'>')
        | (byte == 0xEF)
}

/// The first byte that is special, found a chunk at a time.
fn find(bytes: &[u8], is_special: impl Fn(u8) -> bool) -> Option<usize> {
    const CHUNK: usize = 32;
    let mut start = 0;
    for chunk in bytes.chunks(CHUNK) {
        if chunk
            .iter()
            .fold(false, |any, byte| any | is_special(*byte))
        {
            return chunk
                .iter()
                .position(|byte| is_special(*byte))
                .map(|index| start + index);
        }
        start += chunk.len();
    }
    None
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
