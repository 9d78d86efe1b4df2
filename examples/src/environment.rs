//! The settings of the examples that call other programs.

use std::env;

/// The value of an environment variable.
///
/// # Errors
///
/// It is not set, or it is not UTF-8.
pub fn required(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("set the environment variable {name}"))
}

/// The value of an environment variable, or `default` if it is not set.
pub fn optional(name: &str, default: &str) -> String {
    env::var(name).unwrap_or_else(|_| default.to_owned())
}
