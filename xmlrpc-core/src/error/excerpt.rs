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
            if c.is_control() {
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
            if c.is_control() || c == '"' || c == '\\' {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        f.write_str(if cut { "…\"" } else { "\"" })
    }
}
