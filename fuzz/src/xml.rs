//! Writes XML as peers do, and as nobody should.

use std::fmt::{Arguments, Write as _};

use arbitrary::Unstructured;

use crate::{
    choices::{Choices, allowed, is_allowed},
    pieces::PIECES,
};

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Style {
    /// Only tags and texts.
    Plain,
    /// With white space between tags.
    Spaced,
    /// With white space. Occasionally something is missing, misplaced or doubled, or a text is invalid. The scanner
    /// reads the document up to that place.
    Trapped,
    /// With other markup that is well-formed or can be repaired, and does not change the meaning: attributes,
    /// comments, CDATA, processing instructions, prefixes, text beside elements.
    Odd,
    /// With all of these together.
    Damaged,
}

/// A document that is being written.
#[derive(Debug)]
pub struct Xml<'c, 'a> {
    /// The source of all decisions.
    pub choices: &'c mut Unstructured<'a>,
    /// The number of open arrays and structs.
    pub level: usize,
    /// The maximum of that number.
    pub deepest: usize,
    out: String,
    style: Style,
    namespaces: usize,
}

impl<'c, 'a> Xml<'c, 'a> {
    /// A document in this style.
    pub fn new(choices: &'c mut Unstructured<'a>, style: Style) -> Self {
        Self {
            choices,
            level: 0,
            deepest: usize::MAX,
            out: String::new(),
            style,
            namespaces: 0,
        }
    }

    /// The text so far.
    pub fn finish(self) -> String {
        self.out
    }

    /// The style of the document.
    pub fn style(&self) -> Style {
        self.style
    }

    /// Writes a text without changes.
    pub fn raw(&mut self, raw: &str) {
        self.out.push_str(raw);
    }

    /// Writes an element that contains elements.
    pub fn element(&mut self, name: &str, content: impl FnOnce(&mut Self)) {
        let before = self.out.len();
        let prefix = self.open(name);
        let inside = self.out.len();
        self.between();
        content(self);
        self.close(name, prefix, inside);
        self.damage(before);
        self.between();
    }

    /// Writes an element that contains text.
    pub fn leaf(&mut self, name: &str, text: &str) {
        let before = self.out.len();
        let prefix = self.open(name);
        let inside = self.out.len();
        self.text(text);
        self.close(name, prefix, inside);
        self.damage(before);
        self.between();
    }

    fn open(&mut self, name: &str) -> &'static str {
        const ATTRIBUTES: &[&str] = &[
            " a='1'",
            " a=\"&amp;\"",
            "\n\ta = '<>'",
            " xml:space='preserve'",
            " x:y='1'",
            " xmlns='urn:x'",
            " xmlns:z=\"urn:z\"",
        ];
        let prefix = if !name.contains(':') && self.is_odd(16) {
            self.choices.pick(&["x:", "ex:"])
        } else {
            ""
        };
        self.out.push('<');
        self.out.push_str(prefix);
        self.out.push_str(name);
        if self.is_odd(12) {
            let attribute = self.choices.pick(ATTRIBUTES);
            let declares = attribute.contains("xmlns");
            self.namespaces += usize::from(declares);
            // The number in a document is bounded.
            if !declares || self.namespaces < 10 {
                self.out.push_str(&attribute.replace('<', "&lt;"));
            }
        }
        if self.is_odd(16) {
            self.out.push(' ');
        }
        self.out.push('>');
        prefix
    }

    fn close(&mut self, name: &str, prefix: &str, inside: usize) {
        if self.out.len() == inside && self.choices.once_in(4) {
            self.out.insert(inside - 1, '/');
            return;
        }
        self.out.push_str("</");
        self.out.push_str(prefix);
        self.out.push_str(name);
        if self.is_odd(16) {
            self.out.push('\n');
        }
        self.out.push('>');
    }

    /// Writes something that is allowed between two tags.
    pub fn between(&mut self) {
        const SPACES: &[&str] = &["\n", " ", "\r\n", "\t  ", "\n\n"];
        const ODD: &[&str] = &[
            "<!-- -->",
            "<!--<value>-->",
            "<?a b?>",
            "stray",
            " &amp; ",
            "<![CDATA[<]]>",
            "é&#65;",
        ];
        if self.style >= Style::Spaced && self.choices.once_in(4) {
            let space = self.choices.pick(SPACES);
            self.out.push_str(space);
        }
        if self.is_odd(10) {
            let odd = self.choices.pick(ODD);
            self.out.push_str(odd);
        }
    }

    /// Writes white space and comments, where nothing else is allowed.
    pub fn around(&mut self) {
        const AROUND: &[&str] = &["\n", " \r\n", "<!-- x -->", "<?pi?>\n"];
        if self.style >= Style::Spaced && self.choices.once_in(4) {
            let only_spaces = if self.style < Style::Odd {
                2
            } else {
                AROUND.len()
            };
            let around = self.choices.pick(&AROUND[..only_spaces]);
            self.out.push_str(around);
        }
    }

    /// Writes a text so that it reads as this one.
    pub fn text(&mut self, text: &str) {
        let mut left = if self.has_traps() && self.choices.once_in(4) {
            usize::from(self.choices.byte()) % (text.chars().count() + 1)
        } else {
            usize::MAX
        };
        // Most texts escape only what they have to.
        let busy = self.choices.once_in(4);
        for c in text.chars() {
            if left == 0 {
                self.trap();
            }
            left = left.wrapping_sub(1);
            let c = if self.has_traps() { c } else { allowed(c) };
            let how = if busy { self.choices.below(16) } else { 0 };
            let is_odd = self.style >= Style::Odd;
            match (c, how) {
                ('\r', _) if self.has_traps() => self.out.push(c),
                ('&', 0..8) => self.out.push_str("&amp;"),
                ('<', 0..8) => self.out.push_str("&lt;"),
                ('>', 0..8) => self.out.push_str("&gt;"),
                ('"', 1..8) => self.out.push_str("&quot;"),
                ('\'', 1..8) => self.out.push_str("&apos;"),
                ('\r' | '&' | '<' | '>', 8..12) | (_, 8..10) | ('\r', _) if is_allowed(c) => {
                    self.add(format_args!("&#{};", u32::from(c)));
                }
                (_, 10..12) if is_allowed(c) => {
                    self.add(format_args!("&#x{:X};", u32::from(c)));
                }
                (_, 12) if is_odd && is_allowed(c) && c > '\u{FFFF}' => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        self.add(format_args!("&#{unit};"));
                    }
                }
                (_, 13) if is_odd && is_allowed(c) => {
                    self.add(format_args!("<![CDATA[{c}]]>"));
                }
                (_, 14) if is_odd => self.comment(c),
                ('>', _) if !self.out.ends_with("]]") => self.out.push(c),
                _ => self.plain(c),
            }
        }
        if left == 0 {
            self.trap();
        }
    }

    fn add(&mut self, written: Arguments<'_>) {
        let _ = self.out.write_fmt(written);
    }

    fn comment(&mut self, c: char) {
        let comment = self
            .choices
            .pick(&["<!---->", "<!-- & -->", "<?a?>", "<![CDATA[]]>"]);
        self.out.push_str(comment);
        self.plain(c);
    }

    /// Writes an invalid text.
    fn trap(&mut self) {
        const TRAPS: &[&str] = &[
            "]]>",
            "\u{1}",
            "\u{FFFE}",
            "\u{FFFF}",
            "&#0;",
            "&#1;",
            "&#xFFFE;",
            "&#65535;",
            "&#xD800;",
            "&#56832;",
            "&#x110000;",
            "&#4294967361;",
            "&#00000000065;",
            "&#x;",
            "&#;",
            "&#6A;",
            "&amp",
            "&AMP;",
            "&x;",
            "&",
        ];
        let trap = self.choices.pick(TRAPS);
        self.out.push_str(trap);
    }

    fn plain(&mut self, c: char) {
        match c {
            '&' => self.out.push_str("&amp;"),
            '<' => self.out.push_str("&lt;"),
            '>' => self.out.push_str("&gt;"),
            c => self.out.push(c),
        }
    }

    fn is_odd(&mut self, times: u8) -> bool {
        self.style >= Style::Odd && self.choices.once_in(times)
    }

    fn has_traps(&self) -> bool {
        matches!(self.style, Style::Trapped | Style::Damaged)
    }

    /// Damages the text that was written since `before`.
    fn damage(&mut self, before: usize) {
        if !self.has_traps() || !self.choices.once_in(32) {
            return;
        }
        let written = self.out[before..].to_owned();
        let place = before + floor(&written, usize::from(self.choices.byte()));
        match self.choices.below(6) {
            0 => self.out.truncate(place),
            1 => self.out.push_str(&written),
            2 => self.out.replace_range(before..place, ""),
            3 if place < self.out.len() => drop(self.out.remove(place)),
            _ => {
                let piece = self.choices.pick(PIECES);
                self.out.insert_str(place, piece);
            }
        }
    }
}

/// The last boundary of a character at or before `index`.
fn floor(text: &str, index: usize) -> usize {
    (0..=index.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or_default()
}
