//! Who is measured, and how.

use std::{net::SocketAddr, rc::Rc, sync::Arc, time::Duration};

use tokio::runtime::{self, Runtime};

use crate::{
    child::Server,
    clients::{Dxr, Jsonrpsee, Ours, Reqwest},
    clock,
    connection::{Connection, Exchange},
    cores::Cores,
    crew::{Crew, Samples, Worker},
    figures::{CLIENT, Figure, Figures, SERVER},
    options::Options,
    requests::Load,
    task::Task,
    timing::{self, Pace},
};

/// Connections, or requests under way, at a time.
const AT_ONCE: u32 = 64;

const SERVERS: [&str; 5] = ["ours", "axum", "hyper", "jsonrpsee", "dxr"];

const FULL: Pace = Pace {
    rounds: 41,
    slice: Duration::from_millis(100),
    // Half as much again as all rounds take, if nothing else runs.
    budget: Duration::from_secs(6),
    often_enough: 21,
};

const QUICK: Pace = Pace {
    rounds: 9,
    often_enough: 5,
    budget: Duration::from_secs(1),
    ..FULL
};

struct Contender {
    name: &'static str,
    task: Box<dyn Task>,
    samples: Samples,
}

impl Contender {
    fn new<W: Worker>(name: &'static str, crew: Crew<W>) -> Self {
        Self {
            name,
            samples: crew.samples(),
            task: Box::new(crew),
        }
    }
}

pub(crate) fn all(cores: Cores, options: &Options) -> Result<Figures, String> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime = Rc::new(runtime.map_err(|error| error.to_string())?);
    let mut figures = Figures {
        cores: cores.describe(),
        ..Figures::default()
    };
    let start = |name: &'static str| Ok((name, Rc::new(Server::start(name, cores.server)?)));
    let servers = SERVERS
        .into_iter()
        .filter(|name| options.wants(name))
        .map(start)
        .collect::<Result<Vec<_>, String>>()?;
    for load in Load::ALL {
        let loaded = |(name, server): &(&'static str, Rc<Server>)| {
            let crew = load_of(load, name, server, &runtime);
            crew.map_err(|error| format!("{name}: {error}"))
        };
        let contenders = servers
            .iter()
            .map(loaded)
            .collect::<Result<Vec<_>, String>>()?;
        time(SERVER, load, contenders, options, &mut figures)?;
    }
    drop(servers);
    let xml = Server::start("hyper", cores.server)?;
    let json = Server::start("hyper_json", cores.server)?;
    let mut contenders = clients(xml.address, json.address, &runtime)?;
    contenders.retain(|it| options.wants(it.name));
    time(CLIENT, Load::Add, contenders, options, &mut figures)?;
    Ok(figures)
}

/// The load generator on a server.
fn load_of(
    load: Load,
    name: &'static str,
    server: &Rc<Server>,
    runtime: &Rc<Runtime>,
) -> Result<Contender, String> {
    let exchange = Arc::new(Exchange {
        request: load.request(name)?,
        answer: load.answer(name)?,
    });
    let open = || runtime.block_on(Connection::open(server.address, Arc::clone(&exchange)));
    let connections = (0..AT_ONCE)
        .map(|_| open())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| error.to_string())?;
    let server = Rc::clone(server);
    let clock = Box::new(move || server.processor_time());
    let crew = Crew::new(Rc::clone(runtime), connections, clock);
    Ok(Contender::new(name, crew))
}

fn clients(
    xml: SocketAddr,
    json: SocketAddr,
    runtime: &Rc<Runtime>,
) -> Result<Vec<Contender>, String> {
    // Some clients look for the runtime when they are made.
    let _entered = runtime.enter();
    let (ours, reqwest) = (Ours::new(xml)?, Reqwest::new(xml)?);
    let (jsonrpsee, dxr) = (Jsonrpsee::new(json)?, Dxr::new(xml)?);
    Ok(vec![
        client("ours", || ours.again(), runtime),
        client("reqwest", || reqwest.again(), runtime),
        client("jsonrpsee", || jsonrpsee.again(), runtime),
        client("dxr", || dxr.again(), runtime),
    ])
}

fn client<W: Worker>(
    name: &'static str,
    again: impl Fn() -> W,
    runtime: &Rc<Runtime>,
) -> Contender {
    let workers = (0..AT_ONCE).map(|_| again()).collect();
    // All of a client is in this thread.
    let clock = Box::new(|| Ok(clock::now()));
    Contender::new(name, Crew::new(Rc::clone(runtime), workers, clock))
}

fn time(
    side: &'static str,
    load: Load,
    mut contenders: Vec<Contender>,
    options: &Options,
    figures: &mut Figures,
) -> Result<(), String> {
    for Contender { name, task, .. } in &mut contenders {
        let checked = task.check();
        checked.map_err(|error| format!("{side}, {}, {name}: {error}", load.name()))?;
    }
    if options.is_test {
        return Ok(());
    }
    let tasks: Vec<&mut dyn Task> = contenders.iter_mut().map(|it| &mut *it.task as _).collect();
    let times = timing::time(tasks, if options.quick { QUICK } else { FULL })?;
    for (contender, ns) in contenders.iter().zip(times) {
        figures.all.push(Figure {
            side,
            load: load.name(),
            contender: contender.name,
            requests_per_s: f64::from(AT_ONCE) * 1e9 / ns,
            processor_us: calm(contender.samples.borrow().clone()),
        });
    }
    Ok(())
}

/// The median of the half that is least: what else runs on a processor only ever adds to it.
fn calm(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples.truncate(samples.len().div_ceil(2));
    timing::median(samples)
}
