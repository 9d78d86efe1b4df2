//! The modules that several of these tests share.

#[path = "../common/decode.rs"]
pub(crate) mod decode;

#[path = "../common/encode.rs"]
pub(crate) mod encode;

#[path = "../common/generate.rs"]
pub(crate) mod generate;

#[path = "../common/markup.rs"]
pub(crate) mod markup;

#[path = "../common/ordinary.rs"]
pub(crate) mod ordinary;

#[path = "../common/readers.rs"]
pub(crate) mod readers;
