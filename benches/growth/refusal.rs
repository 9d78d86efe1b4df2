//! The memory that documents take at a bound of `Limits`, one beyond it, and far beyond it.

use bytes::Bytes;
use xmlrpc_core::{Category, Limits, Value};

use crate::{
    alloc, figures::Refusal, hostile, measure::RAISED, options::Options, reading::response,
    shape::RESPONSE,
};

/// What holds fewer elements says nothing of what an element takes.
const ENOUGH: usize = 500;

pub(crate) fn all(options: &Options) -> Result<Vec<Refusal>, String> {
    let (_, large) = options.sizes();
    let elements = |elements| RAISED.elements(elements);
    let depth = |depth| RAISED.depth(depth);
    let mut refusals = Vec::new();
    for shape in hostile::all().filter(|shape| options.wants(shape.name)) {
        let document = Bytes::from((shape.make)(large));
        let is_answer = document.starts_with(RESPONSE.0.as_bytes());
        // What has too many attributes is refused for these, whatever the setting.
        if !is_answer || read(document.clone(), &RAISED) == Err(Category::Limit) {
            continue;
        }
        let holds = held(&document, elements);
        if holds >= ENOUGH {
            refusals.push(measure("elements", shape.name, &document, holds, elements)?);
        }
    }
    for (name, is_first) in DEEP {
        if options.wants(name) {
            let document = Bytes::from(deep(large, *is_first));
            let holds = held(&document, depth);
            refusals.push(measure("depth", name, &document, holds, depth)?);
        }
    }
    Ok(refusals)
}

/// As a `Value`: what another type takes is its own affair.
fn read(document: Bytes, limits: &Limits) -> Result<(), Category> {
    response::<Value>(document, limits)
        .map(drop)
        .map_err(|error| error.category())
}

const DEEP: &[(&str, bool)] = &[
    ("one_deep_value_before_many", true),
    ("one_deep_value_behind_many", false),
];

/// A value of 64 levels beside many that have none.
fn deep(bytes: usize, is_first: bool) -> Vec<u8> {
    const LEVELS: usize = 64;
    let (head, tail) = RESPONSE;
    let (open, close) = ("<value><array><data>", "</data></array></value>");
    let deep = [open.repeat(LEVELS), close.repeat(LEVELS)].concat();
    let many = "<value/>".repeat(bytes / 8);
    let (first, second) = if is_first {
        (&deep, &many)
    } else {
        (&many, &deep)
    };
    [head, open, first, second, close, tail]
        .concat()
        .into_bytes()
}

/// How much of what is bounded the document holds: the lowest bound at which it is not refused.
fn held(document: &Bytes, limits: impl Fn(usize) -> Limits) -> usize {
    let is_within = |bound: &usize| read(document.clone(), &limits(*bound)) != Err(Category::Limit);
    // No document holds more than two elements for three bytes.
    let (mut low, mut high) = (0, document.len());
    while low < high {
        let middle = low.midpoint(high);
        if is_within(&middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

fn measure(
    limit: &'static str,
    name: &'static str,
    document: &Bytes,
    holds: usize,
    limits: impl Fn(usize) -> Limits,
) -> Result<Refusal, String> {
    let peak = |bound: usize| {
        let body = Bytes::copy_from_slice(document);
        let limits = limits(bound);
        let (result, memory) = alloc::measure(|| read(body, &limits));
        if (result == Err(Category::Limit)) == (bound < holds) {
            Ok(memory.peak)
        } else {
            Err(format!("{name}: {limit}({bound}) does not bound {holds}"))
        }
    };
    Ok(Refusal {
        limit,
        document: name,
        bytes: document.len(),
        holds,
        peak_bytes: peak(holds)?,
        peak_bytes_beyond: peak(holds - 1)?,
        peak_bytes_far_beyond: peak(holds / 10)?,
    })
}
