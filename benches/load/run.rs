//! The two programs: all attacks, one after the other, and the soak.

use std::thread;

use crate::{
    attacks::{self, Attack},
    figures::Report,
    harness::{
        Outcome,
        options::{Accepted, Options},
        report::Page,
    },
    plan::Plan,
    soak,
};

const PAGE: Page = Page {
    file: "production",
    title: "Figures",
    arguments: "load --",
};

const CONTROL: &str = "The control is the same attack on a server without this bound: `axum::serve`, unless the row \
says otherwise.";

const HELP: &str = "    --only TEXT        only attacks whose names contain TEXT; may be repeated
    --soak MINUTES     mixed hostile load for so long, instead of the attacks";

pub(crate) fn run() -> Outcome {
    let options = Options::parse(&Accepted {
        bench: "load",
        filters: &["only", "soak"],
        flags: &[],
        help: HELP.to_owned(),
    })?;
    let plan = Plan::new(&options)?;
    if let Some(minutes) = options.values("soak").next() {
        let report = soak::run(&plan, minutes.parse()?)?;
        let tables = report.tables("Soak", "");
        Page::print(&options, &tables);
        PAGE.finish(&options, &report.rows, &report.judgements(), &tables)?;
        return report.verdict();
    }
    let report = attack_all(&plan, &options)?;
    if options.is_test {
        return report.check();
    }
    let tables = report.tables("Attacks", CONTROL);
    Page::print(&options, &tables);
    PAGE.finish(&options, &report.rows, &report.judgements(), &tables)
}

/// The attacks of the background mostly wait for time-outs, while the others run. Times are measured after they have
/// ended.
fn attack_all(plan: &Plan, options: &Options) -> Outcome<Report> {
    let wanted = |attacks: &'static [Attack]| {
        let wanted = attacks.iter().filter(|it| options.wants("only", it.name));
        wanted.collect::<Vec<_>>()
    };
    let mut report = Report::default();
    let background = wanted(attacks::WAITING);
    thread::scope(|scope| -> Outcome {
        let background: Vec<_> = background
            .iter()
            .map(|attack| scope.spawn(move || attack.run(plan).map_err(|error| error.to_string())))
            .collect();
        let mut here = Report::default();
        for attack in wanted(attacks::COUNTING) {
            here.append(attack.run(plan)?);
        }
        for attack in background {
            let done = attack.join();
            report.append(done.map_err(|_| "an attack panicked")??);
        }
        report.append(here);
        Ok(())
    })?;
    for attack in wanted(attacks::TIMED) {
        report.append(attack.run(plan)?);
    }
    if report.rows.is_empty() {
        return Err("no attack has this name; benches/README.md lists them".into());
    }
    Ok(report)
}
