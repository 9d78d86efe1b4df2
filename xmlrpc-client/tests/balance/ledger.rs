//! Which calls the servers have run, by the number that is their parameter.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

#[derive(Clone, Default)]
pub(crate) struct Ledger {
    runs: Arc<Mutex<HashMap<i64, u32>>>,
}

impl Ledger {
    pub(crate) fn run(&self, call: i64) {
        *self.runs.lock().unwrap().entry(call).or_default() += 1;
    }

    /// How often a call has run.
    pub(crate) fn runs(&self, call: i64) -> u32 {
        self.runs
            .lock()
            .unwrap()
            .get(&call)
            .copied()
            .unwrap_or_default()
    }

    /// How many different calls have run.
    pub(crate) fn len(&self) -> usize {
        self.runs.lock().unwrap().len()
    }

    /// The calls that have run more than once.
    pub(crate) fn twice(&self) -> Vec<i64> {
        let runs = self.runs.lock().unwrap();
        let twice = runs.iter().filter(|(_, runs)| **runs > 1);
        twice.map(|(call, _)| *call).collect()
    }
}
