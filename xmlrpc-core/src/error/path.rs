use core::fmt::{self, Display};
use std::sync::OnceLock;

use smallvec::SmallVec;

use super::excerpt::Excerpt;

/// The way from the root of a document to a value, such as `params[1].members.owner`.
///
/// An error collects it from its end to its beginning. The text is formatted when it is displayed,
/// because most errors of values that may fail are never displayed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Path {
    /// The innermost first.
    segments: SmallVec<[Segment; 3]>,
    text: OnceLock<String>,
}

#[derive(Clone, Debug)]
enum Segment {
    Element(usize),
    Member(Box<str>),
    Params,
}

impl Path {
    /// Puts the whole path into the element at `index` of an array.
    pub(crate) fn in_element(&mut self, index: usize) {
        self.push(Segment::Element(index));
    }

    /// Puts the whole path into a member of a struct.
    pub(crate) fn in_member(&mut self, name: &str) {
        self.push(Segment::Member(Excerpt::relevant(name).into()));
    }

    /// Puts the whole path into the parameters of a call.
    pub(crate) fn in_params(&mut self) {
        self.push(Segment::Params);
    }

    /// The name of the outermost member, as far as it is kept.
    pub(crate) fn outermost_member(&self) -> Option<&str> {
        match self.segments.last()? {
            Segment::Member(name) => Some(name),
            Segment::Element(_) | Segment::Params => None,
        }
    }

    fn push(&mut self, segment: Segment) {
        self.text.take();
        self.segments.push(segment);
    }

    pub(crate) fn as_str(&self) -> &str {
        self.text.get_or_init(|| self.to_string())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }
}

impl Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.segments.iter().rev().enumerate() {
            let name = match segment {
                Segment::Element(element) => {
                    write!(f, "[{element}]")?;
                    continue;
                }
                Segment::Member(name) => name,
                Segment::Params => "params",
            };
            let dot = if index == 0 { "" } else { "." };
            write!(f, "{dot}{}", Excerpt(name))?;
        }
        Ok(())
    }
}
