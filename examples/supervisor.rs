//! Shows the processes of Supervisor, or restarts one of them and reads its log.
//!
//! `cargo run --example supervisor [URL [PROCESS]]`, by default `unix:///run/supervisor.sock`. Use
//! `http://user:password@localhost:9001` over TCP.

use std::env;

use xmlrpc_client::{Client, ClientError};
use xmlrpc_examples::supervisor::{SupervisorClient, SupervisorError};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = env::args().skip(1);
    let url = arguments
        .next()
        .unwrap_or_else(|| "unix:///run/supervisor.sock".to_owned());
    run(&Client::new(&url)?, arguments.next())
        .await
        .map_err(|error| error.to_string())?;
    Ok(())
}

async fn run(client: &Client, process: Option<String>) -> Result<(), ClientError> {
    show(client).await?;
    match process {
        Some(name) => restart(client, &name).await,
        None => Ok(()),
    }
}

async fn show(client: &Client) -> Result<(), ClientError> {
    let supervisor = SupervisorClient::new(client);
    let calls = (
        supervisor.supervisor_version(),
        supervisor.state(),
        supervisor.all_processes(),
    );
    let (version, state, processes) = client.multicall(calls).await?;
    println!("Supervisor {} is {}", version?, state?.name);
    for process in processes? {
        println!("{process}");
    }
    Ok(())
}

async fn restart(client: &Client, name: &str) -> Result<(), ClientError> {
    let supervisor = SupervisorClient::new(client);
    match supervisor.stop(name, true).await {
        Ok(_) => println!("stopped {name}"),
        Err(error) => match error.fault_as() {
            Some(SupervisorError::NotRunning(_)) => println!("{name} does not run"),
            _ => return Err(error),
        },
    }
    supervisor.start(name, true).await?;
    println!("started {}", supervisor.process(name).await?);

    let log = supervisor.tail_stdout_log(name, 0, 1_000).await?;
    let left_out = if log.overflow { "…" } else { "" };
    println!("its log, {} bytes:\n{left_out}{}", log.offset, log.text);
    Ok(())
}
