//! The parts that all benchmarks share.

pub(crate) mod alloc;
pub(crate) mod clock;
pub(crate) mod figures;
pub(crate) mod options;
pub(crate) mod report;
pub(crate) mod task;
pub(crate) mod timing;

use std::{error::Error, fmt::Display, process::ExitCode};

/// The result of everything that is not timed.
pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// The end of `main`: an error is printed, and the process fails.
pub(crate) fn exit(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// The text of an error, for `map_err`.
#[allow(clippy::needless_pass_by_value, reason = "`map_err` passes a value")]
pub(crate) fn text(error: impl Display) -> String {
    error.to_string()
}
