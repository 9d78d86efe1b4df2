//! The faults of servers that pass calls on to others.

use std::{error::Error, io, iter};

use tower::{load_shed, timeout};

use crate::{Fault, box_error::BoxError};

impl Fault {
    /// The fault for an error of a transport, for a server that passes calls on to another server.
    ///
    /// The error is its [source](Self::with_source): the server logs it and does not send it.
    ///
    /// | error, or one of its sources | code |
    /// |---|---|
    /// | a fault | that fault itself |
    /// | a time-out | [`TIMED_OUT`](Self::TIMED_OUT), −32001 |
    /// | tower's `Overloaded` | [`OVERLOADED`](Self::OVERLOADED), −32002 |
    /// | any other | [`TRANSPORT_ERROR`](Self::TRANSPORT_ERROR), −32300 |
    ///
    /// ```
    /// use xmlrpc_core::{Fault, client::TransportError};
    ///
    /// let fault = Fault::transport(TransportError::connect("connection to 10.0.0.7 refused"));
    /// assert_eq!(fault.to_string(), "fault -32300: the server behind this one cannot be reached");
    /// let fault = Fault::transport(TransportError::timeout("after 60 s"));
    /// assert_eq!(fault.to_string(), "fault -32001: the server behind this one took too long");
    /// ```
    pub fn transport(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let error: BoxError = error.into();
        let failure = match Failure::of(&*error) {
            Ok(failure) => failure,
            Err(fault) => return fault,
        };
        let (code, text) = match failure {
            Failure::Connect => (
                Self::TRANSPORT_ERROR,
                "the server behind this one cannot be reached",
            ),
            Failure::Timeout => (Self::TIMED_OUT, "the server behind this one took too long"),
            Failure::Overloaded => (Self::OVERLOADED, "too many calls at once: try again later"),
            #[cfg(feature = "client")]
            Failure::Limit => (
                Self::TRANSPORT_ERROR,
                "the response of the server behind this one is too large: ask for less at once",
            ),
            Failure::Other => (
                Self::TRANSPORT_ERROR,
                "the connection to the server behind this one failed: the method may have run",
            ),
        };
        Self::new(code, text).with_source(error)
    }
}

enum Failure {
    Connect,
    Timeout,
    Overloaded,
    #[cfg(feature = "client")]
    Limit,
    Other,
}

impl Failure {
    /// Returns the fault if one of the errors is a fault.
    fn of(error: &(dyn Error + 'static)) -> Result<Self, Fault> {
        let chain = || iter::successors(Some(error), |&error| error.source());
        if let Some(fault) = chain().find_map(|error| error.downcast_ref::<Fault>()) {
            return Err(fault.clone());
        }
        Ok(chain().find_map(Self::of_one).unwrap_or(Self::Other))
    }

    fn of_one(error: &(dyn Error + 'static)) -> Option<Self> {
        #[cfg(feature = "client")]
        if let Some(error) = error.downcast_ref::<crate::client::TransportError>() {
            return Some(Self::of_transport(error));
        }
        if error.is::<timeout::error::Elapsed>() || error.is::<tokio::time::error::Elapsed>() {
            return Some(Self::Timeout);
        }
        if error.is::<load_shed::error::Overloaded>() {
            return Some(Self::Overloaded);
        }
        match error.downcast_ref::<io::Error>()?.kind() {
            io::ErrorKind::TimedOut => Some(Self::Timeout),
            io::ErrorKind::ConnectionRefused => Some(Self::Connect),
            _ => None,
        }
    }

    #[cfg(feature = "client")]
    fn of_transport(error: &crate::client::TransportError) -> Self {
        use crate::client::TransportErrorKind;

        match error.kind() {
            TransportErrorKind::Connect => Self::Connect,
            TransportErrorKind::Timeout => Self::Timeout,
            TransportErrorKind::Limit => Self::Limit,
            TransportErrorKind::Other => Self::Other,
        }
    }
}
