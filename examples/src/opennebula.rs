//! The interface of OpenNebula: <https://docs.opennebula.io/6.10/integration_and_development/system_interfaces/api.html>.
//!
//! The session, `user:password`, is the leading parameter of [`OneClient`]. Each result is in the envelope [`Answer`].
//! Descriptions of objects are XML documents in a string, which the envelope [`XmlAnswer`] reads.

use std::{fmt, marker::PhantomData};

use jiff::Timestamp;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, IgnoredAny, SeqAccess, Visitor},
};
use xmlrpc_core::{Envelope, Fault, TypedFault, xmlrpc_service};

/// Some of the methods.
#[xmlrpc_service(client, namespace = "one", envelope = Answer)]
pub trait One {
    /// Returns the version of OpenNebula.
    #[xmlrpc(name = "system.version", idempotent)]
    async fn version(&self) -> Result<String, OneError>;

    /// Returns virtual machines: those with an identifier from `first` to `last` ([`UNBOUNDED`]), and with this state
    /// ([`NOT_DONE`]).
    #[xmlrpc(name = "vmpool.info", idempotent, envelope = XmlAnswer)]
    async fn vms(
        &self,
        owner: Owner,
        first: i32,
        last: i32,
        state: i32,
    ) -> Result<VmPool, OneError>;

    /// Returns a virtual machine.
    #[xmlrpc(name = "vm.info", idempotent, envelope = XmlAnswer)]
    async fn vm(&self, id: i32) -> Result<Vm, OneError>;

    /// Starts an action, such as `poweroff`, `resume`, `hold`, `release` or `terminate`, and returns the identifier of
    /// the virtual machine.
    #[xmlrpc(name = "vm.action")]
    async fn act(&self, action: &str, id: i32) -> Result<i32, OneError>;

    /// Renames a virtual machine, and returns its identifier.
    #[xmlrpc(name = "vm.rename")]
    async fn rename(&self, id: i32, name: &str) -> Result<i32, OneError>;

    /// Runs a virtual machine on a host. If `check` is true, the host must have enough free resources. −1 is the
    /// default datastore.
    #[xmlrpc(name = "vm.deploy")]
    async fn deploy(
        &self,
        id: i32,
        host: i32,
        check: bool,
        datastore: i32,
    ) -> Result<i32, OneError>;

    /// Returns the hosts.
    #[xmlrpc(name = "hostpool.info", idempotent, envelope = XmlAnswer)]
    async fn hosts(&self) -> Result<HostPool, OneError>;

    /// Creates a virtual machine from a template, and returns its identifier. `extra` contains attributes that replace
    /// those of the template, for example `MEMORY=2048`.
    #[xmlrpc(name = "template.instantiate")]
    async fn instantiate(
        &self,
        template: i32,
        name: &str,
        hold: bool,
        extra: &str,
    ) -> Result<i32, OneError>;
}

/// The array around each result: whether the call succeeded, the result or the text of the error, and its code.
#[derive(Debug)]
pub struct Answer<T>(Result<T, Fault>);

impl<T> Envelope for Answer<T> {
    type Value = T;

    fn open(self) -> Result<T, Fault> {
        self.0
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Answer<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(AnswerVisitor(PhantomData))
    }
}

struct AnswerVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for AnswerVisitor<T> {
    type Value = Answer<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of a boolean, a value and a code")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Answer<T>, A::Error> {
        let short = |length| A::Error::invalid_length(length, &self);
        let succeeded: bool = elements.next_element()?.ok_or_else(|| short(0))?;
        let answer = if succeeded {
            Ok(elements.next_element()?.ok_or_else(|| short(1))?)
        } else {
            Err(elements.next_element::<String>()?.ok_or_else(|| short(1))?)
        };
        let code: i32 = elements.next_element()?.ok_or_else(|| short(2))?;
        while elements.next_element::<IgnoredAny>()?.is_some() {} // some versions add elements
        Ok(Answer(answer.map_err(|text| Fault::new(code, text))))
    }
}

/// An [`Answer`] whose result is an XML document in a string.
#[derive(Debug, Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
pub struct XmlAnswer<T>(Answer<Xml<T>>);

impl<T> Envelope for XmlAnswer<T> {
    type Value = T;

    fn open(self) -> Result<T, Fault> {
        self.0.open().map(|xml| xml.0)
    }
}

#[derive(Debug)]
struct Xml<T>(T);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Xml<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let document = String::deserialize(deserializer)?;
        quick_xml::de::from_str(&document)
            .map(Self)
            .map_err(D::Error::custom)
    }
}

/// The errors of OpenNebula. The texts begin with the name of the method.
#[derive(Debug, PartialEq, TypedFault)]
pub enum OneError {
    /// The session is not valid.
    #[fault(code = 0x100, message = "{0}")]
    Authentication(String),
    /// The user may not do this.
    #[fault(code = 0x200, message = "{0}")]
    Authorization(String),
    /// The object does not exist.
    #[fault(code = 0x400, message = "{0}")]
    NotFound(String),
    /// The state of the object does not allow the action.
    #[fault(code = 0x800, message = "{0}")]
    WrongState(String),
    /// Another error.
    #[fault(other)]
    Other(Fault),
}

/// Whose objects a pool contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Those of the user and the user's groups.
    Groups,
    /// All that the user may see.
    All,
    /// Those of the user.
    Own,
    /// Those of the user's primary group.
    PrimaryGroup,
    /// Those of the user with this identifier.
    User(u16),
}

impl serde::Serialize for Owner {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i32(match *self {
            Self::Groups => -1,
            Self::All => -2,
            Self::Own => -3,
            Self::PrimaryGroup => -4,
            Self::User(id) => id.into(),
        })
    }
}

/// The first or last identifier of a pool.
pub const UNBOUNDED: i32 = -1;

/// The virtual machines that are not done.
pub const NOT_DONE: i32 = -1;

/// Virtual machines.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct VmPool {
    /// The virtual machines.
    #[serde(rename = "VM", default)]
    pub vms: Vec<Vm>,
}

/// A virtual machine.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub struct Vm {
    /// Its identifier.
    pub id: i32,
    /// Its owner.
    pub uname: String,
    /// Its name.
    pub name: String,
    /// Its state.
    pub state: State,
    /// When it was created.
    #[serde(rename = "STIME", deserialize_with = "seconds")]
    pub created: Timestamp,
    /// When it ended.
    #[serde(rename = "ETIME", deserialize_with = "seconds_unless_zero")]
    pub ended: Option<Timestamp>,
    /// What it consists of.
    pub template: Template,
    /// Where it has run.
    #[serde(rename = "HISTORY_RECORDS")]
    history: History,
}

impl Vm {
    /// The host that it runs on, or that it ran on last.
    pub fn host(&self) -> Option<&str> {
        let last = self.history.records.last();
        last.map(|record| record.host.as_str())
    }
}

/// The state of a virtual machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "i32")]
#[allow(missing_docs, reason = "the names explain them")]
pub enum State {
    Pending,
    Hold,
    /// It is being started, runs, or is being stopped.
    Active,
    Stopped,
    Suspended,
    Done,
    PowerOff,
    Undeployed,
    /// Another state, with its number.
    Other(i32),
}

impl From<i32> for State {
    fn from(number: i32) -> Self {
        match number {
            1 => Self::Pending,
            2 => Self::Hold,
            3 => Self::Active,
            4 => Self::Stopped,
            5 => Self::Suspended,
            6 => Self::Done,
            8 => Self::PowerOff,
            9 => Self::Undeployed,
            other => Self::Other(other),
        }
    }
}

/// The resources of a virtual machine.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub struct Template {
    /// Its memory in MiB.
    pub memory: u64,
    /// Its share of a processor.
    pub cpu: f64,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct History {
    #[serde(rename = "HISTORY", default)]
    records: Vec<HistoryRecord>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct HistoryRecord {
    #[serde(rename = "HOSTNAME")]
    host: String,
}

/// Hosts.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct HostPool {
    /// The hosts.
    #[serde(rename = "HOST", default)]
    pub hosts: Vec<Host>,
}

/// A host.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub struct Host {
    /// Its identifier.
    pub id: i32,
    /// Its name.
    pub name: String,
    /// Its resources.
    #[serde(rename = "HOST_SHARE")]
    pub share: Share,
}

/// The resources of a host. Memory is in KiB.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "the names explain them")]
pub struct Share {
    #[serde(rename = "TOTAL_MEM")]
    pub memory: u64,
    #[serde(rename = "MEM_USAGE")]
    pub used_memory: u64,
    pub running_vms: u32,
}

/// Reads seconds since 1970.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let seconds = i64::deserialize(deserializer)?;
    Timestamp::from_second(seconds).map_err(D::Error::custom)
}

/// Reads seconds since 1970, or `None` from 0.
fn seconds_unless_zero<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    let time = seconds(deserializer)?;
    Ok((time.as_second() != 0).then_some(time))
}
