//! Valid documents at whose last tag the scanner gives up, beside roxmltree's own parse.

use serde::de::DeserializeOwned;

use crate::{
    data::Blob,
    figures::Late,
    measure::{RAISED, Reading, reading, runs},
    options::Options,
    ordinary::{self, Records},
    reading::{Read, entries, response},
    shape::Shape,
    task::{Verdict, borrowing},
    timing::Pace,
};
use xmlrpc_core::Value;

const ALL: &[Shape] = &[
    of::<Vec<i32>>("ints_late", |bytes| ordinary::ints(bytes, 0).xml),
    of::<Vec<f64>>("doubles_late", |bytes| ordinary::doubles(bytes, 0).xml),
    of::<Records>("structs_late", |bytes| ordinary::structs(bytes, 0).xml),
    of::<Value>("structs_value_late", |bytes| {
        ordinary::structs(bytes, 0).xml
    }),
    of::<String>("text_late", |bytes| ordinary::text(bytes).xml),
    of::<String>("text_escapes_late", |bytes| ordinary::escapes(bytes).xml),
    of::<Blob>("base64_late", |bytes| ordinary::base64(bytes).xml),
    Shape::read(
        "multicall_late",
        |bytes| ordinary::calls(bytes, 0).xml,
        entries as Read,
    ),
];

const fn of<T: DeserializeOwned + 'static>(
    name: &'static str,
    make: fn(usize) -> Vec<u8>,
) -> Shape {
    Shape::read(name, make, response::<T>)
}

pub(crate) fn all(options: &Options) -> Result<Vec<Late>, String> {
    let (small, large) = options.sizes();
    let mut all = Vec::new();
    for shape in ALL.iter().filter(|shape| options.wants(shape.name)) {
        for bytes in [small, large] {
            all.push(measure(*shape, bytes, options)?);
        }
    }
    Ok(all)
}

fn measure(shape: Shape, bytes: usize, options: &Options) -> Result<Late, String> {
    let document = with_late_comment((shape.make)(bytes));
    let bytes = document.len();
    let cases = [
        reading(document.clone(), shape.read, RAISED),
        parse(document),
    ];
    let [run, roxmltree] = runs(cases, options.pace(Pace::FULL))?;
    if run.ends != "read" {
        return Err(format!("{}: {}", shape.name, run.ends));
    }
    Ok(Late {
        document: shape.name,
        bytes,
        run,
        roxmltree_ns: roxmltree.ns,
        roxmltree_peak_bytes: roxmltree.peak_bytes,
    })
}

/// Before the last tag.
fn with_late_comment(mut document: Vec<u8>) -> Vec<u8> {
    let last = memchr::memrchr(b'<', &document).unwrap_or_default();
    document.splice(last..last, *b"<!---->");
    document
}

fn parse(document: Vec<u8>) -> Reading {
    let bytes = document.len();
    let run = move || {
        let text = core::str::from_utf8(&document).map_err(|error| error.to_string())?;
        let tree = roxmltree::Document::parse(text).map_err(|error| error.to_string())?;
        Ok(tree.root_element().has_children())
    };
    let judge = move |correct| Verdict { correct, bytes };
    Reading {
        case: borrowing("roxmltree", run, judge),
        ends: "read",
    }
}
