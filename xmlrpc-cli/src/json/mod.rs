//! JSON as the command reads and writes it: exact, in order, and with tags for types that JSON lacks.
//!
//! An integer is an int, or an i8 if it needs more than 32 bits. A number with a point or an exponent is a
//! double. Other types have tags: `{"$date": "20261127T10:00:00"}`, `{"$base64": "AAEC"}`, `{"$i8": 5}`,
//! `{"$double": "NaN"}`, and `{"$struct": {…}}` around a struct whose only member begins with `$`. The explorer
//! uses the same notation.

mod read;
mod write;

pub(crate) use self::{
    read::{bytes, is_number, read},
    write::{Style, extended, safe, string, write},
};
