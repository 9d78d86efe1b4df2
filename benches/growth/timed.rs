//! The reading of a document as a case of the harness.

use bytes::Bytes;
use xmlrpc_core::Limits;

use crate::{
    harness::task::{Case, Verdict, owning},
    reading::{Made, Read, name},
};

/// A case, and how its document ends.
pub(crate) struct Reading {
    pub(crate) case: Case,
    pub(crate) ends: &'static str,
}

/// The reading of one document.
pub(crate) fn reading(document: Vec<u8>, read: Read, limits: Limits) -> Reading {
    let bytes = document.len();
    let document = Bytes::from(document);
    let ends = ends(read(document.clone(), &limits));
    let prepare = move || body(&document);
    let run = move |body| Ok::<_, String>(read(body, &limits));
    let judge = move |result: Result<Made, _>| Verdict(result.is_ok() == (ends == "read"), bytes);
    Reading {
        case: owning("", bytes, prepare, run, judge),
        ends,
    }
}

/// A new buffer for each run, as a transport makes one. It is filled in pieces, as from a socket: a large copy
/// in one piece may bypass the caches.
pub(crate) fn body(document: &[u8]) -> Bytes {
    let mut body = Vec::with_capacity(document.len());
    for piece in document.chunks(1 << 16) {
        body.extend_from_slice(piece);
    }
    body.into()
}

pub(crate) fn ends<T>(result: Result<T, xmlrpc_core::Error>) -> &'static str {
    match result {
        Ok(_) => "read",
        Err(error) => name(error.category()),
    }
}
