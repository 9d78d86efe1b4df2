//! The checks. Each returns its figures, or the reason why it failed.

use std::time::{Duration, Instant};

use tokio::time::{sleep, timeout};
use xmlrpc_core::{client::RetryPolicy, to_string};

use crate::{
    Result,
    balancer::{Balancer, Kind},
    load::{ARTICLE, Load, Mix},
    server::Server,
    shop::Article,
    site::Site,
};

/// How many calls a rolling restart must not lose.
const CALLS: u64 = 20_000;

/// The pieces of the article that the clients take from.
const PIECES: i64 = 1_000_000_000;

/// How long a balancer may take to notice that a server has ended, or is there again.
const NOTICE: Duration = Duration::from_secs(20);

/// A request of 7 MB and a response of 20 MB.
pub(crate) async fn large_documents(site: &Site) -> Result<String> {
    let stock = site.client(None)?;
    let description = "a screw for wood, with a flat head; ".repeat(28);
    let mut sent = Vec::new();
    for part in 0..3 {
        let articles: Vec<_> = (0..6_300)
            .map(|number| Article::new(format!("screw {part}-{number:04}"), number, &description))
            .collect();
        let length = to_string(&articles)?.len();
        if !(7_000_000..8 << 20).contains(&length) {
            return Err(format!("the request has {length} bytes").into());
        }
        if stock.put(&articles).await? != articles.len() {
            return Err("the server has put another number of articles".into());
        }
        sent.extend(articles);
    }
    let found = stock.find("screw ", 50_000).await?;
    let length = to_string(&found)?.len();
    if found != sent || length < 20_000_000 {
        return Err(format!(
            "the response has {} articles in {length} bytes",
            found.len()
        )
        .into());
    }
    Ok(format!(
        "3 requests of {} bytes, a response of {length} bytes",
        length / 3
    ))
}

/// Restarts each server while clients without retries call.
pub(crate) async fn rolling_restart(site: &mut Site) -> Result<String> {
    let stock = site.client(None)?;
    stock.put(&[Article::new(ARTICLE, PIECES, "")]).await?;
    let started = Instant::now();
    let load = Load::start(16, &stock, Mix::Both);
    sleep(Duration::from_secs(1)).await;

    let folder = site.folder.path();
    for server in &mut site.servers {
        server.terminate().await?;
        server.start(folder).await?;
        used_again(&site.balancer, server).await?;
    }
    while load.calls() < CALLS {
        sleep(Duration::from_millis(50)).await;
    }
    let outcome = load.stop().await?;
    let seconds = started.elapsed().as_secs_f64();

    if !outcome.lost.is_empty() {
        return Err(outcome.describe_lost().into());
    }
    let left = PIECES - i64::try_from(outcome.taken)?;
    let level = stock.level(ARTICLE).await?;
    if level != left {
        return Err(format!("{level} pieces are left instead of {left}").into());
    }
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let rate = outcome.calls as f64 / seconds;
    Ok(format!(
        "3 servers restarted, none of {} calls lost, {} of them not idempotent and each run once; {rate:.0} calls per second",
        outcome.calls, outcome.taken
    ))
}

/// Kills one server while clients call, and starts it again.
pub(crate) async fn kill(site: &mut Site) -> Result<String> {
    const CLIENTS: usize = 8;
    let stock = site.client(None)?;
    stock.put(&[Article::new(ARTICLE, PIECES, "")]).await?;
    let retrying = site.client(Some(RetryPolicy::new(4)))?;
    let idempotent = Load::start(CLIENTS, &retrying, Mix::Level);
    let others = Load::start(CLIENTS, &stock, Mix::Take);
    sleep(Duration::from_secs(1)).await;

    let server = &mut site.servers[1];
    server.kill().await?;
    let killed = Instant::now();
    removed(&site.balancer, server).await?;
    let removed = killed.elapsed();
    sleep(Duration::from_secs(2)).await;
    server.start(site.folder.path()).await?;
    let started = Instant::now();
    used_again(&site.balancer, server).await?;
    let added = started.elapsed();

    let (idempotent, others) = (idempotent.stop().await?, others.stop().await?);
    if !idempotent.lost.is_empty() {
        return Err(format!("idempotent calls: {}", idempotent.describe_lost()).into());
    }
    // At most one call of each client was in flight.
    let later = others
        .lost
        .iter()
        .filter(|lost| lost.began > killed)
        .count();
    if later > 0 || others.lost.len() > CLIENTS {
        let lost = others.describe_lost();
        return Err(format!("other calls: {lost}; {later} of them began after the kill").into());
    }
    // A call that was lost may have run.
    let gone = PIECES - stock.level(ARTICLE).await?;
    let taken = i64::try_from(others.taken)?;
    let lost = i64::try_from(others.lost.iter().filter(|lost| lost.is_take).count())?;
    if !(taken..=taken + lost).contains(&gone) {
        return Err(format!(
            "{gone} pieces are gone, but {taken} were taken and {lost} calls lost"
        )
        .into());
    }
    let removed = match site.balancer.kind {
        Kind::Haproxy => format!("removed after {:.1} s", removed.as_secs_f64()),
        Kind::Nginx => "killed (nginx has no health checks)".to_owned(),
    };
    Ok(format!(
        "none of {} idempotent calls lost; {} of {} others lost, all in flight; server {removed}, used again after {:.1} s",
        idempotent.calls,
        others.lost.len(),
        others.calls,
        added.as_secs_f64()
    ))
}

/// Waits until the balancer has removed a server.
async fn removed(balancer: &Balancer, server: &Server) -> Result {
    until("removed", server, async || {
        let states = balancer.states().await?;
        Ok(states
            .get(server.name)
            .is_none_or(|state| state.starts_with("DOWN")))
    })
    .await
}

/// Waits until the balancer sends calls to a server that has just started.
async fn used_again(balancer: &Balancer, server: &Server) -> Result {
    until("used again", server, async || {
        let states = balancer.states().await?;
        let is_up = states.get(server.name).is_none_or(|state| state == "UP");
        Ok(is_up && server.calls().await? > 0)
    })
    .await
}

async fn until(what: &str, server: &Server, is_so: impl AsyncFn() -> Result<bool>) -> Result {
    let so = timeout(NOTICE, async {
        while !is_so().await? {
            sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    });
    let so = so.await;
    so.unwrap_or_else(|_| {
        Err(format!("server {} is not {what} after {NOTICE:?}", server.name).into())
    })
}
