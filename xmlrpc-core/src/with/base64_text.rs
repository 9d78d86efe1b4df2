//! Bytes that are written as the text of base64: `<string>R0lGODlh</string>`.
//!
//! Odoo sends files and images in this form. XML-RPC has the type `<base64>` for bytes, which
//! [`Base64`] writes.
//!
//! | field | written as | read from |
//! |---|---|---|
//! | `Vec<u8>`, `Box<[u8]>`, `Bytes`, [`Base64`] | `<string>` | the text of base64, with white space in it and without padding; `<base64>` |
//! | `&[u8]` | `<string>` | |
//! | `Option` | its content; `None` as any other `None` | its content; nil is `None` |
//! | `Vec` | `<array>` | `<array>` |
//!
//! A text that is not base64 is an error, with its path. A member that is missing is an error too,
//! unless the field has `#[serde(default)]`.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use xmlrpc_core::{from_str, to_string};
//!
//! #[derive(Debug, PartialEq, Deserialize, Serialize)]
//! struct Attachment {
//!     #[serde(with = "xmlrpc_core::with::base64_text")]
//!     datas: Vec<u8>,
//! }
//!
//! let member = "<member><name>datas</name><value><string>R0lGODlh</string></value></member>";
//! let document = format!("<value><struct>{member}</struct></value>");
//! let attachment: Attachment = from_str(&document)?;
//! assert_eq!(attachment.datas, b"GIF89a");
//! assert_eq!(to_string(&attachment)?, document);
//! # Ok::<(), xmlrpc_core::Error>(())
//! ```

use core::fmt;

use bytes::Bytes;
use serde_core::{
    Deserializer, Serializer,
    de::{Error, Unexpected, Visitor},
};

use super::helper::{DeserializeWith, EachElement, NoneIsNil, SerializeWith, functions};
use crate::{
    Base64,
    base64::{decode_bytes, encode},
    reserved_names::TEXT,
};

functions!(Base64Text);

/// The marker of this helper.
#[doc(hidden)]
#[derive(Debug)]
pub enum Base64Text {}

impl NoneIsNil for Base64Text {}
impl EachElement for Base64Text {}

impl SerializeWith<Base64Text> for [u8] {
    fn serialize_with<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&encode(self))
    }
}

macro_rules! bytes {
    ($($type:ty,)*) => {$(
        impl SerializeWith<Base64Text> for $type {
            fn serialize_with<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                <[u8] as SerializeWith<Base64Text>>::serialize_with(self.as_ref(), serializer)
            }
        }

        impl<'de> DeserializeWith<'de, Base64Text> for $type {
            fn deserialize_with<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let bytes = deserializer.deserialize_newtype_struct(TEXT, BytesVisitor);
                bytes.map(Self::from)
            }
        }
    )*};
}

bytes! {
    Vec<u8>,
    Box<[u8]>,
    Bytes,
    Base64,
}

struct BytesVisitor;

impl<'de> Visitor<'de> for BytesVisitor {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("base64 as text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<u8>, E> {
        let bytes = decode_bytes(text.as_bytes());
        bytes.ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_vec())
    }

    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
        Ok(bytes)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        deserializer.deserialize_any(self)
    }
}
