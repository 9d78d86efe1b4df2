//! A server in its own process, which is watched.

use std::{
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    net::SocketAddr,
    process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

use rustix::{
    param::clock_ticks_per_second,
    process::{Pid, Signal, kill_process},
};

use crate::{
    harness::{Outcome, text},
    plan::Plan,
    serve::SERVE,
    settings::Setup,
};

/// How often the memory of a server is looked at.
const TICK: Duration = Duration::from_millis(10);

/// Dropping it ends the process.
pub(crate) struct Server {
    process: Arc<Mutex<Child>>,
    id: u32,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    watched: Arc<Watched>,
    pub(crate) address: SocketAddr,
}

#[derive(Debug, Default)]
struct Watched {
    /// The most memory that was seen, in bytes.
    peak: AtomicU64,
    was_stopped: AtomicBool,
    has_ended: AtomicBool,
}

impl Server {
    /// Starts a server with these settings.
    pub(crate) fn start(plan: &Plan, setup: Setup, settings: &[(&str, u64)]) -> Outcome<Self> {
        let settings = settings.iter().map(|(key, value)| format!("{key}={value}"));
        let mut process = Command::new(env::current_exe()?)
            .args([SERVE, setup.name()])
            .args(settings)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let id = process.id();
        let (Some(stdin), Some(stdout)) = (process.stdin.take(), process.stdout.take()) else {
            return Err("the server has no pipes".into());
        };
        let mut server = Self {
            process: Arc::new(Mutex::new(process)),
            id,
            stdin,
            stdout: BufReader::new(stdout),
            watched: Arc::default(),
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        };
        let port = server.read()?;
        server.address.set_port(port);
        server.watch(plan.memory);
        Ok(server)
    }

    /// Notes the peak of the server's memory, and ends the server if it takes more than `most` bytes.
    fn watch(&self, most: u64) {
        let (process, id) = (Arc::clone(&self.process), self.id);
        let watched = Arc::clone(&self.watched);
        thread::spawn(move || {
            while !watched.has_ended.load(Relaxed)
                && let Some(bytes) = memory(id, "VmHWM:")
            {
                watched.peak.fetch_max(bytes, Relaxed);
                if bytes > most {
                    watched.was_stopped.store(true, Relaxed);
                    let _ = lock(&process).kill();
                    return;
                }
                thread::sleep(TICK);
            }
        });
    }

    /// The largest resident memory of the server so far, in bytes.
    pub(crate) fn peak_memory(&self) -> u64 {
        let now = memory(self.id, "VmHWM:").unwrap_or_default();
        self.watched.peak.fetch_max(now, Relaxed).max(now)
    }

    /// The resident memory of the server, in bytes.
    pub(crate) fn memory(&self) -> u64 {
        memory(self.id, "VmRSS:").unwrap_or_default()
    }

    /// The processor time of the server so far; none if it has ended.
    pub(crate) fn processor_time(&self) -> Option<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.id)).ok()?;
        let (_, after_name) = stat.rsplit_once(')')?;
        // The name is field 2, and the ticks of the user and of the system are fields 14 and 15.
        let ticks = after_name.split_whitespace().skip(11).take(2);
        let ticks: u64 = ticks.map(|it| it.parse::<u64>().unwrap_or_default()).sum();
        Some(Duration::from_secs(ticks) / u32::try_from(clock_ticks_per_second()).ok()?)
    }

    /// Whether the server was ended because it took too much memory.
    pub(crate) fn was_stopped(&self) -> bool {
        self.watched.was_stopped.load(Relaxed)
    }

    /// The number of open file descriptors of the server; 0 if it has ended.
    pub(crate) fn descriptors(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.id)).map_or(0, Iterator::count)
    }

    /// The live bytes of the server's heap, and their maximum so far.
    pub(crate) fn live_heap(&mut self) -> Result<(u64, u64), String> {
        self.stdin.write_all(b"\n").map_err(text)?;
        Ok((self.read()?, self.read()?))
    }

    pub(crate) fn is_running(&self) -> bool {
        matches!(lock(&self.process).try_wait(), Ok(None))
    }

    /// Sends SIGTERM.
    pub(crate) fn terminate(&self) -> Outcome {
        let id = i32::try_from(self.id).ok().and_then(Pid::from_raw);
        kill_process(id.ok_or("the server has no process id")?, Signal::TERM)?;
        Ok(())
    }

    /// Waits for the end of the server. Returns how long that took; nothing if it still runs after this time.
    pub(crate) fn wait(&self, most: Duration) -> Option<(Duration, ExitStatus)> {
        let start = Instant::now();
        loop {
            if let Ok(Some(status)) = lock(&self.process).try_wait() {
                return Some((start.elapsed(), status));
            }
            if start.elapsed() > most {
                return None;
            }
            thread::sleep(TICK);
        }
    }

    /// What an ended server has written since its port.
    pub(crate) fn output(&mut self) -> Outcome<String> {
        let mut output = String::new();
        self.stdout.read_to_string(&mut output)?;
        Ok(output)
    }

    fn read<T: std::str::FromStr>(&mut self) -> Result<T, String> {
        let mut line = String::new();
        self.stdout.read_line(&mut line).map_err(text)?;
        let number = line.trim().parse();
        number.map_err(|_| format!("expected a number from the server, found {line:?}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.watched.has_ended.store(true, Relaxed);
        let mut process = lock(&self.process);
        // It may have ended by itself.
        let _ = process.kill();
        let _ = process.wait();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An entry of `/proc/PID/status` in bytes; nothing if the process has ended.
fn memory(id: u32, key: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix(key))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib << 10)
}
