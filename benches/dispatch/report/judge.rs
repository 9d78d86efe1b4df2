//! How the figures stand against what is asked of them.

use super::{
    allocations,
    judgement::{Judgement, at_most},
};
use crate::figures::{DOCUMENT, Figures, METHODS, MULTICALL, TYPED};

/// What calls with more methods may cost, in those with fewest.
const METHODS_BY_NUMBER: f64 = 1.15;

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
    let mut judgements = vec![
        Judgement {
            what: "a call, typed: time ÷ jsonrpsee's faster".to_owned(),
            measured: over(TYPED),
            bound: at_most(1.0),
        },
        Judgement {
            what: "a call, from document to document: time ÷ jsonrpsee's faster".to_owned(),
            measured: over(DOCUMENT),
            bound: at_most(1.0),
        },
        Judgement {
            what: "3, 100 and 10,000 methods: the most time ÷ the least".to_owned(),
            measured: (times().count() > 1).then_some(most / least),
            bound: at_most(METHODS_BY_NUMBER),
        },
    ];
    for (what, table, contender, column) in [
        ("a call, typed", TYPED, "ours", allocations::TYPED),
        (
            "a call, from document to document",
            DOCUMENT,
            "ours",
            allocations::DOCUMENT,
        ),
        (
            "an entry of a multicall, typed",
            MULTICALL,
            "ours, typed",
            allocations::ENTRY_TYPED,
        ),
        (
            "an entry of a multicall",
            MULTICALL,
            "ours",
            allocations::ENTRY,
        ),
    ] {
        judgements.push(Judgement {
            what: format!("{what}: allocations, of those that the page explains"),
            measured: figures.get(table, contender).map(|it| it.allocations),
            bound: at_most(allocations::explained(column)),
        });
    }
    judgements
}
