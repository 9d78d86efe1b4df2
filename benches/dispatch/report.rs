//! Tables, and the requirements that the figures have to meet.

use crate::harness::{
    figures::{Figure, Figures, ratio},
    report::{Judgement, Table},
};

pub(crate) const TYPED: &str = "typed";
pub(crate) const DOCUMENT: &str = "document";
pub(crate) const METHODS: &str = "methods";
pub(crate) const MULTICALL: &str = "multicall";

/// The highest ratio of the time with many methods to that with few.
const METHODS_BY_NUMBER: f64 = 1.15;

/// What is measured, its table and contender, and the highest number of allocations.
///
/// A call allocates the `Context`, the future of its method, the document of the response, and the counter of
/// that document's owners. A typed call also allocates the document of the call and the counter of its owners.
///
/// An entry of a multicall allocates the future and its own response. A typed one also allocates its call, which
/// is written alone first. All entries together share about fifty other allocations.
#[rustfmt::skip]
const ALLOCATIONS: [(&str, &str, &str, f64); 4] = [
    ("a call, typed", TYPED, "ours", 6.0),
    ("a call, by document", DOCUMENT, "ours", 4.0),
    ("an entry of a multicall, typed", MULTICALL, "ours, typed", 3.1),
    ("an entry of a multicall, by document", MULTICALL, "ours", 2.1),
];

pub(crate) fn judge(figures: &Figures) -> Vec<Judgement> {
    let over = |table: &str| {
        let json = figures
            .of(table)
            .filter(|it| it.contender.starts_with("jsonrpsee"));
        let fastest = json.map(|it| it.ns).reduce(f64::min)?;
        Some(figures.get(table, "ours")?.ns / fastest)
    };
    let times = || figures.of(METHODS).map(|it| it.ns);
    let most = times().fold(f64::NAN, f64::max);
    let least = times().fold(f64::NAN, f64::min);
    let by_number = (times().count() > 1).then_some(most / least);
    let what = "a call, by document: time ÷ that of the faster jsonrpsee";
    let mut judgements = vec![
        Judgement::at_most(
            "a call, typed: time ÷ that of the faster jsonrpsee",
            over(TYPED),
            1.0,
        ),
        Judgement::at_most(what, over(DOCUMENT), 1.0),
        Judgement::at_most(
            "3, 100 and 10,000 methods: longest time ÷ shortest",
            by_number,
            METHODS_BY_NUMBER,
        ),
    ];
    for (what, table, contender, bound) in ALLOCATIONS {
        let allocations = figures.get(table, contender).and_then(|it| it.allocations);
        judgements.push(Judgement::at_most(
            format!("{what}: allocations"),
            allocations,
            bound,
        ));
    }
    judgements
}

pub(crate) fn tables(figures: &Figures) -> Vec<Table> {
    const HEADINGS: &[&str] = &["contender", "ns", "÷ ours", "allocations", "peak bytes"];
    let rows = |table, first| rows(figures, table, first);
    vec![
        Table::new(
            "A call of add(1, 2), from the stub to the method and back",
            "From two integers to their sum, twice through the whole codec. `jsonrpsee` is `RpcModule::call`, of an async \
method and of a plain function. `dxr` is the work of `dxr_client` and `dxr_server`, without the connection between them.",
            HEADINGS,
            rows(TYPED, "ours"),
        ),
        Table::new(
            "The same, from the document of the call to that of the response",
            "`Dispatcher::dispatch`, `RpcModule::raw_json_request` and `dxr_server::server`.",
            HEADINGS,
            rows(DOCUMENT, "ours"),
        ),
        Table::new(
            "The same, by the number of methods",
            "Closures in a `Dispatcher`, from document to document.",
            &["methods", "ns", "÷ 3", "allocations", "peak bytes"],
            rows(METHODS, "3 methods"),
        ),
        Table::new(
            "A multicall of 1,000 entries of add, by entry",
            "*typed* starts with a `Vec` of calls of the stub, which the figure includes, and ends with a `Vec` of results. \
The others go from document to document.",
            HEADINGS,
            rows(MULTICALL, "ours"),
        ),
    ]
}

/// The rows of a table, with the time divided by that of the contender `first`.
fn rows(figures: &Figures, table: &str, first: &str) -> Vec<Vec<String>> {
    let row = |it: &Figure| {
        vec![
            it.contender.to_owned(),
            format!("{:.0}", it.ns),
            ratio(figures.over(table, it.contender, first)),
            ratio(it.allocations),
            it.peak_bytes
                .map_or("–".to_owned(), |peak| format!("{peak:.0}")),
        ]
    };
    figures.of(table).map(row).collect()
}
