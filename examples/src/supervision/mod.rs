//! The part of Supervisor's interface that `supervisorctl` uses, with made-up processes.

mod imitation;

use serde::Serialize;
use xmlrpc_core::{TypedFault, xmlrpc_service};

pub use imitation::Imitation;

/// The methods `supervisor.*` that `supervisorctl` calls.
///
/// A process is called by its name, or `group:name` if its group has another name.
#[xmlrpc_service(server, namespace = "supervisor", rename_all = "camelCase")]
pub trait Supervision {
    /// Returns the version of this interface.
    #[xmlrpc(name = "getAPIVersion", aliases = ["supervisor.getVersion"])]
    async fn get_api_version(&self) -> String;
    /// Returns the version of the imitated Supervisor.
    async fn get_supervisor_version(&self) -> String;
    /// Returns the name that tells this Supervisor from others.
    async fn get_identification(&self) -> String;
    /// Returns the state of this Supervisor.
    async fn get_state(&self) -> SupervisorState;
    /// Returns the process id of this Supervisor.
    #[xmlrpc(name = "getPID")]
    async fn get_pid(&self) -> u32;
    /// Returns all processes, sorted by their names.
    async fn get_all_process_info(&self) -> Vec<ProcessInfo>;
    /// Returns one process.
    async fn get_process_info(&self, name: &str) -> Result<ProcessInfo, SupervisionError>;
    /// Starts a process.
    async fn start_process(&self, name: &str, wait: Option<bool>)
    -> Result<bool, SupervisionError>;
    /// Starts the processes of a group that are not running.
    async fn start_process_group(
        &self,
        name: &str,
        wait: Option<bool>,
    ) -> Result<Vec<Done>, SupervisionError>;
    /// Starts the processes that are not running.
    async fn start_all_processes(&self, wait: Option<bool>) -> Vec<Done>;
    /// Stops a process.
    async fn stop_process(&self, name: &str, wait: Option<bool>) -> Result<bool, SupervisionError>;
    /// Stops the running processes of a group.
    async fn stop_process_group(
        &self,
        name: &str,
        wait: Option<bool>,
    ) -> Result<Vec<Done>, SupervisionError>;
    /// Stops the running processes.
    async fn stop_all_processes(&self, wait: Option<bool>) -> Vec<Done>;
    /// Returns the output of a process: `length` bytes from `offset` on, or everything if `length` is 0. A negative
    /// `offset` counts from the end.
    async fn read_process_stdout_log(
        &self,
        name: &str,
        offset: i64,
        length: i64,
    ) -> Result<String, SupervisionError>;
    /// Returns the errors that a process wrote, which are always empty here.
    async fn read_process_stderr_log(
        &self,
        name: &str,
        offset: i64,
        length: i64,
    ) -> Result<String, SupervisionError>;
    /// Returns the last `length` bytes of the output of a process, the number of bytes it wrote in total, and
    /// whether it wrote more than that after `offset`.
    async fn tail_process_stdout_log(
        &self,
        name: &str,
        offset: i64,
        length: i64,
    ) -> Result<(String, i64, bool), SupervisionError>;
    /// Deletes the output of a process.
    async fn clear_process_logs(&self, name: &str) -> Result<bool, SupervisionError>;
}

/// The state of Supervisor, as a number and a name.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs, reason = "the names explain them")]
pub struct SupervisorState {
    pub statecode: i32,
    pub statename: String,
}

/// A process, as Supervisor describes it. Times are seconds since 1970, and 0 for never.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProcessInfo {
    /// Its name within its group.
    pub name: String,
    /// Its group.
    pub group: String,
    /// When it last started.
    pub start: i64,
    /// When it last stopped.
    pub stop: i64,
    /// The current time.
    pub now: i64,
    /// Its state as a number.
    pub state: i32,
    /// Its state as a name.
    pub statename: &'static str,
    /// Why it could not be started.
    pub spawnerr: String,
    /// Its exit status.
    pub exitstatus: i32,
    /// The path of its log, under an older name.
    pub logfile: String,
    /// The path of its log.
    pub stdout_logfile: String,
    /// The path of the log of its errors.
    pub stderr_logfile: String,
    /// Its process id, or 0.
    pub pid: u32,
    /// A description for people.
    pub description: String,
}

/// The result of starting or stopping one process of several.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Done {
    /// The name of the process within its group.
    pub name: String,
    /// Its group.
    pub group: String,
    /// 80 for a success, otherwise the code of the fault.
    pub status: i32,
    /// The result in words.
    pub description: String,
}

/// The faults of Supervisor, each with the name of the process.
#[derive(Debug, PartialEq, TypedFault)]
pub enum SupervisionError {
    /// The offset and the length do not select a part of the log.
    #[fault(code = 3, message = "BAD_ARGUMENTS: {0}")]
    BadArguments(String),
    /// The process is unknown.
    #[fault(code = 10, message = "BAD_NAME: {0}")]
    BadName(String),
    /// The log does not exist.
    #[fault(code = 20, message = "NO_FILE: {0}")]
    NoFile(String),
    /// The process could not be started.
    #[fault(code = 50, message = "SPAWN_ERROR: {0}")]
    SpawnError(String),
    /// The process is running already.
    #[fault(code = 60, message = "ALREADY_STARTED: {0}")]
    AlreadyStarted(String),
    /// The process is not running.
    #[fault(code = 70, message = "NOT_RUNNING: {0}")]
    NotRunning(String),
}
