//! Texts of servers, made safe for a terminal. Everything that a server controls passes through here.

/// Whether a character can change what a terminal shows besides itself: control characters, which begin
/// escape sequences, and characters that reorder or hide others.
pub(crate) fn is_unsafe(char: char) -> bool {
    char.is_control()
        || matches!(
            char,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// The text on one line. Unsafe characters become `\n`, `\t` or `\u{1b}`.
pub(crate) fn line(text: &str) -> String {
    escaped(text, |_| false)
}

/// The text with its line breaks and tabs. Other unsafe characters become `\u{1b}`.
pub(crate) fn text(text: &str) -> String {
    // A lone carriage return lets a terminal overwrite the line.
    escaped(&text.replace("\r\n", "\n"), |char| {
        matches!(char, '\n' | '\t')
    })
}

/// The text on one line of at most `max` characters, with `…` at the end of a shortened one.
pub(crate) fn short(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        Some((end, _)) => {
            let mut short = line(&text[..end]);
            short.push('…');
            short
        }
        None => line(text),
    }
}

fn escaped(text: &str, keeps: impl Fn(char) -> bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        if !is_unsafe(char) || keeps(char) {
            escaped.push(char);
        } else {
            match char {
                '\n' => escaped.push_str("\\n"),
                '\r' => escaped.push_str("\\r"),
                '\t' => escaped.push_str("\\t"),
                _ => escaped.extend(char.escape_unicode()),
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{line, short, text};

    #[test]
    fn unsafe_characters_become_visible() {
        let cases = [
            ("plain ünï 🦀", "plain ünï 🦀"),
            ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
            ("\u{1b}[31mred\u{7}", "\\u{1b}[31mred\\u{7}"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("\u{202e}evil", "\\u{202e}evil"),
            ("\u{200b}\u{feff}", "\\u{200b}\\u{feff}"),
        ];
        for (given, expected) in cases {
            assert_eq!(line(given), expected);
        }
        assert_eq!(text("a\r\nb\tc\rd"), "a\nb\tc\\rd");
        assert_eq!(short("abc", 3), "abc");
        assert_eq!(short("abcd", 3), "abc…");
    }
}
