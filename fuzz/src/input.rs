//! From a fuzzer's bytes to a document.

use std::borrow::Cow;

use arbitrary::Unstructured;
use xmlrpc_core::Limits;

use crate::{
    choices::Choices,
    document::{Root, document},
    pieces::PIECES,
};

/// The input that an input stands for. One that begins with 6 stands for a longer one, which begins
/// with its second byte, and goes on with as many bytes by chance as its third byte says.
///
/// What grows out of short inputs is alike; this way each of them is another.
pub fn expanded(data: &[u8]) -> Cow<'_, [u8]> {
    let [6, first, length, ..] = data else {
        return Cow::Borrowed(data);
    };
    // FNV-1a of all of it, and SplitMix64 from there.
    let fold = |state: u64, byte: &u8| (state ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3);
    let mut state = data.iter().fold(0xCBF2_9CE4_8422_2325, fold);
    let words = 4 + usize::from(*length) / 4;
    let mut expanded = vec![*first];
    for _ in 0..words {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = state;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        expanded.extend_from_slice(&(word ^ (word >> 31)).to_le_bytes());
    }
    Cow::Owned(expanded)
}

/// A document, and what is said of it.
#[derive(Debug)]
pub struct Input {
    /// The bytes as they come.
    pub document: Vec<u8>,
    /// What it may be.
    pub limits: Limits,
    /// The `charset` of a `Content-Type`.
    pub charset: Option<&'static str>,
}

impl Input {
    /// What an input means is in its first byte, none of which a document begins with:
    ///
    /// | | what follows |
    /// |---|---|
    /// | 1 | settings, and choices, of which a document is made that has `root` |
    /// | 2 | settings, and pieces of documents, a byte each |
    /// | 3 | settings, and a document |
    /// | other | the input is a document |
    pub fn new(data: &[u8], root: Root) -> Self {
        let (first, rest) = data.split_first().unwrap_or((&0, data));
        let mut choices = Unstructured::new(rest);
        match first {
            1 => {
                let settings = Self::settings(&mut choices);
                let document = document(&mut choices, root).into_bytes();
                Self {
                    document,
                    ..settings
                }
            }
            2 => {
                let settings = Self::settings(&mut choices);
                let rest = choices.take_rest().iter();
                let pieces = rest.map(|byte| PIECES[usize::from(*byte) % PIECES.len()].as_bytes());
                let document = pieces.flatten().copied().collect();
                Self {
                    document,
                    ..settings
                }
            }
            3 => {
                let settings = Self::settings(&mut choices);
                let document = choices.take_rest().to_vec();
                Self {
                    document,
                    ..settings
                }
            }
            _ => Self {
                document: data.to_vec(),
                limits: Limits::default(),
                charset: None,
            },
        }
    }

    /// Limits and a charset, both mostly what they are by default.
    fn settings(choices: &mut Unstructured<'_>) -> Self {
        const CHARSETS: &[&str] = &[
            "utf-8",
            "UTF-8",
            "\"utf-8\"",
            "",
            "iso-8859-1",
            "windows-1251",
            "utf-16",
            "utf-16be",
            "shift_jis",
            "iso-2022-jp",
            "utf-7",
        ];
        let kind = choices.byte();
        let mut limits = Limits::default();
        if kind & 0b111 == 0b111 {
            limits = limits.depth(choices.below(8));
        }
        if kind & 0b11_1000 == 0b11_1000 {
            limits = limits.elements(usize::from(choices.byte()));
        }
        if kind == 0b100 {
            limits = limits.bytes(usize::from(choices.byte()) * 4);
        }
        let charset = (kind & 0b1100_0000 == 0b1100_0000).then(|| choices.pick(CHARSETS));
        Self {
            document: Vec::new(),
            limits,
            charset,
        }
    }

    /// The document as text, where it is in UTF-8.
    pub fn text(&self) -> Option<&str> {
        str::from_utf8(&self.document).ok()
    }
}
