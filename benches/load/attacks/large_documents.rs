//! The times of small calls beside large documents.

use super::loaded::{FIFTH, Loaded, in_turns, ratio};
use crate::{
    child::Server,
    documents,
    figures::{Report, time},
    harness::Outcome,
    plan::Plan,
    settings::Setup,
};

/// What a small call may take beside documents that are decoded, as a multiple of what it takes if nothing decodes them.
/// The two are often equal. But which threads wait is chance, and one turn of a thread that decodes may be added.
const TIMES_UNDECODED: f64 = 2.0;

/// The documents per second, as a part of those without offload. The clients use the same processors, and take more of
/// them if the server reads while it decodes.
const DOCUMENTS: f64 = 0.8;

/// The same for documents that fit into the cache of a processor. The processor that decodes one has to fetch it from the
/// cache of the one that received it.
const SMALLER_DOCUMENTS: f64 = 0.55;

/// Clients that send large documents in a loop. The control decodes them in the executor.
pub(crate) fn run(plan: &Plan) -> Outcome<Report> {
    let bytes = plan.pick(7_500_000, 7_500_000, 500_000);
    let mut report = documents_of(plan, "structs", &documents::structs(bytes))?;
    report.append(documents_of(plan, "integers", &documents::integers(bytes))?);
    report.append(documents_of(
        plan,
        "integers that come back",
        &documents::echoed(bytes),
    )?);
    Ok(report)
}

fn documents_of(plan: &Plan, items: &str, request: &[u8]) -> Outcome<Report> {
    let start = |setup, settings: &[_]| -> Outcome<Loaded> {
        let server = Server::start(plan, setup, settings)?;
        Ok(Loaded::new(server, request.to_vec(), 4))
    };
    let mut both = [
        start(Setup::Production, &[("offload", 0)])?,
        start(Setup::Production, &[])?,
    ];
    let mut undecoded = start(Setup::Undecoded, &[])?;
    let round = plan.seconds(2);
    in_turns(plan.pick(6, 1, 1), round, &mut both, |[control, _]| {
        undecoded.period = control.period_of_clients();
        undecoded.round(round)
    })?;
    let [control, attacked] = &both;
    let mut report = Report::default();
    let text = |it: &Loaded| {
        let (text, rate, processor) = (it.text(), it.per_second(), time(it.processor_time()));
        format!("{text}; {rate:.1} documents/s, {processor} of a processor each")
    };
    report.row(
        format!("4 clients send 7.5 MB of {items} in a loop"),
        "decoded on other threads",
        format!(
            "{} (without offload); {} (nothing is decoded)",
            text(control),
            text(&undecoded)
        ),
        text(attacked),
    );
    let tail = attacked.percentile(99);
    report.at_most_or(
        format!("7.5 MB of {items}: p99 of small calls ÷ without offload, or p99"),
        (ratio(tail, control.percentile(99)), FIFTH),
        (tail, undecoded.percentile(99).mul_f64(TIMES_UNDECODED)),
    );
    report.at_least(
        format!("7.5 MB of {items}: processor time without offload ÷ with it"),
        ratio(control.processor_time(), attacked.processor_time()),
        0.9,
    );
    report.at_least(
        format!("7.5 MB of {items}: documents/s ÷ without offload"),
        attacked.per_second() / control.per_second(),
        DOCUMENTS,
    );
    Ok(report)
}

/// Many clients with documents that are not much larger than those that the executor decodes. One of them takes little
/// time, but in the executor small calls wait for all of them.
pub(crate) fn many(plan: &Plan) -> Outcome<Report> {
    let clients = plan.pick(32, 32, 4);
    let request = documents::structs(250_000);
    let start = |settings: &[_]| -> Outcome<Loaded> {
        let server = Server::start(plan, Setup::Production, settings)?;
        Ok(Loaded::new(server, request.clone(), clients))
    };
    let mut both = [start(&[("offload", 0)])?, start(&[])?];
    in_turns(plan.pick(2, 1, 1), plan.seconds(2), &mut both, |_| Ok(()))?;
    let [control, attacked] = &both;
    let mut report = Report::default();
    let text = |it: &Loaded| format!("{}; {:.0} documents/s", it.text(), it.per_second());
    report.row(
        format!("{clients} clients send 250 kB of structs in a loop"),
        "decoded on other threads",
        format!("{} (without offload)", text(control)),
        text(attacked),
    );
    for (percent, bound) in [(50, FIFTH), (99, 0.5)] {
        report.at_most(
            format!("250 kB of structs: p{percent} of small calls ÷ without offload"),
            ratio(attacked.percentile(percent), control.percentile(percent)),
            bound,
        );
    }
    report.at_least(
        "250 kB of structs: documents/s ÷ without offload",
        attacked.per_second() / control.per_second(),
        SMALLER_DOCUMENTS,
    );
    Ok(report)
}
