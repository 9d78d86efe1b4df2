//! The interface of rTorrent, which downloads torrents: <https://rtorrent-docs.readthedocs.io/en/latest/cmd-ref.html>.
//! The module [`torrent`] makes torrents for it.

pub mod torrent;

use serde::Deserialize;
use xmlrpc_core::{Base64, Fault, xmlrpc_service};

/// The most useful commands of rTorrent.
///
/// The first parameter of most commands is a target: the hash of a download for `d.*`, otherwise an empty string.
/// All integers have 64 bits. Faults have the codes of xmlrpc-c, for example −506 for an unknown command.
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

    /// Adds a download. `target` is empty, `torrent` is the content of a `.torrent` file, and `commands` run for the
    /// download, for example `d.directory.set="/srv"`. The result is 0 immediately, even if the content is not a
    /// torrent. The download appears a moment later.
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

    /// Runs commands for each download of a view, such as `main` or `started`. [`DownloadRow::columns`] returns the
    /// commands for the rows of this signature. `target` is empty.
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

    /// Returns the size of a download in bytes.
    #[xmlrpc(name = "d.size_bytes", idempotent)]
    async fn size(&self, hash: &str) -> Result<u64, Fault>;

    /// Returns 1 if a download is complete, otherwise 0.
    #[xmlrpc(name = "d.complete", idempotent)]
    async fn complete(&self, hash: &str) -> Result<i64, Fault>;

    /// Starts a download. The result is 0.
    #[xmlrpc(name = "d.start")]
    async fn start(&self, hash: &str) -> Result<i64, Fault>;

    /// Stops a download. The result is 0.
    #[xmlrpc(name = "d.stop")]
    async fn stop(&self, hash: &str) -> Result<i64, Fault>;

    /// Removes a download, but keeps its files. The result is 0.
    #[xmlrpc(name = "d.erase")]
    async fn erase(&self, hash: &str) -> Result<i64, Fault>;

    /// Returns the first of five custom texts of a download. Many users keep its label there.
    #[xmlrpc(name = "d.custom1", idempotent)]
    async fn label(&self, hash: &str) -> Result<String, Fault>;

    /// Sets this text.
    #[xmlrpc(name = "d.custom1.set")]
    async fn set_label(&self, hash: &str, label: &str) -> Result<String, Fault>;
}

/// A download, as [`Rtorrent::downloads`] returns it. On the wire it is an array.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "(String, String, u64, u64, u64, i64, i64, String)")]
pub struct DownloadRow {
    /// Its hash: 40 hexadecimal digits in upper case.
    pub hash: String,
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// How many bytes of it are complete.
    pub done: u64,
    /// The speed of the download in bytes per second.
    pub rate: u64,
    /// Whether it is complete.
    pub is_complete: bool,
    /// Whether it has been started.
    pub is_active: bool,
    /// The first custom text.
    pub label: String,
}

impl DownloadRow {
    /// The commands whose results make up a row.
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
