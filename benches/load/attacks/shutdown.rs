//! SIGTERM while calls run.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    thread,
    time::Duration,
};

use crate::{
    child::Server,
    documents,
    figures::{Report, time},
    harness::Outcome,
    plan::Plan,
    settings::Setup,
    wire::{Connection, Response},
};

/// 300 calls are running when SIGTERM arrives.
pub(crate) fn termination(plan: &Plan) -> Outcome<Report> {
    let clients = plan.pick(300, 300, 50);
    let run = |setup| -> Outcome<(usize, String)> {
        let server = Server::start(plan, setup, &[("drain", 10_000)])?;
        let mut open = Vec::new();
        for _ in 0..clients {
            let mut connection = Connection::open(server.address)?;
            connection.send(&documents::call("sleep", &[2000]))?;
            open.push(connection);
        }
        thread::sleep(Duration::from_millis(300));
        server.terminate()?;
        let responses = open.iter_mut().map(Connection::response);
        let answered = responses.filter(|it| it.as_ref().is_ok_and(Response::is_success));
        let lost = clients - answered.count();
        let end = server.wait(Duration::from_secs(5));
        let end = end.map_or_else(
            || "the server still runs after 5 s".to_owned(),
            |(_, status)| status.to_string(),
        );
        Ok((lost, format!("{lost} lost; {end}")))
    };
    let control = plan
        .has_control()
        .then(|| run(Setup::Control))
        .transpose()?;
    let (lost, text) = run(Setup::Production)?;
    let mut report = Report::default();
    report.row(
        format!("SIGTERM while {clients} calls run"),
        "`shutdown_signal()`",
        control.map_or_else(String::new, |(_, text)| text),
        text,
    );
    report.none("termination: lost calls", lost);
    report.append(under_load(plan)?);
    Ok(report)
}

/// SIGTERM while clients call in a loop, on kept and on new connections.
fn under_load(plan: &Plan) -> Outcome<Report> {
    let runs = plan.pick(20, 5, 1);
    let (mut lost, mut answered) = (0, 0);
    for _ in 0..runs {
        let server = Server::start(plan, Setup::Production, &[("drain", 10_000)])?;
        let calls = Calls::default();
        thread::scope(|scope| -> Outcome {
            for client in 0..16 {
                let (address, calls) = (server.address, &calls);
                scope.spawn(move || calls.make(|| Connection::open(address), client % 4 != 0));
            }
            thread::sleep(Duration::from_millis(300));
            calls.has_signal.store(true, Relaxed);
            server.terminate()?;
            server.wait(Duration::from_secs(15));
            Ok(())
        })?;
        lost += calls.lost.into_inner();
        answered += calls.answered.into_inner();
    }
    let mut report = Report::default();
    report.row(
        format!("SIGTERM under load, {runs} times"),
        "`shutdown_signal()`",
        "",
        format!("{answered} calls answered, {lost} lost"),
    );
    report.none("termination under load: lost calls", lost);
    Ok(report)
}

/// Calls until the server accepts no more connections.
#[derive(Default)]
struct Calls {
    has_signal: AtomicBool,
    answered: AtomicUsize,
    lost: AtomicUsize,
}

impl Calls {
    /// A call is lost if its request was sent completely and gets no response. It is not lost if the server closed the
    /// connection before, or never accepted it: the client sees that on a connection that it opened after the signal.
    fn make(&self, open: impl Fn() -> std::io::Result<Connection>, keeps: bool) {
        let request = documents::call("sleep", &[2]);
        let mut kept = None;
        loop {
            let is_late = self.has_signal.load(Relaxed);
            let is_new = kept.is_none();
            let connection = match kept.take() {
                Some(connection) => Ok(connection),
                None => open(),
            };
            let Ok(mut connection) = connection else {
                return;
            };
            if !is_new && connection.is_closed() {
                continue;
            }
            if connection.send(&request).is_err() {
                continue;
            }
            match connection.response() {
                Ok(response) => {
                    self.answered.fetch_add(1, Relaxed);
                    if keeps && !response.closes() {
                        kept = Some(connection);
                    }
                }
                Err(_) if is_new && is_late => {}
                Err(_) => {
                    self.lost.fetch_add(1, Relaxed);
                }
            }
        }
    }
}

/// What holds up a graceful shutdown: slow heads, bodies and readers, and endless methods.
pub(crate) fn deadline(plan: &Plan) -> Outcome<Report> {
    const DRAIN: Duration = Duration::from_secs(3);
    const CALLS: usize = 20;
    const WATCHED: Duration = Duration::from_secs(8);
    let run = |setup| -> Outcome<(Option<Duration>, usize, usize)> {
        let settings = [("drain", 3000), ("terminates", 1)];
        let mut server = Server::start(plan, setup, &settings)?;
        let open = |request: &[u8]| -> Outcome<Connection> {
            let mut connection = Connection::open(server.address)?;
            connection.send(request)?;
            Ok(connection)
        };
        let text = documents::text(1 << 20);
        let mut holding = Vec::new();
        for _ in 0..5 {
            holding.push(open(b"POST /RPC2 HTTP/1.1\r\nHo")?);
            holding.push(open(&text[..text.len() / 2])?);
            holding.push(open(&documents::call("fill", &[10 << 20]))?);
            holding.push(open(&documents::call("forever", &[]))?);
        }
        let answerable = documents::call("sleep", &[1000]);
        let mut answerable = (0..CALLS)
            .map(|_| open(&answerable))
            .collect::<Outcome<Vec<_>>>()?;
        let finishing = documents::call("finish", &[1000]);
        let finishing = (0..CALLS)
            .map(|_| open(&finishing))
            .collect::<Outcome<Vec<_>>>()?;
        thread::sleep(Duration::from_millis(300));
        // The callers leave, but the method runs to completion.
        drop(finishing);
        server.terminate()?;
        let responses = answerable.iter_mut().map(Connection::response);
        let answered = responses.filter(|it| it.as_ref().is_ok_and(Response::is_success));
        let answered = answered.count();
        let ended = server
            .wait(WATCHED)
            .map(|(took, _)| took + Duration::from_secs(1));
        let finished = match ended {
            Some(_) => server.output()?.lines().count(),
            None => CALLS,
        };
        Ok((ended, CALLS - answered, CALLS.saturating_sub(finished)))
    };
    let text = |(ended, lost, unfinished): &(Option<Duration>, usize, usize)| {
        let ended = match ended {
            None => format!("still running after {}", time(WATCHED)),
            Some(took) => format!("ends after about {}", time(*took)),
        };
        format!(
            "{ended}; {lost} of {CALLS} calls lost, {unfinished} of {CALLS} not run to completion"
        )
    };
    let control = plan
        .has_control()
        .then(|| run(Setup::Control))
        .transpose()?;
    let attacked = run(Setup::Production)?;
    let mut report = Report::default();
    report.row(
        "SIGTERM with slow heads, bodies and readers, and endless methods",
        format!("`drain` ({})", time(DRAIN)),
        control.as_ref().map_or_else(String::new, text),
        text(&attacked),
    );
    let (ended, lost, unfinished) = attacked;
    report.none("shutdown deadline: lost calls", lost);
    report.none(
        "shutdown deadline: methods that did not run to completion",
        unfinished,
    );
    let ratio = ended.map_or(f64::INFINITY, |it| it.as_secs_f64() / DRAIN.as_secs_f64());
    report.at_most("shutdown deadline: time ÷ deadline", ratio, 1.5);
    Ok(report)
}
