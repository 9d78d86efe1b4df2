//! Writes parameters by name, as the members of one struct.

use serde_core::{Serialize, Serializer, ser::SerializeStruct};

use super::params::ParamsWriter;

/// A named parameter. If the value is `None`, nothing is written.
pub struct NamedParam<'a, V: ?Sized> {
    name: &'static str,
    value: Option<&'a V>,
}

/// Creates a named parameter.
pub fn member<'a, V: Serialize + ?Sized>(
    name: &'static str,
    value: Option<&'a V>,
) -> NamedParam<'a, V> {
    NamedParam { name, value }
}

/// The named parameters of a call: `(NamedParam<A>, (NamedParam<B>, ()))`.
pub trait NamedParams {
    /// The number of parameters that will be written.
    fn count(&self) -> usize;
    /// Writes the parameters.
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

/// The parameters as one struct, as on the wire.
struct ParamsStruct<L>(L);

impl<L: NamedParams> Serialize for ParamsStruct<L> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut to = serializer.serialize_struct("Params", self.0.count())?;
        self.0.write(&mut to)?;
        to.end()
    }
}
