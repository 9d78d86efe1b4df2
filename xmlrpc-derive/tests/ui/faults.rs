//! Invalid error types for `#[derive(TypedFault)]`.

use xmlrpc_core::{Fault, TypedFault};

#[derive(TypedFault)]
pub enum Codes {
    #[fault(code = -32601, message = "reserved")]
    Reserved,
    #[fault(code = 404, message = "first")]
    First,
    #[fault(code = 404, message = "second")]
    Second,
    #[fault(code = "404", message = "a text")]
    Text,
    #[fault(code = 4294967296, message = "too large")]
    Large,
    #[fault(code = 1 + 1, message = "a sum")]
    Sum,
    #[fault(message = "none")]
    None,
    Nothing,
}

#[derive(TypedFault)]
pub enum Messages {
    #[fault(code = 1)]
    Absent(String),
    #[fault(code = 2, message = "{0}{1}")]
    Adjacent(String, String),
    #[fault(code = 3, message = "{name} of {}")]
    Unknown { place: String },
    #[fault(code = 4, message = "{0}")]
    Missing(String, i64),
    #[fault(code = 5, message = "{0} and {0}, {1:?}")]
    Twice(String, i64),
    #[fault(code = 6, message = "{ and }")]
    Brace,
    #[fault(internal)]
    Many(String, i64),
    #[fault(code = 7, display, message = "{0}")]
    Two(String),
    #[fault(code = 8, display = "{0}")]
    Valued(String),
}

#[derive(TypedFault)]
pub enum Undisplayed {
    #[fault(code = 1, display)]
    Text(String),
}

#[derive(TypedFault)]
#[fault(code = 1)]
pub enum Places {
    #[fault(other)]
    First(Fault),
    #[fault(other)]
    Second(Fault),
    #[fault(other, code = 1)]
    Both(Fault),
    #[fault(other)]
    Empty,
    #[fault(bogus, code = 1, code = 2, internal = true)]
    Bogus,
    #[fault(crate = xmlrpc_core, code = 7, message = "{0}")]
    Crate(#[fault(code = 1)] i64),
}

#[derive(TypedFault)]
#[fault(other, bogus)]
pub struct Struct;

#[derive(TypedFault)]
#[fault(code = 1, message = "{0}")]
pub struct Generic<T>(T);

#[derive(TypedFault)]
pub union Union {
    a: i64,
}

// The types are faults nevertheless.
fn uses(fault: Fault) -> Vec<Fault> {
    let codes = Codes::from_fault(&fault).unwrap_or(Codes::Nothing);
    vec![codes.into(), Messages::Brace.into(), Places::Empty.into(), Struct.into()]
}

fn main() {}
