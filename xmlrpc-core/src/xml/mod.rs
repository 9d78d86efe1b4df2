//! The XML layer: documents become events, and text becomes escaped bytes.
//!
//! It knows the names of XML-RPC's elements ([`Tag`]), but neither their order nor serde.

mod bytes;
mod cursor;
mod document;
mod element_names;
mod encoding;
mod escape;
mod events;
mod lenient;
mod markup_text;
mod position;
#[cfg(any(feature = "client", feature = "server"))]
mod replacement;
mod scanner;
mod syntax;

pub(crate) use cursor::{Cursor, Event};
pub(crate) use document::Document;
pub(crate) use element_names::Tag;
pub(crate) use encoding::{check_bytes, decode, plain_text};
pub(crate) use escape::{Forbidden, escape_between, escape_into};
pub(crate) use events::EventIndex;
pub(crate) use lenient::read as read_events;
pub(crate) use position::resolve;
#[cfg(any(feature = "client", feature = "server"))]
pub(crate) use replacement::replace_forbidden;
pub(crate) use scanner::{Checkpoint, ScanPosition, Scanner, length_before_special};
pub(crate) use syntax::{is_space, skip_space};
