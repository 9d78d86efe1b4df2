//! Deserializes descriptions, for example a file of JSON that a server has written.

use core::{fmt, marker::PhantomData};
use std::borrow::Cow;

use serde_core::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::{
    FaultDescription, Member, MethodDescription, ParamDescription, Schema, ServiceDescription,
    Signature,
};

/// How deeply the types of a description may nest.
const MAX_DEPTH: usize = 64;

/// A type that is read from the members of a struct. Unknown members are ignored.
trait Members<'de>: Sized {
    const EXPECTED: &'static str;

    /// Reads the members. `depth` is the number of levels that may follow.
    fn read<A: MapAccess<'de>>(map: A, depth: usize) -> Result<Self, A::Error>;
}

/// Reads a `T` inside other types.
struct Nested<T> {
    depth: usize,
    of: PhantomData<T>,
}

impl<T> Nested<T> {
    fn within(depth: usize) -> Self {
        Self {
            depth,
            of: PhantomData,
        }
    }
}

impl<'de, T: Members<'de>> DeserializeSeed<'de> for Nested<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, T: Members<'de>> Visitor<'de> for Nested<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let Some(depth) = self.depth.checked_sub(1) else {
            return Err(A::Error::custom(format_args!(
                "the types nest more deeply than {MAX_DEPTH} levels"
            )));
        };
        T::read(map, depth)
    }
}

/// A list of `T` inside other types.
struct List<T>(Nested<T>);

impl<'de, T: Members<'de>> DeserializeSeed<'de> for List<T> {
    type Value = Vec<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Members<'de>> Visitor<'de> for List<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list, with each element {}", T::EXPECTED)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut read = Vec::new();
        while let Some(element) = list.next_element_seed(Nested::within(self.0.depth))? {
            read.push(element);
        }
        Ok(read)
    }
}

impl<'de> Members<'de> for Schema {
    const EXPECTED: &'static str = "a type: a struct with the member `type`";

    fn read<A: MapAccess<'de>>(mut map: A, depth: usize) -> Result<Self, A::Error> {
        let mut name: Option<Cow<'de, str>> = None;
        let mut nil = false;
        let (mut inner, mut places, mut members) = (None, None, None);
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match &*key {
                "type" => name = Some(map.next_value()?),
                "nil" => nil = map.next_value()?,
                "elements" | "values" => {
                    inner = Some(Box::new(map.next_value_seed(Nested::within(depth))?));
                }
                "places" => places = Some(map.next_value_seed(List(Nested::within(depth)))?),
                "members" => members = Some(map.next_value_seed(List(Nested::within(depth)))?),
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        let name = name.ok_or_else(|| A::Error::missing_field("type"))?;
        let inner = || inner.unwrap_or_else(|| Box::new(Self::Any));
        let schema = match &*name {
            "int" => Self::Int,
            "i8" => Self::I8,
            "boolean" => Self::Boolean,
            "double" => Self::Double,
            "string" => Self::String,
            "dateTime.iso8601" => Self::DateTime,
            "base64" => Self::Base64,
            "nil" => Self::Nil,
            "undefined" | "any" => Self::Any,
            "array" => places.map_or_else(|| Self::Array(inner()), Self::Tuple),
            "struct" => match members {
                Some(members) => Self::Struct(members),
                None => Self::Map(inner()),
            },
            other => {
                return Err(A::Error::custom(format_args!(
                    "unknown type `{}`: expected int, i8, boolean, double, string, dateTime.iso8601, \
                     base64, nil, array, struct or undefined",
                    other.escape_debug()
                )));
            }
        };
        Ok(if nil {
            Self::Optional(Box::new(schema))
        } else {
            schema
        })
    }
}

impl<'de> Members<'de> for Member {
    const EXPECTED: &'static str = "a member of a struct, with `name` and `schema`";

    fn read<A: MapAccess<'de>>(mut map: A, depth: usize) -> Result<Self, A::Error> {
        let (mut name, mut schema, mut optional) = (None, Schema::Any, false);
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match &*key {
                "name" => name = Some(map.next_value()?),
                // A member is not a level of its own.
                "schema" => schema = map.next_value_seed(Nested::within(depth + 1))?,
                "optional" => optional = map.next_value()?,
                "type" => return Err(type_without_schema()),
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(Self {
            name: name.ok_or_else(|| A::Error::missing_field("name"))?,
            schema,
            optional,
        })
    }
}

impl<'de> Members<'de> for ParamDescription {
    const EXPECTED: &'static str = "a parameter, with `name` and `schema`";

    fn read<A: MapAccess<'de>>(mut map: A, _: usize) -> Result<Self, A::Error> {
        let mut name = None;
        let mut param = Self::new("", Schema::Any);
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match &*key {
                "name" => name = Some(map.next_value()?),
                "schema" => param.schema = map.next_value()?,
                "optional" => param.optional = map.next_value()?,
                "rest" => param.rest = map.next_value()?,
                "default" => param.default = map.next_value()?,
                "type" => return Err(type_without_schema()),
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        param.name = name.ok_or_else(|| A::Error::missing_field("name"))?;
        Ok(param)
    }
}

impl<'de> Members<'de> for Signature {
    const EXPECTED: &'static str = "a signature, with `params` and `result`";

    fn read<A: MapAccess<'de>>(mut map: A, _: usize) -> Result<Self, A::Error> {
        let (mut params, mut result) = (Vec::new(), Schema::Any);
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match &*key {
                "params" => params = map.next_value()?,
                "result" => result = map.next_value()?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(Self { params, result })
    }
}

impl<'de> Members<'de> for FaultDescription {
    const EXPECTED: &'static str = "a fault, with `code` and `message`";

    fn read<A: MapAccess<'de>>(mut map: A, _: usize) -> Result<Self, A::Error> {
        let (mut code, mut message, mut help) = (None, String::new(), String::new());
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match &*key {
                "code" => code = Some(map.next_value()?),
                "message" => message = map.next_value()?,
                "help" => help = map.next_value()?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        let code = code.ok_or_else(|| A::Error::missing_field("code"))?;
        Ok(Self::new(code, message).help(help))
    }
}

impl<'de> Members<'de> for MethodDescription {
    const EXPECTED: &'static str = "a method, with `name`, `params` and `result`";

    fn read<A: MapAccess<'de>>(mut map: A, _: usize) -> Result<Self, A::Error> {
        let mut name = None;
        let mut method = Self::new("");
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match &*key {
                "name" => name = Some(map.next_value()?),
                "aliases" => method.aliases = map.next_value()?,
                "help" => method.help = map.next_value()?,
                "deprecated" => method.deprecated = map.next_value()?,
                "params" => method.params = map.next_value()?,
                "result" => method.result = map.next_value()?,
                "overloads" => method.overloads = map.next_value()?,
                "faults" => method.faults = map.next_value()?,
                "rust_name" => method.rust_name = map.next_value()?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        method.name = name.ok_or_else(|| A::Error::missing_field("name"))?;
        Ok(method)
    }
}

impl<'de> Members<'de> for ServiceDescription {
    const EXPECTED: &'static str = "a service, with `name` and `methods`";

    fn read<A: MapAccess<'de>>(mut map: A, _: usize) -> Result<Self, A::Error> {
        let (mut name, mut help, mut methods) = (None, String::new(), Vec::new());
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match &*key {
                "name" => name = Some(map.next_value()?),
                "help" => help = map.next_value()?,
                "methods" => methods = map.next_value()?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(Self {
            name: name.ok_or_else(|| A::Error::missing_field("name"))?,
            help,
            methods,
        })
    }
}

/// The error for a mistake in descriptions that people write.
fn type_without_schema<E: Error>() -> E {
    E::custom("the type belongs into `schema`: write \"schema\": {\"type\": \"int\"}")
}

macro_rules! deserialize {
    ($($(#[$doc:meta])* $type:ty)*) => {$(
        $(#[$doc])*
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Nested::within(MAX_DEPTH).deserialize(deserializer)
            }
        }
    )*};
}

deserialize! {
    /// The form that `Serialize` writes. Unknown members are ignored. Types nest at most 64 levels deep; an
    /// unknown `type` is an error.
    Schema
    /// The form that `Serialize` writes. Only `name` is required. A `type` outside of `schema` is an error.
    Member
    /// The form that `Serialize` writes. Only `name` is required. A `type` outside of `schema` is an error.
    ParamDescription
    /// The form that `Serialize` writes. A missing `result` is unknown.
    Signature
    /// The form that `Serialize` writes. Only `code` is required.
    FaultDescription
    /// The form that `Serialize` writes, optionally with `rust_name`. Only `name` is required.
    MethodDescription
    /// The form that `Serialize` writes. Only `name` is required.
    ServiceDescription
}
