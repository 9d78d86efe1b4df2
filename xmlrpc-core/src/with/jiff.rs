//! Types of the crate `jiff` as `<dateTime.iso8601>`.
//!
//! Their own `Serialize` writes a `<string>`. [`DateTime`](crate::DateTime) holds a
//! `jiff::civil::DateTime` and needs no helper.
//!
//! | field | written as | read as |
//! |---|---|---|
//! | `civil::DateTime` | the date and the time | the date and the time; a zone is ignored |
//! | `civil::Date` | the date at midnight | the date; a time other than midnight is an error |
//! | `Timestamp` | the date and the time in UTC | the instant; without a zone, the time is in UTC |
//! | `Option` | its content; `None` as any other `None` | its content; nil, an empty date and a zero date are `None` |
//! | `Vec` | `<array>` | `<array>` |
//!
//! XML-RPC has no zones and no fractions of a second, so neither are written. If a server means its
//! local time, read a `civil::DateTime` and convert it. A member that is missing is an error, unless the
//! field has `#[serde(default)]`.
//!
//! ```
//! use jiff::Timestamp;
//! use serde::{Deserialize, Serialize};
//! use xmlrpc_core::{from_str, to_string};
//!
//! #[derive(Debug, Deserialize, Serialize)]
//! struct Post {
//!     #[serde(with = "xmlrpc_core::with::jiff")]
//!     date_gmt: Timestamp,
//! }
//!
//! let date = "<dateTime.iso8601>20240102T03:04:05</dateTime.iso8601>";
//! let member = format!("<member><name>date_gmt</name><value>{date}</value></member>");
//! let document = format!("<value><struct>{member}</struct></value>");
//! let post: Post = from_str(&document)?;
//! assert_eq!(post.date_gmt.to_string(), "2024-01-02T03:04:05Z");
//! assert_eq!(to_string(&post)?, document);
//! # Ok::<(), xmlrpc_core::Error>(())
//! ```

use ::jiff::{Timestamp, civil};

use super::{
    helper::{EachElement, NoneIsNil, functions},
    moment::dates,
};

functions!(Jiff);

/// The marker of this helper.
#[doc(hidden)]
#[derive(Debug)]
pub enum Jiff {}

impl NoneIsNil for Jiff {}
impl EachElement for Jiff {}

dates! {
    Jiff:
    civil::DateTime,
    civil::Date,
    Timestamp,
}
