//! Helpers for `#[serde(with = "…")]`: values that some servers write in a form of their own.
//!
//! | module | for | server |
//! |---|---|---|
//! | [`false_as_none`] | an `Option` with `false` for `None` | Odoo |
//! | [`number_text`] | numbers as text | aria2 |
//! | [`base64_text`] | bytes as text of base64 | Odoo |
//! | [`date_text`] | dates as text, such as `2024-01-02` | Odoo |
//! | [`jiff`] | types of the crate `jiff` as `<dateTime.iso8601>` | |
//! | `chrono` | types of the crate `chrono` as `<dateTime.iso8601>`, with the feature `chrono` | |
//! | `time` | types of the crate `time` as `<dateTime.iso8601>`, with the feature `time` | |
//!
//! Import the helpers by name, not with `*`: `jiff`, `chrono` and `time` have the names of crates.
//!
//! A helper applies to a field. It is the same for a value, an `Option` of it and a `Vec` of it, which
//! can also be combined:
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use xmlrpc_core::from_str;
//!
//! #[derive(Debug, Deserialize, Serialize)]
//! struct Status {
//!     #[serde(with = "xmlrpc_core::with::number_text")]
//!     length: u64,
//!     #[serde(with = "xmlrpc_core::with::number_text", default)] // the member may be missing
//!     seeders: Option<u32>,
//!     #[serde(with = "xmlrpc_core::with::number_text", default)]
//!     pieces: Vec<u64>,
//! }
//!
//! let error = from_str::<Status>(
//!     "<value><struct>\
//!         <member><name>length</name><value><string>9</string></value></member>\
//!         <member><name>pieces</name><value><array><data>\
//!             <value><string>4</string></value><value><string>five</string></value>\
//!         </data></array></value></member>\
//!     </struct></value>",
//! )
//! .unwrap_err();
//! assert_eq!(error.path(), "pieces[1]");
//! ```
//!
//! **Missing members.** serde reports the missing member of a field with a helper, even if the field is
//! an `Option`. Add `#[serde(default)]`, and the field is then `None`, empty or the default of its type.
//!
//! **Parameters and results** of a method have no fields. Wrap the value in a struct with one field and
//! `#[serde(transparent)]`:
//!
//! ```
//! # use serde::{Deserialize, Serialize};
//! #[derive(Deserialize, Serialize)]
//! #[serde(transparent)]
//! struct Revision(#[serde(with = "xmlrpc_core::with::number_text")] u64);
//!
//! assert_eq!(xmlrpc_core::to_string(&Revision(7))?, "<value><string>7</string></value>");
//! # Ok::<(), xmlrpc_core::Error>(())
//! ```
//!
//! **Borrowed values** can be written too: `&[u8]`, `Option<&T>` and `&[T]`.

pub mod base64_text;
#[cfg(feature = "chrono")]
#[cfg_attr(docsrs, doc(cfg(feature = "chrono")))]
pub mod chrono;
pub mod date_text;
pub mod false_as_none;
mod helper;
pub mod jiff;
mod moment;
pub mod number_text;
#[cfg(feature = "time")]
#[cfg_attr(docsrs, doc(cfg(feature = "time")))]
pub mod time;

pub use helper::{DeserializeWith, SerializeWith};
