//! Documents that are made to hurt, each in any size.

mod data;
mod markup;
mod rpc;

use crate::shape::Shape;

/// All of them.
pub(crate) fn all() -> impl Iterator<Item = Shape> {
    [markup::ALL, data::ALL, rpc::ALL]
        .into_iter()
        .flatten()
        .copied()
}
