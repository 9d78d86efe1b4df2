//! Rust names for the names of a server, which can be any text.

use std::{borrow::Cow, collections::HashSet};

use proc_macro2::{Ident, Span};

/// The words that are not names without `r#`. Names of later editions are included, so that the code
/// compiles in each.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];
/// The words that are not names even with `r#`.
const NEVER: &[&str] = &["self", "Self", "super", "crate", "_"];
/// The longest name, in characters. Longer ones are cut.
const MAX_NAME: usize = 80;

/// What a name is for. It decides the name if there are no usable letters.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    Method,
    Param,
    Member,
    Module,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::Param => "param",
            Self::Member => "member",
            Self::Module => "namespace",
        }
    }
}

/// The words of a name: letters and digits, separated by anything else or by a capital letter.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut end = |word: &mut String| {
        if !word.is_empty() {
            words.push(std::mem::take(word));
        }
    };
    let ascii: Vec<char> = name.chars().take(4 * MAX_NAME).flat_map(ascii).collect();
    for (index, char) in ascii.iter().copied().enumerate() {
        if !char.is_ascii_alphanumeric() {
            end(&mut word);
            continue;
        }
        if char.is_ascii_uppercase() {
            let previous = index.checked_sub(1).and_then(|index| ascii.get(index));
            let next = ascii.get(index + 1);
            let after_word =
                previous.is_some_and(|char| char.is_ascii_lowercase() || char.is_ascii_digit());
            // The last capital of several begins the next word, as in `XMLFile`. `URLs` is one word.
            let plural = next == Some(&'s')
                && ascii
                    .get(index + 2)
                    .is_none_or(|char| !char.is_ascii_lowercase());
            let ends_capitals = previous.is_some_and(char::is_ascii_uppercase)
                && next.is_some_and(char::is_ascii_lowercase)
                && !plural;
            if after_word || ends_capitals {
                end(&mut word);
            }
        }
        word.push(char.to_ascii_lowercase());
    }
    end(&mut word);
    let mut left = MAX_NAME;
    words.retain(|word| {
        let fits = word.len() < left;
        left = if fits { left - word.len() - 1 } else { 0 };
        fits
    });
    words
}

/// The letters that stand for a character; `_` for a separator. Letters outside of ASCII would be allowed in
/// Rust, but several lints of the compiler warn about some of them.
fn ascii(char: char) -> Vec<char> {
    let text = match char {
        char if char.is_ascii() => return vec![char],
        'à'..='ã' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ä' | 'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' => "d",
        'è'..='ë' | 'ē' | 'ę' | 'ě' => "e",
        'ì'..='ï' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò'..='õ' | 'ø' | 'ő' => "o",
        'ö' => "oe",
        'ř' => "r",
        'ś' | 'š' => "s",
        'ß' => "ss",
        'ť' => "t",
        'ù'..='û' | 'ů' | 'ű' => "u",
        'ü' => "ue",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        char if char.is_alphanumeric() => {
            let mut lower = char.to_lowercase();
            return match (lower.next(), lower.next()) {
                (Some(lower), None) if lower != char => {
                    let mut letters = ascii(lower);
                    if let Some(first) = letters.first_mut() {
                        first.make_ascii_uppercase();
                    }
                    letters
                }
                _ => format!("_u{:x}_", u32::from(char)).chars().collect(),
            };
        }
        _ => "_",
    };
    text.chars().collect()
}

/// The name in `snake_case`, without regard to other names.
pub(super) fn snake(name: &str, kind: Kind) -> String {
    let joined = words(name).join("_");
    match joined.chars().next() {
        None => kind.word().to_owned(),
        Some(first) if first.is_ascii_digit() => format!("{}_{joined}", kind.word()),
        Some(_) if NEVER.contains(&joined.as_str()) => format!("{joined}_"),
        Some(_) => joined,
    }
}

/// The name in `UpperCamelCase`, without regard to other names.
pub(super) fn camel(name: &str) -> String {
    let mut camel = String::new();
    for word in words(name) {
        let mut chars = word.chars();
        camel.extend(chars.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(chars.as_str());
    }
    match camel.chars().next() {
        None => "Type".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("Type{camel}"),
        Some(_) if camel == "Self" => "SelfType".to_owned(),
        Some(_) => camel,
    }
}

/// The identifier of a name from this module, with `r#` if it is a keyword.
pub(super) fn ident(name: &str) -> Ident {
    if KEYWORDS.contains(&name) {
        Ident::new_raw(name, Span::call_site())
    } else {
        Ident::new(name, Span::call_site())
    }
}

/// The names in one scope. Each name is given out once.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    taken: HashSet<String>,
}

impl Scope {
    /// A scope in which these names have other meanings.
    pub(super) fn with(reserved: &[&str]) -> Self {
        Self {
            taken: reserved.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    /// Reserves a name. Returns whether it was free.
    pub(super) fn take(&mut self, name: &str) -> bool {
        self.taken.insert(name.to_owned())
    }

    pub(super) fn is_taken(&self, name: &str) -> bool {
        self.taken.contains(name)
    }

    /// The name in snake case, with a number if it is taken: `foo`, `foo_2`…
    pub(super) fn snake(&mut self, name: &str, kind: Kind) -> String {
        self.first_free(&snake(name, kind), "_")
    }

    /// The name in camel case, with a number if it is taken: `Foo`, `Foo2`…
    pub(super) fn camel(&mut self, name: &str) -> String {
        self.first_free(&camel(name), "")
    }

    pub(super) fn first_free(&mut self, name: &str, separator: &str) -> String {
        let separator = if name.ends_with('_') { "" } else { separator };
        let mut free = name.to_owned();
        let mut number = 2_u64;
        while !self.take(&free) {
            // A digit at the end would make another number of it.
            let after_digit = name.ends_with(|char: char| char.is_ascii_digit());
            let separator = if after_digit && separator.is_empty() {
                "N"
            } else {
                separator
            };
            free = format!("{name}{separator}{number}");
            number += 1;
        }
        free
    }
}

/// Whether a trait can have a method with this name on the wire. The macro has the same rule.
pub(super) fn is_method_name(name: &str) -> bool {
    let fits = |char: char| match char {
        '<' | '>' | '&' | '"' | '\'' | '\u{FFFE}' | '\u{FFFF}' => false,
        char if char.is_ascii() => char.is_ascii_graphic(),
        char => !char.is_control() && !char.is_whitespace(),
    };
    !name.is_empty() && name.chars().all(fits)
}

/// A text of a server for a comment, a message or a terminal, with everything that is not printable
/// escaped.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    let is_plain =
        |char: char| char == ' ' || char.escape_debug().len() == 1 || "'\"\\".contains(char);
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let escaped = text.chars().map(|char| match char {
        char if is_plain(char) => char.to_string(),
        char => char.escape_debug().to_string(),
    });
    Cow::Owned(escaped.collect())
}

/// A name of a server for a span of code in Markdown.
pub(super) fn code(name: &str) -> String {
    let printable = printable(name).replace('`', "'");
    match printable.trim() {
        "" => "''".to_owned(),
        trimmed => trimmed.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snake_case() {
        let cases = [
            ("getAllProcessInfo", "get_all_process_info"),
            ("getURL", "get_url"),
            ("XMLFile", "xml_file"),
            ("getURLs", "get_urls"),
            ("multicall2", "multicall2"),
            ("http.dns_cache.set", "http_dns_cache_set"),
            ("type", "type"),
            ("self", "self_"),
            ("7zip", "method_7zip"),
            ("größe", "groesse"),
            ("ÉTÉ", "ete"),
            ("名", "u540d"),
            ("$(touch x)", "touch_x"),
            ("😀", "method"),
            ("", "method"),
            ("_", "method"),
            ("__a__", "a"),
        ];
        for (name, expected) in cases {
            assert_eq!(snake(name, Kind::Method), expected, "{name:?}");
        }
    }

    #[test]
    fn long_names_are_cut() {
        let fits = "x".repeat(MAX_NAME - 1);
        assert_eq!(snake(&fits, Kind::Method), fits);
        assert_eq!(snake(&"x".repeat(MAX_NAME), Kind::Method), "method");
        assert!(snake(&"word ".repeat(1_000), Kind::Method).len() <= MAX_NAME);
    }

    #[test]
    fn collisions_get_numbers() {
        let mut scope = Scope::with(&["new"]);
        assert_eq!(scope.snake("foo", Kind::Method), "foo");
        assert_eq!(scope.snake("Foo", Kind::Method), "foo_2");
        assert_eq!(scope.snake("new", Kind::Method), "new_2");
        assert_eq!(scope.camel("foo"), "Foo");
        assert_eq!(scope.camel("foo"), "Foo2");
        assert_eq!(scope.camel("foo2"), "Foo2N2");
    }
}
