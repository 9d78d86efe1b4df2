//! Hostile documents, each in any size.

mod data;
mod markup;
mod rpc;

use xmlrpc_core::Category;

use crate::shape::{RESPONSE, Shape};

pub(crate) fn all() -> impl Iterator<Item = Shape> {
    let all = [markup::ALL, data::ALL, rpc::ALL];
    all.into_iter().flatten().copied()
}

/// A response whose value is made by a template.
const fn shape(name: &'static str, template: &'static str) -> Shape {
    Shape::of(RESPONSE, name, template)
}

/// The same, refused for this reason.
const fn refused(category: Category, name: &'static str, template: &'static str) -> Shape {
    shape(name, template).refused(category)
}
