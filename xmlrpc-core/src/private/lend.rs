//! Parameters that a method takes by reference.

use std::{
    borrow::Borrow,
    path::{Path, PathBuf},
};

use serde_core::de::DeserializeOwned;

use super::Decodable;

/// A type that a method can take as `&Self`: its owned form is decoded and then lent.
pub trait Lend {
    /// The owned form, for example `String` for `str`.
    type Owned: DeserializeOwned + Borrow<Self>;
}

impl<T: Decodable> Lend for T {
    type Owned = T;
}

impl Lend for str {
    type Owned = String;
}

impl<T: Decodable> Lend for [T] {
    type Owned = Vec<T>;
}

impl Lend for Path {
    type Owned = PathBuf;
}

/// Lends a decoded parameter to the method.
pub fn lend<T: Lend + ?Sized>(owned: &T::Owned) -> &T {
    owned.borrow()
}

/// Lends a decoded parameter that may be `None`.
pub fn lend_option<T: Lend + ?Sized>(owned: &Option<T::Owned>) -> Option<&T> {
    owned.as_ref().map(Borrow::borrow)
}
