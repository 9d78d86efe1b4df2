//! The attacks.

mod connections;
mod descriptors;
mod large_documents;
mod loaded;
mod memory;
mod methods;
mod multicalls;
mod shutdown;
mod texts;

use crate::{figures::Report, harness::Outcome, plan::Plan};

pub(crate) struct Attack {
    pub(crate) name: &'static str,
    run: fn(&Plan) -> Outcome<Report>,
}

impl Attack {
    const fn new(name: &'static str, run: fn(&Plan) -> Outcome<Report>) -> Self {
        Self { name, run }
    }

    pub(crate) fn run(&self, plan: &Plan) -> Outcome<Report> {
        let failed = |error| format!("{}: {error}", self.name);
        (self.run)(plan).map_err(|error| failed(error).into())
    }
}

/// Mostly waits for time-outs of a minute and more.
pub(crate) const WAITING: &[Attack] = &[
    Attack::new("silent connections", connections::run),
    Attack::new("endless multicall", methods::endless_multicall),
];

/// Counts connections, bytes and lost calls.
pub(crate) const COUNTING: &[Attack] = &[
    Attack::new("file descriptors", descriptors::run),
    Attack::new("compressed requests", memory::compressed),
    Attack::new("large bodies", memory::bodies),
    Attack::new("unfinished bodies", memory::unfinished),
    Attack::new("blocking calls", methods::blocking),
    Attack::new("deep values", methods::deep),
    Attack::new("texts of faults", texts::run),
    Attack::new("termination", shutdown::termination),
    Attack::new("shutdown deadline", shutdown::deadline),
];

/// Measures the times of small calls.
pub(crate) const TIMED: &[Attack] = &[
    Attack::new("large documents", large_documents::run),
    Attack::new("many documents", large_documents::many),
    Attack::new("long multicalls", multicalls::run),
];
