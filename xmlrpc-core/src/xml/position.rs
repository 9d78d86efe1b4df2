use crate::{Error, error::Position};

/// The line and column of a byte offset. Reads the text before it, so it is for errors only.
pub(super) fn position(text: &str, offset: usize) -> Position {
    let before = &text.as_bytes()[..offset.min(text.len())];
    let line_start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
    let column = before[line_start..]
        .iter()
        .filter(|byte| !is_continuation(**byte))
        .count();
    Position {
        offset,
        line: memchr::memchr_iter(b'\n', before).count() + 1,
        column: column + 1,
    }
}

/// Turns the offset of an error into a line and a column.
///
/// Callers do so for errors that leave the library: doing it for every error that a `Deserialize`
/// swallows would read the document as many times.
pub(crate) fn resolve(error: Error, text: &str) -> Error {
    match error.offset() {
        Some(offset) if error.line().is_none() => error.with_position(position(text, offset)),
        _ => error,
    }
}

fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

/// The offset of a line and a column, both from 1.
pub(super) fn offset(text: &str, line: u32, column: u32) -> usize {
    let line_start = match line.checked_sub(2) {
        None => 0,
        Some(skipped) => memchr::memchr_iter(b'\n', text.as_bytes())
            .nth(skipped as usize)
            .map_or(text.len(), |newline| newline + 1),
    };
    let rest = &text[line_start..];
    let within = rest.char_indices().nth(column.saturating_sub(1) as usize);
    line_start + within.map_or(rest.len(), |(index, _)| index)
}
