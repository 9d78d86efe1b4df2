//! Tests of the codec: values, documents and whole messages.

// The lints of the workspace, less those for what a library shows to its users.
#![allow(unreachable_pub, clippy::pedantic)]

mod base64;
mod batches;
mod borrowed;
mod common;
mod costs;
mod decode;
mod decode_scalars;
mod depth;
mod descriptions;
mod encode;
mod encode_scalars;
mod encodings;
mod errors;
mod errors_documents;
mod io;
mod limits;
mod message;
mod multicall;
mod nesting;
mod page;
mod peers;
mod property;
mod readers;
mod reference;
mod samples;
mod schema;
mod swallowed;
mod swallowed_elements;
mod types;
mod value_access;
mod value_json;
mod value_macro;
mod values;
mod wire;
mod with;
