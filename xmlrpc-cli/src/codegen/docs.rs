//! Help texts as doc comments that `rustdoc` reads without warnings, examples or links.

use proc_macro2::TokenStream;
use quote::quote;

/// The most bytes of a text, and the most lines. The rest is cut.
const MAX_BYTES: usize = 64 << 10;
const MAX_LINES: usize = 400;

/// The attributes for a text of several lines: one for each line, which become `///`.
pub(super) fn doc(text: &str) -> TokenStream {
    let lines = text.lines().map(|line| {
        // The space keeps a line that begins with `/` a doc comment.
        let line = if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        };
        quote!(#[doc = #line])
    });
    lines.collect()
}

/// The text of a server as Markdown without links, HTML or examples. The lines of code blocks and spans
/// stay as they are.
pub(super) fn markdown(help: &str) -> String {
    let mut cut = false;
    let mut end = help.len().min(MAX_BYTES);
    while !help.is_char_boundary(end) {
        end -= 1;
    }
    cut |= end < help.len();
    let help = help[..end].replace("\r\n", "\n").replace('\r', "\n");
    let mut lines: Vec<String> = help.lines().map(clean).collect();
    cut |= lines.len() > MAX_LINES;
    lines.truncate(MAX_LINES);
    let mut result: Vec<String> = Vec::new();
    let mut fence: Option<(char, usize)> = None;
    for line in lines {
        match (fence, fence_of(&line)) {
            (None, Some((mark, length, _))) => {
                fence = Some((mark, length));
                // Without the word, rustdoc would compile the block.
                result.push(format!("{}text", mark.to_string().repeat(length)));
            }
            (Some((mark, length)), Some((other, other_length, "")))
                if mark == other && other_length >= length =>
            {
                fence = None;
                result.push(mark.to_string().repeat(length));
            }
            (Some(_), _) => result.push(line.trim_end().to_owned()),
            (None, None) => {
                let line = inline(&line);
                let is_double = line.is_empty() && result.last().is_none_or(String::is_empty);
                if !is_double {
                    result.push(line);
                }
            }
        }
    }
    if let Some((mark, length)) = fence {
        result.push(mark.to_string().repeat(length));
    }
    if cut {
        result.extend([String::new(), "(This text is shortened.)".to_owned()]);
    }
    while result.last().is_some_and(String::is_empty) {
        result.pop();
    }
    result.join("\n")
}

/// A line without control characters, and without characters that change the direction of text.
fn clean(line: &str) -> String {
    let mut clean = String::with_capacity(line.len());
    for char in line.chars() {
        match char {
            '\t' => clean.push_str("    "),
            '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{61C}' => {}
            '\u{2028}' | '\u{2029}' => clean.push(' '),
            char if char.is_control() => clean.push(' '),
            char => clean.push(char),
        }
    }
    clean.replace("*/", "* /").replace("/*", "/ *")
}

/// The mark, the length and the rest of a line that begins or ends a block of code.
fn fence_of(line: &str) -> Option<(char, usize, &str)> {
    let line = line.trim();
    let mark = line
        .chars()
        .next()
        .filter(|char| matches!(char, '`' | '~'))?;
    let rest = line.trim_start_matches(mark);
    let length = line.len() - rest.len();
    let rest = rest.trim();
    (length >= 3 && !(mark == '`' && rest.contains('`'))).then_some((mark, length.min(20), rest))
}

/// A line outside of code blocks.
fn inline(line: &str) -> String {
    let text = line.trim();
    // More spaces would make a code block.
    let indent = (line.len() - line.trim_start().len()).min(2);
    let is_item = text.starts_with("- ") || text.starts_with("* ") || text.starts_with("+ ");
    let mut result = String::new();
    if is_item {
        result.push_str(&" ".repeat(indent));
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    let mut rest = text.as_str();
    while let Some(char) = rest.chars().next() {
        if char == '`' {
            let after = rest.trim_start_matches('`');
            let length = rest.len() - after.len();
            if let Some(end) = end_of_span(after, length) {
                let (span, behind) = rest.split_at(length + end + length);
                result.push_str(span);
                rest = behind;
            } else {
                result.push_str(&"\\`".repeat(length));
                rest = after;
            }
            continue;
        }
        if let Some(url) = url(rest) {
            result.push('<');
            result.push_str(url);
            result.push('>');
            rest = &rest[url.len()..];
            continue;
        }
        if matches!(char, '<' | '>' | '[' | ']' | '\\') {
            result.push('\\');
        }
        result.push(char);
        rest = &rest[char.len_utf8()..];
    }
    result
}

/// Where the run of exactly `length` backticks begins that ends a span.
fn end_of_span(text: &str, length: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = text[at..].find('`') {
        let begin = at + found;
        let run = text[begin..].len() - text[begin..].trim_start_matches('`').len();
        if run == length {
            return Some(begin);
        }
        at = begin + run;
    }
    None
}

/// The URL at the start of a text. In a doc comment, it must stand in angle brackets.
fn url(text: &str) -> Option<&str> {
    let begins = |scheme: &str| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    let scheme = ["http://", "https://"].into_iter().find(|it| begins(it))?;
    let end = text.find(|char: char| !char.is_ascii_graphic() || "<>\\`\"[]{}|^".contains(char));
    let url = text[..end.unwrap_or(text.len())]
        .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'']);
    (url.len() > scheme.len()).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_safe() {
        let cases = [
            ("Adds numbers.", "Adds numbers."),
            ("a\r\nb\rc", "a\nb\nc"),
            ("        fn main() {}", "fn main() {}"),
            ("\tx  y", "x y"),
            ("see [`foo`] and [x](y)", "see \\[`foo`\\] and \\[x\\](y)"),
            ("<b>bold</b>", "\\<b\\>bold\\</b\\>"),
            ("odd ` tick", "odd \\` tick"),
            ("a `<b>` c", "a `<b>` c"),
            ("``a`b`` c", "``a`b`` c"),
            ("see https://example.org/a.", "see <https://example.org/a>."),
            ("```\nx\n```", "```text\nx\n```"),
            ("```rust\npanic!()", "```text\npanic!()\n```"),
            ("~~~~ sh\n~~~\n~~~~", "~~~~text\n~~~\n~~~~"),
            ("> quoted\n>     code", "\\> quoted\n\\> code"),
            ("end */ /* begin", "end * / / * begin"),
            ("a\u{202e}b\u{1b}[31mc\u{7}", "ab \\[31mc"),
            ("\n\n\na\n\n\nb\n\n", "a\n\nb"),
            ("- a\n    - b", "- a\n  - b"),
            ("back\\slash", "back\\\\slash"),
        ];
        for (help, expected) in cases {
            assert_eq!(markdown(help), expected, "{help:?}");
        }
    }

    #[test]
    fn long_texts_are_cut() {
        let fits = "x".repeat(MAX_BYTES);
        assert_eq!(markdown(&fits), fits);
        assert!(markdown(&"x".repeat(MAX_BYTES + 1)).ends_with("x\n\n(This text is shortened.)"));
        let lines = "x\n".repeat(MAX_LINES);
        assert_eq!(markdown(&lines).lines().count(), MAX_LINES);
        assert_eq!(
            markdown(&"x\n".repeat(MAX_LINES + 1)).lines().count(),
            MAX_LINES + 2
        );
    }
}
