//! More connections than the server can or may hold.

use std::{
    net::Ipv4Addr,
    thread,
    time::{Duration, Instant},
};

use crate::{
    child::Server,
    documents,
    figures::{Report, time},
    harness::Outcome,
    plan::Plan,
    settings::Setup,
    wire::Connection,
};

const SILENT: usize = 300;
/// How long a new client waits for its response.
const PATIENCE: Duration = Duration::from_secs(2);

/// If so many new clients got no response, the next would not get one either.
const HOPELESS: usize = 3;

struct Case {
    attack: &'static str,
    bound: &'static str,
    settings: &'static [(&'static str, u64)],
    /// The silent connections that the server may hold.
    held: usize,
    has_control: bool,
}

const CASES: [Case; 3] = [
    Case {
        attack: "300 silent sockets with 256 descriptors",
        bound: "the longest idle connection is closed",
        settings: &[("descriptors", 256)],
        // The rest is kept for other files and for new clients.
        held: 240,
        has_control: true,
    },
    Case {
        attack: "300 silent sockets",
        bound: "`max_connections(100)`",
        settings: &[("max_connections", 100)],
        held: 100,
        has_control: false,
    },
    Case {
        attack: "300 silent sockets from one address",
        bound: "`max_connections_per_address(50)`",
        settings: &[("max_connections_per_address", 50)],
        // The new clients come from another address.
        held: 52,
        has_control: false,
    },
];

pub(crate) fn run(plan: &Plan) -> Outcome<Report> {
    let mut report = Report::default();
    for case in &CASES {
        let with_control = plan.has_control() && case.has_control;
        let control = with_control.then(|| attack(plan, Setup::Control, case));
        let control = control.transpose()?.map(|it| it.text());
        let attacked = attack(plan, Setup::Production, case)?;
        report.row(
            case.attack,
            case.bound,
            control.unwrap_or_default(),
            format!("{}; {} are held", attacked.text(), attacked.held),
        );
        let attack = case.attack;
        let (unserved, over) = (
            attacked.clients - attacked.served,
            attacked.held.saturating_sub(case.held),
        );
        report.none(format!("{attack}: new clients without response"), unserved);
        report.none(format!("{attack}: connections beyond the bound"), over);
    }
    Ok(report)
}

struct Attacked {
    clients: usize,
    served: usize,
    slowest: Duration,
    /// The most connections that the server held.
    held: usize,
}

impl Attacked {
    fn text(&self) -> String {
        let (served, clients) = (self.served, self.clients);
        let slowest = time(self.slowest);
        match served {
            0 => format!("none of {clients} new clients gets a response"),
            _ => format!("{served} of {clients} new clients get a response, within {slowest}"),
        }
    }
}

/// Holds silent connections, and then calls on new connections from another address.
fn attack(plan: &Plan, setup: Setup, case: &Case) -> Outcome<Attacked> {
    let server = Server::start(plan, setup, case.settings)?;
    Connection::open(server.address)?.call(&documents::small())?;
    thread::sleep(Duration::from_millis(50));
    let before = server.descriptors();
    let open = |_| Connection::open(server.address);
    let silent = (0..SILENT).map(open).collect::<Result<Vec<_>, _>>()?;
    thread::sleep(Duration::from_millis(500));
    let mut attacked = Attacked {
        clients: 50,
        served: 0,
        slowest: Duration::ZERO,
        held: server.descriptors().saturating_sub(before),
    };
    let request = documents::small();
    for client in 0..attacked.clients {
        if client == HOPELESS && attacked.served == 0 {
            attacked.clients = client;
            break;
        }
        let start = Instant::now();
        let call = || {
            let from = Ipv4Addr::new(127, 0, 0, 2);
            let connection = Connection::open_from(from, server.address)?;
            connection.patience(PATIENCE)?.call(&request)
        };
        if call().is_ok_and(|it| it.is_success()) {
            attacked.served += 1;
            attacked.slowest = attacked.slowest.max(start.elapsed());
        }
        let held = server.descriptors().saturating_sub(before);
        attacked.held = attacked.held.max(held);
    }
    drop(silent);
    Ok(attacked)
}
