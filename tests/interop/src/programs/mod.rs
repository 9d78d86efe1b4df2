//! Programs with their own XML-RPC interfaces. This module starts them, lets our examples call them, and runs
//! the cases that make sense for each.

mod aria2;
mod peers;
mod relay;
mod ros_master;
mod rtorrent;
mod supervisor;
mod wordpress;
mod wordpress_installation;

use std::{
    collections::BTreeMap,
    error::Error,
    fmt,
    net::{Ipv4Addr, TcpListener},
    path::Path,
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    process::Command,
    time::{sleep, timeout},
};
use xmlrpc_client::Client;
use xmlrpc_core::{ClientError, Value, client::ClientErrorKind};

pub(crate) use self::peers::peers;
use self::relay::Relay;
use crate::{
    client::Result,
    outcome::{CASES, Outcome},
    process,
};

/// Which program.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Program {
    Supervisor,
    Aria2,
    Rtorrent,
    RtorrentThroughNginx,
    WordPress,
    RosMaster,
}

/// The time for one case.
const CASE: Duration = Duration::from_secs(120);

/// Starts the program and runs all cases that it supports.
pub(crate) async fn outcomes(
    program: Program,
    command: Command,
    cannot: &[(&'static str, &'static str)],
) -> Result<BTreeMap<String, Outcome>> {
    let folder = tempfile::tempdir()?;
    let started = Started::start(program, command, &folder).await?;
    let mut outcomes = BTreeMap::new();
    for (case, _) in CASES {
        let outcome = match cannot.iter().find(|(cannot, _)| cannot == case) {
            Some((_, reason)) => Outcome::Cannot((*reason).to_owned()),
            None => match timeout(CASE, started.case(case)).await {
                Ok(Ok(())) => Outcome::Pass,
                Ok(Err(error)) => match error.downcast_ref::<Cannot>() {
                    Some(Cannot(reason)) => Outcome::Cannot((*reason).to_owned()),
                    None => Outcome::Fail(line(&error.to_string())),
                },
                Err(_) => Outcome::Fail(format!("it took more than {CASE:?}")),
            },
        };
        outcomes.insert((*case).to_owned(), outcome);
    }
    started.end().await?;
    Ok(outcomes)
}

enum Started {
    Supervisor(supervisor::Supervisor),
    Aria2(aria2::Aria2),
    Rtorrent(rtorrent::Rtorrent),
    WordPress(wordpress::WordPress),
    RosMaster(ros_master::RosMaster),
}

impl Started {
    async fn start(program: Program, command: Command, folder: &TempDir) -> Result<Self> {
        let folder = folder.path();
        Ok(match program {
            Program::Supervisor => {
                Self::Supervisor(supervisor::Supervisor::start(command, folder).await?)
            }
            Program::Aria2 => Self::Aria2(aria2::Aria2::start(command, folder).await?),
            Program::Rtorrent => {
                Self::Rtorrent(rtorrent::Rtorrent::start(command, folder, false).await?)
            }
            Program::RtorrentThroughNginx => {
                Self::Rtorrent(rtorrent::Rtorrent::start(command, folder, true).await?)
            }
            Program::WordPress => {
                Self::WordPress(wordpress::WordPress::start(command, folder).await?)
            }
            Program::RosMaster => {
                Self::RosMaster(ros_master::RosMaster::start(command, folder).await?)
            }
        })
    }

    async fn case(&self, case: &str) -> Result {
        match self {
            Self::Supervisor(supervisor) => supervisor.case(case).await,
            Self::Aria2(aria2) => aria2.case(case).await,
            Self::Rtorrent(rtorrent) => rtorrent.case(case).await,
            Self::WordPress(wordpress) => wordpress.case(case).await,
            Self::RosMaster(master) => master.case(case).await,
        }
    }

    /// Ends the programs whose child processes would survive a kill. The others are killed on drop.
    async fn end(self) -> Result {
        match self {
            Self::Supervisor(supervisor) => supervisor.end().await,
            Self::Aria2(_) | Self::Rtorrent(_) | Self::WordPress(_) | Self::RosMaster(_) => Ok(()),
        }
    }
}

/// The program passed as much of the case as it supports; with the reason.
#[derive(Debug)]
struct Cannot(&'static str);

impl fmt::Display for Cannot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Cannot {}

/// A port that was free a moment ago.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}

/// Repeats a call until the program responds.
async fn until_it_answers<T>(
    call: impl AsyncFn() -> std::result::Result<T, ClientError>,
) -> Result {
    let answers = async {
        while let Err(error) = call().await {
            // A proxy in front of the program responds with 502 until it listens.
            if !error.retryable() {
                return Err(error.into());
            }
            sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    };
    let answers = timeout(Duration::from_secs(30), answers).await;
    answers.unwrap_or_else(|_| Err("no response within 30 seconds".into()))
}

/// Runs one of our examples and returns its output.
async fn example(name: &str, arguments: &[&str]) -> Result<String> {
    example_in(name, &[], arguments).await
}

/// Runs one of our examples with these environment variables and returns its output.
async fn example_in(
    name: &str,
    environment: &[(&str, &str)],
    arguments: &[&str],
) -> Result<String> {
    let output = crate::example(name)?
        .args(arguments)
        .env("no_proxy", "*")
        .envs(environment.iter().copied())
        .kill_on_drop(true)
        .output()
        .await?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    let error = String::from_utf8_lossy(&output.stderr);
    Err(format!("{name} {}: {text} {error}", output.status).into())
}

/// Checks that a text contains the parts in this order.
fn holds(text: &str, parts: &[&str]) -> Result {
    let mut rest = text;
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return Err(format!("expected {part:?} in {text:?}").into()),
        }
    }
    Ok(())
}

/// Joins the lines of a text.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The code and message of the fault that a call must return.
fn fault(answer: std::result::Result<Value, ClientError>) -> Result<(i32, String)> {
    match answer {
        Ok(answer) => Err(format!("expected a fault, got {answer:?}").into()),
        Err(error) => match error.fault() {
            Some(fault) if error.kind() == ClientErrorKind::Fault => {
                Ok((fault.code(), fault.message().to_owned()))
            }
            _ => Err(error.into()),
        },
    }
}

/// Makes 1,000 calls through a relay that counts connections.
async fn keep_alive(
    target: &str,
    client: impl Fn(&str) -> Result<Client>,
    call: impl AsyncFn(&Client) -> Result,
) -> Result {
    let relay = Relay::start(target).await?;
    let client = client(relay.address())?;
    for _ in 0..1_000 {
        call(&client).await?;
    }
    // If a response arrives before its connection is back in the pool, the next call opens a new connection.
    match relay.connections() {
        1..=50 => Ok(()),
        number => Err(format!("{number} connections for 1,000 calls").into()),
    }
}

/// Makes four calls from each of 50 concurrent clients.
async fn concurrent(
    client: impl Fn() -> Result<Client>,
    call: impl AsyncFn(&Client) -> Result,
) -> Result {
    let clients = (0..50).map(|_| async {
        let client = client()?;
        for _ in 0..4 {
            call(&client).await?;
        }
        Result::Ok(())
    });
    futures_util::future::try_join_all(clients).await.map(drop)
}

fn utf8(path: &Path) -> Result<&str> {
    Ok(path.to_str().ok_or("the path is not UTF-8")?)
}

/// Starts a program whose output is not needed.
fn start(name: &str, command: &mut Command) -> Result<process::Process> {
    Ok(process::Process::start(name, command)?)
}
