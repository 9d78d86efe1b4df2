//! The traits behind the helpers. Each helper has a marker type, and `Option` and `Vec` use the helper of
//! their content.

use core::marker::PhantomData;

use serde_core::{Deserialize, Deserializer, Serialize, Serializer};

/// A type that the helper `H` writes. The documentation of each helper lists its types.
///
/// You cannot implement this trait yourself. For a type of yours, use the helper on a field of it.
#[diagnostic::on_unimplemented(
    message = "the helper `{H}` of `xmlrpc_core::with` cannot write `{Self}`",
    label = "this helper cannot write the type",
    note = "the documentation of each module in `xmlrpc_core::with` lists its types; each of them may be in an `Option` or a `Vec`"
)]
pub trait SerializeWith<H> {
    /// Writes the value.
    ///
    /// # Errors
    ///
    /// The value cannot be written.
    fn serialize_with<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// A type that the helper `H` reads. The documentation of each helper lists its types.
///
/// You cannot implement this trait yourself. For a type of yours, use the helper on a field of it.
#[diagnostic::on_unimplemented(
    message = "the helper `{H}` of `xmlrpc_core::with` cannot read `{Self}`",
    label = "this helper cannot read the type",
    note = "the documentation of each module in `xmlrpc_core::with` lists its types; each of them may be in an `Option` or a `Vec`"
)]
pub trait DeserializeWith<'de, H>: Sized {
    /// Reads a value.
    ///
    /// # Errors
    ///
    /// The value does not have the form that the helper reads.
    fn deserialize_with<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// A helper that writes `None` as nil.
pub trait NoneIsNil {}

/// A helper that applies to each element of a `Vec`.
pub trait EachElement {}

/// The two functions that serde calls for `#[serde(with = "…")]`.
macro_rules! functions {
    ($helper:ty) => {
        /// Writes a value.
        ///
        /// # Errors
        ///
        /// The value cannot be written.
        pub fn serialize<T, S>(value: &T, serializer: S) -> Result<S::Ok, S::Error>
        where
            T: $crate::with::SerializeWith<$helper> + ?Sized,
            S: ::serde_core::Serializer,
        {
            value.serialize_with(serializer)
        }

        /// Reads a value.
        ///
        /// # Errors
        ///
        /// The value does not have the form that this module reads.
        pub fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
        where
            T: $crate::with::DeserializeWith<'de, $helper>,
            D: ::serde_core::Deserializer<'de>,
        {
            T::deserialize_with(deserializer)
        }
    };
}

pub(super) use functions;

/// A value whose traits of serde are those of a helper.
pub(super) struct Helped<T, H>(T, PhantomData<fn() -> H>);

impl<T, H> Helped<T, H> {
    pub(super) fn new(value: T) -> Self {
        Self(value, PhantomData)
    }

    pub(super) fn into_inner(self) -> T {
        self.0
    }
}

impl<T: SerializeWith<H>, H> Serialize for Helped<T, H> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        SerializeWith::<H>::serialize_with(&self.0, serializer)
    }
}

impl<'de, T: DeserializeWith<'de, H>, H> Deserialize<'de> for Helped<T, H> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize_with(deserializer).map(Self::new)
    }
}

impl<H, T: SerializeWith<H> + ?Sized> SerializeWith<H> for &T {
    fn serialize_with<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        <T as SerializeWith<H>>::serialize_with(self, serializer)
    }
}

impl<H: NoneIsNil, T: SerializeWith<H>> SerializeWith<H> for Option<T> {
    fn serialize_with<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => serializer.serialize_some(&Helped::new(value)),
            None => serializer.serialize_none(),
        }
    }
}

impl<'de, H: NoneIsNil, T: DeserializeWith<'de, H>> DeserializeWith<'de, H> for Option<T> {
    /// As serde's own `Option`, so that the codec's rules for values without text apply.
    fn deserialize_with<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = Option::<Helped<T, H>>::deserialize(deserializer)?;
        Ok(read.map(Helped::into_inner))
    }
}

impl<H: EachElement, T: SerializeWith<H>> SerializeWith<H> for [T] {
    fn serialize_with<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Helped::new))
    }
}

impl<H: EachElement, T: SerializeWith<H>> SerializeWith<H> for Vec<T> {
    fn serialize_with<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        <[T] as SerializeWith<H>>::serialize_with(self, serializer)
    }
}

impl<'de, H: EachElement, T: DeserializeWith<'de, H>> DeserializeWith<'de, H> for Vec<T> {
    fn deserialize_with<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = Vec::<Helped<T, H>>::deserialize(deserializer)?;
        Ok(read.into_iter().map(Helped::into_inner).collect())
    }
}
