//! Long texts are written in pieces, because escapes can make them several times as long.

use super::bound;
use crate::{
    Error,
    dialect::Charset,
    xml::{Forbidden, escape_into},
};

/// Longer texts are written here.
pub(super) const LONG: usize = 1 << 10;

/// How much is written between two checks of the bound.
const PIECE: usize = 16 << 10;

/// Writes a long text.
#[cold]
#[inline(never)]
pub(super) fn write_long(text: &str, charset: Charset, out: &mut Vec<u8>) -> Result<(), Error> {
    bound::check_with(text.len(), out)?;
    // So that growing does not move the pieces repeatedly.
    out.reserve(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let mut end = rest.len().min(PIECE);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (piece, others) = rest.split_at(end);
        bound::check_with(piece.len(), out)?;
        escape_into(piece, charset, Forbidden::Reject, out)?;
        rest = others;
    }
    Ok(())
}
