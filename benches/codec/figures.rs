//! What was measured.

use serde::Serialize;

use crate::contender::Direction;

/// A contender's figures for a document in a direction; its fields are those of `--json`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figure {
    pub(crate) document: &'static str,
    pub(crate) direction: &'static str,
    pub(crate) contender: &'static str,
    /// The median.
    pub(crate) ns: f64,
    /// Of the contender's own document.
    pub(crate) mb_per_s: f64,
    /// Not known of other processes, as the peak.
    pub(crate) allocations: Option<u64>,
    pub(crate) peak_bytes: Option<u64>,
    pub(crate) correct: bool,
    /// Of the contender's own document.
    #[serde(skip)]
    pub(crate) bytes: usize,
}

/// All that was measured in a run.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub(crate) all: Vec<Figure>,
    /// Each document, with the bytes of it.
    pub(crate) documents: Vec<(&'static str, usize)>,
    /// Who cannot do what, and why.
    pub(crate) absent: Vec<Absent>,
}

#[derive(Debug)]
pub(crate) struct Absent {
    pub(crate) document: &'static str,
    pub(crate) direction: &'static str,
    pub(crate) contender: &'static str,
    pub(crate) reason: String,
}

impl Figures {
    pub(crate) fn of<'a>(
        &'a self,
        document: &'a str,
        direction: Direction,
    ) -> impl Iterator<Item = &'a Figure> {
        self.all
            .iter()
            .filter(move |it| it.document == document && it.direction == direction.name())
    }

    pub(crate) fn get(
        &self,
        document: &str,
        direction: Direction,
        contender: &str,
    ) -> Option<&Figure> {
        self.all.iter().find(|it| {
            it.document == document && it.direction == direction.name() && it.contender == contender
        })
    }

    /// Whether this codec did all that it was given, and answered correctly.
    pub(crate) fn check_ours(&self) -> Result<(), String> {
        let absent = self
            .absent
            .iter()
            .map(|it| (it.contender, it.document, &*it.reason));
        let wrong = self.all.iter().filter(|it| !it.correct);
        let wrong = wrong.map(|it| (it.contender, it.document, "wrong answer"));
        let mut failures = absent
            .chain(wrong)
            .filter(|(name, ..)| name.starts_with("ours"));
        match failures.next() {
            None => Ok(()),
            Some((contender, document, reason)) => {
                Err(format!("{contender}, {document}: {reason}"))
            }
        }
    }

    pub(crate) fn bytes(&self, document: &str) -> Option<usize> {
        let found = self.documents.iter().find(|(name, _)| *name == document);
        found.map(|(_, bytes)| *bytes)
    }
}

/// Nothing that is measured here comes near the 2^53 that a double holds exactly.
#[allow(clippy::cast_precision_loss, reason = "see above")]
pub(crate) fn float(number: u64) -> f64 {
    number as f64
}
