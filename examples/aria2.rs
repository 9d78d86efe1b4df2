//! Downloads a file with aria2, and waits until it is complete.
//!
//! `cargo run --example aria2 [URL [SECRET [URI [FOLDER]]]]`. The default URL is <http://localhost:6800/rpc>, the
//! address of `aria2c --enable-rpc --rpc-secret=SECRET`. Without a URI the example shows the active downloads.

use std::{env, error::Error, time::Duration};

use tokio::time::sleep;
use xmlrpc_client::{Client, Http};
use xmlrpc_examples::aria2::{Aria2Client, Options, Stage, Token};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let url = arguments
        .next()
        .unwrap_or_else(|| "http://localhost:6800/rpc".to_owned());
    let token = Token::new(&arguments.next().unwrap_or_default());
    let (uri, folder) = (arguments.next(), arguments.next());
    run(&Client::new(&url)?, &token, uri, folder)
        .await
        .map_err(|error| error.to_string())?;
    Ok(())
}

async fn run(
    client: &Client,
    token: &Token,
    uri: Option<String>,
    folder: Option<String>,
) -> Result<(), Box<dyn Error>> {
    show(client, token).await?;
    match uri {
        Some(uri) => download(&Aria2Client::new(client), token, uri, folder).await,
        None => Ok(()),
    }
}

async fn show(client: &Client, token: &Token) -> Result<(), xmlrpc_client::ClientError> {
    let aria2 = Aria2Client::new(client);
    let calls = (
        aria2.version(token),
        client.call::<Vec<String>>("system.listMethods", ()),
        aria2.global_stat(token),
        aria2.tell_active(token),
    );
    let (version, methods, stat, active) = client.multicall(calls).await?;
    println!("aria2 {}, {} methods", version?.version, methods?.len());
    let stat = stat?;
    println!(
        "{} active, {} waiting, {} over; {} bytes a second",
        stat.num_active, stat.num_waiting, stat.num_stopped, stat.download_speed
    );
    for status in active? {
        println!(
            "{}: {} of {} bytes",
            status.gid, status.completed_length, status.total_length
        );
    }
    Ok(())
}

async fn download(
    aria2: &Aria2Client<Http>,
    token: &Token,
    uri: String,
    dir: Option<String>,
) -> Result<(), Box<dyn Error>> {
    let options = Options {
        dir,
        ..Options::default()
    };
    let gid = aria2.add_uri(token, &[uri], &options, None).await?;
    println!("added {gid}");
    loop {
        let status = aria2.tell_status(token, &gid).await?;
        match status.status {
            Stage::Active | Stage::Waiting | Stage::Paused => {
                sleep(Duration::from_millis(200)).await;
            }
            Stage::Complete => {
                for file in status.files {
                    println!("complete: {}, {} bytes", file.path, file.length);
                }
                return Ok(());
            }
            Stage::Error | Stage::Removed => {
                let (code, text) = (status.error_code, status.error_message);
                let (code, text) = (code.unwrap_or_default(), text.unwrap_or_default());
                return Err(format!("{gid} failed: {text} ({code})").into());
            }
        }
    }
}
