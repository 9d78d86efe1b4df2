//! A client with several endpoints and 64 calls in flight, without a balancer in between, and with two.

use std::{
    fs,
    time::{Duration, Instant},
};

use tempfile::TempDir;
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};
use xmlrpc_client::{Client, ClientBuilder, EndpointStatus, Wire};
use xmlrpc_core::client::RetryPolicy;

use crate::{
    Result,
    balancer::{Balancer, Kind},
    counting::{Behaviour, CountingProcess, Numbered, join},
    load::{ARTICLE, Load, Mix},
    server::{Server, free_port},
    shop::{Article, StockClient},
    site::certificate,
    table::Table,
};

/// Half of them call an idempotent method.
const CLIENTS: usize = 64;

/// The pieces of the article that the clients take from.
const PIECES: i64 = 1_000_000_000;

/// The time-out of a call.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A call that began so shortly after a kill counts as in flight: the client had not seen it yet.
const NOT_SEEN: Duration = Duration::from_millis(100);

const FAST: Behaviour = Behaviour::After(Duration::from_millis(2));

/// Three servers of `examples/production`.
struct Stock {
    servers: Vec<Server>,
    folder: TempDir,
}

impl Stock {
    async fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("tokens"), "ada:a-token-for-the-tests\n")?;
        let mut servers = Vec::new();
        for name in ["a", "b", "c"] {
            let mut server = Server::new(name)?;
            server.start(folder.path()).await?;
            servers.push(server);
        }
        Ok(Self { servers, folder })
    }

    fn urls(&self) -> Vec<String> {
        let url = |server: &Server| format!("http://127.0.0.1:{}", server.port);
        self.servers.iter().map(url).collect()
    }
}

/// A client of these endpoints.
fn builder(urls: &[String]) -> ClientBuilder {
    Client::builder(&urls[0])
        .endpoints(&urls[1..])
        .no_proxy()
        .timeout(TIMEOUT)
}

fn authenticated(builder: ClientBuilder) -> ClientBuilder {
    let retries = RetryPolicy::new(4);
    builder
        .basic_auth("ada", "a-token-for-the-tests")
        .retries(retries)
}

/// One server of three dies and comes back; then all die.
pub(crate) async fn kill(table: &mut Table) -> Result {
    let mut stock = Stock::start().await?;
    let client = authenticated(builder(&stock.urls())).build()?;
    let endpoints = client.endpoints().ok_or("no endpoints")?;
    let stub = StockClient::new(client);
    stub.put(&[Article::new(ARTICLE, PIECES, "")]).await?;

    let idempotent = Load::start(CLIENTS / 2, &stub, Mix::Level);
    let others = Load::start(CLIENTS / 2, &stub, Mix::Take);
    sleep(Duration::from_secs(1)).await;
    let server = &mut stock.servers[1];
    server.kill().await?;
    let killed = Instant::now();
    sleep(Duration::from_millis(1_500)).await;
    let dead = killed.elapsed();
    server.start(stock.folder.path()).await?;
    let ready = Instant::now();
    while endpoints.list().iter().any(EndpointStatus::is_set_aside) || server.calls().await? == 0 {
        if ready.elapsed() > 2 * (dead + Duration::from_secs(1)) {
            return Err("the server is not used again".into());
        }
        sleep(Duration::from_millis(10)).await;
    }
    let back = ready.elapsed();
    sleep(Duration::from_millis(300)).await;
    let (idempotent, others) = (idempotent.stop().await?, others.stop().await?);

    let gone = PIECES - stub.level(ARTICLE).await?;
    let lost = others.lost.len() as u64;
    let twice = gone - i64::try_from(others.taken + lost)?;
    table.row(
        "kill -9 of one: idempotent",
        idempotent.calls,
        idempotent.lost.len(),
        "",
    );
    table.row(
        "kill -9 of one: others",
        others.calls,
        others.lost.len(),
        &twice.max(0).to_string(),
    );
    table.note(format!(
        "the server was used again {:.2} s after its start",
        back.as_secs_f64()
    ));
    if !idempotent.lost.is_empty() {
        return Err(format!("idempotent calls: {}", idempotent.describe_lost()).into());
    }
    let later = others
        .lost
        .iter()
        .filter(|lost| lost.began > killed + NOT_SEEN);
    if later.count() > 0 || others.lost.len() > CLIENTS / 2 {
        return Err(format!("other calls: {}", others.describe_lost()).into());
    }
    let least = i64::try_from(others.taken)?;
    if gone < least || twice > 0 {
        return Err(
            format!("{gone} pieces are gone, but {least} were taken, {lost} calls lost").into(),
        );
    }

    for server in &mut stock.servers {
        server.kill().await?;
    }
    let (mut calls, mut longest) = (JoinSet::new(), Duration::ZERO);
    for _ in 0..CLIENTS {
        let stub = stub.clone();
        calls.spawn(async move {
            let start = Instant::now();
            (stub.take(ARTICLE, 1).await, start.elapsed())
        });
    }
    while let Some(call) = calls.join_next().await {
        let (result, time) = call?;
        let Err(error) = result else {
            return Err("a dead server has responded".into());
        };
        let text = error.to_string();
        let is_named = |server: &Server| text.contains(&format!("127.0.0.1:{}", server.port));
        if !stock.servers.iter().all(is_named) || error.was_sent() || time > TIMEOUT {
            return Err(format!("after {time:?}: {text}").into());
        }
        longest = longest.max(time);
    }
    table.row(
        "all dead: each error names them",
        CLIENTS as u64,
        CLIENTS,
        "0",
    );
    table.note(format!(
        "all dead: the last error came after {:.2} s",
        longest.as_secs_f64()
    ));
    stock.servers[2].start(stock.folder.path()).await?;
    timeout(TIMEOUT, stub.level(ARTICLE)).await??;
    Ok(())
}

/// Two balancers in front of three servers. A server dies, and then a balancer.
pub(crate) async fn haproxy(table: &mut Table) -> Result {
    let mut stock = Stock::start().await?;
    let (mut balancers, mut urls) = (Vec::new(), Vec::new());
    let folders = [tempfile::tempdir()?, tempfile::tempdir()?];
    certificate(folders[0].path())?;
    for name in ["stock.crt", "stock.key", "stock.pem"] {
        fs::copy(folders[0].path().join(name), folders[1].path().join(name))?;
    }
    for folder in &folders {
        let port = free_port()?;
        balancers.push(Balancer::start(
            Kind::Haproxy,
            port,
            &stock.servers,
            folder.path(),
        )?);
        urls.push(format!("https://127.0.0.1:{port}"));
    }
    let pem = fs::read(folders[0].path().join("stock.crt"))?;
    let client = authenticated(builder(&urls))
        .root_certificate(pem)
        .build()?;
    let stub = StockClient::new(client);
    let start = Instant::now();
    while let Err(error) = stub.put(&[Article::new(ARTICLE, PIECES, "")]).await {
        if start.elapsed() > TIMEOUT {
            return Err(error.into());
        }
        sleep(Duration::from_millis(100)).await;
    }
    let idempotent = Load::start(CLIENTS / 2, &stub, Mix::Level);
    let others = Load::start(CLIENTS / 2, &stub, Mix::Take);
    sleep(Duration::from_millis(500)).await;
    stock.servers[1].kill().await?;
    sleep(Duration::from_millis(2_500)).await;
    drop(balancers.pop());
    sleep(Duration::from_secs(1)).await;
    let (idempotent, others) = (idempotent.stop().await?, others.stop().await?);
    let gone = PIECES - stub.level(ARTICLE).await?;
    let twice = gone - i64::try_from(others.taken)? - i64::try_from(others.lost.len())?;
    table.row(
        "HAProxy between: idempotent",
        idempotent.calls,
        idempotent.lost.len(),
        "",
    );
    table.row(
        "HAProxy between: others",
        others.calls,
        others.lost.len(),
        &twice.max(0).to_string(),
    );
    if !idempotent.lost.is_empty() {
        return Err(format!("idempotent calls: {}", idempotent.describe_lost()).into());
    }
    // HAProxy responds 502 to the calls in flight at the server, and a balancer that ends waits for none.
    if twice > 0 || others.lost.len() > CLIENTS {
        return Err(format!("other calls: {}; {twice} run twice", others.describe_lost()).into());
    }
    Ok(())
}

/// Many calls while nothing fails.
pub(crate) async fn many(table: &mut Table) -> Result {
    const CALLS: i64 = 100_000;
    let (servers, _folder) = counting([Behaviour::After(Duration::ZERO); 3]).await?;
    let urls: Vec<_> = servers.iter().map(CountingProcess::url).collect();
    let client = builder(&urls).wire(Wire::Hyper).build()?;
    let numbered = Numbered::default();
    let started = Instant::now();
    join(numbered.start(CLIENTS, CALLS, &client)).await?;
    let seconds = started.elapsed().as_secs_f64();
    let tally = numbered.tally(&servers)?;
    let twice = tally.idempotent_twice + tally.others_twice;
    let failed = tally.idempotent_failed + tally.others_failed;
    table.row("100,000 calls", tally.calls, failed, &twice.to_string());
    table.note(format!("100,000 calls took {seconds:.1} s"));
    let runs: usize = servers
        .iter()
        .map(|server| Ok(server.calls()?.len()))
        .sum::<Result<_>>()?;
    if tally.calls != 100_000 || failed > 0 || twice > 0 || tally.lost > 0 || runs != 100_000 {
        return Err(format!("{runs} runs, {} lost", tally.lost).into());
    }
    Ok(())
}

/// A server dies and comes back, and the servers have counted each call.
pub(crate) async fn counted_kill(table: &mut Table) -> Result {
    const CALLS: i64 = 20_000;
    let (mut servers, _folder) = counting([FAST; 3]).await?;
    let client = counting_client(&servers)?;
    let numbered = Numbered::default();
    let clients = numbered.start(CLIENTS, CALLS, &client);
    while numbered.calls() < CALLS / 4 {
        sleep(Duration::from_millis(5)).await;
    }
    servers[0].kill().await?;
    let before = servers[0].calls()?.len();
    while numbered.calls() < CALLS / 2 {
        sleep(Duration::from_millis(5)).await;
    }
    servers[0].start_again().await?;
    join(clients).await?;
    let tally = numbered.tally(&servers)?;
    table.row(
        "kill -9, counted: idempotent",
        tally.calls / 2,
        tally.idempotent_failed,
        &tally.idempotent_twice.to_string(),
    );
    table.row(
        "kill -9, counted: others",
        tally.calls / 2,
        tally.others_failed,
        &tally.others_twice.to_string(),
    );
    if tally.idempotent_failed > 0 || tally.others_twice > 0 || tally.lost > 0 {
        return Err(format!("{} calls with a result were not run", tally.lost).into());
    }
    if tally.others_failed > CLIENTS as u64 {
        return Err("more calls failed than were in flight".into());
    }
    if servers[0].calls()?.len() == before {
        return Err("the server is not used again".into());
    }
    Ok(())
}

/// One of three servers is ten times slower.
pub(crate) async fn slow(table: &mut Table) -> Result {
    const CALLS: i64 = 5_000;
    // So long that the processors of this machine do not decide.
    let [fast, slow] = [20, 200].map(|time| Behaviour::After(Duration::from_millis(time)));
    let (servers, _folder) = counting([slow, fast, fast]).await?;
    let client = counting_client(&servers)?;
    let numbered = Numbered::default();
    join(numbered.start(CLIENTS, CALLS, &client)).await?;
    let tally = numbered.tally(&servers)?;
    let failed = tally.idempotent_failed + tally.others_failed;
    let twice = tally.idempotent_twice + tally.others_twice;
    table.row(
        "one ten times slower",
        tally.calls,
        failed,
        &twice.to_string(),
    );
    let runs = servers
        .iter()
        .map(|server| Ok(server.calls()?.len()))
        .collect::<Result<Vec<_>>>()?;
    let share = 100 * runs[0] / runs.iter().sum::<usize>().max(1);
    table.note(format!(
        "the slow server got {share} % of the calls: {runs:?}"
    ));
    if failed > 0 || twice > 0 || share > 20 {
        return Err("a third would be an equal share".into());
    }
    Ok(())
}

/// One of three servers responds 503 to each call.
pub(crate) async fn overloaded(table: &mut Table) -> Result {
    const CALLS: i64 = 10_000;
    let (servers, _folder) = counting([Behaviour::Overloaded, FAST, FAST]).await?;
    let client = counting_client(&servers)?;
    let numbered = Numbered::default();
    join(numbered.start(CLIENTS, CALLS, &client)).await?;
    let tally = numbered.tally(&servers)?;
    table.row(
        "one responds 503: idempotent",
        tally.calls / 2,
        tally.idempotent_failed,
        &tally.idempotent_twice.to_string(),
    );
    table.row(
        "one responds 503: others",
        tally.calls / 2,
        tally.others_failed,
        &tally.others_twice.to_string(),
    );
    if tally.idempotent_failed > 0 || tally.idempotent_twice + tally.others_twice > 0 {
        return Err("only idempotent calls are sent elsewhere, and none of them ran".into());
    }
    if tally.others_failed > tally.calls / 50 {
        return Err("the server is not set aside".into());
    }
    Ok(())
}

async fn counting(behaviours: [Behaviour; 3]) -> Result<(Vec<CountingProcess>, TempDir)> {
    let folder = tempfile::tempdir()?;
    let mut servers = Vec::new();
    for (number, behaviour) in behaviours.into_iter().enumerate() {
        servers.push(CountingProcess::start(folder.path(), number, behaviour).await?);
    }
    Ok((servers, folder))
}

fn counting_client(servers: &[CountingProcess]) -> Result<Client> {
    let urls: Vec<_> = servers.iter().map(CountingProcess::url).collect();
    Ok(builder(&urls).build()?)
}
