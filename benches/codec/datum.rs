//! Converts the data for codecs for which serde and derive macros are not enough.

use serde::{Serialize, de::DeserializeOwned};

use crate::documents::data::{Blob, Entry, Nest, Record};

/// Data that every contender can read and write.
pub(crate) trait Datum:
    Serialize + DeserializeOwned + PartialEq + dxr::TryFromValue + dxr::TryToValue + 'static
{
    /// Makes the dynamic value of the `xmlrpc` crate, which has neither serde nor macros.
    fn to_plain(&self) -> xmlrpc::Value;

    /// Reads that value.
    fn from_plain(value: xmlrpc::Value) -> Option<Self>;

    fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(self)
    }

    fn from_json(json: &[u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(json)
    }
}

/// Data for which the dynamic value has a variant.
macro_rules! scalar {
    ($type:ty, $variant:ident) => {
        impl Datum for $type {
            fn to_plain(&self) -> xmlrpc::Value {
                xmlrpc::Value::$variant(self.to_owned())
            }

            fn from_plain(value: xmlrpc::Value) -> Option<Self> {
                match value {
                    xmlrpc::Value::$variant(it) => Some(it),
                    _ => None,
                }
            }
        }
    };
}

scalar!(i32, Int);
scalar!(f64, Double);
scalar!(bool, Bool);
scalar!(String, String);

/// Structs, by their members.
macro_rules! structure {
    ($type:ident { $($field:ident),* }) => {
        impl Datum for $type {
            fn to_plain(&self) -> xmlrpc::Value {
                let members = [$((stringify!($field).to_owned(), self.$field.to_plain())),*];
                xmlrpc::Value::Struct(members.into())
            }

            fn from_plain(value: xmlrpc::Value) -> Option<Self> {
                let xmlrpc::Value::Struct(mut members) = value else {
                    return None;
                };
                Some(Self {
                    $($field: Datum::from_plain(members.remove(stringify!($field))?)?),*
                })
            }
        }
    };
}

structure!(Record {
    id,
    name,
    email,
    active,
    score,
    visits
});
structure!(Entry { methodName, params });

/// Elements of arrays, except `u8`, because `dxr` makes base64 of it.
pub(crate) trait Element: Datum {}

impl Element for i32 {}
impl Element for f64 {}
impl Element for Record {}
impl Element for Entry {}

impl<T: Element> Datum for Vec<T>
where
    Vec<T>: dxr::TryFromValue + dxr::TryToValue,
{
    fn to_plain(&self) -> xmlrpc::Value {
        xmlrpc::Value::Array(self.iter().map(T::to_plain).collect())
    }

    fn from_plain(value: xmlrpc::Value) -> Option<Self> {
        items(value)?.into_iter().map(T::from_plain).collect()
    }
}

impl Datum for (i32, i32) {
    fn to_plain(&self) -> xmlrpc::Value {
        xmlrpc::Value::Array(vec![self.0.to_plain(), self.1.to_plain()])
    }

    fn from_plain(value: xmlrpc::Value) -> Option<Self> {
        let mut items = items(value)?.into_iter();
        Some((
            i32::from_plain(items.next()?)?,
            i32::from_plain(items.next()?)?,
        ))
    }
}

fn items(value: xmlrpc::Value) -> Option<Vec<xmlrpc::Value>> {
    match value {
        xmlrpc::Value::Array(items) => Some(items),
        _ => None,
    }
}

impl Datum for Nest {
    fn to_plain(&self) -> xmlrpc::Value {
        xmlrpc::Value::Array(self.0.iter().map(Self::to_plain).collect())
    }

    fn from_plain(value: xmlrpc::Value) -> Option<Self> {
        let inner: Option<_> = items(value)?.into_iter().map(Self::from_plain).collect();
        inner.map(Self)
    }
}

impl dxr::TryToValue for Nest {
    fn try_to_value(&self) -> Result<dxr::Value, dxr::Error> {
        self.0.try_to_value()
    }
}

impl dxr::TryFromValue for Nest {
    fn try_from_value(value: &dxr::Value) -> Result<Self, dxr::Error> {
        Vec::try_from_value(value).map(Self)
    }
}

/// JSON has no bytes; they are a string in base64, by the same crate.
impl Datum for Blob {
    fn to_plain(&self) -> xmlrpc::Value {
        xmlrpc::Value::Base64(self.0.clone())
    }

    fn from_plain(value: xmlrpc::Value) -> Option<Self> {
        match value {
            xmlrpc::Value::Base64(bytes) => Some(Self(bytes)),
            _ => None,
        }
    }

    fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&base64_simd::STANDARD.encode_to_string(&self.0))
    }

    fn from_json(json: &[u8]) -> serde_json::Result<Self> {
        let text: &str = serde_json::from_slice(json)?;
        base64_simd::STANDARD
            .decode_to_vec(text)
            .map(Self)
            .map_err(serde::de::Error::custom)
    }
}

impl dxr::TryToValue for Blob {
    fn try_to_value(&self) -> Result<dxr::Value, dxr::Error> {
        Ok(dxr::Value::Base64(self.0.clone()))
    }
}

impl dxr::TryFromValue for Blob {
    fn try_from_value(value: &dxr::Value) -> Result<Self, dxr::Error> {
        Vec::<u8>::try_from_value(value).map(Self)
    }
}
