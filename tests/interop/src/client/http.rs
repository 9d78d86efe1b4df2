//! The cases of HTTP: compression, encodings, connections, authentication.

use futures_util::future::try_join_all;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use xmlrpc_client::Client;
use xmlrpc_examples::interop::PeerClient;

use super::{Result, Server, same};

pub(super) async fn case(server: &Server<'_>, case: &str) -> Result {
    match case {
        "gzip_answer" => {
            let (headers, _) = raw(server, "peer.gzip_answer").await?;
            let encoding = headers.get(header::CONTENT_ENCODING);
            same(&encoding.map(HeaderValue::as_bytes), &Some(b"gzip"))?;
            many_accents(server, "peer.gzip_answer").await
        }
        "latin1_answer" => {
            let (_, body) = raw(server, "peer.latin1_answer").await?;
            same(&body.windows(4).any(|bytes| bytes == b"n\xe9e "), &true)?;
            many_accents(server, "peer.latin1_answer").await
        }
        "keep_alive" => keep_alive(server).await,
        "concurrent" => concurrent(server).await,
        "large_answer" => {
            let letters = server.stub()?.letters(20_000_000).await?;
            same(&letters.len(), &20_000_000)
        }
        "basic_auth" => basic_auth(server).await,
        "unix_socket" => unix_socket(server).await,
        other => Err(format!("unknown case {other}").into()),
    }
}

/// The headers and the raw body of a response. Asks for gzip if the method name says so.
async fn raw(server: &Server<'_>, method: &str) -> Result<(HeaderMap, Vec<u8>)> {
    let call = format!("<methodCall><methodName>{method}</methodName></methodCall>");
    let client = reqwest::Client::builder().no_gzip().build()?;
    let request = client
        .post(server.url)
        .header(header::CONTENT_TYPE, "text/xml")
        .header(
            header::ACCEPT_ENCODING,
            if method.contains("gzip") {
                "gzip"
            } else {
                "identity"
            },
        )
        .body(call);
    let response = request.send().await?;
    Ok((response.headers().clone(), response.bytes().await?.into()))
}

async fn many_accents(server: &Server<'_>, method: &str) -> Result {
    let text: String = server.client()?.call(method, ()).await?;
    same(&text, &"n\u{e9}e ".repeat(1_000))
}

/// The peer's script counts the connections. If a response arrives before its connection is back in the pool,
/// the next call opens a new connection. This happens a few times in a thousand, and more on a busy machine.
async fn keep_alive(server: &Server<'_>) -> Result {
    let peer = server.stub()?;
    let count = || async { peer.client().call::<i64>("peer.connections", ()).await };
    let before = count().await?;
    for number in 0..1_000 {
        same(&peer.add(number, 1).await?, &(number + 1))?;
    }
    let more = count().await? - before;
    match more {
        0..=50 => Ok(()),
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

/// The path `/auth` needs the user `moe` and the password `secret`.
async fn basic_auth(server: &Server<'_>) -> Result {
    let base = server.url.trim_end_matches("/RPC2").trim_end_matches('/');
    let url = format!("{base}/auth");
    let client = |password| Client::builder(&url).basic_auth("moe", password).build();
    let sum = client("secret")?.call::<i64>("peer.add", (1, 2)).await?;
    same(&sum, &3)?;
    match client("wrong")?.call::<i64>("peer.add", (1, 2)).await {
        Ok(sum) => Err(format!("a wrong password was accepted: {sum}").into()),
        Err(error) => same(&error.status(), &Some(StatusCode::UNAUTHORIZED)),
    }
}

/// Tests both forms of the URL: the socket alone, and the form with a path and a user.
async fn unix_socket(server: &Server<'_>) -> Result {
    let url = server
        .unix
        .ok_or("the peer printed no address of a unix socket")?;
    let peer = PeerClient::new(server.builder(url).build()?);
    for number in 0..100 {
        same(&peer.add(number, 1).await?, &(number + 1))?;
    }
    let text = "n\u{e9}e ".repeat(100_000);
    same(&peer.echo(text.clone().into()).await?, &text.into())?;

    let path = url.trim_start_matches("unix://").replace('/', "%2F");
    for (password, is_right) in [("secret", true), ("wrong", false)] {
        let url = format!("http+unix://moe:{password}@{path}/auth");
        let answer = Client::new(url)?.call::<i64>("peer.add", (1, 2)).await;
        match answer {
            Ok(sum) if is_right => same(&sum, &3)?,
            Err(error) if !is_right => same(&error.status(), &Some(StatusCode::UNAUTHORIZED))?,
            other => return Err(format!("{password}: {other:?}").into()),
        }
    }
    Ok(())
}
