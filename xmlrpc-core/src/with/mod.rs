//! Helpers for `#[serde(with = "…")]`: values that some servers write in a form of their own.
//!
//! | module | for | server |
//! |---|---|---|
//! | [`false_as_none`] | `false` in place of a missing value | Odoo |

pub mod false_as_none;
