//! The implementation of serde's `Deserializer`.

use serde_core::{Deserializer, de::Visitor};

use super::{
    access::{ProbedArray, ProbedMap, ProbedStruct},
    error::Refused,
    kind::{Kind, ScalarKind, TEXTS},
    probe::Probe,
    variants::ProbedVariant,
};
use crate::reserved_names::{Extension, TEXT, VALUE};

const DATE_TIME: &str = Extension::DateTime.name();

/// The most elements of a tuple. Longer ones are fixed arrays with elements of one type.
const TUPLE: usize = 16;
/// The longest fixed array that gets all its elements.
const ARRAY: usize = 64;

impl Probe<'_> {
    fn tuple<'de, V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Refused> {
        if len > TUPLE {
            let len = if len > ARRAY { 1 } else { len };
            return self.seq(len, visitor);
        }
        self.trace.step(self.depth)?;
        let places = match self.trace.kind(self.node) {
            Kind::Tuple(places) if places.len() == len => places.clone(),
            Kind::Unknown => {
                let places = (0..len).map(|_| self.trace.child(self.node));
                let places = places.collect::<Result<Vec<_>, _>>()?;
                self.trace.set(self.node, Kind::Tuple(places.clone()));
                places
            }
            _ => return Err(self.trace.contradict(self.node)),
        };
        visitor.visit_seq(ProbedArray::new(self, places, false))
    }

    fn seq<'de, V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Refused> {
        self.trace.step(self.depth)?;
        let element = match self.trace.kind(self.node) {
            Kind::Seq(element) => *element,
            Kind::Unknown => {
                let element = self.trace.child(self.node)?;
                self.trace.set(self.node, Kind::Seq(element));
                element
            }
            _ => return Err(self.trace.contradict(self.node)),
        };
        let len = if self.trace.failed(element) { 0 } else { len };
        visitor.visit_seq(ProbedArray::new(self, vec![element; len], true))
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident $scalar:ident,)*) => {$(
        fn $method<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Refused> {
            let number = self.number(ScalarKind::$scalar)?;
            visitor.$visit(number.try_into().map_err(|_| Refused::Type)?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Refused;

    numbers! {
        deserialize_i8 visit_i8 Int,
        deserialize_i16 visit_i16 Int,
        deserialize_i32 visit_i32 Int,
        deserialize_u8 visit_u8 Int,
        deserialize_u16 visit_u16 Int,
        deserialize_u32 visit_u32 I8,
        deserialize_i64 visit_i64 I8,
        deserialize_u64 visit_u64 I8,
        deserialize_i128 visit_i128 I8,
        deserialize_u128 visit_u128 I8,
        deserialize_f32 visit_f64 Double,
        deserialize_f64 visit_f64 Double,
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.any(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.any(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Refused> {
        let attempt = self.scalar(ScalarKind::Boolean)?;
        visitor.visit_bool(attempt == 0)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.text(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.text(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.text(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Refused> {
        self.scalar(ScalarKind::Identifier)?;
        visitor.visit_borrowed_str(TEXTS[0])
    }

    fn deserialize_bytes<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Refused> {
        self.scalar(ScalarKind::Base64)?;
        visitor.visit_borrowed_bytes(&[1])
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Refused> {
        self.scalar(ScalarKind::Base64)?;
        visitor.visit_byte_buf(vec![1])
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.trace.step(self.depth)?;
        let inner = match self.trace.kind(self.node) {
            Kind::Option(inner) => *inner,
            Kind::Unknown => {
                let inner = self.trace.child(self.node)?;
                self.trace.set(self.node, Kind::Option(inner));
                inner
            }
            _ => return Err(self.trace.contradict(self.node)),
        };
        if self.trace.failed(inner) {
            return visitor.visit_none();
        }
        let Self { trace, depth, .. } = self;
        trace.read_optional(inner, depth, |probe| visitor.visit_some(probe))
    }

    fn deserialize_unit<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Refused> {
        self.scalar(ScalarKind::Nil)?;
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refused> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refused> {
        match name {
            VALUE => self.any(visitor),
            TEXT => self.text(visitor),
            DATE_TIME => {
                self.scalar(ScalarKind::DateTime)?;
                visitor.visit_borrowed_str("20000101T00:00:00")
            }
            _ => {
                self.trace.step(self.depth)?;
                visitor.visit_newtype_struct(Probe::inside(self.trace, self.node, self.depth))
            }
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.seq(1, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Refused> {
        self.tuple(len, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Refused> {
        self.tuple(len, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.trace.step(self.depth)?;
        let entry = match self.trace.kind(self.node) {
            Kind::Open => None,
            Kind::Map { key, value } => Some((*key, *value)),
            Kind::Unknown => {
                let key = self.trace.child(self.node)?;
                let value = self.trace.child(self.node)?;
                self.trace.set(self.node, Kind::Map { key, value });
                Some((key, value))
            }
            _ => return Err(self.trace.contradict(self.node)),
        };
        let fit = |(key, value): &_| !self.trace.failed(*key) && !self.trace.failed(*value);
        let entry = entry.filter(fit);
        visitor.visit_map(ProbedMap::new(self, entry))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        self.trace.step(self.depth)?;
        self.fields::<V>(names)?;
        let mut members = ProbedStruct::new(self.trace, self.node, self.depth);
        let result = visitor.visit_map(&mut members);
        members.learn(result.as_ref().err().copied());
        result
    }

    fn deserialize_enum<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        self.trace.step(self.depth)?;
        let (node, index) = self.variant::<V>(names)?;
        let name = names.get(index).ok_or(Refused::Type)?;
        let Self { trace, depth, .. } = self;
        let before = core::mem::replace(&mut trace.progress, false);
        let probe = Probe { trace, node, depth };
        let result = visitor.visit_enum(ProbedVariant::new(probe, index, name));
        trace.finish_variant(node, index, result.is_ok());
        trace.progress |= before;
        result
    }
}
