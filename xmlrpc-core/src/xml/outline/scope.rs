use memchr::memchr;

use crate::xml::lexis::is_simple_name;

/// More than any document of XML-RPC has.
pub(super) const DECLARATIONS: usize = 16;

/// The namespace prefixes that are declared at a place of a document.
#[derive(Default)]
pub(super) struct Scope<'a> {
    prefixes: Vec<Declaration<'a>>,
    /// In the whole document, so that looking one up costs no more than so many comparisons.
    declarations: usize,
}

struct Declaration<'a> {
    prefix: &'a str,
    /// As it is written: one with a reference in it is none that is known here.
    namespace: &'a str,
    /// Of the element that declares it.
    depth: usize,
}

/// The prefix of a name, as its length with the colon.
pub(super) enum Prefix<'a> {
    None,
    Undeclared(usize),
    /// With the namespace.
    Declared(usize, &'a str),
    /// It is reserved, or none, and roxmltree knows what to say of it.
    Odd,
}

impl<'a> Scope<'a> {
    /// Takes note of an attribute, which may be a declaration; says whether the bound still holds.
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

    /// Forgets what the element at `depth` declared.
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
        // What is left without the prefix must not begin anything but a tag, lest `<a:!--` become a comment,
        // nor be a name with a prefix, lest `a::b` become one.
        if matches!(prefix, "" | "xml" | "xmlns")
            || local.is_empty()
            || local.starts_with(['!', '?'])
            || local.contains(':')
        {
            return Prefix::Odd;
        }
        let mut known = self.prefixes.iter().rev();
        if let Some(known) = known.find(|known| known.prefix == prefix) {
            return Prefix::Declared(colon + 1, known.namespace);
        }
        let is_name = local.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if is_name && is_simple_name(prefix.as_bytes()) {
            Prefix::Undeclared(colon + 1)
        } else {
            Prefix::Odd
        }
    }
}
