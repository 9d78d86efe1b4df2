//! The errors of the lenient reader, with their positions.

use core::fmt::Display;

use crate::{Category, Error, Limits, xml::position::position};

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
    let message = format_args!(
        "the document has more than the {} elements and texts of `Limits::elements`; \
         raise it with `Limits::elements(n)`",
        limits.elements
    );
    error_at(text, Category::Limit, at, message)
}

#[cold]
pub(super) fn too_deep(text: &str, at: usize, limits: &Limits) -> Error {
    let message = format_args!(
        "arrays and structs nest deeper than the {} levels of `Limits::depth`; raise it with `Limits::depth(n)`",
        limits.depth
    );
    error_at(text, Category::Limit, at, message)
}

#[cold]
pub(super) fn too_many_open(text: &str, at: usize, limits: &Limits) -> Error {
    let message = format_args!(
        "elements nest deeper than the {} levels of `Limits::depth` can need; raise it with `Limits::depth(n)`",
        limits.depth
    );
    error_at(text, Category::Limit, at, message)
}
