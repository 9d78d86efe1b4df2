use serde_core::{
    Serialize, Serializer,
    ser::{self, SerializeMap},
};

use super::{
    key::name_of,
    serializer::{WRAPPERS, too_deep},
};
use crate::{Array, DateTime, Error, Struct, Value, dialect::LEVELS, reserved_names::Extension};

/// Converts any type that implements `Serialize` to a [`Value`].
///
/// Members that are `None` are left out, as on the wire.
///
/// # Errors
///
/// A value cannot be written as XML-RPC, for example an integer of more than 64 bits, or it nests deeper
/// than 128 levels.
///
/// ```
/// use xmlrpc_core::{Value, to_value};
///
/// assert_eq!(to_value(&[1, 2])?, Value::from(vec![Value::Int(1), Value::Int(2)]));
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value, Error> {
    ValueSerializer::new(LEVELS).value(value)
}

/// Makes a [`Value`], or nothing from a member that is `None`.
struct ValueSerializer {
    is_member: bool,
    /// How many levels of arrays and structs may still be opened.
    levels: u16,
    /// How many `Option`s and newtype structs directly surround the value.
    wrappers: u8,
}

impl ValueSerializer {
    fn new(levels: u16) -> Self {
        Self {
            is_member: false,
            levels,
            wrappers: 0,
        }
    }

    fn value<T: Serialize + ?Sized>(self, value: &T) -> Result<Value> {
        let value = value.serialize(self)?;
        Ok(value.unwrap_or(Value::Nil))
    }

    fn wrapped(mut self) -> Result<Self> {
        self.wrappers += 1;
        if self.wrappers > WRAPPERS {
            return Err(too_deep());
        }
        Ok(self)
    }

    /// The levels that are left in an array or a struct.
    fn within(&self) -> Result<u16> {
        self.levels.checked_sub(1).ok_or_else(too_deep)
    }
}

type Result<T = Option<Value>, E = Error> = core::result::Result<T, E>;

macro_rules! direct {
    ($($method:ident $type:ty,)*) => {$(
        fn $method(self, value: $type) -> Result {
            Ok(Some(Value::from(value)))
        }
    )*};
}

macro_rules! wide {
    ($($method:ident $type:ty,)*) => {$(
        fn $method(self, value: $type) -> Result {
            match i64::try_from(value) {
                Ok(value) => Ok(Some(Value::from(value))),
                Err(_) => Err(Error::data(format_args!("{value} does not fit into an <i8>"))),
            }
        }
    )*};
}

impl Serializer for ValueSerializer {
    type Ok = Option<Value>;
    type Error = Error;
    type SerializeSeq = ArrayBuilder;
    type SerializeTuple = ArrayBuilder;
    type SerializeTupleStruct = ArrayBuilder;
    type SerializeTupleVariant = ArrayBuilder;
    type SerializeMap = StructBuilder;
    type SerializeStruct = StructBuilder;
    type SerializeStructVariant = StructBuilder;

    direct! {
        serialize_bool bool,
        serialize_i8 i8,
        serialize_i16 i16,
        serialize_i32 i32,
        serialize_i64 i64,
        serialize_u8 u8,
        serialize_u16 u16,
        serialize_u32 u32,
        serialize_f32 f32,
        serialize_f64 f64,
        serialize_str &str,
    }

    wide! {
        serialize_u64 u64,
        serialize_i128 i128,
        serialize_u128 u128,
    }

    fn serialize_char(self, c: char) -> Result {
        Ok(Some(Value::String(c.to_string())))
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result {
        Ok(Some(Value::Base64(bytes.to_vec())))
    }

    fn serialize_none(self) -> Result {
        Ok((!self.is_member).then_some(Value::Nil))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result {
        value.serialize(self.wrapped()?)
    }

    fn serialize_unit(self) -> Result {
        Ok(Some(Value::Nil))
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result {
        Ok(Some(Value::Nil))
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result {
        let value = value.serialize(self.wrapped()?)?;
        match (Extension::from_name(name), value) {
            (Some(Extension::DateTime), Some(Value::String(text))) => text
                .parse::<DateTime>()
                .map(|date| Some(Value::DateTime(date))),
            (Some(Extension::I8), Some(Value::Int(number))) => Ok(Some(Value::I8(number.into()))),
            (_, value) => Ok(value),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result {
        let content = ValueSerializer::new(self.within()?);
        let value = content
            .value(value)
            .map_err(|error| error.in_member(variant))?;
        Ok(Some(wrap(Some(variant), value)))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<ArrayBuilder> {
        Ok(ArrayBuilder::new(self.within()?, None))
    }

    fn serialize_tuple(self, _: usize) -> Result<ArrayBuilder> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<ArrayBuilder> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<ArrayBuilder> {
        let content = ValueSerializer::new(self.within()?);
        Ok(ArrayBuilder::new(content.within()?, Some(variant)))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<StructBuilder> {
        Ok(StructBuilder::new(self.within()?, None))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<StructBuilder> {
        self.serialize_map(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<StructBuilder> {
        let content = ValueSerializer::new(self.within()?);
        Ok(StructBuilder::new(content.within()?, Some(variant)))
    }
}

/// Wraps the content of a variant into a struct with one member.
fn wrap(variant: Option<&'static str>, value: Value) -> Value {
    match variant {
        Some(variant) => Value::Struct(Struct::from([(variant, value)])),
        None => value,
    }
}

fn in_variant(error: Error, variant: Option<&'static str>) -> Error {
    match variant {
        Some(variant) => error.in_member(variant),
        None => error,
    }
}

struct ArrayBuilder {
    variant: Option<&'static str>,
    levels: u16,
    elements: Vec<Value>,
}

impl ArrayBuilder {
    fn new(levels: u16, variant: Option<&'static str>) -> Self {
        Self {
            variant,
            levels,
            elements: Vec::new(),
        }
    }
}

macro_rules! elements {
    ($($trait:ident $method:ident,)*) => {$(
        impl ser::$trait for ArrayBuilder {
            type Ok = Option<Value>;
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                let index = self.elements.len();
                let element = ValueSerializer::new(self.levels).value(value).map_err(|error| in_variant(error.in_element(index), self.variant))?;
                self.elements.push(element);
                Ok(())
            }

            fn end(self) -> Result {
                Ok(Some(wrap(self.variant, Value::Array(Array::from(self.elements)))))
            }
        }
    )*};
}

elements! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
}

struct StructBuilder {
    variant: Option<&'static str>,
    levels: u16,
    written: Struct,
    name: Option<String>,
}

impl StructBuilder {
    fn new(levels: u16, variant: Option<&'static str>) -> Self {
        Self {
            variant,
            levels,
            written: Struct::new(),
            name: None,
        }
    }
}

impl SerializeMap for StructBuilder {
    type Ok = Option<Value>;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        self.name = Some(name_of(key).map_err(|error| in_variant(error, self.variant))?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let name = self
            .name
            .take()
            .ok_or_else(|| Error::data("`serialize_value` was called before `serialize_key`"))?;
        let member = ValueSerializer {
            is_member: true,
            ..ValueSerializer::new(self.levels)
        };
        match value.serialize(member) {
            Ok(Some(value)) => {
                self.written.insert(name, value);
                Ok(())
            }
            Ok(None) => Ok(()),
            Err(error) => Err(in_variant(error.in_member(&name), self.variant)),
        }
    }

    fn end(self) -> Result {
        Ok(Some(wrap(self.variant, Value::Struct(self.written))))
    }
}

macro_rules! members {
    ($($trait:ident,)*) => {$(
        impl ser::$trait for StructBuilder {
            type Ok = Option<Value>;
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<()> {
                self.serialize_key(key)?;
                self.serialize_value(value)
            }

            fn end(self) -> Result {
                SerializeMap::end(self)
            }
        }
    )*};
}

members! {
    SerializeStruct,
    SerializeStructVariant,
}
