//! A unix socket in its own folder.

use std::{net::SocketAddr, path::Path};

use tempfile::TempDir;
use tokio::{
    net::{TcpStream, UnixListener},
    task::{JoinHandle, JoinSet},
};

/// Stops and is deleted when it is dropped.
pub(crate) struct Socket {
    path: String,
    task: JoinHandle<()>,
    _folder: TempDir,
}

impl Socket {
    /// Runs `serve` on a socket of this name.
    pub(crate) fn new<F>(name: &str, serve: impl FnOnce(UnixListener) -> F) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name).to_str().unwrap().to_owned();
        let listener = UnixListener::bind(&path).unwrap();
        Self {
            path,
            task: tokio::spawn(serve(listener)),
            _folder: folder,
        }
    }

    /// A socket that forwards to a port, in both directions.
    pub(crate) fn to(address: SocketAddr) -> Self {
        Self::new("rpc.sock", |listener| forward(listener, address))
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The path with encoded slashes, as a URL's host.
    pub(crate) fn encoded(&self) -> String {
        self.path.replace('/', "%2F")
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn forward(listener: UnixListener, address: SocketAddr) {
    let mut connections = JoinSet::new();
    while let Ok((mut near, _)) = listener.accept().await {
        connections.spawn(async move {
            let mut far = TcpStream::connect(address).await.unwrap();
            let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
        });
    }
}

/// A path without a socket, in an existing folder.
pub(crate) fn nowhere(folder: &TempDir) -> String {
    let path: &Path = folder.path();
    path.join("gone.sock").to_str().unwrap().to_owned()
}
