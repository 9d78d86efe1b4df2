//! Lists the methods of any server with introspection, with blocking calls instead of `async`.
//!
//! `cargo run --example script [URL]`, by default <http://localhost:8000>.

use xmlrpc_client::{ClientError, blocking::Client};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "http://localhost:8000".to_owned());
    // Without `system.multicall`, the client calls the methods one by one.
    let client = Client::builder(&url)
        .multicall_fallback(true)
        .build_blocking()?;
    run(&client).map_err(|error| format!("{url}: {error}"))?;
    Ok(())
}

fn run(client: &Client) -> Result<(), ClientError> {
    let names = client
        .call::<Vec<String>>("system.listMethods", ())
        .wait()?;
    let helps = names
        .iter()
        .map(|name| client.call::<String>("system.methodHelp", (name,)));
    let helps = client.multicall_iter(helps).wait()?;
    for (name, help) in names.iter().zip(helps) {
        // A server may lack help for some methods, or `system.methodHelp` itself.
        let help = help.unwrap_or_default();
        println!("{name:30} {}", help.lines().next().unwrap_or_default());
    }
    Ok(())
}
