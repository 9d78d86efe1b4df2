use memchr::memchr;

use crate::xml::syntax::is_simple_name;

/// The most declarations in a document; no XML-RPC peer sends as many.
pub(super) const DECLARATIONS: usize = 16;

/// The namespace prefixes that are in scope.
#[derive(Default)]
pub(super) struct Namespaces<'a> {
    prefixes: Vec<Declaration<'a>>,
    /// The number of declarations so far. Its bound also bounds the comparisons of a look-up.
    declarations: usize,
}

struct Declaration<'a> {
    prefix: &'a str,
    /// The namespace as written, with its references.
    namespace: &'a str,
    /// The depth of the element that declares it.
    depth: usize,
}

/// The prefix of a name. Its length includes the colon.
pub(super) enum Prefix<'a> {
    None,
    Undeclared(usize),
    /// A length and a namespace.
    Declared(usize, &'a str),
    /// A reserved or invalid prefix, about which roxmltree decides.
    Unusual,
}

impl<'a> Namespaces<'a> {
    /// Adds an attribute if it is a declaration. Returns false beyond the bound.
    pub(super) fn attribute(&mut self, name: &'a str, value: &'a str, depth: usize) -> bool {
        if !Self::is_declaration(name) {
            return true;
        }
        if let Some(prefix) = name.strip_prefix("xmlns:") {
            self.prefixes.push(Declaration {
                prefix,
                namespace: value,
                depth,
            });
        }
        self.declarations += 1;
        self.declarations <= DECLARATIONS
    }

    /// Whether an attribute declares a namespace.
    pub(super) fn is_declaration(name: &str) -> bool {
        name == "xmlns" || name.starts_with("xmlns:")
    }

    /// Removes the declarations of the element at `depth`.
    #[inline]
    pub(super) fn leave(&mut self, depth: usize) {
        while self
            .prefixes
            .pop_if(|declaration| declaration.depth >= depth)
            .is_some()
        {}
    }

    pub(super) fn resolve(&self, name: &str) -> Prefix<'a> {
        let Some(colon) = memchr(b':', name.as_bytes()) else {
            return Prefix::None;
        };
        let (prefix, local) = (&name[..colon], &name[colon + 1..]);
        // Without the prefix, `<a:!--` would become a comment, and `a::b` a name with a prefix.
        if matches!(prefix, "" | "xml" | "xmlns")
            || local.is_empty()
            || local.starts_with(['!', '?'])
            || local.contains(':')
        {
            return Prefix::Unusual;
        }
        let mut known = self.prefixes.iter().rev();
        if let Some(known) = known.find(|known| known.prefix == prefix) {
            return Prefix::Declared(colon + 1, known.namespace);
        }
        let is_name = local.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if is_name && is_simple_name(prefix.as_bytes()) {
            Prefix::Undeclared(colon + 1)
        } else {
            Prefix::Unusual
        }
    }
}
