//! Conversions from and to values of `serde_json`.

use serde_json::{Map, Number, Value as Json};

use super::{Array, Struct, Value};
use crate::Error;

/// The depth at which the parser of `serde_json` ends as well.
const LEVELS: usize = 128;

/// Every JSON value can be converted.
///
/// An integer that does not fit into an `i64` becomes a string of its digits, as in a document. Null becomes
/// nil.
///
/// ```
/// use serde_json::json;
/// use xmlrpc_core::{Value, value};
///
/// let value = Value::from(json!({"a": [1, null, 0.5, -3_000_000_000_i64], "b": u64::MAX}));
/// assert_eq!(
///     value,
///     value!({"a": [1, nil, 0.5, -3_000_000_000_i64], "b": "18446744073709551615"}),
/// );
/// ```
impl From<Json> for Value {
    fn from(json: Json) -> Self {
        match json {
            Json::Null => Self::Nil,
            Json::Bool(value) => Self::Bool(value),
            Json::Number(number) => from_number(&number),
            Json::String(text) => Self::String(text),
            Json::Array(elements) => elements.into_iter().collect(),
            Json::Object(members) => Self::Struct(members.into_iter().collect()),
        }
    }
}

fn from_number(number: &Number) -> Value {
    match (number.as_i64(), number.as_f64()) {
        (Some(number), _) => Value::from(number),
        (None, Some(double)) if number.is_f64() => Value::Double(double),
        _ => Value::String(number.to_string()),
    }
}

/// Types that JSON does not have become strings. A `DateTime` becomes its text (`19980717T14:08:55`,
/// with the fraction of the second and the offset if it has them), and bytes become base64. `I8` and
/// `Int` become the same number. Converting back yields the string and the smaller type.
///
/// ```
/// use serde_json::json;
/// use xmlrpc_core::{Base64, Value, value};
///
/// let value = value!({"id": Value::I8(5), "bytes": Base64(b"Hello".to_vec()), "none": nil});
/// assert_eq!(
///     serde_json::Value::try_from(value)?,
///     json!({"id": 5, "bytes": "SGVsbG8=", "none": null}),
/// );
///
/// let error = serde_json::Value::try_from(value!({"list": [1.5, f64::NAN]})).unwrap_err();
/// assert_eq!(error.to_string(), "JSON has no number NaN at list[1]");
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
///
/// # Errors
///
/// A double is NaN or infinite, which JSON does not have, the year of a date is below 0, or arrays and
/// structs nest deeper than 128 levels, which `serde_json` does not read.
impl TryFrom<Value> for Json {
    type Error = Error;

    fn try_from(value: Value) -> Result<Self, Error> {
        to_json(value, LEVELS)
    }
}

fn to_json(value: Value, levels: usize) -> Result<Json, Error> {
    let within = || {
        let within = levels.checked_sub(1);
        within.ok_or_else(|| {
            Error::limit(format_args!(
                "arrays and structs nest deeper than the {LEVELS} levels that JSON can have here"
            ))
        })
    };
    Ok(match value {
        Value::Int(number) => Json::from(number),
        Value::I8(number) => Json::from(number),
        Value::Bool(value) => Json::Bool(value),
        Value::String(text) => Json::String(text),
        Value::Double(number) => Json::Number(to_number(number)?),
        Value::DateTime(date) => {
            date.check()?;
            Json::String(date.full_text())
        }
        Value::Base64(bytes) => Json::String(crate::base64::encode(&bytes)),
        Value::Struct(members) => Json::Object(to_object(members, within()?)?),
        Value::Array(elements) => Json::Array(to_array(elements, within()?)?),
        Value::Nil => Json::Null,
    })
}

fn to_number(double: f64) -> Result<Number, Error> {
    Number::from_f64(double).ok_or_else(|| Error::data(format_args!("JSON has no number {double}")))
}

fn to_array(elements: Array, levels: usize) -> Result<Vec<Json>, Error> {
    let elements = elements.into_iter().enumerate();
    elements
        .map(|(index, element)| to_json(element, levels).map_err(|error| error.in_element(index)))
        .collect()
}

fn to_object(members: Struct, levels: usize) -> Result<Map<String, Json>, Error> {
    let members = members.into_iter();
    members
        .map(|(name, value)| match to_json(value, levels) {
            Ok(value) => Ok((name, value)),
            Err(error) => Err(error.in_member(&name)),
        })
        .collect()
}
