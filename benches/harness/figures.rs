//! Figures by table and contender.

use serde::Serialize;

use super::{
    Outcome,
    task::{Case, Task},
    timing::{self, Pace},
};

/// The figures of a contender in a table; the names of the fields are those of `--json`.
#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    pub(crate) table: String,
    pub(crate) contender: &'static str,
    /// The time of one operation: the median.
    pub(crate) ns: f64,
    /// The size of the contender's own document: the one it reads or writes.
    pub(crate) bytes: usize,
    /// For one operation; unknown for other processes, like the peak.
    pub(crate) allocations: Option<f64>,
    pub(crate) peak_bytes: Option<f64>,
    /// The processor time of one operation on the measured side of a connection.
    pub(crate) processor_us: Option<f64>,
    pub(crate) correct: bool,
}

/// A contender that cannot do an operation.
#[derive(Debug)]
pub(crate) struct Absent {
    pub(crate) table: String,
    pub(crate) contender: &'static str,
    pub(crate) reason: String,
}

/// All figures of a run, in the order in which they were measured.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub(crate) all: Vec<Figure>,
    pub(crate) absent: Vec<Absent>,
}

impl Figures {
    /// Checks each case, which does so many operations at a time, and times them in turns if there is a pace.
    pub(crate) fn measure(
        &mut self,
        table: &str,
        mut cases: Vec<Case>,
        operations: u32,
        pace: Option<Pace>,
    ) -> Outcome {
        let operations = f64::from(operations);
        let start = self.all.len();
        let mut tasks: Vec<&mut dyn Task> = Vec::new();
        for Case { contender, task } in &mut cases {
            match task.check() {
                Err(reason) => self.absent.push(Absent {
                    table: table.to_owned(),
                    contender,
                    reason,
                }),
                Ok(checked) => {
                    self.all.push(Figure {
                        table: table.to_owned(),
                        contender,
                        ns: f64::NAN,
                        bytes: checked.bytes,
                        allocations: checked.memory.map(|it| float(it.allocations) / operations),
                        peak_bytes: checked.memory.map(|it| float(it.peak) / operations),
                        processor_us: None,
                        correct: checked.correct,
                    });
                    tasks.push(&mut **task);
                }
            }
        }
        if let Some(pace) = pace {
            let times = timing::time(&mut tasks, pace)?;
            for ((figure, task), ns) in self.all[start..].iter_mut().zip(tasks).zip(times) {
                figure.ns = ns / operations;
                figure.processor_us = task.processor_us();
            }
        }
        Ok(())
    }

    /// An error if nothing was measured, or for the first of these contenders that failed or had a wrong result.
    pub(crate) fn check(&self, is_meant: impl Fn(&str) -> bool) -> Outcome {
        if self.all.is_empty() && self.absent.is_empty() {
            return Err("no document or contender has this name; --help lists the options".into());
        }
        let wrong = self.all.iter().filter(|it| !it.correct);
        let wrong = wrong.map(|it| (&it.table, it.contender, "wrong result"));
        let absent = self.absent.iter();
        let absent = absent.map(|it| (&it.table, it.contender, &*it.reason));
        match absent.chain(wrong).find(|it| is_meant(it.1)) {
            None => Ok(()),
            Some((table, contender, failure)) => {
                Err(format!("{table}, {contender}: {failure}").into())
            }
        }
    }

    pub(crate) fn of(&self, table: &str) -> impl Iterator<Item = &Figure> {
        self.all.iter().filter(move |it| it.table == table)
    }

    pub(crate) fn get(&self, table: &str, contender: &str) -> Option<&Figure> {
        self.of(table).find(|it| it.contender == contender)
    }

    /// The time of one contender, divided by that of another.
    pub(crate) fn over(&self, table: &str, one: &str, other: &str) -> Option<f64> {
        Some(self.get(table, one)?.ns / self.get(table, other)?.ns)
    }
}

/// All numbers here are far below 2^53, up to which a double is exact.
#[allow(clippy::cast_precision_loss, reason = "see above")]
pub(crate) fn float(number: u64) -> f64 {
    number as f64
}

/// The same for sizes.
pub(crate) fn size(bytes: usize) -> f64 {
    float(bytes as u64)
}

/// A ratio with a sensible number of decimals; a dash if there is none.
pub(crate) fn ratio(value: impl Into<Option<f64>>) -> String {
    match value.into() {
        Some(value) if value < 10.0 => format!("{value:.2}"),
        Some(value) if value < 1000.0 => format!("{value:.1}"),
        Some(value) if value.is_finite() => format!("{value:.0}"),
        _ => "–".to_owned(),
    }
}
