//! Three servers behind one balancer, and clients for it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use tempfile::TempDir;
use tokio::time::sleep;
use xmlrpc_client::{Client, Http};
use xmlrpc_core::client::RetryPolicy;

use crate::{
    Result,
    balancer::{Balancer, Kind},
    server::{Server, free_port},
    shop::StockClient,
};

/// How long the site may take to respond after its start.
const START: Duration = Duration::from_secs(30);

pub(crate) struct Site {
    // Before the servers, so that it is dropped first.
    pub(crate) balancer: Balancer,
    pub(crate) servers: Vec<Server>,
    port: u16,
    pub(crate) folder: TempDir,
}

impl Site {
    pub(crate) async fn start(kind: Kind) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let path = folder.path();
        fs::write(path.join("tokens"), "ada:a-token-for-the-tests\n")?;
        certificate(path)?;
        let mut servers = Vec::new();
        for name in ["a", "b", "c"] {
            let mut server = Server::new(name)?;
            server.start(path).await?;
            servers.push(server);
        }
        let port = free_port()?;
        let site = Self {
            balancer: Balancer::start(kind, port, &servers, path)?,
            servers,
            port,
            folder,
        };
        let stock = site.client(None)?;
        let start = Instant::now();
        while let Err(error) = stock.put(&[]).await {
            if start.elapsed() > START {
                site.print_logs();
                return Err(format!("{kind} does not respond after {START:?}: {error}").into());
            }
            sleep(Duration::from_millis(100)).await;
        }
        Ok(site)
    }

    /// A client of the balancer.
    pub(crate) fn client(&self, retries: Option<RetryPolicy>) -> Result<StockClient<Http>> {
        let certificate = fs::read(self.folder.path().join("stock.crt"))?;
        let certificate = reqwest::Certificate::from_pem(&certificate)?;
        let http = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([certificate])
            .build()?;
        let url = format!("https://127.0.0.1:{}/RPC2", self.port);
        let mut builder = Client::builder(&url)
            .basic_auth("ada", "a-token-for-the-tests")
            .http_client(http);
        if let Some(policy) = retries {
            builder = builder.retries(policy);
        }
        Ok(StockClient::new(builder.build()?))
    }

    /// Asks all servers to end, and checks that they do so without an error.
    pub(crate) async fn end(&mut self) -> Result<String> {
        let ended = self.servers.iter_mut().map(Server::terminate);
        futures_util::future::try_join_all(ended).await?;
        Ok("all servers ended with status 0".to_owned())
    }

    /// Prints the last lines of the logs.
    pub(crate) fn print_logs(&self) {
        let folder = self.folder.path();
        let logs = self.servers.iter().map(|server| server.log(folder));
        for log in logs.chain([Balancer::log(folder)]) {
            let text = fs::read_to_string(&log).unwrap_or_default();
            let lines: Vec<_> = text.lines().collect();
            println!("--- {}", log.display());
            for line in &lines[lines.len().saturating_sub(20)..] {
                println!("{line}");
            }
        }
    }
}

/// The program `examples/production`, which is built beside this one.
pub(crate) fn example() -> Result<PathBuf> {
    let mut path = env::current_exe()?;
    path.pop();
    path.push("examples/production");
    if path.exists() {
        return Ok(path);
    }
    Err(format!("{} is missing: use tests/interop/balancers", path.display()).into())
}

/// Creates a certificate and its key, in two files and in one.
pub(crate) fn certificate(folder: &Path) -> Result {
    let created = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()])?;
    let (certificate, key) = (created.cert.pem(), created.signing_key.serialize_pem());
    fs::write(folder.join("stock.crt"), &certificate)?;
    fs::write(folder.join("stock.key"), &key)?;
    Ok(fs::write(folder.join("stock.pem"), certificate + &key)?)
}
