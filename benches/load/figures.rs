//! What the attacks did.

use std::time::Duration;

use serde::Serialize;

use crate::{
    harness::{
        Outcome,
        figures::float,
        report::{Judgement, Table},
    },
    probe::Samples,
};

/// A row of the table; the names of the fields are those of `--json`.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) attack: String,
    pub(crate) bound: String,
    /// What the attack does to a server without the bound.
    pub(crate) control: String,
    pub(crate) result: String,
}

/// A figure that must not exceed a bound.
#[derive(Debug)]
struct Requirement {
    what: String,
    measured: f64,
    bound: f64,
    /// Whether it also holds for a slow build on a busy machine, so that `cargo test` checks it.
    is_exact: bool,
    is_floor: bool,
    /// A time and its bound. It is enough if this holds.
    or: Option<(Duration, Duration)>,
}

impl Requirement {
    fn holds(&self) -> bool {
        let holds = if self.is_floor {
            self.measured >= self.bound
        } else {
            self.measured <= self.bound
        };
        holds || self.or.is_some_and(|(measured, bound)| measured <= bound)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) rows: Vec<Row>,
    requirements: Vec<Requirement>,
}

impl Report {
    pub(crate) fn row(
        &mut self,
        attack: impl Into<String>,
        bound: impl Into<String>,
        control: impl Into<String>,
        result: impl Into<String>,
    ) {
        self.rows.push(Row {
            attack: attack.into(),
            bound: bound.into(),
            control: control.into(),
            result: result.into(),
        });
    }

    /// A requirement on a time or a ratio.
    pub(crate) fn at_most(&mut self, what: impl Into<String>, measured: f64, bound: f64) {
        self.require(what.into(), measured, bound, false, false);
    }

    /// A requirement on a ratio, or on the time itself.
    pub(crate) fn at_most_or(
        &mut self,
        what: impl Into<String>,
        (measured, bound): (f64, f64),
        or: (Duration, Duration),
    ) {
        self.at_most(what, measured, bound);
        if let Some(requirement) = self.requirements.last_mut() {
            requirement.or = Some(or);
        }
    }

    pub(crate) fn at_least(&mut self, what: impl Into<String>, measured: f64, bound: f64) {
        self.require(what.into(), measured, bound, false, true);
    }

    /// A requirement that something never happens.
    pub(crate) fn none(&mut self, what: impl Into<String>, measured: usize) {
        self.require(what.into(), float(measured as u64), 0.0, true, false);
    }

    fn require(&mut self, what: String, measured: f64, bound: f64, is_exact: bool, is_floor: bool) {
        self.requirements.push(Requirement {
            what,
            measured,
            bound,
            is_exact,
            is_floor,
            or: None,
        });
    }

    pub(crate) fn append(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.requirements.extend(other.requirements);
    }

    pub(crate) fn judgements(&self) -> Vec<Judgement> {
        let judge = |it: &Requirement| {
            let judge = if it.is_floor {
                Judgement::at_least
            } else {
                Judgement::at_most
            };
            let judged = judge(it.what.clone(), Some(it.measured), it.bound);
            match it.or {
                None => judged,
                Some((measured, bound)) => {
                    let required = format!("≤ {}", time(bound));
                    judged.or(time(measured), &required, it.holds())
                }
            }
        };
        self.requirements.iter().map(judge).collect()
    }

    /// An error if something happened that must not, whatever the speed of the machine.
    pub(crate) fn check(&self) -> Outcome {
        let mut exact = self.requirements.iter().filter(|it| it.is_exact);
        match exact.find(|it| it.measured > it.bound) {
            Some(it) => Err(format!("{}: {}", it.what, it.measured).into()),
            None => Ok(()),
        }
    }

    /// An error if a requirement does not hold.
    pub(crate) fn verdict(&self) -> Outcome {
        match self.requirements.iter().find(|it| !it.holds()) {
            Some(it) => Err(format!("{}: {} (bound: {})", it.what, it.measured, it.bound).into()),
            None => Ok(()),
        }
    }

    pub(crate) fn tables(&self, title: &str, text: &'static str) -> Vec<Table> {
        let cells = |it: &Row| {
            vec![
                it.attack.clone(),
                it.bound.clone(),
                it.control.clone(),
                it.result.clone(),
            ]
        };
        vec![Table::new(
            title,
            text,
            &["attack", "bound", "control", "result"],
            self.rows.iter().map(cells),
        )]
    }
}

/// A time with its unit.
pub(crate) fn time(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        _ if time == Duration::MAX => "–".to_owned(),
        _ if seconds >= 1.0 => format!("{seconds:.1} s"),
        _ if seconds >= 0.01 => format!("{:.0} ms", seconds * 1e3),
        _ => format!("{:.1} ms", seconds * 1e3),
    }
}

pub(crate) fn mib(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}

/// The small calls that a row is about.
pub(crate) fn calls(samples: &Samples) -> String {
    let (count, errors) = (samples.count(), samples.errors.len());
    let tail = time(samples.percentile(99));
    format!("{count} small calls, {errors} errors, p99 {tail}")
}
