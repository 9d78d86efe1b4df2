//! The XML-RPC type of a Rust type, found through its `Deserialize`.
//!
//! [`Schema::of`] reads a type from made-up values instead of a document, and notes what the type asks
//! for. So every type that implements `Deserialize` has a schema, without a derive of this crate.
//! Schemas are used by `system.methodSignature` and by the descriptions of whole services:
//! [`ServiceDescription`] and [`Dispatcher::describe`](crate::Dispatcher::describe).

// Generated code names these functions through `__private`.
#[cfg(any(feature = "server", feature = "macros"))]
#[cfg_attr(not(feature = "macros"), allow(unreachable_pub))]
pub(crate) mod construct;
mod decode;
mod description;
mod encode;
mod fault_description;
mod text;
mod trace;

pub use description::{MethodDescription, ParamDescription, ServiceDescription, Signature};
pub use fault_description::FaultDescription;

/// The type that the values of a Rust type have on the wire.
///
/// `{}` displays its [`type_name`](Self::type_name), which introspection uses as well. `{:#}` displays
/// everything that is known. In JSON and other formats of serde, a schema is a struct of its `type` and
/// its content.
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
    /// An integer that may need more than 32 bits, for example `u32` or `i64`. It is written as an
    /// `<int>` if it fits and otherwise as an `<i8>`, and read from both.
    ///
    /// Its [`type_name`](Schema::type_name) is `int`, because every caller can send an `int`, and most
    /// numbers are sent as one. The specification has no `i8`. If the name were `i8`, many Rust services
    /// would seem unusable to callers that only know the specification.
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
    /// `<array>` whose elements all have this type.
    Array(Box<Schema>),
    /// `<array>` of a fixed length, whose elements have these types.
    Tuple(Vec<Schema>),
    /// `<struct>` with these members.
    ///
    /// An enum whose variants all have data is such a struct, with a member for each variant. Each value
    /// has exactly one of the members.
    Struct(Vec<Member>),
    /// `<struct>` whose members are unknown: a map, a struct with flattened fields, or a struct inside
    /// itself. The members have this type.
    Map(Box<Schema>),
    /// This type, or `<nil/>`.
    Optional(Box<Schema>),
    /// Any value, or an unknown type. Its name is `undefined`, as in PHP.
    Any,
}

/// A member of a [`Schema::Struct`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Member {
    /// The name on the wire.
    pub name: String,
    /// The type of the value.
    pub schema: Schema,
    /// Whether the struct can be read without this member.
    pub optional: bool,
}

impl Member {
    /// A member that each struct has.
    ///
    /// ```
    /// use xmlrpc_core::schema::{Member, Schema};
    ///
    /// let mut date = Member::new("date", Schema::DateTime);
    /// date.optional = true;
    /// assert_eq!(date.to_string(), "date?: dateTime.iso8601");
    /// ```
    pub fn new(name: impl Into<String>, schema: Schema) -> Self {
        Self {
            name: name.into(),
            schema,
            optional: false,
        }
    }
}

impl Schema {
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

    /// The type with a name in a signature. It knows the names of the specification, in any case, and those
    /// that servers use instead, such as `i4`, `bool`, `hash` and `void`. The elements and members of arrays
    /// and structs are unknown, and so is a type with another name: [`Schema::Any`].
    ///
    /// ```
    /// use xmlrpc_core::schema::Schema;
    ///
    /// assert_eq!(Schema::from_type_name("datetime"), Schema::DateTime);
    /// assert_eq!(Schema::from_type_name("array"), Schema::Array(Box::new(Schema::Any)));
    /// assert_eq!(Schema::from_type_name("Widget"), Schema::Any);
    /// ```
    pub fn from_type_name(name: &str) -> Self {
        let any = || Box::new(Self::Any);
        match name.trim().to_ascii_lowercase().as_str() {
            "int" | "i4" | "i1" | "i2" | "integer" => Self::Int,
            "i8" | "ex:i8" | "long" => Self::I8,
            "boolean" | "bool" => Self::Boolean,
            "double" | "float" => Self::Double,
            "string" | "str" => Self::String,
            "datetime.iso8601" | "datetime" | "date" => Self::DateTime,
            "base64" | "binary" => Self::Base64,
            "nil" | "null" | "none" | "void" | "ex:nil" => Self::Nil,
            "array" | "list" => Self::Array(any()),
            "struct" | "dict" | "hash" | "map" => Self::Map(any()),
            _ => Self::Any,
        }
    }
}

/// Whether a method is one of the seven for introspection and multicalls, which many servers have. With
/// them, clients do not send leading parameters.
///
/// ```
/// use xmlrpc_core::schema::is_standard_method;
///
/// assert!(is_standard_method("system.listMethods"));
/// assert!(!is_standard_method("system.client_version")); // a method of rTorrent
/// ```
pub fn is_standard_method(method: &str) -> bool {
    matches!(
        method,
        "system.listMethods"
            | "system.methodSignature"
            | "system.methodHelp"
            | "system.methodExist"
            | "system.getCapabilities"
            | "system.describeMethods"
            | "system.multicall"
    )
}
