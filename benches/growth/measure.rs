//! Times documents of two sizes, in turns with valid ones.

use std::time::Duration;

use bytes::Bytes;
use xmlrpc_core::{Limits, Value};

use crate::{
    figures::{Figure, Run},
    hostile,
    options::Options,
    ordinary,
    reading::{self, Made, Read, response},
    shape::Shape,
    task::{Case, Task, Verdict, owning},
    tenths::{TIMES, tenths},
    timing::{self, Pace},
};

/// Higher than any document here needs, where there is a setting.
pub(crate) const RAISED: Limits = Limits::REQUEST
    .bytes(1 << 30)
    .elements(1 << 30)
    .depth(1 << 24);

/// For many documents, and bounds that are wide.
const PACE: Pace = Pace {
    rounds: 51,
    slice: Duration::from_millis(1),
    budget: Duration::from_millis(120),
    often_enough: 5,
};

pub(crate) fn all(options: &Options) -> Result<Vec<Figure>, String> {
    let mut figures = Vec::new();
    let wanted = |shape: &Shape| options.wants(shape.name);
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

fn compare(shape: Shape, kind: &'static str, options: &Options) -> Result<Figure, String> {
    let (small, large) = options.sizes();
    let document = (shape.make)(large);
    let bytes = document.len();
    let valid = response::<Value>;
    let cases = [
        reading(document.clone(), shape.read, RAISED),
        tenths(shape, small, RAISED),
        reading(document, shape.read, Limits::default()),
        reading(ordinary::valid(bytes), valid, RAISED),
        reading(ordinary::valid_with_comment(bytes), valid, RAISED),
    ];
    let [raised, tenths, by_default, scanned, tree] = runs(cases, options.pace(PACE))?;
    is_expected(shape, raised)?;
    is_expected(shape, tenths)?;
    Ok(Figure {
        document: shape.name,
        kind,
        bytes,
        raised,
        growth: growth(raised, tenths),
        over_scanned: Some(raised.ns / scanned.ns),
        by_default_over_scanned: Some(by_default.ns / scanned.ns),
        over_tree: Some(raised.ns / tree.ns),
        by_default: Some(by_default),
    })
}

fn a_million(shape: Shape, bytes: usize, options: &Options) -> Result<Figure, String> {
    let document = (shape.make)(bytes);
    let bytes = document.len();
    let cases = [
        reading(document, shape.read, RAISED),
        tenths(shape, bytes / TIMES, RAISED),
    ];
    let [raised, tenths] = runs(cases, options.pace(PACE))?;
    is_expected(shape, raised)?;
    Ok(Figure {
        document: shape.name,
        kind: "million",
        bytes,
        raised,
        growth: growth(raised, tenths),
        over_scanned: None,
        by_default_over_scanned: None,
        over_tree: None,
        by_default: None,
    })
}

/// The time over that of one of the tenths.
#[allow(clippy::cast_precision_loss, reason = "ten")]
fn growth(whole: Run, tenths: Run) -> f64 {
    whole.ns * TIMES as f64 / tenths.ns
}

/// A document that ends otherwise than it should is not the one that was meant to be measured.
fn is_expected(shape: Shape, run: Run) -> Result<(), String> {
    let expected = shape.refused.map_or("read", reading::name);
    if run.ends == expected {
        return Ok(());
    }
    Err(format!("{}: {}, and not {expected}", shape.name, run.ends))
}

/// Something to time, and how it ends.
pub(crate) struct Reading {
    pub(crate) case: Case,
    pub(crate) ends: &'static str,
}

pub(crate) fn reading(document: Vec<u8>, read: Read, limits: Limits) -> Reading {
    let bytes = document.len();
    let document = Bytes::from(document);
    let ends = ends(read(document.clone(), &limits));
    let prepare = move || body(&document);
    let run = move |body| Ok::<_, String>(read(body, &limits));
    let judge = move |result: Result<Made, _>| Verdict {
        correct: result.is_ok() == (ends == "read"),
        bytes,
    };
    Reading {
        case: owning("", bytes, prepare, run, judge),
        ends,
    }
}

/// A transport hands its buffer over, so each run has one of its own. It is filled piece by piece, as
/// one does that comes from a socket: what is copied as a whole may go past the caches if it is large.
pub(crate) fn body(document: &[u8]) -> Bytes {
    let mut body = Vec::with_capacity(document.len());
    for piece in document.chunks(1 << 16) {
        body.extend_from_slice(piece);
    }
    body.into()
}

pub(crate) fn ends<T>(result: Result<T, xmlrpc_core::Error>) -> &'static str {
    match result {
        Ok(_) => "read",
        Err(error) => reading::name(error.category()),
    }
}

pub(crate) fn runs<const N: usize>(
    readings: [Reading; N],
    pace: Option<Pace>,
) -> Result<[Run; N], String> {
    let mut checked = Vec::new();
    for mut reading in readings {
        let outcome = reading.case.task.check()?;
        checked.push((reading, outcome));
    }
    let mut tasks: Vec<&mut dyn Task> = Vec::new();
    for (reading, _) in &mut checked {
        tasks.push(&mut *reading.case.task);
    }
    let times = match pace {
        Some(pace) => timing::time(tasks, pace)?,
        None => vec![f64::NAN; N],
    };
    let mut runs = [Run {
        ns: f64::NAN,
        allocations: 0,
        peak_bytes: 0,
        ends: "",
    }; N];
    for ((run, (reading, outcome)), ns) in runs.iter_mut().zip(&checked).zip(times) {
        if !outcome.correct {
            return Err("a document was read once, and refused once".to_owned());
        }
        let memory = outcome.memory.ok_or("the memory was not counted")?;
        *run = Run {
            ns,
            allocations: memory.allocations,
            peak_bytes: memory.peak,
            ends: reading.ends,
        };
    }
    Ok(runs)
}
