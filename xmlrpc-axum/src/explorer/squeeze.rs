//! Removes what only people need from the script and the style, while this crate is compiled.
//!
//! The files in `assets/` have comments and indentation. The binary, and what browsers get, has neither. This
//! needs no other program, and no generated files in the repository.

/// A language with `/* comments */` and strings.
#[derive(Clone, Copy)]
pub(super) enum Language {
    /// JavaScript with semicolons after all statements.
    Script,
    /// CSS.
    Style,
}

/// Frequent names of the script that begin with this byte, and letters for them. Browsers get `$` and the letter.
/// None of the names is the name of a property, and no letter is used twice.
const fn frequent_names(first: u8) -> &'static [(&'static [u8], u8)] {
    match first {
        b'D' => &[(b"DESCRIPTION", b'D')],
        b'E' => &[(b"ENDPOINT", b'E')],
        b'J' => &[(b"JSON_FORMS", b'J')],
        b'M' => &[(b"Mistake", b'M')],
        b'a' => &[
            (b"announce", b'a'),
            (b"announcement", b'A'),
            (b"anyEditor", b'Y'),
            (b"article", b'B'),
            (b"attributes", b'p'),
        ],
        b'b' => &[(b"button", b'b')],
        b'c' => &[
            (b"callDocument", b'c'),
            (b"character", b'H'),
            (b"checkAuthentication", b'k'),
            (b"collected", b'C'),
            (b"collectedList", b'l'),
            (b"content", b'n'),
            (b"controller", b'T'),
        ],
        b'd' => &[(b"depth", b'z'), (b"details", b'd')],
        b'e' => &[
            (b"editor", b'y'),
            (b"enteredHeaders", b'e'),
            (b"escaped", b'P'),
            (b"explanation", b'x'),
        ],
        b'g' => &[(b"groupEditor", b'g')],
        b'h' => &[
            (b"hasLogin", b'L'),
            (b"headerRows", b'h'),
            (b"headerVariables", b'v'),
        ],
        b'i' => &[(b"integerEditor", b'i'), (b"isForm", b'F')],
        b'l' => &[(b"language", b'G')],
        b'm' => &[(b"make", b'm'), (b"mistakes", b'W')],
        b'n' => &[(b"number", b'N')],
        b'r' => &[
            (b"refuse", b'r'),
            (b"requestHeaders", b'q'),
            (b"response", b'R'),
        ],
        b's' => &[
            (b"shortened", b's'),
            (b"showOutcome", b'o'),
            (b"showPast", b'S'),
        ],
        b't' => &[(b"textEditor", b't')],
        b'v' => &[(b"variable", b'V')],
        b'w' => &[(b"written", b'w')],
        _ => &[],
    }
}

/// A text without comments and needless spaces, and its length. `N` is the length of the original.
///
/// # Panics
///
/// While the crate is compiled: if `N` is too small, if brackets nest more deeply than 64 times, or if a
/// literal or a comment does not end. If a frequent name is the name of a property.
pub(super) const fn squeezed<const N: usize>(text: &[u8], language: Language) -> ([u8; N], usize) {
    let mut output = [0; N];
    let mut length = 0;
    let is_script = matches!(language, Language::Script);
    // For each open bracket, the last one first: what it is, and whether the last statement in it declares.
    let mut brackets = [0; 64];
    let mut declares = [false; 64];
    let mut depth = 0;
    let mut at = 0;
    loop {
        let start = at;
        at = after_spaces(text, at, language);
        if at == text.len() {
            return (output, length);
        }
        let last = match length {
            0 => b';',
            _ => output[length - 1],
        };
        if is_script && matches!(last, b';' | b'{' | b'}' | b'(') {
            let word = declaration(text, at);
            if word > 0 && last == b';' && declares[depth] {
                // `const a = 1; const b = 2;` is `let a=1,b=2;`.
                output[length - 1] = b',';
                at += word;
                continue;
            } else if word > 0 {
                declares[depth] = true;
                length = copy(b"let", 0, 3, &mut output, length);
                at += word;
                continue;
            } else if last != b'}' {
                declares[depth] = false;
            }
        }
        if at > start && needs_space(last, text[at], language) {
            length = copy(b" ", 0, 1, &mut output, length);
        }
        let (name, behind) = match language {
            Language::Script if !is_word(last) || at > start => shortened(text, at),
            _ => (0, at),
        };
        if name > 0 {
            let is_spread = length > 1 && output[length - 2] == b'.';
            assert!(last != b'.' || is_spread, "the name of a property");
            length = copy(&[b'$', name], 0, 2, &mut output, length);
            at = behind;
            continue;
        }
        // One character, or a literal, is copied as it is.
        let from = at;
        let byte = text[at];
        at += 1;
        let mut in_template = byte == b'`';
        match byte {
            b'"' | b'\'' => at = after_literal(text, at, byte),
            b'/' if is_script && begins_regex(&output, length) => {
                at = after_literal(text, at, byte);
            }
            b'(' | b'[' | b'{' => {
                depth += 1;
                brackets[depth] = byte;
                declares[depth] = false;
            }
            b')' | b']' | b'}' => {
                in_template = brackets[depth] == b'`';
                depth -= 1;
                // A semicolon or comma before a brace is needless.
                if byte == b'}' && !in_template && matches!(last, b';' | b',') {
                    length -= 1;
                }
            }
            _ => {}
        }
        if in_template {
            at = after_literal(text, at, b'`');
            if text[at - 1] == b'{' {
                depth += 1;
                brackets[depth] = b'`';
                declares[depth] = false;
            }
        }
        length = copy(text, from, at, &mut output, length);
    }
}

/// The first `M` bytes.
pub(super) const fn cut<const N: usize, const M: usize>(bytes: &[u8; N]) -> [u8; M] {
    let mut output = [0; M];
    copy(bytes, 0, M, &mut output, 0);
    output
}

/// Appends a part of a text to the output, and returns the new length of the output.
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

/// The letter for the frequent name at a position, and the position behind it. The letter is 0 if another text stands there.
const fn shortened(text: &[u8], at: usize) -> (u8, usize) {
    let names = frequent_names(text[at]);
    let mut index = 0;
    while index < names.len() {
        let (name, letter) = names[index];
        if has_word(text, at, name) {
            return (letter, at + name.len());
        }
        index += 1;
    }
    (0, at)
}

/// The length of `const` or `let` at a position, or 0.
const fn declaration(text: &[u8], at: usize) -> usize {
    if has_word(text, at, b"const") {
        5
    } else if has_word(text, at, b"let") {
        3
    } else {
        0
    }
}

/// Whether a whole word is at a position, and something else after it.
const fn has_word(text: &[u8], start: usize, word: &[u8]) -> bool {
    let mut at = 0;
    while at < word.len() {
        if start + at >= text.len() || text[start + at] != word[at] {
            return false;
        }
        at += 1;
    }
    start + at < text.len() && !is_word(text[start + at])
}

/// Whether a slash after this begins a regular expression, and does not divide.
const fn begins_regex(before: &[u8], length: usize) -> bool {
    if length == 0 {
        return true;
    }
    let last = before[length - 1];
    // The output is followed by zeros, so `return` ends as a word does.
    let is_return = length >= 6 && has_word(before, length - 6, b"return");
    is_return || !matches!(last, b')' | b']' | b'}') && !is_word(last)
}

const fn needs_space(last: u8, next: u8, language: Language) -> bool {
    match language {
        Language::Script => {
            is_word(last) && is_word(next) || last == next && matches!(last, b'+' | b'-')
        }
        Language::Style => {
            !matches!(last, b'{' | b'}' | b';' | b',' | b':' | b'>')
                && !matches!(next, b'{' | b'}' | b'>')
        }
    }
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | 0x80..)
}
