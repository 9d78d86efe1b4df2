use core::fmt::{self, Display};
use std::sync::OnceLock;

/// The way from the root of a document to a value, such as `params[1].members.owner`.
///
/// It is found from its end to its beginning, and put together when somebody wants to see it: most
/// errors of values that are allowed to fail are never seen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Path {
    /// The innermost first.
    segments: Vec<Segment>,
    text: OnceLock<String>,
}

#[derive(Clone, Debug)]
enum Segment {
    Element(usize),
    Member(Box<str>),
}

impl Path {
    /// Says that all of this is in the element at `index` of an array.
    pub(crate) fn in_element(&mut self, index: usize) {
        self.push(Segment::Element(index));
    }

    /// Says that all of this is in the member of a struct.
    pub(crate) fn in_member(&mut self, name: impl Display) {
        self.push(Segment::Member(name.to_string().into()));
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
            match segment {
                Segment::Element(element) => write!(f, "[{element}]")?,
                Segment::Member(name) if index == 0 => f.write_str(name)?,
                Segment::Member(name) => write!(f, ".{name}")?,
            }
        }
        Ok(())
    }
}
