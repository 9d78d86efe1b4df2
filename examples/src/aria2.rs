//! The interface of aria2, a download manager: <https://aria2.github.io/manual/en/html/aria2c.html#rpc-interface>.
//!
//! The secret is the leading parameter of [`Aria2Client`]: [`token`] returns it. aria2 sends numbers and booleans as
//! strings, and expects strings in options. Here they have their types: serde reads and writes them with [`number_text`]
//! and [`bool_text`].

use serde::{Deserialize, Serialize};
use xmlrpc_core::{Fault, with::number_text, xmlrpc_service};

/// The most useful methods of `aria2.*`.
///
/// A download is identified by its GID, 16 hexadecimal digits. All faults have the code 1, including those for unknown
/// methods and `Unauthorized`. Only their texts tell them apart.
#[xmlrpc_service(client, namespace = "aria2", rename_all = "camelCase")]
pub trait Aria2 {
    /// Returns the version of aria2 and its features.
    #[xmlrpc(name = "getVersion", idempotent)]
    async fn version(&self) -> Result<Version, Fault>;

    /// Returns the speeds and the numbers of downloads.
    #[xmlrpc(name = "getGlobalStat", idempotent)]
    async fn global_stat(&self) -> Result<GlobalStat, Fault>;

    /// Adds a download of one file from all of `uris`, and returns its GID. It goes to this place in the queue, by
    /// default to the end.
    async fn add_uri(
        &self,
        uris: &[String],
        options: &Options,
        position: Option<u32>,
    ) -> Result<String, Fault>;

    /// Returns a download.
    #[xmlrpc(idempotent)]
    async fn tell_status(&self, gid: &str) -> Result<Status, Fault>;

    /// Returns the active downloads.
    #[xmlrpc(idempotent)]
    async fn tell_active(&self) -> Result<Vec<Status>, Fault>;

    /// Returns some of the waiting and paused downloads, in order. If `offset` is negative, it counts from the last one
    /// in reverse order.
    #[xmlrpc(idempotent)]
    async fn tell_waiting(&self, offset: i32, number: u32) -> Result<Vec<Status>, Fault>;

    /// Returns some of the stopped downloads.
    #[xmlrpc(idempotent)]
    async fn tell_stopped(&self, offset: i32, number: u32) -> Result<Vec<Status>, Fault>;

    /// Pauses a download, and returns its GID.
    async fn pause(&self, gid: &str) -> Result<String, Fault>;

    /// Puts a paused download back into the queue, and returns its GID.
    async fn unpause(&self, gid: &str) -> Result<String, Fault>;

    /// Removes a download, and returns its GID. An active download becomes a stopped one; a waiting one disappears.
    async fn remove(&self, gid: &str) -> Result<String, Fault>;

    /// Deletes the result of a stopped download. The result is `OK`.
    async fn remove_download_result(&self, gid: &str) -> Result<String, Fault>;

    /// Ends aria2. The result is `OK`.
    async fn shutdown(&self) -> Result<String, Fault>;
}

/// The leading parameter for the secret of `--rpc-secret`. Without that option, aria2 accepts any secret.
pub fn token(secret: &str) -> (String,) {
    (format!("token:{secret}"),)
}

/// The version and the features of aria2.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    /// For example `1.36.0`.
    pub version: String,
    /// For example `BitTorrent` and `XML-RPC`.
    pub enabled_features: Vec<String>,
}

/// The speeds, in bytes per second, and the numbers of downloads.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names explain them")]
pub struct GlobalStat {
    #[serde(with = "number_text")]
    pub download_speed: u64,
    #[serde(with = "number_text")]
    pub upload_speed: u64,
    #[serde(with = "number_text")]
    pub num_active: u32,
    #[serde(with = "number_text")]
    pub num_waiting: u32,
    #[serde(with = "number_text")]
    pub num_stopped: u32,
}

/// Options of a download that differ from aria2's own options.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Options {
    /// The folder.
    pub dir: Option<String>,
    /// The name of the file in it.
    pub out: Option<String>,
    /// Whether the download waits for [`Aria2::unpause`].
    #[serde(with = "bool_text")]
    pub pause: bool,
}

/// The status of a download.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names explain them")]
pub enum Stage {
    Active,
    Waiting,
    Paused,
    Error,
    Complete,
    Removed,
}

/// A download. Lengths are in bytes, speeds in bytes per second.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Its identifier.
    pub gid: String,
    /// Its status.
    pub status: Stage,
    /// Its size, or 0 if that is not known yet.
    #[serde(with = "number_text")]
    pub total_length: u64,
    /// How much of it is complete.
    #[serde(with = "number_text")]
    pub completed_length: u64,
    /// The speed of the download.
    #[serde(with = "number_text")]
    pub download_speed: u64,
    /// The number of servers it comes from.
    #[serde(with = "number_text")]
    pub connections: u32,
    /// The error code of a stopped download, or 0. The manual lists the codes.
    #[serde(with = "number_text", default)]
    pub error_code: Option<u32>,
    /// The error in words.
    pub error_message: Option<String>,
    /// The folder.
    pub dir: String,
    /// Its files. A download that was added by its URI has one file.
    pub files: Vec<File>,
}

/// A file of a download.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct File {
    /// Its path.
    pub path: String,
    /// Its size in bytes.
    #[serde(with = "number_text")]
    pub length: u64,
    /// How much of it is complete.
    #[serde(with = "number_text")]
    pub completed_length: u64,
    /// Whether it was selected, if there are several files.
    #[serde(with = "bool_text")]
    pub selected: bool,
}

/// Booleans as strings, for `#[serde(with = "bool_text")]`.
pub mod bool_text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes `true` or `false` as a string.
    pub fn serialize<S: Serializer>(value: &bool, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    /// Reads the value from a string.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map_err(|error| D::Error::custom(format_args!("{text:?}: {error}")))
    }
}
