//! The interface of aria2, which downloads: <https://aria2.github.io/manual/en/html/aria2c.html#rpc-interface>.
//!
//! aria2 says numbers and truths as strings, and takes them so in options. Here they have their types: serde
//! reads and writes them with [`text`].

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use xmlrpc_core::{Fault, xmlrpc_service};

/// The methods `aria2.*`, those of them that programs use.
///
/// A download has a name of 16 hexadecimal digits, its GID. All faults have the code 1, so that there is
/// nothing but their texts to tell them apart; an unknown method is one, and `Unauthorized`.
#[xmlrpc_service(client, namespace = "aria2", rename_all = "camelCase")]
pub trait Aria2 {
    /// Returns the version of aria2, and what it is built with.
    #[xmlrpc(name = "getVersion", idempotent)]
    async fn version(&self, token: &Token) -> Result<Version, Fault>;

    /// Returns how much is going on.
    #[xmlrpc(name = "getGlobalStat", idempotent)]
    async fn global_stat(&self, token: &Token) -> Result<GlobalStat, Fault>;

    /// Adds a download of one file, from all of `uris`, and returns its GID; at this place of the queue, or
    /// at its end.
    async fn add_uri(
        &self,
        token: &Token,
        uris: &[String],
        options: &Options,
        position: Option<u32>,
    ) -> Result<String, Fault>;

    /// Returns a download.
    #[xmlrpc(idempotent)]
    async fn tell_status(&self, token: &Token, gid: &str) -> Result<Status, Fault>;

    /// Returns the downloads that are going on.
    #[xmlrpc(idempotent)]
    async fn tell_active(&self, token: &Token) -> Result<Vec<Status>, Fault>;

    /// Returns so many of the downloads that wait or are paused, from the first on; from the last on where
    /// `offset` is negative.
    #[xmlrpc(idempotent)]
    async fn tell_waiting(
        &self,
        token: &Token,
        offset: i32,
        number: u32,
    ) -> Result<Vec<Status>, Fault>;

    /// Returns so many of the downloads that are over.
    #[xmlrpc(idempotent)]
    async fn tell_stopped(
        &self,
        token: &Token,
        offset: i32,
        number: u32,
    ) -> Result<Vec<Status>, Fault>;

    /// Pauses a download, and returns its GID.
    async fn pause(&self, token: &Token, gid: &str) -> Result<String, Fault>;

    /// Lets a paused download wait for its turn, and returns its GID.
    async fn unpause(&self, token: &Token, gid: &str) -> Result<String, Fault>;

    /// Takes a download away, and returns its GID: one that went on is among the stopped ones then, one that
    /// waited is gone.
    async fn remove(&self, token: &Token, gid: &str) -> Result<String, Fault>;

    /// Forgets a download that is over. The answer is `OK`.
    async fn remove_download_result(&self, token: &Token, gid: &str) -> Result<String, Fault>;

    /// Ends aria2. The answer is `OK`.
    async fn shutdown(&self, token: &Token) -> Result<String, Fault>;
}

/// The secret of `--rpc-secret`, with which each call begins. An aria2 that has none takes any.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// The token with this secret.
    pub fn new(secret: &str) -> Self {
        Self(format!("token:{secret}"))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Serialize for Token {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// What aria2 is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    /// Like `1.36.0`.
    pub version: String,
    /// Like `BitTorrent` and `XML-RPC`.
    pub enabled_features: Vec<String>,
}

/// How much is going on. Speeds are in bytes a second.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "their names say it")]
pub struct GlobalStat {
    #[serde(with = "text")]
    pub download_speed: u64,
    #[serde(with = "text")]
    pub upload_speed: u64,
    #[serde(with = "text")]
    pub num_active: u32,
    #[serde(with = "text")]
    pub num_waiting: u32,
    #[serde(with = "text")]
    pub num_stopped: u32,
}

/// What a download is to be, where it is to be other than aria2's options say.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Options {
    /// The folder.
    pub dir: Option<String>,
    /// The name of the file in it.
    pub out: Option<String>,
    /// Whether it waits for [`Aria2::unpause`].
    #[serde(with = "text")]
    pub pause: bool,
}

/// What becomes of a download.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "their names say it")]
pub enum Stage {
    Active,
    Waiting,
    Paused,
    Error,
    Complete,
    Removed,
}

/// A download. Lengths are in bytes, speeds in bytes a second.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Its name.
    pub gid: String,
    /// What becomes of it.
    pub status: Stage,
    /// How long it is, or 0 where that is not known yet.
    #[serde(with = "text")]
    pub total_length: u64,
    /// How much of it is there.
    #[serde(with = "text")]
    pub completed_length: u64,
    /// How fast it comes.
    #[serde(with = "text")]
    pub download_speed: u64,
    /// How many servers it comes from.
    #[serde(with = "text")]
    pub connections: u32,
    /// What was wrong, where it is over; the manual lists the codes, of which 0 is none.
    #[serde(default, deserialize_with = "text::optional")]
    pub error_code: Option<u32>,
    /// The same in words.
    pub error_message: Option<String>,
    /// The folder.
    pub dir: String,
    /// Its files, of which one that was added by its URI has one.
    pub files: Vec<File>,
}

/// A file of a download.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct File {
    /// Where it is.
    pub path: String,
    /// How long it is, in bytes.
    #[serde(with = "text")]
    pub length: u64,
    /// How much of it is there.
    #[serde(with = "text")]
    pub completed_length: u64,
    /// Whether it was asked for, of several.
    #[serde(with = "text")]
    pub selected: bool,
}

/// Numbers and truths as strings, for `#[serde(with = "text")]`.
pub mod text {
    use std::{fmt::Display, str::FromStr};

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes the value as a string.
    pub fn serialize<T: Display, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    /// Reads the value from a string.
    pub fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        let text = String::deserialize(deserializer)?;
        text.parse()
            .map_err(|error| D::Error::custom(format_args!("{text:?}: {error}")))
    }

    /// Reads the value of a member that need not be there, along with `#[serde(default)]`.
    pub fn optional<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        deserialize(deserializer).map(Some)
    }
}
