//! A balancer with the configuration of `examples/deploy`. Only addresses and paths are replaced.

use std::{
    collections::BTreeMap,
    fmt,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
};

use crate::{Result, server::Server};

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// It has active health checks.
    Haproxy,
    /// It notices that a server is down when it cannot connect.
    Nginx,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Haproxy => "HAProxy",
            Self::Nginx => "nginx",
        })
    }
}

/// A running balancer. It ends when this is dropped.
pub(crate) struct Balancer {
    pub(crate) kind: Kind,
    process: Child,
    folder: PathBuf,
}

impl Balancer {
    /// Starts it on this port of 127.0.0.1. The folder contains the certificate, and gets the log.
    pub(crate) fn start(kind: Kind, port: u16, servers: &[Server], folder: &Path) -> Result<Self> {
        let file = |name: &str| folder.join(name).display().to_string();
        let mut replaced = vec![];
        for (server, address) in servers.iter().zip(["10.0.0.11", "10.0.0.12", "10.0.0.13"]) {
            replaced.push((
                format!("{address}:8000"),
                format!("127.0.0.1:{}", server.port),
            ));
        }
        let (name, others) = match kind {
            Kind::Haproxy => (
                "haproxy.cfg",
                [
                    ("bind :443", format!("bind 127.0.0.1:{port}")),
                    ("/etc/haproxy/stock.pem", file("stock.pem")),
                    ("/run/haproxy/admin.sock", file("admin.sock")),
                ]
                .to_vec(),
            ),
            Kind::Nginx => (
                "nginx.conf",
                [
                    ("listen 443", format!("listen 127.0.0.1:{port}")),
                    ("/etc/nginx/stock.crt", file("stock.crt")),
                    ("/etc/nginx/stock.key", file("stock.key")),
                    ("/run/nginx.pid", file("nginx.pid")),
                ]
                .to_vec(),
            ),
        };
        replaced.extend(others.into_iter().map(|(from, to)| (from.to_owned(), to)));

        let deployed = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../examples/deploy")
            .join(name);
        let mut text = fs::read_to_string(&deployed)?;
        for (from, to) in replaced {
            if !text.contains(&from) {
                return Err(format!("{} does not contain {from:?}", deployed.display()).into());
            }
            text = text.replace(&from, &to);
        }
        let configuration = folder.join(name);
        fs::write(&configuration, text)?;
        let command = |options: &[&str]| {
            let mut command = match kind {
                Kind::Haproxy => Command::new("haproxy"),
                Kind::Nginx => Command::new("nginx"),
            };
            let option = if kind == Kind::Haproxy { "-f" } else { "-c" };
            command
                .arg(option)
                .arg(&configuration)
                .args(options)
                .stdin(Stdio::null());
            command
        };

        let check = if kind == Kind::Haproxy { "-c" } else { "-t" };
        let checked = command(&[check])
            .output()
            .map_err(|error| format!("{kind}: {error}"))?;
        if !checked.status.success() {
            let error = String::from_utf8_lossy(&checked.stderr);
            return Err(format!("{kind} refuses {}: {error}", deployed.display()).into());
        }
        let log = File::create(folder.join("balancer.log"))?;
        let foreground: &[&str] = match kind {
            Kind::Haproxy => &["-db"],
            Kind::Nginx => &["-g", "daemon off;"],
        };
        let process = command(foreground)
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        Ok(Self {
            kind,
            process,
            folder: folder.to_owned(),
        })
    }

    /// What the balancer knows about each server: `UP`, `DOWN`, or on the way to one of them (`UP 1/2`). Empty for nginx,
    /// which does not tell.
    pub(crate) async fn states(&self) -> Result<BTreeMap<String, String>> {
        if self.kind == Kind::Nginx {
            return Ok(BTreeMap::new());
        }
        let mut socket = UnixStream::connect(self.folder.join("admin.sock")).await?;
        socket.write_all(b"show stat servers 4 -1 typed\n").await?;
        let mut text = String::new();
        socket.read_to_string(&mut text).await?;
        // A line for each field: `S.id.server.n.name.n:tags:type:value`. The name of a server comes before its status.
        let (mut states, mut current) = (BTreeMap::new(), String::new());
        for line in text.lines() {
            let mut parts = line.splitn(4, ':');
            let field = parts
                .next()
                .and_then(|key| key.split('.').nth(4))
                .unwrap_or_default();
            let value = parts.nth(2).unwrap_or_default();
            match field {
                "svname" => value.clone_into(&mut current),
                "status" => {
                    states.insert(current.clone(), value.to_owned());
                }
                _ => {}
            }
        }
        Ok(states)
    }

    pub(crate) fn log(folder: &Path) -> PathBuf {
        folder.join("balancer.log")
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        // On SIGTERM, nginx ends its workers. A kill would leave them behind.
        let id = i32::try_from(self.process.id())
            .ok()
            .and_then(Pid::from_raw);
        let _ = id.map(|id| kill_process(id, Signal::TERM));
        let end = Instant::now() + Duration::from_secs(5);
        while let Ok(None) = self.process.try_wait()
            && Instant::now() < end
        {
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
