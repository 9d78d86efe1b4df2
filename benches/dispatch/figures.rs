//! What was measured.

use serde::Serialize;

/// A contender's figures in a table; its fields are those of `--json`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figure {
    pub(crate) table: &'static str,
    pub(crate) contender: &'static str,
    /// Of one call: the median. Of a multicall, by entry, as the others.
    pub(crate) ns: f64,
    pub(crate) allocations: f64,
    pub(crate) peak_bytes: f64,
    pub(crate) correct: bool,
}

pub(crate) const TYPED: &str = "typed";
pub(crate) const DOCUMENT: &str = "document";
pub(crate) const METHODS: &str = "methods";
pub(crate) const MULTICALL: &str = "multicall";

/// All that was measured in a run.
#[derive(Debug, Default)]
pub(crate) struct Figures(pub(crate) Vec<Figure>);

impl Figures {
    pub(crate) fn of<'a>(&'a self, table: &'a str) -> impl Iterator<Item = &'a Figure> {
        self.0.iter().filter(move |it| it.table == table)
    }

    pub(crate) fn get(&self, table: &str, contender: &str) -> Option<&Figure> {
        let mut figures = self.0.iter();
        figures.find(|it| it.table == table && it.contender == contender)
    }
}

/// Nothing that is measured here comes near the 2^53 that a double holds exactly.
#[allow(clippy::cast_precision_loss, reason = "see above")]
pub(crate) fn float(number: u64) -> f64 {
    number as f64
}
