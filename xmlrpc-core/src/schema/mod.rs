//! The XML-RPC type of a Rust type, read off its `Deserialize`.
//!
//! [`Schema::of`] asks a type for what it would read, as a document would be read, and notes what it
//! asks for. So it needs no derive of its own: whatever serde can read has a schema.
//! `system.methodSignature` is made of these, and so are the descriptions of whole services:
//! [`ServiceDescription`], and [`Dispatcher::describe`](crate::Dispatcher::describe).

// Generated code names these functions through `__private`.
#[cfg(any(feature = "server", feature = "macros"))]
#[cfg_attr(not(feature = "macros"), allow(unreachable_pub))]
pub(crate) mod construct;
mod description;
mod encode;
mod text;
mod trace;

use serde::Deserialize;

pub use description::{MethodDescription, ParamDescription, ServiceDescription};

/// What a value of some Rust type is on the wire.
///
/// [`type_name`](Self::type_name), which is also what it is displayed as, is the name that
/// introspection has for it; `{:#}` displays all that is known. As JSON, or in another format of
/// serde, it is a struct of its `type` and of what is inside.
///
/// ```
/// use serde::Deserialize;
/// use xmlrpc_core::{DateTime, schema::Schema};
///
/// #[derive(Deserialize)]
/// # #[allow(dead_code)]
/// #[serde(rename_all = "camelCase")]
/// struct Post {
///     post_title: String,
///     date_created: DateTime,
///     #[serde(default)]
///     tags: Vec<String>,
///     parent: Option<i64>,
/// }
///
/// let schema = Schema::of::<Vec<Post>>();
/// assert_eq!(schema.to_string(), "array");
/// assert_eq!(
///     format!("{schema:#}"),
///     "array of struct {postTitle: string, dateCreated: dateTime.iso8601, \
///      tags?: array of string, parent?: i8 or nil}",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Schema {
    /// `<int>`: an integer of up to 32 bits.
    Int,
    /// An integer that may need more than 32 bits, as `u32` and `i64` do. It is written as an
    /// `<int>` where it fits and as an `<i8>` where not, and read from both.
    ///
    /// Its [`type_name`](Schema::type_name) is `int`: that is what every caller can send and what
    /// most numbers are sent as, while `i8` is no type of the specification, and half of all Rust
    /// services would seem closed to callers that only have its types.
    I8,
    /// `<boolean>`
    Boolean,
    /// `<double>`
    Double,
    /// `<string>`
    String,
    /// `<dateTime.iso8601>`
    DateTime,
    /// `<base64>`
    Base64,
    /// `<nil/>`
    Nil,
    /// `<array>`, all elements of which are of one type.
    Array(Box<Schema>),
    /// `<array>` of as many elements as there are here, each of its own type.
    Tuple(Vec<Schema>),
    /// `<struct>` with these members.
    ///
    /// An enum whose variants all have data is one of these, with a member for each variant; exactly
    /// one of them is there.
    Struct(Vec<Member>),
    /// `<struct>` whose members are not known by name: a map, a struct with flattened fields, or a
    /// struct inside of itself.
    Map(Box<Schema>),
    /// What is here, or `<nil/>`.
    Optional(Box<Schema>),
    /// Any value, or one of which nothing is known. Its name is PHP's `undefined`.
    Any,
}

/// A member of a [`Schema::Struct`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Member {
    /// Its name on the wire.
    pub name: String,
    /// What it is.
    pub schema: Schema,
    /// Whether the struct can be read without it.
    pub optional: bool,
}

impl Schema {
    /// The schema of what `T` reads.
    ///
    /// A type is read several times, each time from other made-up values; no document is needed and
    /// no value is kept. What rejects every made-up value, such as an integer from 1,000 on, is
    /// still known by what it asked for, and does not hide what stands beside it. These are the
    /// bounds: 32 levels, 1,000 places and 200,000 steps; [`Schema::Any`] is what lies beyond.
    ///
    /// ```
    /// use std::collections::HashMap;
    /// use xmlrpc_core::{Base64, Value, schema::Schema};
    ///
    /// assert_eq!(Schema::of::<bool>(), Schema::Boolean);
    /// assert_eq!(Schema::of::<HashMap<String, Base64>>(), Schema::Map(Box::new(Schema::Base64)));
    /// assert_eq!(Schema::of::<Value>(), Schema::Any);
    /// ```
    pub fn of<'de, T: Deserialize<'de>>() -> Self {
        trace::schema_of::<T>()
    }

    /// The name of the type in a signature: `int`, `boolean`, `double`, `string`,
    /// `dateTime.iso8601`, `base64`, `array`, `struct`, `nil` or `undefined`.
    ///
    /// ```
    /// use xmlrpc_core::schema::Schema;
    ///
    /// assert_eq!(Schema::of::<Option<[f64; 3]>>().type_name(), "array");
    /// assert_eq!(Schema::of::<i64>().type_name(), "int"); // see `Schema::I8`
    /// ```
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Int | Self::I8 => "int",
            Self::Boolean => "boolean",
            Self::Double => "double",
            Self::String => "string",
            Self::DateTime => "dateTime.iso8601",
            Self::Base64 => "base64",
            Self::Nil => "nil",
            Self::Array(_) | Self::Tuple(_) => "array",
            Self::Struct(_) | Self::Map(_) => "struct",
            Self::Optional(inner) => inner.type_name(),
            Self::Any => "undefined",
        }
    }
}
