//! The faults of calls whose responses find no room in the [budget](crate::ResponseBudget).

use std::{error::Error, fmt};

use crate::Fault;

/// The source of these faults, by which a multicall recognises them.
#[derive(Debug)]
struct NoRoom;

impl fmt::Display for NoRoom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the budget of the transport has no room for the response")
    }
}

impl Error for NoRoom {}

/// How long each of these faults is as the result of an entry, at most.
pub(super) const BYTES: usize = 320;

fn fault(text: &str) -> Fault {
    let mut fault = Fault::new(Fault::OVERLOADED, text).with_source(NoRoom);
    // It is the clients' doing, and there may be many of them.
    tracing::debug!(
        setting = "ResponseBudget, in HTTP: Endpoint::max_bytes_in_flight",
        "{text}"
    );
    fault.is_logged = true;
    fault
}

/// The method has run, but its result cannot be encoded or sent.
#[cold]
pub(super) fn for_result() -> Fault {
    fault(
        "the method ran, but too many large responses are being sent: ask for less at once, or later",
    )
}

/// An entry of a multicall has not started.
#[cold]
pub(super) fn before_start() -> Fault {
    fault(
        "this call did not run, because too many large responses are being sent: \
         ask for less at once, or later",
    )
}

/// An entry of a multicall whose entries run at the same time.
#[cold]
pub(super) fn perhaps_started() -> Fault {
    fault(
        "this call may have run, but too many large responses are being sent: \
         ask for less at once, or later",
    )
}

/// Whether it is one of these faults.
pub(super) fn is(fault: &Fault) -> bool {
    let source = fault.source();
    fault.code() == Fault::OVERLOADED && source.is_some_and(<dyn Error>::is::<NoRoom>)
}
