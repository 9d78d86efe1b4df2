//! Times documents of two sizes in turns with valid ones.

use std::time::Duration;

use serde::Serialize;
use xmlrpc_core::{Limits, Value};

use crate::{
    harness::{
        Outcome,
        figures::size,
        options::Options,
        task::Task,
        timing::{self, Pace},
    },
    hostile, ordinary,
    reading::{name, response},
    shape::Shape,
    tenths::{TIMES, tenths},
    timed::{Reading, reading},
};

/// A document and its tenth; the names of the fields are those of `--json`.
#[derive(Debug, Serialize)]
pub(crate) struct Figure {
    pub(crate) document: &'static str,
    /// `ordinary`, `hostile`, or `million` for a hostile one of another size.
    pub(crate) kind: &'static str,
    pub(crate) bytes: usize,
    /// With raised limits, which the document does not reach.
    #[serde(flatten)]
    pub(crate) raised: Run,
    /// The time ÷ the mean time of ten documents of a tenth of the size.
    pub(crate) growth: f64,
    /// The time ÷ that of a valid document without a comment, which is scanned.
    pub(crate) over_scanned: Option<f64>,
    /// The time ÷ that of a valid document with a comment, which the lenient reader reads.
    pub(crate) over_lenient: Option<f64>,
    /// With the default limits.
    pub(crate) by_default: Option<Run>,
    /// The time with the default limits ÷ that of the valid document that is scanned.
    pub(crate) by_default_over_scanned: Option<f64>,
}

/// What reading a document took, and how it ended.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Run {
    /// The median.
    pub(crate) ns: f64,
    pub(crate) allocations: u64,
    pub(crate) peak_bytes: u64,
    /// `read`, or the category of the error.
    pub(crate) ends: &'static str,
}

/// Higher than any document here needs.
const RAISED: Limits = Limits::REQUEST
    .bytes(1 << 30)
    .elements(1 << 30)
    .depth(1 << 24);

/// A pace for many documents and wide bounds.
const PACE: Pace = Pace {
    rounds: 51,
    slice: Duration::from_millis(1),
    budget: Duration::from_millis(120),
    min_samples: 5,
};

pub(crate) fn all(options: &Options) -> Outcome<Vec<Figure>> {
    let mut figures = Vec::new();
    let wanted = |shape: &Shape| options.wants("only", shape.name);
    for shape in ordinary::ALL.iter().copied().filter(wanted) {
        figures.push(compare(shape, "ordinary", options)?);
    }
    for shape in hostile::all().filter(wanted) {
        figures.push(compare(shape, "hostile", options)?);
        if let Some(bytes) = shape.million
            && !options.is_test
        {
            figures.push(a_million(shape, bytes, options)?);
        }
    }
    Ok(figures)
}

fn compare(shape: Shape, kind: &'static str, options: &Options) -> Outcome<Figure> {
    // `cargo test` only checks how documents end.
    let bytes = if options.is_test { 10_000 } else { 1_000_000 };
    let document = shape.make(bytes, 0);
    let length = document.len();
    let valid = response::<Value>;
    let [raised, tenths, by_default, scanned, lenient] = runs(
        [
            reading(document.clone(), shape.read, RAISED),
            tenths(shape, bytes / TIMES, RAISED),
            reading(document, shape.read, Limits::default()),
            reading(ordinary::valid(length), valid, RAISED),
            reading(ordinary::valid_with_comment(length, 0), valid, RAISED),
        ],
        options,
    )?;
    Ok(Figure {
        over_scanned: Some(raised.ns / scanned.ns),
        over_lenient: Some(raised.ns / lenient.ns),
        by_default: Some(by_default),
        by_default_over_scanned: Some(by_default.ns / scanned.ns),
        ..figure(shape, kind, length, raised, tenths)?
    })
}

fn a_million(shape: Shape, bytes: usize, options: &Options) -> Outcome<Figure> {
    let document = shape.make(bytes, 0);
    let length = document.len();
    let readings = [
        reading(document, shape.read, RAISED),
        tenths(shape, length / TIMES, RAISED),
    ];
    let [raised, tenths] = runs(readings, options)?;
    figure(shape, "million", length, raised, tenths)
}

/// A figure without comparisons. It is an error if a document ends in another way than it was meant to.
fn figure(
    shape: Shape,
    kind: &'static str,
    bytes: usize,
    raised: Run,
    tenths: Run,
) -> Outcome<Figure> {
    let expected = shape.refused.map_or("read", name);
    let ends = [raised.ends, tenths.ends];
    // With a tenth of a million, a document may not reach what it is refused for.
    let checked = if kind == "million" { &ends[..1] } else { &ends };
    if let Some(other) = checked.iter().find(|it| **it != expected) {
        return Err(format!("{}: expected {expected}, found {other}", shape.name).into());
    }
    Ok(Figure {
        document: shape.name,
        kind,
        bytes,
        raised,
        growth: raised.ns * size(TIMES) / tenths.ns,
        over_scanned: None,
        over_lenient: None,
        by_default: None,
        by_default_over_scanned: None,
    })
}

fn runs<const N: usize>(mut readings: [Reading; N], options: &Options) -> Outcome<[Run; N]> {
    let mut runs = [Run::default(); N];
    let mut tasks: Vec<&mut dyn Task> = Vec::new();
    for (reading, run) in readings.iter_mut().zip(&mut runs) {
        let checked = reading.case.task.check()?;
        if !checked.correct {
            return Err("a document was read once and refused once".into());
        }
        let memory = checked.memory.ok_or("the memory was not counted")?;
        run.allocations = memory.allocations;
        run.peak_bytes = memory.peak;
        run.ends = reading.ends;
        tasks.push(&mut *reading.case.task);
    }
    if let Some(pace) = options.pace(PACE, Pace::QUICK) {
        for (run, ns) in runs.iter_mut().zip(timing::time(&mut tasks, pace)?) {
            run.ns = ns;
        }
    }
    Ok(runs)
}
