//! The interface of Supervisor, which starts processes and keeps them running:
//! <http://supervisord.org/api.html>.

use std::fmt;

use serde::Deserialize;
use xmlrpc_core::{Fault, TypedFault, xmlrpc_service};

/// The most useful methods of `supervisor.*`.
///
/// A process of a group is called `group:name`; `group:*` stands for all processes of a group.
#[xmlrpc_service(client, namespace = "supervisor")]
pub trait Supervisor {
    /// Returns the version of Supervisor, like `4.2.5`.
    #[xmlrpc(name = "getSupervisorVersion", idempotent)]
    async fn supervisor_version(&self) -> String;

    /// Returns the version of this interface, like `3.0`.
    #[xmlrpc(name = "getAPIVersion", idempotent)]
    async fn api_version(&self) -> String;

    /// Returns the state of Supervisor itself.
    #[xmlrpc(name = "getState", idempotent)]
    async fn state(&self) -> State;

    /// Returns the process id of Supervisor.
    #[xmlrpc(name = "getPID", idempotent)]
    async fn pid(&self) -> u32;

    /// Returns all configured processes, running or not.
    #[xmlrpc(name = "getAllProcessInfo", idempotent)]
    async fn all_processes(&self) -> Vec<Process>;

    /// Returns one process.
    #[xmlrpc(name = "getProcessInfo", idempotent)]
    async fn process(&self, name: &str) -> Result<Process, SupervisorError>;

    /// Starts a process; with `wait`, returns when it has started. The result is always true.
    #[xmlrpc(name = "startProcess")]
    async fn start(&self, name: &str, wait: bool) -> Result<bool, SupervisorError>;

    /// Stops a process; with `wait`, returns when it has ended. The result is always true.
    #[xmlrpc(name = "stopProcess")]
    async fn stop(&self, name: &str, wait: bool) -> Result<bool, SupervisorError>;

    /// Writes to the standard input of a process. The result is always true.
    #[xmlrpc(name = "sendProcessStdin")]
    async fn send_stdin(&self, name: &str, text: &str) -> Result<bool, SupervisorError>;

    /// Reads the output of a process from its log, `length` bytes from `offset` on. If `length` is 0, reads to the
    /// end. A negative `offset` counts from the end.
    #[xmlrpc(name = "readProcessStdoutLog", idempotent)]
    async fn read_stdout_log(
        &self,
        name: &str,
        offset: i64,
        length: i64,
    ) -> Result<String, SupervisorError>;

    /// Reads the last `length` bytes of the log, or nothing if the log is not longer than `offset`. Supervisor
    /// responds with the HTTP status 500 if the first byte is inside a character.
    #[xmlrpc(name = "tailProcessStdoutLog", idempotent)]
    async fn tail_stdout_log(
        &self,
        name: &str,
        offset: i64,
        length: i64,
    ) -> Result<Tail, SupervisorError>;

    /// Empties the logs of a process. The result is always true.
    #[xmlrpc(name = "clearProcessLogs")]
    async fn clear_logs(&self, name: &str) -> Result<bool, SupervisorError>;

    /// Ends Supervisor and all of its processes. The result is always true.
    async fn shutdown(&self) -> bool;
}

/// The state of Supervisor itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct State {
    /// 1 if it runs, 0 if it restarts, −1 if it shuts down, 2 after a fatal error.
    #[serde(rename = "statecode")]
    pub code: i32,
    /// The same as a word: `RUNNING`, `RESTARTING`, `SHUTDOWN`, `FATAL`.
    #[serde(rename = "statename")]
    pub name: String,
}

/// The state of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "the names explain them")]
pub enum ProcessState {
    Stopped,
    Starting,
    Running,
    /// It ended too early, and will be started again soon.
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
    /// Its group. A process without a configured group is in one with its own name.
    pub group: String,
    /// Its state.
    #[serde(rename = "statename")]
    pub state: ProcessState,
    /// A description for people: `pid 27117, uptime 0:00:39`.
    pub description: String,
    /// Its process id, or 0 if it does not run.
    pub pid: u32,
    /// When it last started.
    pub start: i64,
    /// When it last ended.
    pub stop: i64,
    /// The time of Supervisor's clock.
    pub now: i64,
    /// Its exit status, or 0.
    #[serde(rename = "exitstatus")]
    pub exit_status: i32,
    /// Why it could not be started, or an empty string.
    #[serde(rename = "spawnerr")]
    pub spawn_error: String,
    /// The log of its output, or an empty string.
    pub stdout_logfile: String,
    /// The log of its errors, or an empty string.
    pub stderr_logfile: String,
}

impl Process {
    /// The name that methods expect.
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
    /// The text.
    pub text: String,
    /// Where the log ends: the `offset` of the next call.
    pub offset: i64,
    /// Whether the log is longer than the requested `offset` and `length`.
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

/// The faults of the methods, most of them with the name of the process.
#[derive(Debug, PartialEq, TypedFault)]
pub enum SupervisorError {
    /// Supervisor is shutting down.
    #[fault(code = 6, message = "SHUTDOWN_STATE")]
    ShuttingDown,
    /// The process is unknown.
    #[fault(code = 10, message = "BAD_NAME: {0}")]
    BadName(String),
    /// The program or the log does not exist.
    #[fault(code = 20, message = "NO_FILE: {0}")]
    NoFile(String),
    /// The file of the program cannot be executed.
    #[fault(code = 21, message = "NOT_EXECUTABLE: {0}")]
    NotExecutable(String),
    /// The process ended before it had started.
    #[fault(code = 40, message = "ABNORMAL_TERMINATION: {0}")]
    AbnormalTermination(String),
    /// The process could not be started.
    #[fault(code = 50, message = "SPAWN_ERROR: {0}")]
    SpawnError(String),
    /// The process is running already.
    #[fault(code = 60, message = "ALREADY_STARTED: {0}")]
    AlreadyStarted(String),
    /// The process is not running.
    #[fault(code = 70, message = "NOT_RUNNING: {0}")]
    NotRunning(String),
    /// Any other fault.
    #[fault(other)]
    Other(Fault),
}
