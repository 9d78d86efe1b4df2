use core::fmt::{self, Write as _};

/// The beginning of a text. Messages show no more, so that a peer cannot make them long.
pub(crate) struct Excerpt<'a>(pub(crate) &'a str);

impl<'a> Excerpt<'a> {
    const CHARS: usize = 40;

    /// The beginning of a text that has the same excerpt as the whole text.
    pub(crate) fn relevant(text: &'a str) -> &'a str {
        match text.char_indices().nth(Self::CHARS + 1) {
            Some((end, _)) => &text[..end],
            None => text,
        }
    }

    fn cut(&self) -> (&str, bool) {
        match self.0.char_indices().nth(Self::CHARS) {
            Some((end, _)) => (&self.0[..end], true),
            None => (self.0, false),
        }
    }
}

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (text, cut) = self.cut();
        for c in text.chars() {
            if is_unprintable(c) {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        if cut { f.write_char('…') } else { Ok(()) }
    }
}

impl fmt::Debug for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (text, cut) = self.cut();
        f.write_char('"')?;
        for c in text.chars() {
            if is_unprintable(c) || c == '"' || c == '\\' {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        f.write_str(if cut { "…\"" } else { "\"" })
    }
}

/// A longer text that may come from a peer, on one line. It is cut, and characters that could forge
/// another line or rearrange this one are escaped.
pub(crate) struct OneLine<'a> {
    text: &'a str,
    chars: usize,
}

impl<'a> OneLine<'a> {
    /// Shows at most 300 characters.
    pub(crate) fn new(text: &'a str) -> Self {
        Self::up_to(300, text)
    }

    /// Shows at most this many characters.
    pub(crate) fn up_to(chars: usize, text: &'a str) -> Self {
        Self { text, chars }
    }
}

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.text.chars();
        for c in rest.by_ref().take(self.chars) {
            if is_unprintable(c) {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        match rest.next() {
            Some(_) => f.write_char('…'),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        let mut rest = self.text.chars();
        for c in rest.by_ref().take(self.chars) {
            if is_unprintable(c) || c == '"' || c == '\\' {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        f.write_str(if rest.next().is_some() { "…\"" } else { "\"" })
    }
}

/// Control characters, the two line separators of Unicode, the marks that change the direction of
/// the text around them, and characters without a width.
pub(crate) fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        )
        || matches!(c, '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
