//! The tables, for the terminal and for the page.

use super::{judgement::ratio, sheet::Table};
use crate::figures::{CLIENT, Figure, Figures, SERVER};

const HEADINGS: &[&str] = &["contender", "requests/s", "÷ ours", "µs", "÷ ours"];

pub(super) fn all(figures: &Figures) -> Vec<Table> {
    vec![
        Table {
            title: "Servers: add(2, 3)",
            text: "64 connections of one and the same client. `hyper` and `axum` read the body and answer with what is there already. \
*µs* is the processor time of the server by request.",
            headings: HEADINGS,
            rows: rows(figures, SERVER, "add"),
        },
        Table {
            title: "Servers: the sum of 100 integers",
            text: "As an array that is the one parameter.",
            headings: HEADINGS,
            rows: rows(figures, SERVER, "sum"),
        },
        Table {
            title: "Clients: add(2, 3)",
            text: "64 calls under way, to a server of hyper's that answers with what is there already. `reqwest` sends a body that is there \
already, and reads the answer's bytes. *µs* is the processor time of the client by request.",
            headings: HEADINGS,
            rows: rows(figures, CLIENT, "add"),
        },
    ]
}

fn rows(figures: &Figures, side: &str, load: &str) -> Vec<Vec<String>> {
    let ours = figures.get(side, load, "ours");
    let over = |figure: &Figure, of: fn(&Figure) -> f64| {
        ratio(ours.map_or(f64::NAN, |ours| of(figure) / of(ours)))
    };
    let row = |figure: &Figure| {
        vec![
            figure.contender.to_owned(),
            format!("{:.0}", figure.requests_per_s),
            over(figure, |it| it.requests_per_s),
            format!("{:.1}", figure.processor_us),
            over(figure, |it| it.processor_us),
        ]
    };
    figures.of(side, load).map(row).collect()
}
