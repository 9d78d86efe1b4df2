//! The errors of hyper, in the words of the other wire.

use std::{error, fmt, io};

use hyper_util::client::legacy;
use xmlrpc_core::client::BoxError;

use crate::wire::broken::Broken;

/// What failed, and the error of hyper.
#[derive(Debug)]
struct Failed {
    what: &'static str,
    source: BoxError,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)
    }
}

impl error::Error for Failed {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(&*self.source)
    }
}

/// The error of a request that has no response.
pub(super) fn of_request(error: legacy::Error) -> Broken {
    broken("error sending request", error.is_connect(), error)
}

/// The error of a response that breaks off.
pub(super) fn of_body(error: hyper::Error) -> Broken {
    broken("error decoding response body", false, error)
}

fn broken(what: &'static str, is_connect: bool, source: impl Into<BoxError>) -> Broken {
    let source = source.into();
    Broken {
        is_connect,
        is_timeout: is_timeout(&*source),
        error: Failed { what, source }.into(),
    }
}

fn is_timeout(error: &(dyn error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        let io = error.downcast_ref::<io::Error>();
        if io.is_some_and(|error| error.kind() == io::ErrorKind::TimedOut) {
            return true;
        }
        next = error.source();
    }
    false
}
