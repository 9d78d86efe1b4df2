//! The XML layer: a document becomes events, text becomes escaped bytes.
//!
//! Nothing here knows serde or calls and answers.

mod document;
mod encoding;
mod event;
mod guard;
mod position;
mod repair;
mod scope;
mod tag;
mod tree;
mod write;

pub(crate) use document::{Cursor, Document};
pub(crate) use event::{Event, Events, Mark};
pub(crate) use tag::Tag;
pub(crate) use write::{Charset, Escaped, escape_into};
