use super::{
    attributes::Attributes,
    error::{syntax, too_many_elements},
    namespaces::Namespaces,
    roxmltree::Batch,
};
use crate::{Error, Limits, xml::events::Events};

/// A level of data needs `<value><struct><member><value>`, and a document some more around it.
const ELEMENTS_A_LEVEL: usize = 4;
const ENVELOPE: usize = 16;

/// The state of the lenient reader.
pub(super) struct LenientReader<'a> {
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
    pub(super) limits: &'a Limits,
    /// Elements, runs of text, comments and processing instructions so far.
    nodes: usize,
    pub(super) open: Vec<OpenElement>,
    /// The most elements that may be open.
    pub(super) max_open: usize,
    /// How many of the open elements are arrays or structs.
    pub(super) levels: usize,
    pub(super) events: Events,
    pub(super) namespaces: Namespaces<'a>,
    pub(super) attributes: Attributes<'a>,
    /// What roxmltree will read.
    pub(super) batch: Batch<'a>,
}

pub(super) struct OpenElement {
    /// The step that opens it.
    pub(super) step: u32,
    /// The end of its name, which begins behind the `<`.
    pub(super) name_end: u32,
}

impl<'a> LenientReader<'a> {
    pub(super) fn new(text: &'a str, limits: &'a Limits) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            limits,
            nodes: 0,
            open: Vec::new(),
            max_open: limits
                .depth
                .saturating_mul(ELEMENTS_A_LEVEL)
                .saturating_add(ENVELOPE),
            levels: 0,
            events: Events::default(),
            namespaces: Namespaces::default(),
            attributes: Attributes::new(text),
            batch: Batch::new(text, limits),
        }
    }

    /// Counts elements and texts, up to the limit.
    #[inline]
    pub(super) fn count(&mut self, nodes: usize, at: usize) -> Result<(), Error> {
        self.nodes += nodes;
        if self.nodes > self.limits.elements {
            return Err(too_many_elements(self.text, at, self.limits));
        }
        Ok(())
    }

    #[cold]
    pub(super) fn syntax(&self, at: usize, message: impl core::fmt::Display) -> Error {
        syntax(self.text, at, message)
    }
}
