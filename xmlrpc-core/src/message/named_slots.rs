//! Parameters by name, which are the members of one struct.

use core::{fmt, marker::PhantomData};

use serde_core::{
    Deserialize, Deserializer,
    de::{self, DeserializeOwned, DeserializeSeed, MapAccess, Visitor},
};

use crate::Error;

/// The names of the members in a method's struct of parameters.
pub trait Names {
    /// The names, in the order of the parameters.
    const NAMES: &'static [&'static str];
}

/// Slots for the values of members, in the order of their names: `(Option<A>, (Option<B>, ()))`.
pub trait Slots: Default {
    /// Reads the next value of `map` into the slot at `index`, and returns whether the slot was empty.
    fn read<'de, M: MapAccess<'de>>(&mut self, index: usize, map: &mut M)
    -> Result<bool, M::Error>;
}

impl Slots for () {
    fn read<'de, M: MapAccess<'de>>(&mut self, _: usize, map: &mut M) -> Result<bool, M::Error> {
        map.next_value::<Nothing>().map(|Nothing| true)
    }
}

impl<T: DeserializeOwned, Rest: Slots> Slots for (Option<T>, Rest) {
    fn read<'de, M: MapAccess<'de>>(
        &mut self,
        index: usize,
        map: &mut M,
    ) -> Result<bool, M::Error> {
        match index.checked_sub(1) {
            Some(index) => self.1.read(index, map),
            None => Ok(self.0.replace(map.next_value()?).is_none()),
        }
    }
}

/// A value that should not be there. Reading one is an error that describes the value.
pub(super) struct Nothing;

impl<'de> Deserialize<'de> for Nothing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl Visitor<'_> for Nothing {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing")
    }
}

/// The struct of parameters as it is read: a slot for each name.
pub(super) struct NamedSlots<N, L> {
    pub(super) slots: L,
    names: PhantomData<N>,
}

impl<'de, N: Names, L: Slots> Deserialize<'de> for NamedSlots<N, L> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct(
            "Params",
            N::NAMES,
            Self {
                slots: L::default(),
                names: PhantomData,
            },
        )
    }
}

impl<'de, N: Names, L: Slots> Visitor<'de> for NamedSlots<N, L> {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("struct")
    }

    fn visit_map<M: MapAccess<'de>>(mut self, mut map: M) -> Result<Self, M::Error> {
        while let Some(index) = map.next_key_seed(IndexIn(N::NAMES))? {
            if !self.slots.read(index, &mut map)? {
                return Err(de::Error::duplicate_field(N::NAMES[index]));
            }
        }
        Ok(self)
    }
}

/// Deserializes a name as its index in a list; the length of the list if the name is unknown.
struct IndexIn(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for IndexIn {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for IndexIn {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a parameter")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<usize, E> {
        let index = self.0.iter().position(|known| *known == name);
        Ok(index.unwrap_or(self.0.len()))
    }
}

/// Adds the name of the parameter to an error in a struct of parameters.
pub(super) fn explain(error: Error, names: &[&str]) -> Error {
    let Some(member) = error.outermost_member().map(ToOwned::to_owned) else {
        return error.prefixed(format_args!(
            "parameters must be passed as one struct with the members {}",
            List(names)
        ));
    };
    let same = |name: &&str| crate::error::Excerpt::relevant(name) == member;
    let name = crate::error::Excerpt(&member);
    if names.iter().any(same) {
        return error.prefixed(format_args!("parameter `{name}`"));
    }
    error.prefixed(format_args!(
        "unknown parameter `{name}` (known: {})",
        List(names)
    ))
}

/// Names, separated by commas.
struct List<'a>(&'a [&'a str]);

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((first, rest)) = self.0.split_first() else {
            return f.write_str("none");
        };
        write!(f, "`{first}`")?;
        rest.iter().try_for_each(|name| write!(f, ", `{name}`"))
    }
}
