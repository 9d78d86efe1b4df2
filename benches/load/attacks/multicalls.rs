//! The times of small calls beside multicalls that compute.

use super::loaded::{FIFTH, Loaded, in_turns, ratio};
use crate::{
    child::Server, documents, figures::Report, harness::Outcome, plan::Plan, settings::Setup,
};

/// Multicalls that compute. The control does the same work in one call, and yields after as many entries as a multicall
/// would without a rule about time.
pub(crate) fn run(plan: &Plan) -> Outcome<Report> {
    let entries = plan.pick(1000, 1000, 20);
    let ms = 5;
    let server = || Server::start(plan, Setup::Production, &[]);
    let control = documents::call("compute_all", &[entries, ms]);
    let multicall = documents::multicall("compute", &[ms], entries as usize);
    let mut both = [
        Loaded::new(server()?, control, 2),
        Loaded::new(server()?, multicall, 2),
    ];
    in_turns(plan.pick(2, 1, 1), plan.seconds(4), &mut both, |_| Ok(()))?;
    let [control, attacked] = &both;
    let mut report = Report::default();
    report.row(
        format!("2 clients, multicalls of {entries} entries of 5 ms"),
        "yields by time",
        format!("{} (yields after 128 entries)", control.text()),
        attacked.text(),
    );
    for percent in [50, 99] {
        let ratio = ratio(attacked.percentile(percent), control.percentile(percent));
        report.at_most(
            format!("long multicalls: p{percent} of small calls ÷ control"),
            ratio,
            FIFTH,
        );
    }
    Ok(report)
}
