//! Downloads a file with aria2, and waits until it is complete.
//!
//! `cargo run --example aria2 [URL [SECRET [URI [FOLDER]]]]`. The default URL is <http://localhost:6800/rpc>, the
//! address of `aria2c --enable-rpc --rpc-secret=SECRET`. Without a URI the example shows the active downloads.

use std::{env, error::Error, time::Duration};

use tokio::time::sleep;
use xmlrpc_client::{Client, ClientError, Http};
use xmlrpc_examples::aria2::{Aria2Client, Options, Stage, token};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let url = arguments
        .next()
        .unwrap_or_else(|| "http://localhost:6800/rpc".to_owned());
    let token = token(&arguments.next().unwrap_or_default());
    let (uri, folder) = (arguments.next(), arguments.next());
    let aria2 = Aria2Client::new(Client::new(&url)?).with_leading_params(token);
    run(&aria2, uri, folder)
        .await
        .map_err(|error| error.to_string())?;
    Ok(())
}

async fn run(
    aria2: &Aria2Client<Http>,
    uri: Option<String>,
    folder: Option<String>,
) -> Result<(), Box<dyn Error>> {
    show(aria2).await?;
    match uri {
        Some(uri) => download(aria2, uri, folder).await,
        None => Ok(()),
    }
}

async fn show(aria2: &Aria2Client<Http>) -> Result<(), ClientError> {
    let client = aria2.client();
    let calls = (
        aria2.version(),
        client.call::<Vec<String>>("system.listMethods", ()),
        aria2.global_stat(),
        aria2.tell_active(),
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
    uri: String,
    dir: Option<String>,
) -> Result<(), Box<dyn Error>> {
    let options = Options {
        dir,
        ..Options::default()
    };
    let gid = aria2.add_uri(&[uri], &options, None).await?;
    println!("added {gid}");
    loop {
        let status = aria2.tell_status(&gid).await?;
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
