//! Makes choices from a fuzzer's bytes.

use arbitrary::{Arbitrary, Unstructured};

/// Choices of one byte each, so that a change of one byte changes one choice. Without remaining bytes, the first
/// alternative is chosen.
pub trait Choices<'a> {
    /// The next byte, or 0 at the end.
    fn byte(&mut self) -> u8;

    /// A number below `bound`.
    fn below(&mut self, bound: u8) -> usize;

    /// True once in so many times; false without remaining bytes.
    fn once_in(&mut self, times: u8) -> bool;

    /// One of several alternatives.
    fn pick<T: Copy>(&mut self, of: &[T]) -> T;

    /// Any value of a type.
    fn any<T: Arbitrary<'a> + Default>(&mut self) -> T;
}

impl<'a> Choices<'a> for Unstructured<'a> {
    fn byte(&mut self) -> u8 {
        self.any()
    }

    fn below(&mut self, bound: u8) -> usize {
        usize::from(self.byte() % bound)
    }

    fn once_in(&mut self, times: u8) -> bool {
        self.byte() % times == times - 1
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::from(self.byte()) % of.len()]
    }

    fn any<T: Arbitrary<'a> + Default>(&mut self) -> T {
        self.arbitrary().unwrap_or_default()
    }
}

/// A text. Most are short, some have characters that are special in XML, and a few have some that XML does not allow.
pub fn text(choices: &mut Unstructured<'_>) -> String {
    const SPECIAL: &[char] = &[
        '&', '<', '>', ']', '"', '\'', '\r', '\n', '\t', ' ', ';', '#', 'a', 'é', '\u{7F}',
        '\u{85}', '\u{2028}', '\u{FFFD}', '\u{EFFF}', '\u{FEFF}', '😀',
    ];
    let kind = choices.byte();
    let length = match choices.byte() {
        long @ 250.. => usize::from(long - 249) * 64,
        short => usize::from(short % 40),
    };
    let character = |_| match kind {
        0..100 => char::from(b' ' + choices.byte() % 95),
        100..180 => choices.pick(SPECIAL),
        180..250 => allowed(choices.any()),
        _ => choices.any(),
    };
    (0..length).map(character).collect()
}

/// This character if XML 1.0 can carry it, otherwise another one.
pub fn allowed(c: char) -> char {
    if is_allowed(c) { c } else { 'x' }
}

/// Whether XML 1.0 can carry a character.
pub fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}
