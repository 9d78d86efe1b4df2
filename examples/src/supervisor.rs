//! The interface of Supervisor, which starts processes and keeps them running:
//! <http://supervisord.org/api.html>.

use std::fmt;

use serde::Deserialize;
use xmlrpc_core::{Fault, TypedFault, xmlrpc_service};

/// The methods `supervisor.*`, those of them that programs use.
///
/// A process of a group is called `group:name`; `group:*` are all of a group.
#[xmlrpc_service(client, namespace = "supervisor")]
pub trait Supervisor {
    /// Returns the version of Supervisor, like `4.2.5`.
    #[xmlrpc(name = "getSupervisorVersion", idempotent)]
    async fn supervisor_version(&self) -> String;

    /// Returns the version of this interface, like `3.0`.
    #[xmlrpc(name = "getAPIVersion", idempotent)]
    async fn api_version(&self) -> String;

    /// Returns what Supervisor itself does.
    #[xmlrpc(name = "getState", idempotent)]
    async fn state(&self) -> State;

    /// Returns the process id of Supervisor.
    #[xmlrpc(name = "getPID", idempotent)]
    async fn pid(&self) -> u32;

    /// Returns all processes that Supervisor is configured for, running or not.
    #[xmlrpc(name = "getAllProcessInfo", idempotent)]
    async fn all_processes(&self) -> Vec<Process>;

    /// Returns one process.
    #[xmlrpc(name = "getProcessInfo", idempotent)]
    async fn process(&self, name: &str) -> Result<Process, SupervisorError>;

    /// Starts a process; with `wait`, returns when it has started. The answer is always true.
    #[xmlrpc(name = "startProcess")]
    async fn start(&self, name: &str, wait: bool) -> Result<bool, SupervisorError>;

    /// Stops a process; with `wait`, returns when it has ended. The answer is always true.
    #[xmlrpc(name = "stopProcess")]
    async fn stop(&self, name: &str, wait: bool) -> Result<bool, SupervisorError>;

    /// Writes to the standard input of a process. The answer is always true.
    #[xmlrpc(name = "sendProcessStdin")]
    async fn send_stdin(&self, name: &str, text: &str) -> Result<bool, SupervisorError>;

    /// Reads the log of what a process writes, from a byte on; all that follows, if `length` is 0. A
    /// negative `offset` counts from the end.
    #[xmlrpc(name = "readProcessStdoutLog", idempotent)]
    async fn read_stdout_log(
        &self,
        name: &str,
        offset: i64,
        length: i64,
    ) -> Result<String, SupervisorError>;

    /// Reads the last `length` bytes of the log, or nothing, where it has not become longer than `offset`.
    /// Supervisor answers with the HTTP status 500 where the first of them is within a character.
    #[xmlrpc(name = "tailProcessStdoutLog", idempotent)]
    async fn tail_stdout_log(
        &self,
        name: &str,
        offset: i64,
        length: i64,
    ) -> Result<Tail, SupervisorError>;

    /// Empties the logs of a process. The answer is always true.
    #[xmlrpc(name = "clearProcessLogs")]
    async fn clear_logs(&self, name: &str) -> Result<bool, SupervisorError>;

    /// Ends Supervisor and all of its processes. The answer is always true.
    async fn shutdown(&self) -> bool;
}

/// What Supervisor itself does.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct State {
    /// 1 where it runs, 0 where it restarts, −1 where it shuts down, 2 after a fatal error.
    #[serde(rename = "statecode")]
    pub code: i32,
    /// The same in a word: `RUNNING`, `RESTARTING`, `SHUTDOWN`, `FATAL`.
    #[serde(rename = "statename")]
    pub name: String,
}

/// What a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "their names say it")]
pub enum ProcessState {
    Stopped,
    Starting,
    Running,
    /// It ended too early, and is started again soon.
    Backoff,
    Stopping,
    Exited,
    /// It could not be started.
    Fatal,
    Unknown,
}

/// A process. Times are seconds since 1970, and 0 for never.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Process {
    /// Its name within its group.
    pub name: String,
    /// Its group, which is called as the process is where it has no other.
    pub group: String,
    /// What it does.
    #[serde(rename = "statename")]
    pub state: ProcessState,
    /// The same in words for people: `pid 27117, uptime 0:00:39`.
    pub description: String,
    /// Its id, or 0 where it does not run.
    pub pid: u32,
    /// When it was started last.
    pub start: i64,
    /// When it ended last.
    pub stop: i64,
    /// What time it is for Supervisor.
    pub now: i64,
    /// What it ended with, or 0.
    #[serde(rename = "exitstatus")]
    pub exit_status: i32,
    /// Why it could not be started, or nothing.
    #[serde(rename = "spawnerr")]
    pub spawn_error: String,
    /// The log of what it writes, or nothing.
    pub stdout_logfile: String,
    /// The log of its errors, or nothing.
    pub stderr_logfile: String,
}

impl Process {
    /// The name by which methods know it.
    pub fn full_name(&self) -> String {
        if self.group == self.name {
            self.name.clone()
        } else {
            format!("{}:{}", self.group, self.name)
        }
    }
}

impl fmt::Display for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, state) = (self.full_name(), format!("{:?}", self.state));
        write!(f, "{name:20} {state:10} {}", self.description)
    }
}

/// The end of a log. On the wire it is an array of three.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "(String, i64, bool)")]
pub struct Tail {
    /// What is there.
    pub text: String,
    /// Where the log ends: what to ask for the next time.
    pub offset: i64,
    /// Whether the log is longer than the `offset` and `length` that were asked for.
    pub overflow: bool,
}

impl From<(String, i64, bool)> for Tail {
    fn from((text, offset, overflow): (String, i64, bool)) -> Self {
        Self {
            text,
            offset,
            overflow,
        }
    }
}

/// The faults of the methods, each with the name of the process.
#[derive(Debug, PartialEq, TypedFault)]
pub enum SupervisorError {
    /// Supervisor is ending, and does nothing any more.
    #[fault(code = 6, message = "SHUTDOWN_STATE")]
    ShuttingDown,
    /// There is no such process.
    #[fault(code = 10, message = "BAD_NAME: {0}")]
    BadName(String),
    /// There is no such program, or no such log.
    #[fault(code = 20, message = "NO_FILE: {0}")]
    NoFile(String),
    /// The file of the program is none to execute.
    #[fault(code = 21, message = "NOT_EXECUTABLE: {0}")]
    NotExecutable(String),
    /// The process has ended before it had started.
    #[fault(code = 40, message = "ABNORMAL_TERMINATION: {0}")]
    AbnormalTermination(String),
    /// The process could not be started.
    #[fault(code = 50, message = "SPAWN_ERROR: {0}")]
    SpawnError(String),
    /// It runs.
    #[fault(code = 60, message = "ALREADY_STARTED: {0}")]
    AlreadyStarted(String),
    /// It does not run.
    #[fault(code = 70, message = "NOT_RUNNING: {0}")]
    NotRunning(String),
    /// Another one.
    #[fault(other)]
    Other(Fault),
}
