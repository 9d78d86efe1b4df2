//! Measures servers under load, and clients.

use std::{net::SocketAddr, rc::Rc, sync::Arc, time::Duration};

use tokio::runtime::{self, Runtime};
use xmlrpc_client::Wire;

use crate::{
    child::Server,
    clients::{Dxr, HyperUtil, Jsonrpsee, Ours, Reqwest},
    connection::{Connection, Exchange},
    cores::Cores,
    crew::{Crew, Worker},
    harness::{Outcome, clock, figures::Figures, options::Options, task::Case, timing::Pace},
    requests::{Load, OURS_OVER_HYPER, OURS_UNDER_AXUM},
};

/// Concurrent connections, or calls in flight.
const AT_ONCE: u32 = 64;

const SERVERS: [&str; 6] = ["ours", OURS_UNDER_AXUM, "axum", "hyper", "jsonrpsee", "dxr"];

const FULL: Pace = Pace {
    rounds: 41,
    slice: Duration::from_millis(100),
    // Half as much again as all rounds take on an idle machine.
    budget: Duration::from_secs(6),
    min_samples: 21,
};

const QUICK: Pace = Pace {
    rounds: 9,
    min_samples: 5,
    budget: Duration::from_secs(1),
    ..FULL
};

pub(crate) fn all(cores: Cores, options: &Options) -> Outcome<Figures> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let runtime = Rc::new(runtime);
    let mut figures = Figures::default();
    let mut servers = Vec::new();
    for name in SERVERS
        .into_iter()
        .filter(|name| options.wants("only", name))
    {
        servers.push((name, Rc::new(Server::start(name, cores.server)?)));
    }
    let pace = options.pace(FULL, QUICK);
    for load in Load::ALL {
        let mut cases = Vec::new();
        for (name, server) in &servers {
            cases.push(load_of(load, name, server, &runtime)?);
        }
        let table = format!("server, {}", load.name());
        figures.measure(&table, cases, AT_ONCE, pace)?;
    }
    drop(servers);
    let xml = Server::start("hyper", cores.server)?;
    let json = Server::start("hyper_json", cores.server)?;
    let mut cases = clients(xml.address, json.address, &runtime)?;
    cases.retain(|case| options.wants("only", case.contender));
    figures.measure("client, add", cases, AT_ONCE, pace)?;
    figures.check(|_| true)?;
    Ok(figures)
}

/// The load generator for a server.
fn load_of(
    load: Load,
    name: &'static str,
    server: &Rc<Server>,
    runtime: &Rc<Runtime>,
) -> Outcome<Case> {
    let exchange = Arc::new(Exchange {
        request: load.request(name)?,
        response: load.response(name)?,
    });
    let open = |_| runtime.block_on(Connection::open(server.address, Arc::clone(&exchange)));
    let connections = (0..AT_ONCE).map(open).collect::<Result<Vec<_>, _>>()?;
    let server = Rc::clone(server);
    let clock = Box::new(move || server.processor_time());
    Ok(case(
        name,
        Crew::new(Rc::clone(runtime), connections, clock),
    ))
}

fn clients(xml: SocketAddr, json: SocketAddr, runtime: &Rc<Runtime>) -> Outcome<Vec<Case>> {
    // Some clients look for the runtime when they are made.
    let _entered = runtime.enter();
    Ok(vec![
        client("ours", &Ours::new(xml, Wire::Reqwest)?, runtime),
        client("reqwest", &Reqwest::new(xml)?, runtime),
        client(OURS_OVER_HYPER, &Ours::new(xml, Wire::Hyper)?, runtime),
        client("hyper-util", &HyperUtil::new(xml)?, runtime),
        client("jsonrpsee", &Jsonrpsee::new(json)?, runtime),
        client("dxr", &Dxr::new(xml)?, runtime),
    ])
}

fn client<W: Worker + Clone>(name: &'static str, worker: &W, runtime: &Rc<Runtime>) -> Case {
    let workers = (0..AT_ONCE).map(|_| worker.clone()).collect();
    // A client runs in this thread only.
    let clock = Box::new(|| Ok(clock::now()));
    case(name, Crew::new(Rc::clone(runtime), workers, clock))
}

fn case<W: Worker>(contender: &'static str, crew: Crew<W>) -> Case {
    let task = Box::new(crew);
    Case { contender, task }
}
