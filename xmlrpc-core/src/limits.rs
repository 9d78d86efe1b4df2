/// How large a document may be.
///
/// A document that reaches a limit exactly is accepted. One that exceeds it is an error of
/// [`Category::Limit`](crate::Category::Limit), which names the limit.
///
/// ```
/// use xmlrpc_core::{Category, Limits, from_slice_with};
///
/// let limits = Limits::default().bytes(64);
/// let error = from_slice_with::<String>(&[b' '; 65], &limits).unwrap_err();
/// assert_eq!(error.category(), Category::Limit);
/// ```
///
/// A document that is refused for its [bytes](Self::bytes) costs only the error. The other bounds say
/// how much memory they allow.
///
/// Some bounds have no setting, because no peer comes near them: 64 attributes of an element, 16
/// declarations of namespaces in a document, and 4 GiB. Elements may nest about four times as deeply
/// as arrays and structs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The bytes of a document in its original encoding. Default: 8 MiB.
    pub bytes: usize,
    /// How deeply arrays and structs may nest. Default: 128.
    ///
    /// This protects the stack: reading recurses once for every level. The default fits into a stack of
    /// 256 KiB (2 MiB without optimizations). If you raise it beyond a few hundred, or run on threads
    /// with smaller stacks, give those threads a larger stack.
    pub depth: usize,
    /// How many elements, runs of text, comments and processing instructions a document may have. Each
    /// `<` inside CDATA and comments counts as well. Default: 1,000,000.
    ///
    /// This protects memory: each of them costs up to about 300 bytes while the document is read,
    /// however short it is. A plain `<value><int>1</int></value>` counts 3.
    ///
    /// A document beyond the limit is refused before it takes that memory. Read as a
    /// [`Value`](crate::Value), such a document never took more than 256 bytes for each of the `n` that
    /// are allowed. The text itself comes on top, as does a copy of the texts with references, comments or
    /// carriage returns, with 8 to 16 bytes for every carriage return and surrogate.
    pub elements: usize,
}

impl Limits {
    /// The default for responses that a client reads: 64 MiB, 128 levels, 4,000,000 elements.
    ///
    /// To change one of them: `Limits::RESPONSE.depth(256)`.
    pub const RESPONSE: Self = Self {
        bytes: 64 << 20,
        depth: 128,
        elements: 4_000_000,
    };

    /// The default for requests that a server reads, and the [`Default`]: 8 MiB, 128 levels, 1,000,000
    /// elements.
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
