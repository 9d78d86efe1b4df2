//! Errors in a fault that only the compiler can detect.

use xmlrpc_core::TypedFault;

const RESERVED: i32 = -32000;
const ONE: i32 = 1;
const WIDE: i64 = 2;

pub struct Opaque;

#[derive(TypedFault)]
pub enum Codes {
    #[fault(code = RESERVED, message = "reserved")]
    Reserved,
    #[fault(code = 1, message = "one")]
    One,
    #[fault(code = ONE, message = "one again")]
    OneAgain,
}

#[derive(TypedFault)]
pub enum Fields {
    #[fault(code = 1, message = "{0}")]
    Opaque(Opaque),
    #[fault(code = 2)]
    SaysNothing,
    #[fault(code = 3, internal)]
    Inside(Opaque),
    #[fault(other)]
    Other(Opaque),
}

#[derive(TypedFault)]
#[fault(code = WIDE, message = "wide")]
pub struct Wide;

fn main() {}
