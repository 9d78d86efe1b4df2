//! One server: a process of `examples/production`.

use std::{
    fs::File,
    io,
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::Stdio,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    process::{Child, Command},
    time::{sleep, timeout},
};

use crate::Result;

/// How long a server may take to start, or to drain.
const TIME: Duration = Duration::from_secs(60);

/// The drain delay in seconds. It must be longer than the balancers need to notice that a server shuts down, and than
/// they keep idle connections to servers: see the configurations.
const DRAIN_DELAY: &str = "5";

pub(crate) struct Server {
    pub(crate) name: &'static str,
    pub(crate) port: u16,
    metrics: u16,
    process: Option<Child>,
}

impl Server {
    /// A server that is not running yet.
    pub(crate) fn new(name: &'static str) -> Result<Self> {
        Ok(Self {
            name,
            port: free_port()?,
            metrics: free_port()?,
            process: None,
        })
    }

    /// Starts the process, and waits until it is ready. The folder contains the database and the tokens, which all
    /// servers share, and gets the log.
    pub(crate) async fn start(&mut self, folder: &Path) -> Result {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.log(folder))?;
        let process = Command::new(crate::site::example()?)
            .env("STOCK_LISTEN", format!("127.0.0.1:{}", self.port))
            .env("STOCK_METRICS", format!("127.0.0.1:{}", self.metrics))
            .env("STOCK_DATABASE", folder.join("stock.sqlite"))
            .env("STOCK_TOKENS", folder.join("tokens"))
            .env("STOCK_CALLS_PER_SECOND", "1000000")
            .env("STOCK_DRAIN_DELAY", DRAIN_DELAY)
            // The events of 20,000 calls and more would take longer than the calls.
            .env("RUST_LOG", "warn,production=info,xmlrpc_axum=info")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        self.process = Some(process);
        let ready = async {
            while self.get(self.port, "readyz").await.is_err() {
                sleep(Duration::from_millis(50)).await;
            }
        };
        let ready = timeout(TIME, ready).await;
        Ok(ready.map_err(|_| format!("server {} is not ready after {TIME:?}", self.name))?)
    }

    /// Asks the process to end, and waits until it has drained.
    pub(crate) async fn terminate(&mut self) -> Result {
        let status = self.signal(Signal::TERM).await?;
        if status.success() {
            return Ok(());
        }
        Err(format!("server {} ended with {status}", self.name).into())
    }

    /// Kills the process. All of its sockets are closed when this returns.
    pub(crate) async fn kill(&mut self) -> Result {
        self.signal(Signal::KILL).await.map(drop)
    }

    async fn signal(&mut self, signal: Signal) -> Result<std::process::ExitStatus> {
        let mut process = self.process.take().ok_or("the server is not running")?;
        let id = process
            .id()
            .and_then(|id| Pid::from_raw(id.try_into().ok()?));
        kill_process(id.ok_or("the server has ended")?, signal)?;
        let status = timeout(TIME, process.wait()).await;
        Ok(
            status
                .map_err(|_| format!("server {} runs {TIME:?} after {signal:?}", self.name))??,
        )
    }

    /// How many calls of the methods of the stock it has answered since it started, by its metrics.
    pub(crate) async fn calls(&self) -> Result<u64> {
        let metrics = self.get(self.metrics, "metrics").await?;
        let counts = metrics.lines().filter_map(|line| {
            let (name, count) = line.rsplit_once(' ')?;
            let is_count = name.starts_with("rpc_server_call_duration") && name.contains("_count{");
            (is_count && name.contains("\"stock.")).then(|| count.parse::<u64>().ok())?
        });
        Ok(counts.sum())
    }

    async fn get(&self, port: u16, path: &str) -> Result<String> {
        let url = format!("http://127.0.0.1:{port}/{path}");
        let client = reqwest::Client::builder()
            .no_proxy()
            .timeout(TIME)
            .build()?;
        let response = client.get(url).send().await?.error_for_status()?;
        Ok(response.text().await?)
    }

    pub(crate) fn log(&self, folder: &Path) -> std::path::PathBuf {
        folder.join(format!("{}.log", self.name))
    }
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}
