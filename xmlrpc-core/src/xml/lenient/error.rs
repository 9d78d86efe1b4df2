//! The errors of the lenient reader, with their positions.

use core::fmt::Display;

use crate::{Category, Error, Limits, error::Exceeded, xml::position::position};

#[cold]
pub(super) fn syntax(text: &str, at: usize, message: impl Display) -> Error {
    error_at(text, Category::Syntax, at, message)
}

/// An error at an offset of the text.
#[cold]
pub(super) fn error_at(text: &str, category: Category, at: usize, message: impl Display) -> Error {
    Error::with_category(category, message).at(|| position(text, at))
}

#[cold]
pub(super) fn too_many_elements(text: &str, at: usize, limits: &Limits) -> Error {
    exceeded_at(text, at, Exceeded::Elements(limits.elements))
}

#[cold]
pub(super) fn too_deep(text: &str, at: usize, limits: &Limits) -> Error {
    exceeded_at(text, at, Exceeded::Depth(limits.depth))
}

#[cold]
pub(super) fn too_many_open(text: &str, at: usize, limits: &Limits) -> Error {
    exceeded_at(text, at, Exceeded::OpenElements(limits.depth))
}

fn exceeded_at(text: &str, at: usize, exceeded: Exceeded) -> Error {
    Error::limit(exceeded).at(|| position(text, at))
}
