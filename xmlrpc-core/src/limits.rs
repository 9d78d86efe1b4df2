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
///
/// What is refused for its [bytes](Self::bytes) has taken nothing but its error; what memory the other
/// bounds allow is said at each of them.
///
/// Beside them there are bounds without a setting, far beyond what any peer sends: 64 attributes of
/// an element, 16 declarations of namespaces in a document, elements that nest about four times as
/// deeply as arrays and structs may, and 4 GiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The bytes of a document as it came, before its encoding is looked at. Default: 8 MiB.
    pub bytes: usize,
    /// How deeply arrays and structs may nest. Default: 128.
    ///
    /// It protects the stack: reading recurses once for every level, and the default fits into
    /// 256 KiB (without optimizations: 2 MiB). Whoever raises it beyond some hundred, or has threads of less, has to give them a
    /// larger stack.
    pub depth: usize,
    /// How many elements, runs of text, comments and processing instructions a document may
    /// hold, and every `<` inside CDATA and comments. Default: 1,000,000.
    ///
    /// It protects memory: each of them costs up to about 300 bytes while the document is read,
    /// however few bytes it has itself. A plain `<value><int>1</int></value>` counts 3.
    ///
    /// Whoever exceeds it is refused before that is spent: such a document never took more than 256
    /// bytes for each of the `n` that are allowed, read as a [`Value`](crate::Value), beside its text
    /// and a copy of the texts that have references, comments or carriage returns in them, with 8 to 16
    /// bytes for every carriage return and surrogate.
    pub elements: usize,
}

impl Limits {
    /// What a client takes for an answer by default: 64 MiB, 128 levels, 4,000,000 elements.
    ///
    /// To change one of them: `Limits::RESPONSE.depth(256)`.
    pub const RESPONSE: Self = Self {
        bytes: 64 << 20,
        depth: 128,
        elements: 4_000_000,
    };

    /// What a server takes for a request by default: 8 MiB, 128 levels, 1,000,000 elements. It is
    /// the [`Default`].
    pub const REQUEST: Self = Self {
        bytes: 8 << 20,
        depth: 128,
        elements: 1_000_000,
    };

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
        Self::REQUEST
    }
}
