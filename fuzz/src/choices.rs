//! Choices out of a fuzzer's bytes.

use arbitrary::{Arbitrary, Unstructured};

/// Choices of one byte each, so that a change of a byte changes one choice. Where there are no
/// bytes left, the first alternative is chosen.
pub trait Choices<'a> {
    /// The next byte; 0 where there is none.
    fn byte(&mut self) -> u8;

    /// A number below `bound`.
    fn below(&mut self, bound: u8) -> usize;

    /// Yes, once in so many times; no, where there are no bytes left.
    fn once_in(&mut self, times: u8) -> bool;

    /// One of several.
    fn pick<T: Copy>(&mut self, of: &[T]) -> T;

    /// Anything.
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

/// A text, most of them short; some hold what is special in XML, a few what XML cannot carry.
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

/// A character that XML 1.0 can carry: this one, if it is one.
pub fn allowed(c: char) -> char {
    if is_allowed(c) { c } else { 'x' }
}

/// Whether XML 1.0 can carry a character.
pub fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}
