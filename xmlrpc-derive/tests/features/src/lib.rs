//! Macros that need neither the feature `server` nor the feature `client`.

use xmlrpc_core::{Fault, TypedFault, Value, value};

/// An error.
#[derive(Debug, TypedFault)]
#[fault(code = 1, message = "there is no {0}")]
pub struct NotFound(pub String);

/// A value.
pub fn list() -> Value {
    value!([Fault::from(NotFound(String::new())).code(), { "a": [] }])
}
