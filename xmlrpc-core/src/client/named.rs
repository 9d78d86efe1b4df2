//! Parameters by name: the members of one struct.

use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::ParamsWriter;

/// A member of the struct; nothing is written where it is `None`.
pub struct NamedParam<'a, V: ?Sized> {
    name: &'static str,
    value: Option<&'a V>,
}

/// Makes a member.
pub fn member<'a, V: Serialize + ?Sized>(
    name: &'static str,
    value: Option<&'a V>,
) -> NamedParam<'a, V> {
    NamedParam { name, value }
}

/// NamedParams of one struct: `(NamedParam<A>, (NamedParam<B>, ()))`.
pub trait NamedParams {
    /// How many there are to be written.
    fn count(&self) -> usize;
    /// Writes them.
    fn write<S: SerializeStruct>(&self, to: &mut S) -> Result<(), S::Error>;
}

impl NamedParams for () {
    fn count(&self) -> usize {
        0
    }

    fn write<S: SerializeStruct>(&self, _: &mut S) -> Result<(), S::Error> {
        Ok(())
    }
}

impl<V: Serialize + ?Sized, Rest: NamedParams> NamedParams for (NamedParam<'_, V>, Rest) {
    fn count(&self) -> usize {
        usize::from(self.0.value.is_some()) + self.1.count()
    }

    fn write<S: SerializeStruct>(&self, to: &mut S) -> Result<(), S::Error> {
        if let Some(value) = self.0.value {
            to.serialize_field(self.0.name, value)?;
        }
        self.1.write(to)
    }
}

impl ParamsWriter {
    /// Writes all parameters as the members of one struct.
    pub fn named<L: NamedParams>(&mut self, members: L) {
        self.param(&ParamsStruct(members));
    }
}

/// All of them as the struct that they are on the wire.
struct ParamsStruct<L>(L);

impl<L: NamedParams> Serialize for ParamsStruct<L> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut to = serializer.serialize_struct("Params", self.0.count())?;
        self.0.write(&mut to)?;
        to.end()
    }
}
