//! Servers that write down which calls they run: processes of this program. What they have written outlives a `kill -9`.

use std::{
    collections::HashMap,
    env,
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use http::{StatusCode, header::RETRY_AFTER};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::TcpListener,
    process::{Child, Command},
    task::JoinSet,
    time::{sleep, timeout},
};
use xmlrpc_client::{Client, Http};
use xmlrpc_core::{Dispatcher, xmlrpc_service};

use crate::{Result, server::free_port};

/// The argument that makes this program a server.
pub(crate) const COMMAND: &str = "counting-server";

/// How long a server may take to start.
const START: Duration = Duration::from_secs(30);

#[xmlrpc_service]
pub(crate) trait Counting {
    #[xmlrpc(idempotent)]
    async fn read(&self, call: i64) -> i64;
    async fn write(&self, call: i64) -> i64;
}

struct Counter {
    file: Mutex<File>,
    delay: Duration,
}

impl Counter {
    /// Each call is one line.
    async fn run(&self, call: i64) -> i64 {
        let line = format!("{call}\n");
        {
            let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            file.write_all(line.as_bytes()).expect("the disk has space");
        }
        if !self.delay.is_zero() {
            sleep(self.delay).await;
        }
        call
    }
}

impl Counting for Counter {
    async fn read(&self, call: i64) -> i64 {
        self.run(call).await
    }

    async fn write(&self, call: i64) -> i64 {
        self.run(call).await
    }
}

/// How a server behaves.
#[derive(Clone, Copy)]
pub(crate) enum Behaviour {
    /// Responds after this time.
    After(Duration),
    /// Responds 503 to each call.
    Overloaded,
}

/// Serves until the process ends. The arguments are the port, the file, and milliseconds or `overloaded`.
pub(crate) async fn serve(arguments: &[String]) -> Result {
    let [port, file, behaviour] = arguments else {
        return Err("expected: port, file, milliseconds".into());
    };
    let listener = TcpListener::bind(("127.0.0.1", port.parse()?)).await?;
    println!("ready");
    if behaviour == "overloaded" {
        let busy = || async {
            (
                StatusCode::SERVICE_UNAVAILABLE,
                [(RETRY_AFTER, "0")],
                "busy",
            )
        };
        let router = axum::Router::new().fallback(busy);
        return Ok(xmlrpc_axum::serve(listener, router).await?);
    }
    let counter = Counter {
        file: Mutex::new(File::options().create(true).append(true).open(file)?),
        delay: Duration::from_millis(behaviour.parse()?),
    };
    let dispatcher = Dispatcher::new().service(CountingServer::new(counter));
    Ok(xmlrpc_axum::serve(listener, xmlrpc_axum::router(dispatcher)).await?)
}

pub(crate) struct CountingProcess {
    port: u16,
    file: PathBuf,
    behaviour: Behaviour,
    process: Option<Child>,
}

impl CountingProcess {
    pub(crate) async fn start(folder: &Path, number: usize, behaviour: Behaviour) -> Result<Self> {
        let mut server = Self {
            port: free_port()?,
            file: folder.join(format!("calls-{number}")),
            behaviour,
            process: None,
        };
        server.start_again().await?;
        Ok(server)
    }

    pub(crate) async fn start_again(&mut self) -> Result {
        let behaviour = match self.behaviour {
            Behaviour::After(delay) => delay.as_millis().to_string(),
            Behaviour::Overloaded => "overloaded".to_owned(),
        };
        let mut process = Command::new(env::current_exe()?)
            .arg(COMMAND)
            .arg(self.port.to_string())
            .arg(&self.file)
            .arg(behaviour)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let stdout = process.stdout.take().ok_or("no output")?;
        self.process = Some(process);
        let mut lines = BufReader::new(stdout).lines();
        match timeout(START, lines.next_line()).await?? {
            Some(_) => Ok(()),
            None => Err("a counting server did not start".into()),
        }
    }

    pub(crate) async fn kill(&mut self) -> Result {
        let mut process = self.process.take().ok_or("the server is not running")?;
        Ok(process.kill().await?)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The calls that it has run.
    pub(crate) fn calls(&self) -> Result<Vec<i64>> {
        let text = match fs::read_to_string(&self.file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error.into()),
        };
        // The last line may be incomplete after a kill.
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        Ok(whole
            .lines()
            .map(str::parse)
            .collect::<std::result::Result<_, _>>()?)
    }
}

/// The calls of many clients, each with its own number: even ones are idempotent.
#[derive(Clone, Default)]
pub(crate) struct Numbered {
    next: Arc<AtomicI64>,
    failed: [Arc<AtomicU64>; 2],
    succeeded: Arc<Mutex<Vec<i64>>>,
}

/// What has become of numbered calls.
pub(crate) struct Tally {
    pub(crate) calls: u64,
    pub(crate) idempotent_failed: u64,
    pub(crate) others_failed: u64,
    /// Idempotent calls may run twice.
    pub(crate) idempotent_twice: usize,
    pub(crate) others_twice: usize,
    /// Calls with a result that no server has run.
    pub(crate) lost: usize,
}

impl Numbered {
    pub(crate) fn calls(&self) -> i64 {
        self.next.load(Relaxed)
    }

    /// Lets this many clients make this many calls together.
    pub(crate) fn start(&self, clients: usize, calls: i64, client: &Client) -> JoinSet<()> {
        let mut set = JoinSet::new();
        for _ in 0..clients {
            let stub = CountingClient::new(client);
            set.spawn(self.clone().call(stub, calls));
        }
        set
    }

    async fn call(self, stub: CountingClient<Http>, calls: i64) {
        loop {
            let number = self.next.fetch_add(1, Relaxed);
            if number >= calls {
                return;
            }
            let is_idempotent = number % 2 == 0;
            let result = if is_idempotent {
                stub.read(number).await
            } else {
                stub.write(number).await
            };
            if result.is_ok_and(|result| result == number) {
                let mut list = self
                    .succeeded
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                list.push(number);
            } else {
                self.failed[usize::from(!is_idempotent)].fetch_add(1, Relaxed);
            }
        }
    }

    pub(crate) fn tally(&self, servers: &[CountingProcess]) -> Result<Tally> {
        let mut runs: HashMap<i64, u32> = HashMap::new();
        for server in servers {
            for call in server.calls()? {
                *runs.entry(call).or_default() += 1;
            }
        }
        let list = self
            .succeeded
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let twice = |rest: i64| {
            let mut runs = runs.iter().filter(|(_, runs)| **runs > 1);
            runs.by_ref().filter(|(call, _)| **call % 2 == rest).count()
        };
        let [idempotent_failed, others_failed] =
            self.failed.each_ref().map(|failed| failed.load(Relaxed));
        Ok(Tally {
            calls: list.len() as u64 + idempotent_failed + others_failed,
            idempotent_failed,
            others_failed,
            idempotent_twice: twice(0),
            others_twice: twice(1),
            lost: list.iter().filter(|call| !runs.contains_key(call)).count(),
        })
    }
}

pub(crate) async fn join(mut set: JoinSet<()>) -> Result {
    while let Some(client) = set.join_next().await {
        client?;
    }
    Ok(())
}
