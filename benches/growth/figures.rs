//! What was measured; the fields are those of `--json`.

use serde::Serialize;

/// All that was measured in a run.
#[derive(Debug, Serialize)]
pub(crate) struct Figures {
    pub(crate) documents: Vec<Figure>,
    pub(crate) late: Vec<Late>,
    pub(crate) refusals: Vec<Refusal>,
}

/// A document and its tenth, timed in turns.
#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    pub(crate) document: &'static str,
    /// `ordinary`, `hostile`, or `million` for a hostile one of another size.
    pub(crate) kind: &'static str,
    pub(crate) bytes: usize,
    /// With limits that it does not reach.
    #[serde(flatten)]
    pub(crate) raised: Run,
    /// The time over that of a tenth of the document, as the mean of ten of them.
    pub(crate) growth: f64,
    /// The time over those of valid documents, of which one is scanned and one becomes a tree.
    pub(crate) over_scanned: Option<f64>,
    pub(crate) over_tree: Option<f64>,
    /// With the default limits.
    pub(crate) by_default: Option<Run>,
    /// The time of that over that of the valid document that is scanned.
    pub(crate) by_default_over_scanned: Option<f64>,
}

/// What reading a document took, and how it ended.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Run {
    /// The median.
    pub(crate) ns: f64,
    pub(crate) allocations: u64,
    pub(crate) peak_bytes: u64,
    /// `read`, or the category of the error.
    pub(crate) ends: &'static str,
}

/// A valid document at whose end the scanner gives up.
#[derive(Debug, Serialize)]
pub(crate) struct Late {
    pub(crate) document: &'static str,
    pub(crate) bytes: usize,
    #[serde(flatten)]
    pub(crate) run: Run,
    /// Roxmltree's parse of the same text, and nothing made of it.
    pub(crate) roxmltree_ns: f64,
    pub(crate) roxmltree_peak_bytes: u64,
}

/// The memory that a document takes at a bound, where it is one of those that are read, and beyond.
#[derive(Debug, Serialize)]
pub(crate) struct Refusal {
    /// The bound, by its name in `Limits`.
    pub(crate) limit: &'static str,
    pub(crate) document: &'static str,
    pub(crate) bytes: usize,
    /// How much the document holds of what is bounded.
    pub(crate) holds: usize,
    /// With that as the bound.
    pub(crate) peak_bytes: u64,
    /// With a bound that is lower by one.
    pub(crate) peak_bytes_beyond: u64,
    /// With a bound of a tenth.
    pub(crate) peak_bytes_far_beyond: u64,
}

/// Nothing that is measured here comes near the 2^53 that a double holds exactly.
#[allow(clippy::cast_precision_loss, reason = "see above")]
pub(crate) fn float(number: u64) -> f64 {
    number as f64
}
