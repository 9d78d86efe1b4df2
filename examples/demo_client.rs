//! Calls the service of `demo_server` or of `python3 -m xmlrpc.server`.
//!
//! `cargo run --example demo_client [URL]`, by default <http://localhost:8000>.

use xmlrpc_client::{Client, ClientError};
use xmlrpc_examples::demo::{CurrentTimeClient, DemoClient};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "http://localhost:8000".to_owned());
    run(Client::new(&url)?)
        .await
        .map_err(|error| format!("{url}: {error}"))?;
    Ok(())
}

async fn run(client: Client) -> Result<(), ClientError> {
    let clock = CurrentTimeClient::new(client.clone());
    println!("{}", clock.get_current_time().await?);

    let demo = DemoClient::new(client.clone());
    let calls = (demo.get_data(), demo.pow(2, 9), demo.add(1, 2));
    let (data, power, sum) = client.multicall(calls).await?;
    println!("{}", data?);
    println!("{}", power?);
    println!("{}", sum?);
    Ok(())
}
