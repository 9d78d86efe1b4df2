//! Calls the methods of `file_server`.
//!
//! `cargo run --example file_client [URL]`, by default <http://localhost:8000>.

use xmlrpc_client::{Client, ClientError};
use xmlrpc_examples::files::{FilesClient, Person};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "http://localhost:8000".to_owned());
    run(&Client::new(&url)?)
        .await
        .map_err(|error| format!("{url}: {error}"))?;
    Ok(())
}

async fn run(client: &Client) -> Result<(), ClientError> {
    let files = FilesClient::new(client);
    files.hello().await?;
    println!("pwd: {}", files.pwd().await?);
    println!("ls:  {}", files.ls(None).await?.join(" "));

    let ada = Person {
        name: "Ada".to_owned(),
        age: 36,
    };
    println!("{}", files.show(&ada).await?);

    // Errors come back as faults that name the path and the reason.
    match files.ls(Some("no such folder")).await {
        Ok(names) => println!("ls:  {}", names.join(" ")),
        Err(error) => println!(
            "{}",
            error
                .fault()
                .map_or_else(|| error.to_string(), ToString::to_string)
        ),
    }
    Ok(())
}
