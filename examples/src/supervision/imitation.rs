//! Made-up processes.

use std::{
    collections::BTreeMap,
    process,
    sync::{Mutex, MutexGuard, PoisonError},
};

use jiff::{Timestamp, tz::TimeZone};
use xmlrpc_core::Fault;

use super::{Done, ProcessInfo, Supervision, SupervisionError, SupervisorState};

#[derive(Default)]
enum State {
    #[default]
    Stopped,
    Running,
    Fatal,
}

#[derive(Default)]
struct Process {
    state: State,
    start: i64,
    stop: i64,
    pid: u32,
    log: String,
}

/// Made-up processes: `web`, `one` and `two` in the group `workers`, and `broken`, which cannot start.
pub struct Imitation {
    processes: Mutex<BTreeMap<String, Process>>,
}

const BROKEN: &str = "broken";

impl Default for Imitation {
    fn default() -> Self {
        let names = [BROKEN, "web", "workers:one", "workers:two"].map(str::to_owned);
        let processes = names.map(|name| (name, Process::default()));
        Self {
            processes: Mutex::new(processes.into()),
        }
    }
}

/// The group and the name of a process.
fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or((name, name))
}

fn now() -> i64 {
    Timestamp::now().as_second()
}

impl Process {
    fn start(&mut self, name: &str) -> Result<bool, SupervisionError> {
        if let State::Running = self.state {
            return Err(SupervisionError::AlreadyStarted(name.to_owned()));
        }
        if name == BROKEN {
            self.state = State::Fatal;
            return Err(SupervisionError::SpawnError(name.to_owned()));
        }
        self.state = State::Running;
        self.start = now();
        self.pid += 1_000;
        self.log
            .push_str("started: n\u{e9}e, \u{65e5}\u{672c}, \u{1f600} <&>\n");
        Ok(true)
    }

    fn stop(&mut self, name: &str) -> Result<bool, SupervisionError> {
        let State::Running = self.state else {
            return Err(SupervisionError::NotRunning(name.to_owned()));
        };
        self.state = State::Stopped;
        self.stop = now();
        self.log.push_str("stopped\n");
        Ok(true)
    }

    fn info(&self, name: &str) -> ProcessInfo {
        let (group, short) = split(name);
        let now = now();
        let (state, statename, pid) = match self.state {
            State::Stopped => (0, "STOPPED", 0),
            State::Running => (20, "RUNNING", self.pid),
            State::Fatal => (200, "FATAL", 0),
        };
        let spawnerr = match self.state {
            State::Fatal => "cannot find the file of the program",
            _ => "",
        };
        let description = match self.state {
            State::Running => {
                let seconds = now - self.start;
                let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
                format!("pid {pid}, uptime {hours}:{minutes:02}:{:02}", seconds % 60)
            }
            State::Fatal => spawnerr.to_owned(),
            State::Stopped => stopped(self.stop),
        };
        let log = format!("/var/log/{short}.log");
        ProcessInfo {
            name: short.to_owned(),
            group: group.to_owned(),
            start: self.start,
            stop: self.stop,
            now,
            state,
            statename,
            spawnerr: spawnerr.to_owned(),
            exitstatus: 0,
            logfile: log.clone(),
            stdout_logfile: log,
            stderr_logfile: String::new(),
            pid,
            description,
        }
    }
}

/// The time since which a process is stopped, for people.
fn stopped(stop: i64) -> String {
    match Timestamp::from_second(stop) {
        Ok(time) if stop > 0 => {
            let time = time.to_zoned(TimeZone::system());
            time.strftime("%b %d %I:%M %p").to_string()
        }
        _ => "Not started".to_owned(),
    }
}

/// The first boundary of a character at or after a byte.
fn boundary(text: &str, byte: usize) -> usize {
    let mut bytes = byte.min(text.len())..text.len();
    bytes
        .find(|byte| text.is_char_boundary(*byte))
        .unwrap_or(text.len())
}

impl Imitation {
    fn processes(&self) -> MutexGuard<'_, BTreeMap<String, Process>> {
        // Each change of a process is complete, even if another thread panicked.
        self.processes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with a process, or returns a fault if it is unknown.
    fn with<R>(
        &self,
        name: &str,
        run: impl FnOnce(&mut Process) -> Result<R, SupervisionError>,
    ) -> Result<R, SupervisionError> {
        let mut processes = self.processes();
        match processes.get_mut(name) {
            Some(process) => run(process),
            None => Err(SupervisionError::BadName(name.to_owned())),
        }
    }

    /// Starts or stops processes, except those that are started or stopped already.
    fn each(
        &self,
        group: Option<&str>,
        run: fn(&mut Process, &str) -> Result<bool, SupervisionError>,
    ) -> Vec<Done> {
        let mut done = Vec::new();
        for (name, process) in &mut *self.processes() {
            let (of, short) = split(name);
            if group.is_some_and(|group| group != of) {
                continue;
            }
            let (status, description) = match run(process, name) {
                Ok(_) => (80, "OK".to_owned()),
                Err(SupervisionError::AlreadyStarted(_) | SupervisionError::NotRunning(_)) => {
                    continue;
                }
                Err(error) => {
                    let fault = Fault::from(error);
                    (fault.code(), fault.message().to_owned())
                }
            };
            done.push(Done {
                name: short.to_owned(),
                group: of.to_owned(),
                status,
                description,
            });
        }
        done
    }

    fn each_of_group(
        &self,
        group: &str,
        run: fn(&mut Process, &str) -> Result<bool, SupervisionError>,
    ) -> Result<Vec<Done>, SupervisionError> {
        let has_group = self.processes().keys().any(|name| split(name).0 == group);
        if has_group {
            Ok(self.each(Some(group), run))
        } else {
            Err(SupervisionError::BadName(group.to_owned()))
        }
    }
}

impl Supervision for Imitation {
    async fn get_api_version(&self) -> String {
        "3.0".to_owned()
    }

    async fn get_supervisor_version(&self) -> String {
        "4.3.0".to_owned()
    }

    async fn get_identification(&self) -> String {
        "imitation".to_owned()
    }

    async fn get_state(&self) -> SupervisorState {
        SupervisorState {
            statecode: 1,
            statename: "RUNNING".to_owned(),
        }
    }

    async fn get_pid(&self) -> u32 {
        process::id()
    }

    async fn get_all_process_info(&self) -> Vec<ProcessInfo> {
        let processes = self.processes();
        let infos = processes.iter().map(|(name, process)| process.info(name));
        infos.collect()
    }

    async fn get_process_info(&self, name: &str) -> Result<ProcessInfo, SupervisionError> {
        self.with(name, |process| Ok(process.info(name)))
    }

    async fn start_process(&self, name: &str, _: Option<bool>) -> Result<bool, SupervisionError> {
        self.with(name, |process| process.start(name))
    }

    async fn start_process_group(
        &self,
        name: &str,
        _: Option<bool>,
    ) -> Result<Vec<Done>, SupervisionError> {
        self.each_of_group(name, Process::start)
    }

    async fn start_all_processes(&self, _: Option<bool>) -> Vec<Done> {
        self.each(None, Process::start)
    }

    async fn stop_process(&self, name: &str, _: Option<bool>) -> Result<bool, SupervisionError> {
        self.with(name, |process| process.stop(name))
    }

    async fn stop_process_group(
        &self,
        name: &str,
        _: Option<bool>,
    ) -> Result<Vec<Done>, SupervisionError> {
        self.each_of_group(name, Process::stop)
    }

    async fn stop_all_processes(&self, _: Option<bool>) -> Vec<Done> {
        self.each(None, Process::stop)
    }

    async fn read_process_stdout_log(
        &self,
        name: &str,
        offset: i64,
        length: i64,
    ) -> Result<String, SupervisionError> {
        self.with(name, |process| {
            let log = &process.log;
            let (Ok(bytes), Ok(length)) = (
                usize::try_from(offset.unsigned_abs()),
                usize::try_from(length),
            ) else {
                return Err(SupervisionError::BadArguments(name.to_owned()));
            };
            if offset < 0 && length > 0 {
                return Err(SupervisionError::BadArguments(name.to_owned()));
            }
            let begin = if offset < 0 {
                log.len().saturating_sub(bytes)
            } else {
                bytes
            };
            let begin = boundary(log, begin);
            let end = match length {
                0 => log.len(),
                length => boundary(log, begin.saturating_add(length)),
            };
            Ok(log[begin..end].to_owned())
        })
    }

    async fn read_process_stderr_log(
        &self,
        name: &str,
        _: i64,
        _: i64,
    ) -> Result<String, SupervisionError> {
        self.with(name, |_| Err(SupervisionError::NoFile(name.to_owned())))
    }

    async fn tail_process_stdout_log(
        &self,
        name: &str,
        offset: i64,
        length: i64,
    ) -> Result<(String, i64, bool), SupervisionError> {
        self.with(name, |process| {
            let log = &process.log;
            let bad = |_| SupervisionError::BadArguments(name.to_owned());
            let offset = usize::try_from(offset).map_err(bad)?;
            let length = usize::try_from(length).map_err(bad)?;
            let end = i64::try_from(log.len()).map_err(bad)?;
            let has_more = log.len() > offset.saturating_add(length);
            let begin = log.len().saturating_sub(length).max(offset);
            Ok((log[boundary(log, begin)..].to_owned(), end, has_more))
        })
    }

    async fn clear_process_logs(&self, name: &str) -> Result<bool, SupervisionError> {
        self.with(name, |process| {
            process.log.clear();
            Ok(true)
        })
    }
}
