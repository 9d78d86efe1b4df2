//! Shows the downloads of rTorrent, or makes a torrent from a file, which rTorrent then checks and offers.
//!
//! `cargo run --example rtorrent [URL [FILE]]`, by default `scgi://localhost:5000`. Use `scgi+unix:///run/rtorrent.sock`
//! for a unix socket, and `http://localhost/RPC2` for a web server in front of rTorrent. rTorrent must see the file
//! under the same path.

use std::{
    env,
    error::Error,
    fs,
    path::{Path, absolute},
    time::Duration,
};

use tokio::time::sleep;
use xmlrpc_client::{Client, Http};
use xmlrpc_core::Base64;
use xmlrpc_examples::rtorrent::{DownloadRow, RtorrentClient, torrent::Torrent};

/// rTorrent does not load torrents without a tracker. This one does not exist.
const TRACKER: &str = "http://127.0.0.1:9/announce";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let url = arguments
        .next()
        .unwrap_or_else(|| "scgi://localhost:5000".to_owned());
    let file = arguments.next().map(absolute).transpose()?;
    run(&Client::new(&url)?, file.as_deref())
        .await
        .map_err(|error| error.to_string())?;
    Ok(())
}

async fn run(client: &Client, file: Option<&Path>) -> Result<(), Box<dyn Error>> {
    let rtorrent = RtorrentClient::new(client);
    let versions = (rtorrent.client_version(), rtorrent.library_version());
    let (version, library) = client.multicall(versions).await?;
    println!("rTorrent {} with libtorrent {}", version?, library?);
    if let Some(file) = file {
        offer(&rtorrent, file).await?;
    }
    let columns = DownloadRow::columns();
    for row in rtorrent.downloads("", "main", &columns).await? {
        println!("{} {}, {:?}", row.hash, row.name, row.label);
        println!("    {} of {} bytes", row.done, row.size);
    }
    Ok(())
}

async fn offer(rtorrent: &RtorrentClient<Http>, file: &Path) -> Result<(), Box<dyn Error>> {
    let name = file.file_name().and_then(|name| name.to_str());
    let folder = file.parent().and_then(Path::to_str);
    let (Some(name), Some(folder)) = (name, folder) else {
        return Err(format!("{} has no name in UTF-8", file.display()).into());
    };
    let torrent = Torrent::of_file(name, &fs::read(file)?, TRACKER);
    let commands = [
        format!("d.directory.set=\"{folder}\""),
        "d.custom1.set=\"an example\"".to_owned(),
    ];
    rtorrent
        .load_and_start("", &Base64(torrent.bytes), &commands)
        .await?;
    // The download appears a moment later. Then rTorrent reads the file, and compares each piece with its hash.
    let columns = DownloadRow::columns();
    for _ in 0..50 {
        let mut rows = rtorrent.downloads("", "main", &columns).await?.into_iter();
        if rows.any(|row| row.hash == torrent.hash && row.is_complete) {
            println!("{name} is complete");
            return Ok(());
        }
        sleep(Duration::from_millis(200)).await;
    }
    Err(format!("{name} is not complete after ten seconds").into())
}
