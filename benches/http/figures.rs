//! What was measured.

use serde::Serialize;

/// A contender's figures under a load; its fields are those of `--json`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figure {
    /// `server` or `client`.
    pub(crate) side: &'static str,
    pub(crate) load: &'static str,
    pub(crate) contender: &'static str,
    /// Of the whole, by the clock on the wall: the median.
    pub(crate) requests_per_s: f64,
    /// The processor time of a request, in microseconds, on this side alone: the median of the half
    /// of the turns that took least.
    pub(crate) processor_us: f64,
}

pub(crate) const SERVER: &str = "server";
pub(crate) const CLIENT: &str = "client";

/// All that was measured in a run.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub(crate) all: Vec<Figure>,
    /// What ran where.
    pub(crate) cores: String,
}

impl Figures {
    pub(crate) fn of<'a>(
        &'a self,
        side: &'a str,
        load: &'a str,
    ) -> impl Iterator<Item = &'a Figure> {
        let mine = move |it: &&Figure| it.side == side && it.load == load;
        self.all.iter().filter(mine)
    }

    pub(crate) fn get(&self, side: &str, load: &str, contender: &str) -> Option<&Figure> {
        let mut figures = self.all.iter();
        figures.find(|it| it.side == side && it.load == load && it.contender == contender)
    }
}
