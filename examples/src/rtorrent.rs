//! The interface of rTorrent, which downloads torrents: <https://rtorrent-docs.readthedocs.io/en/latest/cmd-ref.html>.
//! And [`torrent`], which makes what it loads.

pub mod torrent;

use serde::Deserialize;
use xmlrpc_core::{Base64, Fault, xmlrpc_service};

/// Commands of rTorrent, those that programs use.
///
/// Most commands have a target first: the hash of a download for `d.*`, and an empty string where there is
/// none. All integers are of 64 bits. Faults have the codes of xmlrpc-c, −506 for an unknown command.
#[xmlrpc_service(client)]
pub trait Rtorrent {
    /// Returns the version of rTorrent, like `0.9.8`.
    #[xmlrpc(name = "system.client_version", idempotent)]
    async fn client_version(&self) -> String;

    /// Returns the version of its library, like `0.13.8`.
    #[xmlrpc(name = "system.library_version", idempotent)]
    async fn library_version(&self) -> String;

    /// Returns its process id.
    #[xmlrpc(name = "system.pid", idempotent)]
    async fn pid(&self) -> u32;

    /// Adds a download: `target` is empty, `torrent` the content of a file `.torrent`, and `commands` are run
    /// for it, like `d.directory.set="/srv"`. The answer is 0 at once, also where it is no torrent; the download
    /// is there a moment later.
    #[xmlrpc(name = "load.raw")]
    async fn load(
        &self,
        target: &str,
        torrent: &Base64,
        #[xmlrpc(rest)] commands: &[String],
    ) -> Result<i64, Fault>;

    /// Adds a download as [`load`](Self::load) does, and starts it.
    #[xmlrpc(name = "load.raw_start")]
    async fn load_and_start(
        &self,
        target: &str,
        torrent: &Base64,
        #[xmlrpc(rest)] commands: &[String],
    ) -> Result<i64, Fault>;

    /// Runs commands for each download of a view, like `main` or `started`; [`DownloadRow::columns`] are those
    /// for the rows of this signature. `target` is empty.
    #[xmlrpc(name = "d.multicall2", idempotent)]
    async fn downloads(
        &self,
        target: &str,
        view: &str,
        #[xmlrpc(rest)] columns: &[String],
    ) -> Result<Vec<DownloadRow>, Fault>;

    /// Returns the name of a download.
    #[xmlrpc(name = "d.name", idempotent)]
    async fn name(&self, hash: &str) -> Result<String, Fault>;

    /// Returns how long a download is, in bytes.
    #[xmlrpc(name = "d.size_bytes", idempotent)]
    async fn size(&self, hash: &str) -> Result<u64, Fault>;

    /// Returns 1 if all of a download is there, else 0.
    #[xmlrpc(name = "d.complete", idempotent)]
    async fn complete(&self, hash: &str) -> Result<i64, Fault>;

    /// Starts a download. The answer is 0.
    #[xmlrpc(name = "d.start")]
    async fn start(&self, hash: &str) -> Result<i64, Fault>;

    /// Stops a download. The answer is 0.
    #[xmlrpc(name = "d.stop")]
    async fn stop(&self, hash: &str) -> Result<i64, Fault>;

    /// Forgets a download, and leaves its files alone. The answer is 0.
    #[xmlrpc(name = "d.erase")]
    async fn erase(&self, hash: &str) -> Result<i64, Fault>;

    /// Returns the first of five texts of the user's own about a download: many have its label there.
    #[xmlrpc(name = "d.custom1", idempotent)]
    async fn label(&self, hash: &str) -> Result<String, Fault>;

    /// Sets this text.
    #[xmlrpc(name = "d.custom1.set")]
    async fn set_label(&self, hash: &str, label: &str) -> Result<String, Fault>;
}

/// A download, as [`Rtorrent::downloads`] has it: an array on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "(String, String, u64, u64, u64, i64, i64, String)")]
pub struct DownloadRow {
    /// Its hash: 40 hexadecimal digits in upper case.
    pub hash: String,
    /// Its name.
    pub name: String,
    /// How long it is, in bytes.
    pub size: u64,
    /// How much of it is there.
    pub done: u64,
    /// How fast it comes, in bytes a second.
    pub rate: u64,
    /// Whether all of it is there.
    pub is_complete: bool,
    /// Whether it has been started.
    pub is_active: bool,
    /// The first of the user's texts.
    pub label: String,
}

impl DownloadRow {
    /// The commands whose results a row is.
    pub fn columns() -> Vec<String> {
        let columns = [
            "d.hash=",
            "d.name=",
            "d.size_bytes=",
            "d.completed_bytes=",
            "d.down.rate=",
            "d.complete=",
            "d.is_active=",
            "d.custom1=",
        ];
        columns.map(str::to_owned).into()
    }
}

impl From<(String, String, u64, u64, u64, i64, i64, String)> for DownloadRow {
    fn from(row: (String, String, u64, u64, u64, i64, i64, String)) -> Self {
        let (hash, name, size, done, rate, complete, active, label) = row;
        Self {
            hash,
            name,
            size,
            done,
            rate,
            is_complete: complete != 0,
            is_active: active != 0,
            label,
        }
    }
}
