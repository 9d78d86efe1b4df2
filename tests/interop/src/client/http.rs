//! What HTTP has beside the documents.

use futures_util::future::try_join_all;
use http::StatusCode;
use xmlrpc_client::Client;

use super::{Result, Server, same};

pub(super) async fn case(server: &Server<'_>, case: &str) -> Result {
    match case {
        // The client asks for it with every request: the peer's script has it for one long text.
        "gzip_answer" | "latin1_answer" => {
            let text: String = server.client()?.call(&format!("peer.{case}"), ()).await?;
            same(&text, &"n\u{e9}e ".repeat(1_000))
        }
        "keep_alive" => keep_alive(server).await,
        "concurrent" => concurrent(server).await,
        "large_answer" => {
            let letters = server.stub()?.letters(20_000_000).await?;
            same(&letters.len(), &20_000_000)
        }
        _ => basic_auth(server).await,
    }
}

/// How many connections there were, the peer's script counts. Where an answer is there before its connection
/// is back in the pool, the next call has a new one: a few in a thousand.
async fn keep_alive(server: &Server<'_>) -> Result {
    let peer = server.stub()?;
    let count = || async { peer.client().call::<i64>("peer.connections", ()).await };
    let before = count().await?;
    for number in 0..1_000 {
        same(&peer.add(number, 1).await?, &(number + 1))?;
    }
    let more = count().await? - before;
    match more {
        0..=5 => Ok(()),
        more => Err(format!("{more} connections for 1,000 calls").into()),
    }
}

async fn concurrent(server: &Server<'_>) -> Result {
    let clients = (0..50).map(|number| async move {
        let peer = server.stub()?;
        for other in 0..4 {
            same(&peer.add(number, other).await?, &(number + other))?;
        }
        Result::Ok(())
    });
    try_join_all(clients).await.map(drop)
}

/// Under `/auth`, for moe with the password secret.
async fn basic_auth(server: &Server<'_>) -> Result {
    let base = server.url.trim_end_matches("/RPC2").trim_end_matches('/');
    let url = format!("{base}/auth");
    let client = |password| Client::builder(&url).basic_auth("moe", password).build();
    let sum = client("secret")?.call::<i64>("peer.add", (1, 2)).await?;
    same(&sum, &3)?;
    match client("wrong")?.call::<i64>("peer.add", (1, 2)).await {
        Ok(sum) => Err(format!("a wrong password was let in: {sum}").into()),
        Err(error) => same(&error.status(), &Some(StatusCode::UNAUTHORIZED)),
    }
}
