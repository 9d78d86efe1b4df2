//! The signatures of a method, as `system.methodSignature` returns them.

use std::fmt;

use xmlrpc_core::{Value, schema::Schema};

/// More signatures, and more parameters of one, are not read.
const MAX: usize = 256;

/// A type that a signature names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Int,
    I8,
    Boolean,
    Double,
    String,
    DateTime,
    Base64,
    Array,
    Struct,
    Nil,
    /// Any type, or one that we do not know.
    Any,
}

impl Type {
    fn named(name: &str) -> Self {
        match Schema::from_type_name(name) {
            Schema::Int => Self::Int,
            Schema::I8 => Self::I8,
            Schema::Boolean => Self::Boolean,
            Schema::Double => Self::Double,
            Schema::String => Self::String,
            Schema::DateTime => Self::DateTime,
            Schema::Base64 => Self::Base64,
            Schema::Array(_) => Self::Array,
            Schema::Map(_) => Self::Struct,
            Schema::Nil => Self::Nil,
            _ => Self::Any,
        }
    }

    /// The name on the wire.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::I8 => "i8",
            Self::Boolean => "boolean",
            Self::Double => "double",
            Self::String => "string",
            Self::DateTime => "dateTime.iso8601",
            Self::Base64 => "base64",
            Self::Array => "array",
            Self::Struct => "struct",
            Self::Nil => "nil",
            Self::Any => "any",
        }
    }

    /// The type of a value.
    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::Nil => Self::Nil,
            Value::Bool(_) => Self::Boolean,
            Value::Int(_) => Self::Int,
            Value::I8(_) => Self::I8,
            Value::Double(_) => Self::Double,
            Value::String(_) => Self::String,
            Value::DateTime(_) => Self::DateTime,
            Value::Base64(_) => Self::Base64,
            Value::Array(_) => Self::Array,
            Value::Struct(_) => Self::Struct,
        }
    }
}

/// The types of the result and of the parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signature {
    pub(crate) result: Type,
    pub(crate) params: Vec<Type>,
}

impl Signature {
    /// All signatures in an answer; empty if the server does not know them.
    pub(crate) fn read(answer: &Value) -> Vec<Self> {
        let Some(list) = answer.as_array() else {
            return Vec::new();
        };
        // Supervisor returns one signature without the array around it.
        if !list.is_empty() && list.iter().all(|entry| entry.as_str().is_some()) {
            return Self::one(answer).into_iter().collect();
        }
        list.iter().take(MAX).filter_map(Self::one).collect()
    }

    fn one(types: &Value) -> Option<Self> {
        let names = types.as_array()?.iter().take(MAX);
        let mut types = Vec::with_capacity(names.len());
        for name in names {
            types.push(Type::named(name.as_str()?));
        }
        let (result, params) = types.split_first()?;
        Some(Self {
            result: *result,
            params: params.to_vec(),
        })
    }

    /// The same without its first parameters, which the client sends by itself.
    pub(crate) fn without_leading(mut self, count: usize) -> Self {
        self.params.drain(..count.min(self.params.len()));
        self
    }
}

/// `(int, int): int`
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let params: Vec<_> = self.params.iter().map(|it| it.name()).collect();
        write!(f, "({}): {}", params.join(", "), self.result.name())
    }
}

#[cfg(test)]
mod tests {
    use xmlrpc_core::{Value, value};

    use super::Signature;

    #[test]
    fn answers_of_servers() {
        let cases: [(Value, &[&str]); 7] = [
            (value!([["int", "int", "i8"]]), &["(int, i8): int"]),
            (
                value!([["int"], ["int", "string"]]),
                &["(): int", "(string): int"],
            ),
            (
                value!(["boolean", "string", "boolean"]),
                &["(string, boolean): boolean"],
            ),
            (value!(["hash", "map"]), &["(struct): struct"]),
            (value!("undef"), &[]),
            (value!([]), &[]),
            (
                value!([[], [5], ["array", "dateTime.iso8601", "odd"]]),
                &["(dateTime.iso8601, any): array"],
            ),
        ];
        for (answer, expected) in cases {
            let found: Vec<_> = Signature::read(&answer)
                .iter()
                .map(ToString::to_string)
                .collect();
            assert_eq!(found, expected);
        }
    }
}
