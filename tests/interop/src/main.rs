//! Tests with other XML-RPC implementations, as clients and as servers. `tests/interop/run` installs them
//! and runs this program.

mod client;
mod matrix;
mod outcome;
mod peers;
mod process;
mod programs;

use std::{collections::BTreeMap, error::Error, fs, process::ExitCode};

use client::Server;
use lexopt::prelude::*;
use matrix::{Column, Matrix};
use outcome::{CASES, Outcome};
use peers::{Peer, Side};
use process::Process;
use tokio::process::Command;

#[derive(Default)]
struct Options {
    only: Vec<String>,
    write_docs: bool,
    list: bool,
}

fn options() -> Result<Options, lexopt::Error> {
    let mut options = Options::default();
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("write-docs") => options.write_docs = true,
            Long("list") => options.list = true,
            Value(peer) => options.only.push(peer.string()?.to_lowercase()),
            other => return Err(other.unexpected()),
        }
    }
    if options.write_docs && !options.only.is_empty() {
        return Err("--write-docs needs all peers".into());
    }
    Ok(options)
}

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let options = options()?;
    let peers = peers::all();
    if options.list {
        for peer in &peers {
            println!("{}", peer.name);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let folder = tempfile::tempdir()?;
    let socket = folder.path().join("interop.sock");
    let mut http = Process::start(
        "interop_server",
        example("interop_server")?.arg("127.0.0.1:0"),
    )?;
    let url = http.address().await?;
    let unix = format!("unix:{}", socket.display());
    let mut over_unix = Process::start("interop_server", example("interop_server")?.arg(&unix))?;
    over_unix.address().await?;

    let mut matrix = Matrix {
        columns: Vec::new(),
    };
    let mut left_out = Vec::new();
    for peer in &peers {
        let name = peer.name.to_lowercase();
        if options.only.is_empty() || options.only.iter().any(|only| name.contains(&**only)) {
            println!("\n== {}", peer.name);
            // Not every machine has every Python.
            if peer.name.starts_with("Python ") && peer.command().is_none() {
                println!("  left out: not installed");
                left_out.push(peer.name);
                continue;
            }
            let column = column(peer, &url, &socket.to_string_lossy()).await;
            print(&column);
            matrix.columns.push(column);
        }
    }
    let page = matrix.page()?;
    println!("\n{page}");
    let lost = matrix.lost(&matrix::written());
    if options.write_docs {
        fs::write(matrix::path(), &page)?;
    }
    let failures = matrix.failures();
    for failure in &failures {
        println!("failed: {failure}");
    }
    for lost in &lost {
        println!("passed before: {lost}");
    }
    let passed = matrix.columns.len() * CASES.len() - failures.len();
    println!("{passed} passed, {} failed", failures.len());
    // The last lines, which the gate repeats.
    for name in left_out {
        println!("left out: {name}: not installed");
    }
    let is_good = failures.is_empty() && lost.is_empty();
    Ok(if is_good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn print(column: &Column) {
    for (case, _) in CASES {
        match column.outcomes.get(*case) {
            Some(Outcome::Pass) => println!("  ✓ {case}"),
            Some(Outcome::Cannot(reason)) => println!("  – {case}: {reason}"),
            Some(Outcome::Fail(reason)) => println!("  ✗ {case}: {reason}"),
            None => println!("  ✗ {case}"),
        }
    }
}

/// Runs all cases with a peer.
async fn column(peer: &Peer, url: &str, socket: &str) -> Column {
    let version = match peer.version() {
        Some(mut command) => process::first_line(&mut command).await,
        None => None,
    };
    let outcomes = outcomes(peer, url, socket).await.unwrap_or_else(|error| {
        let failed = |case: &str| (case.to_owned(), Outcome::Fail(error.clone()));
        CASES.iter().map(|(case, _)| failed(case)).collect()
    });
    Column {
        peer: peer.name,
        version,
        is_client: peer.side == Side::Client,
        outcomes,
    }
}

type Outcomes = BTreeMap<String, Outcome>;

async fn outcomes(peer: &Peer, url: &str, socket: &str) -> Result<Outcomes, String> {
    let command = peer.command();
    let mut command = command.ok_or_else(|| format!("{} is not installed", peer.command[0]))?;
    match peer.side {
        Side::Client => {
            command.args([url, socket]);
            said(peer, Process::start(peer.name, &mut command)?).await
        }
        Side::Program(program) => {
            let outcomes = programs::outcomes(program, command, peer.cannot).await;
            outcomes.map_err(|error| error.to_string())
        }
        Side::Server(dialect) => {
            let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
            command.arg(folder.path().join("peer.sock"));
            let mut process = Process::start(peer.name, &mut command)?;
            let (mut url, mut unix) = (process.address().await?, None);
            if url.starts_with("unix://") {
                unix = Some(url);
                url = process.address().await?;
            }
            let server = Server {
                url: &url,
                unix: unix.as_deref(),
                dialect,
                cannot: peer.cannot,
            };
            let outcomes = server.cases().await.into_iter();
            Ok(outcomes
                .map(|(case, outcome)| (case.to_owned(), outcome))
                .collect())
        }
    }
}

/// Reads the outcomes that a peer's program prints.
async fn said(peer: &Peer, mut process: Process) -> Result<Outcomes, String> {
    let cannot = peer.cannot.iter();
    let mut outcomes: Outcomes = cannot
        .map(|(case, reason)| ((*case).to_owned(), Outcome::Cannot((*reason).to_owned())))
        .collect();
    while let Some(line) = process.line().await? {
        match line
            .split_once('\t')
            .map(|(case, text)| (case, Outcome::parse(text)))
        {
            Some((case, Some(outcome))) => _ = outcomes.insert(case.to_owned(), outcome),
            _ => println!("  {line}"),
        }
    }
    process.end().await?;
    Ok(outcomes)
}

/// The command of one of our examples, which must be built.
pub(crate) fn example(name: &str) -> Result<Command, String> {
    let mut path = std::env::current_exe().map_err(|error| error.to_string())?;
    path.pop();
    path.push("examples");
    path.push(name);
    if !path.exists() {
        return Err(format!("{} is not built", path.display()));
    }
    Ok(Command::new(path))
}
