use core::fmt::{self, Display};

/// A bound that a document or a value exceeds.
///
/// Its `Display` names the setting, for the program that can change it. A peer reads
/// [`for_peer`](Self::for_peer), which describes the bound in words.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Exceeded {
    Bytes {
        found: usize,
        max: usize,
    },
    /// The bytes of a stream, which is not read to its end.
    StreamBytes(usize),
    Elements(usize),
    Equals(usize),
    Depth(usize),
    /// The open elements that arrays and structs of this depth can need.
    OpenElements(usize),
    /// The depth of a value that is written.
    WrittenDepth,
}

#[cfg(feature = "server")]
impl Exceeded {
    pub(super) fn for_peer(self) -> impl Display {
        ForPeer(self)
    }
}

impl Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes { found, max } => write!(
                f,
                "the document has {found} bytes, more than the {max} of `Limits::bytes`; raise it with `Limits::bytes(n)`"
            ),
            Self::StreamBytes(max) => write!(
                f,
                "the document has more than the {max} bytes of `Limits::bytes`; raise it with `Limits::bytes(n)`"
            ),
            Self::Elements(max) => write!(
                f,
                "the document has more than the {max} elements and texts of `Limits::elements`; \
                 raise it with `Limits::elements(n)`"
            ),
            Self::Equals(max) => write!(
                f,
                "the document has more `=` characters than the {max} that `Limits::elements` allows; \
                 raise it with `Limits::elements(n)`"
            ),
            Self::Depth(max) => write!(
                f,
                "arrays and structs nest deeper than the {max} levels of `Limits::depth`; raise it with `Limits::depth(n)`"
            ),
            Self::OpenElements(max) => write!(
                f,
                "elements nest deeper than the {max} levels of `Limits::depth` can need; raise it with `Limits::depth(n)`"
            ),
            Self::WrittenDepth => f.write_str(
                "arrays and structs nest deeper than `Dialect::depth` allows, by default 128 levels; \
                 raise it with `Dialect::depth(n)`",
            ),
        }
    }
}

#[cfg(feature = "server")]
struct ForPeer(Exceeded);

#[cfg(feature = "server")]
impl Display for ForPeer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Exceeded::Bytes { found, max } => write!(
                f,
                "the document has {found} bytes, more than the {max} that are accepted here; send less at once"
            ),
            Exceeded::StreamBytes(max) => write!(
                f,
                "the document has more than the {max} bytes that are accepted here; send less at once"
            ),
            Exceeded::Elements(max) => write!(
                f,
                "the document has more than the {max} elements and texts that are accepted here; send less at once"
            ),
            Exceeded::Equals(max) => write!(
                f,
                "the document has more than the {max} `=` characters that are accepted here; send less at once"
            ),
            Exceeded::Depth(max) => write!(
                f,
                "arrays and structs nest deeper than the {max} levels that are accepted here; send flatter values"
            ),
            Exceeded::OpenElements(max) => write!(
                f,
                "elements nest deeper than the {max} levels of arrays and structs that are accepted here; \
                 send flatter values"
            ),
            Exceeded::WrittenDepth => {
                f.write_str("arrays and structs nest too deeply to be written")
            }
        }
    }
}
