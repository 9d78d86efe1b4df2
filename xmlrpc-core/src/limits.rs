/// How large a document may be.
///
/// What reaches a bound is read; what exceeds it is an error of
/// [`Category::Limit`](crate::Category::Limit) that names the bound.
///
/// ```
/// use xmlrpc_core::{Category, Limits, from_slice_with};
///
/// let limits = Limits::default().bytes(64);
/// let error = from_slice_with::<String>(&[b' '; 65], &limits).unwrap_err();
/// assert_eq!(error.category(), Category::Limit);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The bytes of a document as it came, before its encoding is looked at. Default: 8 MiB.
    pub bytes: usize,
    /// How deeply arrays and structs may nest. Default: 128.
    ///
    /// It protects the stack: reading recurses once for every level. Whoever raises it beyond some
    /// hundred has to give the thread a larger stack, too: 400 levels fit into the 2 MiB of a
    /// thread in a debug build, and several times as many in a release build.
    pub depth: usize,
    /// How many elements, runs of text, comments and processing instructions a document may
    /// hold, and every `<` inside CDATA and comments. Default: 1,000,000.
    ///
    /// It protects memory: each of them costs about a hundred bytes while the document is
    /// read, however few bytes it has itself. A plain `<value><int>1</int></value>` counts 3.
    pub elements: usize,
}

impl Limits {
    /// The same limits with another bound on the bytes of a document.
    #[must_use]
    pub const fn bytes(mut self, bytes: usize) -> Self {
        self.bytes = bytes;
        self
    }

    /// The same limits with another bound on the nesting of arrays and structs.
    #[must_use]
    pub const fn depth(mut self, depth: usize) -> Self {
        self.depth = depth;
        self
    }

    /// The same limits with another bound on elements and runs of text.
    #[must_use]
    pub const fn elements(mut self, elements: usize) -> Self {
        self.elements = elements;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 8 << 20,
            depth: 128,
            elements: 1_000_000,
        }
    }
}
