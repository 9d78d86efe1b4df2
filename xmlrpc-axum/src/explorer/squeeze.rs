//! Removes what only people need from the script and the style, while this crate is compiled.
//!
//! The files in `assets/` have comments and indentation. The binary, and what browsers get, has neither. This
//! needs no other program, and no generated files in the repository.

/// A language with `/* comments */` and strings.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    /// With semicolons after all statements.
    Script,
    Style,
}

/// A text without comments and needless spaces, and its length. `N` is the length of the original.
///
/// # Panics
///
/// When the crate is compiled: if `N` is too small, or templates nest more deeply than eight times.
pub(super) const fn squeezed<const N: usize>(text: &[u8], language: Language) -> ([u8; N], usize) {
    let mut output = [0; N];
    let mut length = 0;
    // The open braces in each `${…}` of the templates around the current position.
    let mut braces = [0_usize; 8];
    let mut templates = 0;
    let mut at = 0;
    while at < text.len() {
        let start = at;
        at = after_spaces(text, at, language);
        if at == text.len() {
            break;
        }
        let last = if length == 0 {
            b';'
        } else {
            output[length - 1]
        };
        if at > start && needs_space(last, text[at], language) {
            output[length] = b' ';
            length += 1;
        }
        // What is copied as it is: one character, or a string, a template or a regular expression.
        let from = at;
        let byte = text[at];
        at += 1;
        let mut in_template = false;
        match byte {
            b'"' | b'\'' => at = after_literal(text, at, byte),
            b'/' if matches!(language, Language::Script) && begins_regex(&output, length) => {
                at = after_literal(text, at, byte);
            }
            // A semicolon or comma before a brace is needless.
            b'}' if matches!(last, b';' | b',') && length > 0 => length -= 1,
            _ => {}
        }
        match byte {
            b'`' => in_template = true,
            b'{' => braces[templates] += 1,
            b'}' if braces[templates] > 0 => braces[templates] -= 1,
            b'}' => {
                templates -= 1;
                in_template = true;
            }
            _ => {}
        }
        if in_template {
            at = after_literal(text, at, b'`');
            if text[at - 1] == b'{' {
                templates += 1;
                braces[templates] = 0;
            }
        }
        length = copy(text, from, at, &mut output, length);
        // `let` does the same in fewer bytes.
        if matches!(language, Language::Script)
            && ends_with(&output, length, b"const")
            && !is_word(text[at])
        {
            length = copy(b"let", 0, 3, &mut output, length - 5);
        }
    }
    (output, length)
}

/// Whether a slash begins a regular expression, and does not divide.
const fn begins_regex(before: &[u8], length: usize) -> bool {
    if length == 0 {
        return true;
    }
    let last = before[length - 1];
    ends_with(before, length, b"return") || !matches!(last, b')' | b']' | b'}') && !is_word(last)
}

/// Whether a whole word is the last one.
const fn ends_with(before: &[u8], length: usize, word: &[u8]) -> bool {
    if length < word.len() || length > word.len() && is_word(before[length - word.len() - 1]) {
        return false;
    }
    let mut at = 0;
    while at < word.len() {
        if before[length - word.len() + at] != word[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// Appends a part of a text to the output, and returns its new length.
const fn copy(
    text: &[u8],
    mut from: usize,
    to: usize,
    output: &mut [u8],
    mut length: usize,
) -> usize {
    while from < to {
        output[length] = text[from];
        length += 1;
        from += 1;
    }
    length
}

/// The first `M` bytes.
pub(super) const fn cut<const N: usize, const M: usize>(bytes: &[u8; N]) -> [u8; M] {
    let mut output = [0; M];
    let mut at = 0;
    while at < M {
        output[at] = bytes[at];
        at += 1;
    }
    output
}

/// The position behind spaces and comments.
const fn after_spaces(text: &[u8], mut at: usize, language: Language) -> usize {
    while at < text.len() {
        let next = if at + 1 < text.len() { text[at + 1] } else { 0 };
        match (text[at], next, language) {
            (b' ' | b'\t' | b'\n' | b'\r', _, _) => at += 1,
            (b'/', b'/', Language::Script) => {
                while at < text.len() && text[at] != b'\n' {
                    at += 1;
                }
            }
            (b'/', b'*', _) => {
                at += 2;
                while !(text[at] == b'*' && text[at + 1] == b'/') {
                    at += 1;
                }
                at += 2;
            }
            _ => break,
        }
    }
    at
}

/// The position behind a literal that ends with a character, or behind the next `${` of a template.
const fn after_literal(text: &[u8], mut at: usize, end: u8) -> usize {
    let mut in_class = false;
    while text[at] != end || in_class {
        match text[at] {
            b'\\' => at += 1,
            b'[' if end == b'/' => in_class = true,
            b']' => in_class = false,
            b'$' if end == b'`' && text[at + 1] == b'{' => return at + 2,
            _ => {}
        }
        at += 1;
    }
    at + 1
}

const fn needs_space(last: u8, next: u8, language: Language) -> bool {
    match language {
        Language::Script => {
            is_word(last) && is_word(next) || last == next && matches!(last, b'+' | b'-')
        }
        Language::Style => {
            !matches!(last, b'{' | b'}' | b';' | b',' | b':') && !matches!(next, b'{' | b'}')
        }
    }
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | 0x80..)
}
