//! Turns a fuzzer's bytes into a document.

use std::borrow::Cow;

use arbitrary::Unstructured;
use xmlrpc_core::Limits;

use crate::{
    choices::Choices,
    document::{Root, document},
    pieces::PIECES,
};

/// The input that an input stands for. If the first byte is 6, that is a longer input: it starts with the second
/// byte, and continues with random bytes, as many as the third byte says.
///
/// Inputs that grow from short ones resemble each other. Those made like this do not.
pub fn expanded(data: &[u8]) -> Cow<'_, [u8]> {
    let [6, first, length, ..] = data else {
        return Cow::Borrowed(data);
    };
    // FNV-1a of the whole input is the seed of SplitMix64.
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

/// A document, and the settings to read it with.
#[derive(Debug)]
pub struct Input {
    /// The bytes from the wire.
    pub document: Vec<u8>,
    /// The limits.
    pub limits: Limits,
    /// The `charset` of a `Content-Type`.
    pub charset: Option<&'static str>,
}

impl Input {
    /// The first byte tells what the input means. No document begins with one of these bytes:
    ///
    /// | | what follows |
    /// |---|---|
    /// | 1 | settings, then choices that make a document with `root` |
    /// | 2 | settings, then pieces of documents, one byte each |
    /// | 3 | settings, then a document |
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

    /// Limits and a charset, mostly the default ones.
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
            "none",
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

    /// The document as text, if it is valid UTF-8.
    pub fn text(&self) -> Option<&str> {
        str::from_utf8(&self.document).ok()
    }
}
