use memchr::memchr;

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
    /// The whole attribute.
    text: &'a str,
    /// Of the element that declares it.
    depth: usize,
}

impl<'a> Scope<'a> {
    /// Takes note of an attribute with a name of so many bytes, which may be a declaration; says
    /// whether the bound still holds.
    pub(super) fn attribute(&mut self, text: &'a str, name: usize, depth: usize) -> bool {
        match text[..name].strip_prefix("xmlns") {
            Some("") => {}
            Some(prefix) if prefix.starts_with(':') => self.prefixes.push(Declaration {
                prefix: &prefix[1..],
                text,
                depth,
            }),
            _ => return true,
        }
        self.declarations += 1;
        self.declarations <= DECLARATIONS
    }

    /// Whether an attribute declares a namespace.
    pub(super) fn is_declaration(name: &str) -> bool {
        name == "xmlns" || name.starts_with("xmlns:")
    }

    /// Forgets what the element at `depth` declared.
    pub(super) fn leave(&mut self, depth: usize) {
        while self
            .prefixes
            .pop_if(|declaration| declaration.depth >= depth)
            .is_some()
        {}
    }

    /// The length of the prefix of a name, with its colon, if it is declared nowhere.
    pub(super) fn undeclared(&self, name: &str) -> Option<usize> {
        let colon = memchr(b':', name.as_bytes())?;
        let (prefix, local) = (&name[..colon], &name[colon + 1..]);
        // What would be left must be a name, lest `<a:!--` become a comment.
        let is_name = local.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let is_declared = matches!(prefix, "" | "xml" | "xmlns")
            || self.prefixes.iter().any(|known| known.prefix == prefix);
        (is_name && !is_declared).then_some(colon + 1)
    }

    /// The declarations at hand, from the outermost on: the whole attributes, each with the depth of
    /// its element.
    pub(super) fn declarations(&self) -> impl Iterator<Item = (usize, &'a str)> {
        self.prefixes.iter().map(|it| (it.depth, it.text))
    }
}
