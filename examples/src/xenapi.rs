//! The XenAPI of XCP-ng and XenServer: <https://xapi-project.github.io/xen-api/>.
//!
//! The session is the leading parameter of [`XenApiClient`]. Each result is in the envelope [`Xen`]. Integers are text, a
//! reference to nothing is `OpaqueRef:NULL`, and a date that is not set is the start of 1970.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use xmlrpc_core::{DateTime, Envelope, Fault, TypedFault, with::number_text, xmlrpc_service};

/// Some of the methods. [`login`](XenApi::login) returns the session for the others.
#[xmlrpc_service(client, envelope = Xen)]
pub trait XenApi {
    /// Starts a session. `version` is that of the XenAPI which the client knows, and `originator` the name of the
    /// client in the log.
    #[xmlrpc(name = "session.login_with_password", no_leading)]
    async fn login(
        &self,
        user: &str,
        password: &str,
        version: &str,
        originator: &str,
    ) -> Result<String, XenError>;

    /// Ends the session.
    #[xmlrpc(name = "session.logout")]
    async fn logout(&self) -> Result<(), XenError>;

    /// Returns the hosts of the pool.
    #[xmlrpc(name = "host.get_all_records", idempotent)]
    async fn hosts(&self) -> Result<BTreeMap<HostRef, Host>, XenError>;

    /// Returns the virtual machines, also templates, snapshots and the control domains of the hosts.
    #[xmlrpc(name = "VM.get_all_records", idempotent)]
    async fn vms(&self) -> Result<BTreeMap<VmRef, Vm>, XenError>;

    /// Returns a virtual machine.
    #[xmlrpc(name = "VM.get_record", idempotent)]
    async fn vm(&self, vm: &VmRef) -> Result<Vm, XenError>;

    /// Returns the virtual machines with a name. Names need not be unique.
    #[xmlrpc(name = "VM.get_by_name_label", idempotent)]
    async fn vms_by_name(&self, name: &str) -> Result<Vec<VmRef>, XenError>;

    /// Starts a virtual machine, and waits until it runs.
    #[xmlrpc(name = "VM.start")]
    async fn start(&self, vm: &VmRef, paused: bool, force: bool) -> Result<(), XenError>;

    /// Starts a virtual machine in the background.
    #[xmlrpc(name = "Async.VM.start")]
    async fn begin_start(&self, vm: &VmRef, paused: bool, force: bool)
    -> Result<TaskRef, XenError>;

    /// Asks the operating system of a virtual machine to shut down, in the background.
    #[xmlrpc(name = "Async.VM.clean_shutdown")]
    async fn begin_shutdown(&self, vm: &VmRef) -> Result<TaskRef, XenError>;

    /// Turns a virtual machine off.
    #[xmlrpc(name = "VM.hard_shutdown")]
    async fn turn_off(&self, vm: &VmRef) -> Result<(), XenError>;

    /// Takes a snapshot of a virtual machine.
    #[xmlrpc(name = "VM.snapshot")]
    async fn snapshot(&self, vm: &VmRef, name: &str) -> Result<VmRef, XenError>;

    /// Deletes a virtual machine or a snapshot, but not its disks.
    #[xmlrpc(name = "VM.destroy")]
    async fn destroy(&self, vm: &VmRef) -> Result<(), XenError>;

    /// Sets the description of a virtual machine.
    #[xmlrpc(name = "VM.set_name_description")]
    async fn set_description(&self, vm: &VmRef, text: &str) -> Result<(), XenError>;

    /// Adds a tag to a virtual machine.
    #[xmlrpc(name = "VM.add_tags", idempotent)]
    async fn add_tag(&self, vm: &VmRef, tag: &str) -> Result<(), XenError>;

    /// Returns a task in the background.
    #[xmlrpc(name = "task.get_record", idempotent)]
    async fn task(&self, task: &TaskRef) -> Result<Task, XenError>;

    /// Forgets a task. It is not ended.
    #[xmlrpc(name = "task.destroy")]
    async fn forget(&self, task: &TaskRef) -> Result<(), XenError>;
}

/// The struct around each result.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Xen<T> {
    status: Status,
    value: Option<T>,
    #[serde(default)]
    error_description: Vec<String>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
enum Status {
    Success,
    Failure,
}

impl<T> Envelope for Xen<T> {
    type Value = T;

    fn open(self) -> Result<T, Fault> {
        match self.value {
            Some(value) if self.status == Status::Success => Ok(value),
            _ => Err(XenError::from(self.error_description).into()),
        }
    }
}

/// An error: `{code}: {params}`. The [documentation](https://xapi-project.github.io/xen-api/) lists the codes.
#[derive(Clone, Debug, PartialEq, Eq, TypedFault)]
#[fault(code = 1, message = "{code}: {params}")]
pub struct XenError {
    /// For example `VM_BAD_POWER_STATE`.
    pub code: String,
    /// The parameters, separated by commas.
    pub params: String,
}

impl From<Vec<String>> for XenError {
    fn from(error: Vec<String>) -> Self {
        let mut error = error.into_iter();
        Self {
            code: error.next().unwrap_or_default(),
            params: error.collect::<Vec<_>>().join(", "),
        }
    }
}

macro_rules! references {
    ($($(#[$doc:meta])* $name:ident,)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
    )*};
}

references! {
    /// A reference to a host, valid during the session.
    HostRef,
    /// A reference to a virtual machine, valid during the session.
    VmRef,
    /// A reference to a task, valid during the session.
    TaskRef,
}

/// A host.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Host {
    /// Its name.
    pub name_label: String,
    /// Its address.
    pub address: String,
    /// Whether it runs virtual machines.
    pub enabled: bool,
    /// The versions of its software, for example `product_version`.
    pub software_version: BTreeMap<String, String>,
}

/// A virtual machine, a template or a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Vm {
    /// Its identifier, which is valid in all sessions.
    pub uuid: String,
    /// Its name.
    pub name_label: String,
    /// Its description.
    pub name_description: String,
    /// Whether it runs.
    pub power_state: PowerState,
    /// Whether it is a template or a snapshot.
    pub is_a_template: bool,
    /// Whether it is the control domain of a host.
    pub is_control_domain: bool,
    /// The host that it runs on.
    #[serde(deserialize_with = "unless_null")]
    pub resident_on: Option<HostRef>,
    /// The virtual machine that this snapshot is of.
    #[serde(deserialize_with = "unless_null")]
    pub snapshot_of: Option<VmRef>,
    /// When this snapshot was taken, in UTC.
    #[serde(deserialize_with = "unless_unset")]
    pub snapshot_time: Option<DateTime>,
    /// Its memory in bytes.
    #[serde(with = "number_text")]
    pub memory_static_max: u64,
    /// The number of its processors.
    #[serde(rename = "VCPUs_max", with = "number_text")]
    pub vcpus_max: u32,
    /// Its tags.
    pub tags: Vec<String>,
}

impl Vm {
    /// Whether it is a virtual machine that can run.
    pub fn is_ordinary(&self) -> bool {
        !self.is_a_template && !self.is_control_domain
    }
}

/// Whether a virtual machine runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[allow(missing_docs, reason = "the names explain them")]
pub enum PowerState {
    Halted,
    Paused,
    Running,
    Suspended,
}

/// Work in the background.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Task {
    /// Whether it is over.
    pub status: TaskStatus,
    /// How much of it is done, from 0 to 1.
    pub progress: f64,
    /// Its error: the code and its parameters.
    pub error_info: Vec<String>,
    /// When it was over, in UTC.
    #[serde(deserialize_with = "unless_unset")]
    pub finished: Option<DateTime>,
}

/// Whether a task is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names explain them")]
pub enum TaskStatus {
    Pending,
    Success,
    Failure,
    Cancelling,
    Cancelled,
}

/// Reads a reference, or `None` from `OpaqueRef:NULL`.
fn unless_null<'de, T: From<String>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok((text != "OpaqueRef:NULL").then(|| text.into()))
}

/// Reads a date, or `None` from the start of 1970.
fn unless_unset<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime>, D::Error> {
    let date = DateTime::deserialize(deserializer)?;
    Ok((date.year() > 1970).then_some(date))
}
