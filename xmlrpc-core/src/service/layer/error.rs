//! Converts the errors of layers into faults.

use std::error::Error;

use tower::{load_shed, timeout};

use crate::{Fault, box_error::BoxError};

/// Converts an error that a stack of layers returned.
///
/// | error | fault |
/// |---|---|
/// | a [`Fault`] | this fault |
/// | `Elapsed` of tower or tokio | [`Fault::TIMED_OUT`] |
/// | tower's `Overloaded` | [`Fault::OVERLOADED`] |
/// | any other | [`Fault::internal`] |
pub(super) fn fault_of(error: BoxError) -> Fault {
    let error = match error.downcast::<Fault>() {
        Ok(fault) => return *fault,
        Err(error) => error,
    };
    let mut cause: Option<&(dyn Error + 'static)> = Some(&*error);
    while let Some(error) = cause {
        if let Some(fault) = error.downcast_ref::<Fault>() {
            return fault.clone();
        }
        if error.is::<timeout::error::Elapsed>() || error.is::<tokio::time::error::Elapsed>() {
            return Fault::new(Fault::TIMED_OUT, "the call took too long");
        }
        if error.is::<load_shed::error::Overloaded>() {
            return Fault::new(Fault::OVERLOADED, "too many calls at once: try again later");
        }
        cause = error.source();
    }
    Fault::internal(error)
}
