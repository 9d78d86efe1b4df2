//! The interface of Supervisor, as far as `supervisorctl` uses it, with processes that are made up.

mod imitation;

use serde::Serialize;
use xmlrpc_core::{TypedFault, xmlrpc_service};

pub use imitation::Imitation;

/// The methods `supervisor.*` that `supervisorctl` calls.
///
/// A process is called by its name, or as `group:name` where its group has another.
#[xmlrpc_service(server, namespace = "supervisor", rename_all = "camelCase")]
pub trait Supervision {
    /// Returns the version of this interface.
    #[xmlrpc(name = "getAPIVersion", aliases = ["supervisor.getVersion"])]
    async fn get_api_version(&self) -> String;
    /// Returns the version of the Supervisor that this stands for.
    async fn get_supervisor_version(&self) -> String;
    /// Returns the name of this Supervisor among others.
    async fn get_identification(&self) -> String;
    /// Returns what this Supervisor does.
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
    /// Starts the processes of a group that do not run.
    async fn start_process_group(
        &self,
        name: &str,
        wait: Option<bool>,
    ) -> Result<Vec<Done>, SupervisionError>;
    /// Starts the processes that do not run.
    async fn start_all_processes(&self, wait: Option<bool>) -> Vec<Done>;
    /// Stops a process.
    async fn stop_process(&self, name: &str, wait: Option<bool>) -> Result<bool, SupervisionError>;
    /// Stops the processes of a group that run.
    async fn stop_process_group(
        &self,
        name: &str,
        wait: Option<bool>,
    ) -> Result<Vec<Done>, SupervisionError>;
    /// Stops the processes that run.
    async fn stop_all_processes(&self, wait: Option<bool>) -> Vec<Done>;
    /// Returns what a process wrote: `length` bytes from `offset` on, all where that is 0, the last
    /// ones where `offset` is negative.
    async fn read_process_stdout_log(
        &self,
        name: &str,
        offset: i64,
        length: i64,
    ) -> Result<String, SupervisionError>;
    /// Returns what a process wrote of errors, which is nothing here.
    async fn read_process_stderr_log(
        &self,
        name: &str,
        offset: i64,
        length: i64,
    ) -> Result<String, SupervisionError>;
    /// Returns the last `length` bytes that a process wrote, how many it wrote in all, and whether there
    /// were more than those after `offset`.
    async fn tail_process_stdout_log(
        &self,
        name: &str,
        offset: i64,
        length: i64,
    ) -> Result<(String, i64, bool), SupervisionError>;
    /// Forgets what a process wrote.
    async fn clear_process_logs(&self, name: &str) -> Result<bool, SupervisionError>;
}

/// What Supervisor does, by a number and a name.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs, reason = "their names say it")]
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
    /// When it was started last.
    pub start: i64,
    /// When it was stopped last.
    pub stop: i64,
    /// What time it is.
    pub now: i64,
    /// What it does, by a number.
    pub state: i32,
    /// The same by a name.
    pub statename: &'static str,
    /// Why it could not be started.
    pub spawnerr: String,
    /// What it ended with.
    pub exitstatus: i32,
    /// Where its log is, under an older name.
    pub logfile: String,
    /// Where its log is.
    pub stdout_logfile: String,
    /// Where the log of its errors is.
    pub stderr_logfile: String,
    /// Its process id, or 0.
    pub pid: u32,
    /// All of this for people.
    pub description: String,
}

/// What came of starting or stopping one process of several.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Done {
    /// The name of the process within its group.
    pub name: String,
    /// Its group.
    pub group: String,
    /// 80 for a success, else the code of the fault.
    pub status: i32,
    /// The same in words.
    pub description: String,
}

/// The faults of Supervisor, each with the name of the process.
#[derive(Debug, PartialEq, TypedFault)]
pub enum SupervisionError {
    /// The offset and the length make no part of a log.
    #[fault(code = 3, message = "BAD_ARGUMENTS: {0}")]
    BadArguments(String),
    /// There is no such process.
    #[fault(code = 10, message = "BAD_NAME: {0}")]
    BadName(String),
    /// There is no such log.
    #[fault(code = 20, message = "NO_FILE: {0}")]
    NoFile(String),
    /// The process could not be started.
    #[fault(code = 50, message = "SPAWN_ERROR: {0}")]
    SpawnError(String),
    /// It runs.
    #[fault(code = 60, message = "ALREADY_STARTED: {0}")]
    AlreadyStarted(String),
    /// It does not run.
    #[fault(code = 70, message = "NOT_RUNNING: {0}")]
    NotRunning(String),
}
