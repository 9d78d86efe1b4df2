//! Methods that never end, that block, and that return too much.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{
    child::Server,
    documents,
    figures::{Report, time},
    harness::{Outcome, figures::float},
    plan::Plan,
    settings::Setup,
    wire::{Connection, Response},
};

/// A multicall of methods that never end, below a time-out for each call.
pub(crate) fn endless_multicall(plan: &Plan) -> Outcome<Report> {
    const ENTRIES: usize = 1000;
    let (settings, time_out, call_time_out): (&[_], _, _) = if plan.has_default_times() {
        (&[("call_timeout", 30_000)], 60, 30)
    } else {
        let short = &[("call_timeout", 1000), ("multicall_timeout", 2000)];
        (short, 2, 1)
    };
    let patience = Duration::from_secs(time_out) * 4 / 3;
    let request = documents::multicall("forever", &[], ENTRIES);
    let run = |setup, settings: &[_]| -> Outcome<(Duration, Option<Response>)> {
        let server = Server::start(plan, setup, settings)?;
        let mut connection = Connection::open(server.address)?.patience(patience)?;
        let start = Instant::now();
        let response = connection.call(&request).ok();
        Ok((start.elapsed(), response))
    };
    let (control, attacked) = thread::scope(|scope| {
        let control = scope.spawn(|| {
            let settings = [&[("multicall_timeout", 0)], settings].concat();
            let control = plan.has_control().then(|| run(Setup::Control, &settings));
            control.transpose().map_err(|error| error.to_string())
        });
        let attacked = run(Setup::Production, settings);
        let control = control.join().map_err(|_| "a client panicked");
        Outcome::Ok((control??, attacked?))
    })?;
    let text = |(took, response): &(Duration, Option<Response>)| match response {
        None => format!("no response in {}", time(*took)),
        Some(it) => format!("{} faults after {}", faults(it), time(*took)),
    };
    let mut report = Report::default();
    report.row(
        format!(
            "a multicall of {ENTRIES} endless methods, a time-out of {call_time_out} s for each"
        ),
        format!("`multicall_timeout` ({time_out} s)"),
        control.as_ref().map_or_else(String::new, text),
        text(&attacked),
    );
    let (took, response) = &attacked;
    let missing = ENTRIES - response.as_ref().map_or(0, faults).min(ENTRIES);
    report.none("endless multicall: entries without a fault", missing);
    let seconds = took.as_secs_f64() / Duration::from_secs(time_out).as_secs_f64();
    report.at_most("endless multicall: time ÷ time-out", seconds, 1.2);
    Ok(report)
}

/// The entries of a multicall's response that are faults.
fn faults(response: &Response) -> usize {
    memchr::memmem::find_iter(&response.body, b"<name>faultCode</name>").count()
}

/// How long the method blocks, in milliseconds.
const BLOCKED: u32 = 2000;

/// Clients that call a method that blocks, and leave.
pub(crate) fn blocking(plan: &Plan) -> Outcome<Report> {
    let clients = plan.pick(3000, 3000, 700);
    let run = |method| -> Outcome<(Duration, usize, Response)> {
        let server = Server::start(plan, Setup::Production, &[])?;
        let block = documents::call(method, &[BLOCKED]);
        let leaving = (0..clients).map(|_| Connection::open(server.address));
        let mut leaving = leaving.collect::<Result<Vec<_>, _>>()?;
        // All calls arrive at about the same time.
        for connection in &mut leaving {
            connection.send(&block)?;
        }
        thread::sleep(Duration::from_millis(100));
        drop(leaving);
        let mut connection = Connection::open(server.address)?;
        let start = Instant::now();
        let response = connection.call(&documents::call(method, &[0]))?;
        let waited = start.elapsed();
        // Time for the calls that are still in the queue.
        thread::sleep(Duration::from_millis(u64::from(BLOCKED) + 500));
        let ran = connection.call(&documents::call("blocked", &[]))?;
        Ok((waited, number(&ran).unwrap_or(usize::MAX), response))
    };
    let control = plan.has_control().then(|| run("block_unbounded"));
    let (control, attacked) = (control.transpose()?, run("block")?);
    let text = |(waited, ran, response): &(Duration, usize, Response)| {
        let outcome = if response.is_success() {
            "response"
        } else {
            "fault"
        };
        let waited = time(*waited);
        format!("the next call gets a {outcome} after {waited}; {ran} ran")
    };
    let mut report = Report::default();
    report.row(
        format!("{clients} calls of a method that blocks for 2 s, by clients that leave"),
        "a bounded queue; a call without a client does not run",
        control
            .as_ref()
            .map_or_else(String::new, |it| format!("{} (`spawn_blocking`)", text(it))),
        text(&attacked),
    );
    if let Some((waited, ..)) = control {
        let ratio = attacked.0.as_secs_f64() / waited.as_secs_f64();
        report.at_most(
            "blocking calls: time of the next call ÷ control",
            ratio,
            0.5,
        );
    }
    let ran = float(attacked.1 as u64) / float(clients);
    report.at_most("blocking calls: those that ran ÷ all", ran, 0.25);
    Ok(report)
}

/// The integer in a response.
fn number(response: &Response) -> Option<usize> {
    let text = response.text();
    let (_, rest) = text.split_once("int>")?;
    let (number, _) = rest.split_once('<')?;
    number.parse().ok()
}

/// Methods whose results nest too deep.
pub(crate) fn deep(plan: &Plan) -> Outcome<Report> {
    let mut report = Report::default();
    let cases: [(&str, &str, Vec<u8>); 3] = [
        (
            "a method returns a `Value` nested 20,000 deep",
            "a fault",
            documents::call("deep", &[20_000]),
        ),
        (
            "a method returns a value that writes itself without end",
            "a fault",
            documents::call("endless", &[]),
        ),
        (
            "a method drops a `Value` nested 50,000 deep",
            "no recursion",
            documents::call("drop_deep", &[50_000]),
        ),
    ];
    for (attack, bound, request) in cases {
        let server = Server::start(plan, Setup::Production, &[])?;
        let response = Connection::open(server.address)?.call(&request);
        let expects_fault = bound == "a fault";
        let result = match &response {
            Ok(it) if it.is_fault() => "a fault",
            Ok(it) if it.is_success() => "a result",
            Ok(_) => "another response",
            Err(_) => "no response",
        };
        let lives =
            Connection::open(server.address).and_then(|mut it| it.call(&documents::small()));
        let lives = lives.is_ok_and(|it| it.is_success());
        let after = if lives {
            "the server runs on"
        } else {
            "the process aborts"
        };
        report.row(attack, bound, "", format!("{result}; {after}"));
        let is_right = response.is_ok_and(|it| it.is_fault() == expects_fault);
        report.none(
            format!("{attack}: other ends"),
            usize::from(!(lives && is_right)),
        );
    }
    Ok(report)
}
