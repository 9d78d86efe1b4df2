//! The tables, for the terminal and for the page.

use super::{judgement::ratio, sheet::Table};
use crate::figures::{DOCUMENT, Figure, Figures, METHODS, MULTICALL, TYPED};

const HEADINGS: &[&str] = &["contender", "ns", "÷ ours", "allocations", "peak bytes"];

pub(super) fn all(figures: &Figures) -> Vec<Table> {
    let rows = |table, first| rows(figures, table, first);
    vec![
        Table {
            title: "A call of add(1, 2), from the stub to the method and back",
            text: "From two integers to their sum, through the whole codec, twice. `jsonrpsee` is `RpcModule::call`, of an async method \
and of a plain function; `dxr` is what \
`dxr_client` and `dxr_server` do, without what is between them.",
            headings: HEADINGS,
            rows: rows(TYPED, "ours"),
        },
        Table {
            title: "The same, from the document of the call to that of the answer",
            text: "`Dispatcher::dispatch`, `RpcModule::raw_json_request` and `dxr_server::server`.",
            headings: HEADINGS,
            rows: rows(DOCUMENT, "ours"),
        },
        Table {
            title: "The same, by the number of methods",
            text: "Closures in a `Dispatcher`, from document to document.",
            headings: &["methods", "ns", "÷ 3", "allocations", "peak bytes"],
            rows: rows(METHODS, "3 methods"),
        },
        Table {
            title: "A multicall of 1,000 entries of add, by entry",
            text: "*typed* begins with a `Vec` of calls of the stub, which is in the figure, and ends with a `Vec` of results; the others are \
from document to document.",
            headings: HEADINGS,
            rows: rows(MULTICALL, "ours"),
        },
    ]
}

/// The rows of a table, with the time over that of one of them.
fn rows(figures: &Figures, table: &str, first: &str) -> Vec<Vec<String>> {
    let first = figures.get(table, first).map_or(f64::NAN, |it| it.ns);
    let row = |figure: &Figure| {
        vec![
            figure.contender.to_owned(),
            format!("{:.0}", figure.ns),
            ratio(figure.ns / first),
            ratio(figure.allocations),
            format!("{:.0}", figure.peak_bytes),
        ]
    };
    figures.of(table).map(row).collect()
}
