//! Shows values for debugging, down to a maximum depth.

use core::fmt::{self, Debug};

use super::{Array, Struct, Value};

/// How many levels of arrays and structs are shown. This protects the stack.
pub(super) const LEVELS: usize = 128;

/// Arrays and structs below 128 levels are shown as `...`.
impl Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Shown(self, LEVELS).fmt(f)
    }
}

/// A value with the levels that are shown.
struct Shown<'a>(&'a Value, usize);

impl Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, content): (_, &dyn Debug) = match self.0 {
            Value::Int(number) => ("Int", number),
            Value::I8(number) => ("I8", number),
            Value::Bool(value) => ("Bool", value),
            Value::String(text) => ("String", text),
            Value::Double(number) => ("Double", number),
            Value::DateTime(date) => ("DateTime", date),
            Value::Base64(bytes) => ("Base64", bytes),
            Value::Struct(members) => ("Struct", &ShownStruct(members, self.1)),
            Value::Array(elements) => ("Array", &ShownArray(elements, self.1)),
            Value::Nil => return f.write_str("Nil"),
        };
        f.debug_tuple(name).field(content).finish()
    }
}

struct ShownArray<'a>(&'a Array, usize);

impl Debug for ShownArray<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        array(self.0, self.1, f)
    }
}

struct ShownStruct<'a>(&'a Struct, usize);

impl Debug for ShownStruct<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        structure(self.0, self.1, f)
    }
}

pub(super) fn array(elements: &Array, levels: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let Some(levels) = levels.checked_sub(1) else {
        return f.write_str("...");
    };
    let elements = elements.iter().map(|element| Shown(element, levels));
    f.debug_list().entries(elements).finish()
}

pub(super) fn structure(
    members: &Struct,
    levels: usize,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let Some(levels) = levels.checked_sub(1) else {
        return f.write_str("...");
    };
    let members = members
        .iter()
        .map(|(name, value)| (name, Shown(value, levels)));
    f.debug_map().entries(members).finish()
}
