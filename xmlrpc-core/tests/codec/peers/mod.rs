//! Documents with mistakes that real programs make, class by class. `tests/data/cases` has a document of
//! each class, with its origin. Both readers read every document.

mod charsets;
mod dates;
mod empty_containers;
mod false_for_nothing;
mod faults;
// The option belongs to the client and the dispatcher.
#[cfg(all(feature = "client", feature = "server"))]
mod forbidden_characters;
mod missing_elements;
mod unreadable_scalars;

use std::{fmt::Debug, fs, path::Path};

use bytes::Bytes;
use serde::de::DeserializeOwned;
use xmlrpc_core::{
    Error, Fault, Limits, Value,
    message::{IncomingCall, MulticallResponse, read_response},
};

use crate::common::decode::both;

/// A document of `tests/data/cases`.
fn case(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/cases");
    fs::read_to_string(path.join(name)).unwrap()
}

fn in_response(value: &str) -> String {
    format!("<methodResponse><params><param>{value}</param></params></methodResponse>")
}

/// Reads a response whose header has this charset.
#[track_caller]
fn with_charset<T: DeserializeOwned + Debug>(
    document: &str,
    charset: Option<&str>,
) -> Result<Result<T, Fault>, Error> {
    let [fast, slow] = both(document, |document| {
        read_response::<T>(Bytes::from(document.to_owned()), charset, &Limits::RESPONSE)
    });
    let shown = |read: &Result<Result<T, Fault>, Error>| match read {
        Ok(read) => format!("{read:?}"),
        Err(error) => format!("{:?}", error.category()),
    };
    assert_eq!(shown(&fast), shown(&slow), "{document}");
    fast
}

/// Reads a response.
#[track_caller]
fn response<T: DeserializeOwned + Debug>(document: &str) -> Result<T, Fault> {
    match with_charset(document, None) {
        Ok(read) => read,
        Err(error) => panic!("{document}: {error}"),
    }
}

/// Reads the method and the parameters of a call.
#[track_caller]
fn call(document: &str) -> Result<(String, Vec<Value>), Error> {
    let [fast, slow] = both(document, |document| {
        let body = Bytes::from(document.to_owned());
        let call = IncomingCall::read(body, None, &Limits::REQUEST)?;
        Ok((call.method().to_owned(), call.params().to_values()?))
    });
    match (&fast, &slow) {
        (Ok(fast), Ok(slow)) => assert_eq!(fast, slow, "{document}"),
        (Err(fast), Err(slow)) => assert_eq!(fast.category(), slow.category(), "{document}"),
        _ => panic!("{document}: {fast:?} {slow:?}"),
    }
    fast
}

/// Reads the first entry of a response to a multicall.
#[track_caller]
fn entry<T: DeserializeOwned + Debug>(entry: &str) -> Result<Result<T, Fault>, Error> {
    let document = in_response(&format!(
        "<value><array><data>{entry}</data></array></value>"
    ));
    let [fast, slow] = both(&document, |document| {
        let body = Bytes::from(document.to_owned());
        let response = MulticallResponse::read(body, None, &Limits::RESPONSE)?;
        response.unwrap().entry::<T>(0)
    });
    let shown = |read: &Result<Result<T, Fault>, Error>| match read {
        Ok(read) => format!("{read:?}"),
        Err(error) => format!("{:?}", error.category()),
    };
    assert_eq!(shown(&fast), shown(&slow), "{document}");
    fast
}
