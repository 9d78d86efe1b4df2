//! The XML layer: a document becomes events, text becomes escaped bytes.
//!
//! Nothing here knows serde or calls and answers.

mod document;
mod encoding;
mod event;
mod fragments;
mod lexis;
mod outline;
mod position;
mod scanner;
mod special;
mod tag;
mod tape;
mod write;

pub(crate) use document::Document;
pub(crate) use encoding::{check_bytes, decode, plain_text};
pub(crate) use event::{Event, Events, Mark};
pub(crate) use position::resolve;
pub(crate) use scanner::{Pause, Scanner, plain_short};
pub(crate) use tag::Tag;
pub(crate) use tape::{Cursor, Tree};
pub(crate) use write::{Charset, Escaped, escape_between, escape_into};
