//! Real balancers in front of three servers of `examples/production`, with the configurations of `examples/deploy`. With the
//! argument `endpoints`: a client with several endpoints. See `tests/interop/README.md`.

mod balancer;
mod checks;
mod counting;
mod endpoints;
mod load;
mod server;
mod shop;
mod site;
mod table;

use std::{
    env,
    error::Error,
    process::ExitCode,
    time::{Duration, Instant},
};

use tokio::signal::unix::{SignalKind, signal};

use balancer::Kind;
use site::Site;
use table::Table;

/// Why a check failed.
type Result<T = ()> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// The time for all checks with one balancer.
const BALANCER: Duration = Duration::from_secs(360);

/// The time for each scenario of a client with several endpoints.
const SCENARIO: Duration = Duration::from_secs(60);

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some(counting::COMMAND) => {
            return match counting::serve(&arguments[1..]).await {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => {
                    eprintln!("{error}");
                    ExitCode::FAILURE
                }
            };
        }
        Some("endpoints") => return until_ended(several_endpoints()).await,
        _ => {}
    }
    until_ended(async {
        let mut failed = 0;
        for kind in [Kind::Haproxy, Kind::Nginx] {
            let checks = tokio::time::timeout(BALANCER, checks(kind));
            let result = checks
                .await
                .unwrap_or_else(|_| Err(format!("not finished within {BALANCER:?}").into()));
            match result {
                Ok(failures) => failed += failures,
                Err(error) => {
                    println!("FAIL  {kind}: {error}");
                    failed += 1;
                }
            }
        }
        failed
    })
    .await
}

/// Runs checks, which return how many have failed.
async fn until_ended(run: impl Future<Output = u32>) -> ExitCode {
    // Returning ends the processes.
    let failed = tokio::select! {
        failed = run => failed,
        () = ended(SignalKind::terminate()) => return ExitCode::FAILURE,
        () = ended(SignalKind::interrupt()) => return ExitCode::FAILURE,
    };
    if failed == 0 {
        println!("All checks have passed.");
        return ExitCode::SUCCESS;
    }
    println!("{failed} checks have FAILED.");
    ExitCode::FAILURE
}

/// Runs the scenarios of a client with several endpoints, and prints their table.
async fn several_endpoints() -> u32 {
    let (mut table, mut failed) = (Table::default(), 0);
    macro_rules! scenario {
        ($name:ident) => {
            let started = Instant::now();
            let run = tokio::time::timeout(SCENARIO, endpoints::$name(&mut table)).await;
            let result =
                run.unwrap_or_else(|_| Err(format!("not finished within {SCENARIO:?}").into()));
            let seconds = started.elapsed().as_secs_f64();
            match result {
                Ok(()) => println!("pass  {} ({seconds:.1} s)", stringify!($name)),
                Err(error) => {
                    println!("FAIL  {}: {error} ({seconds:.1} s)", stringify!($name));
                    failed += 1;
                }
            }
        };
    }
    scenario!(kill);
    scenario!(haproxy);
    scenario!(counted_kill);
    scenario!(slow);
    scenario!(overloaded);
    scenario!(many);
    table.print();
    failed
}

async fn ended(kind: SignalKind) {
    match signal(kind) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

/// Runs all checks with one balancer, and returns how many have failed.
async fn checks(kind: Kind) -> Result<u32> {
    let mut site = Site::start(kind).await?;
    let mut failed = 0;
    macro_rules! check {
        ($name:literal, $check:expr) => {
            let started = Instant::now();
            let result: Result<String> = $check.await;
            let seconds = started.elapsed().as_secs_f64();
            match result {
                Ok(figures) => println!("pass  {kind}, {}: {figures} ({seconds:.1} s)", $name),
                Err(error) => {
                    println!("FAIL  {kind}, {}: {error} ({seconds:.1} s)", $name);
                    failed += 1;
                }
            }
        };
    }
    check!("large documents", checks::large_documents(&site));
    check!("rolling restart", checks::rolling_restart(&mut site));
    check!("kill -9", checks::kill(&mut site));
    check!("shutdown", site.end());
    if failed > 0 {
        site.print_logs();
    }
    Ok(failed)
}
