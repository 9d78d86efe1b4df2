//! Tables, and the requirements that the figures have to meet.

use crate::{
    harness::{
        figures::{Figure, Figures, ratio},
        report::{Judgement, Table},
    },
    requests::OURS_OVER_HYPER,
};

const SERVERS_ADD: &str = "server, add";
const SERVERS_SUM: &str = "server, sum";
const CLIENTS_ADD: &str = "client, add";

/// The lowest ratio of our throughput to that of another, and of its processor time to ours: table, ours,
/// the other, bounds.
const FLOORS: [(&str, &str, &str, f64, f64); 8] = [
    (SERVERS_ADD, "ours", "axum", 0.85, 0.85),
    (SERVERS_SUM, "ours", "axum", 0.60, 0.60),
    (SERVERS_ADD, "ours", "hyper", 0.75, 0.82),
    (SERVERS_ADD, "ours", "jsonrpsee", 1.0, 1.10),
    (SERVERS_SUM, "ours", "jsonrpsee", 1.0, 1.12),
    (CLIENTS_ADD, "ours", "reqwest", 0.95, 0.95),
    (CLIENTS_ADD, OURS_OVER_HYPER, "hyper-util", 0.95, 0.95),
    (CLIENTS_ADD, OURS_OVER_HYPER, "jsonrpsee", 1.0, 1.15),
];

/// Throughput means something on a quiet machine on which each side has its own processor. Processor time
/// means something everywhere.
pub(crate) fn judge(figures: &Figures) -> Vec<Judgement> {
    let judgements = FLOORS
        .iter()
        .flat_map(|(table, ours, other, floor, floor_of_time)| {
            let throughput = figures.over(table, other, ours);
            let time = processor_time(figures, table, other, ours);
            [
                Judgement::at_least(
                    format!("{table}: throughput of {ours} ÷ that of {other}"),
                    throughput,
                    *floor,
                ),
                Judgement::at_least(
                    format!("{table}: processor time of {other} ÷ that of {ours}"),
                    time,
                    *floor_of_time,
                ),
            ]
        });
    judgements.collect()
}

/// The processor time of a contender ÷ that of ours.
fn processor_time(figures: &Figures, table: &str, contender: &str, ours: &str) -> Option<f64> {
    let time = |contender| figures.get(table, contender)?.processor_us;
    Some(time(contender)? / time(ours)?)
}

pub(crate) fn tables(figures: &Figures) -> Vec<Table> {
    const HEADINGS: &[&str] = &["contender", "requests/s", "÷ ours", "µs", "÷ ours"];
    vec![
        Table::new(
            "Servers: add(2, 3)",
            "The same client loads each server with 64 connections. `ours` is an endpoint under `xmlrpc_axum::serve`. `hyper` and `axum` \
read the body and send a response that was made in advance. *µs* is the processor time of the server for each request.",
            HEADINGS,
            rows(figures, SERVERS_ADD),
        ),
        Table::new(
            "Servers: the sum of 100 integers",
            "The only parameter is an array.",
            HEADINGS,
            rows(figures, SERVERS_SUM),
        ),
        Table::new(
            "Clients: add(2, 3)",
            "64 calls in flight to a server built on hyper, which sends a response that was made in advance. `ours` is \
over reqwest. `reqwest` and `hyper-util` send a body that was made in advance, and read the bytes of the response. *µs* is the processor time of the client \
for each request.",
            HEADINGS,
            rows(figures, CLIENTS_ADD),
        ),
    ]
}

fn rows(figures: &Figures, table: &str) -> Vec<Vec<String>> {
    let row = |it: &Figure| {
        let contender = it.contender;
        vec![
            contender.to_owned(),
            format!("{:.0}", 1e9 / it.ns),
            ratio(figures.over(table, "ours", contender)),
            it.processor_us
                .map_or("–".to_owned(), |it| format!("{it:.1}")),
            ratio(processor_time(figures, table, contender, "ours")),
        ]
    };
    figures.of(table).map(row).collect()
}
