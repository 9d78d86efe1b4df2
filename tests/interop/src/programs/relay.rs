//! A relay in front of a program. It counts connections and bytes.

use std::{
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::sleep,
};

use crate::client::Result;

pub(super) struct Relay {
    address: String,
    connections: Arc<AtomicUsize>,
    answered: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

impl Relay {
    /// Starts a relay to this host and port.
    pub(super) async fn start(target: &str) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?.to_string();
        let (connections, answered) = (Arc::default(), Arc::default());
        let task = tokio::spawn(relay(
            listener,
            target.to_owned(),
            Arc::clone(&connections),
            Arc::clone(&answered),
        ));
        Ok(Self {
            address,
            connections,
            answered,
            task,
        })
    }

    /// The host and port of the relay.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    pub(super) fn connections(&self) -> usize {
        self.connections.load(Relaxed)
    }

    /// Checks that the responses had fewer bytes than the limit. The count is known a moment after the client
    /// has closed its connections.
    pub(super) async fn ended_within(&self, limit: u64) -> Result {
        for _ in 0..100 {
            match self.answered.load(Relaxed) {
                0 => sleep(Duration::from_millis(20)).await,
                bytes if bytes < limit => return Ok(()),
                bytes => return Err(format!("{bytes} bytes are not compressed").into()),
            }
        }
        Err("the connection stays open".into())
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn relay(
    listener: TcpListener,
    target: String,
    connections: Arc<AtomicUsize>,
    answered: Arc<AtomicU64>,
) {
    while let Ok((mut from, _)) = listener.accept().await {
        connections.fetch_add(1, Relaxed);
        let (target, answered) = (target.clone(), Arc::clone(&answered));
        tokio::spawn(async move {
            if let Ok(mut to) = TcpStream::connect(target).await
                && let Ok((_, bytes)) = copy_bidirectional(&mut from, &mut to).await
            {
                answered.fetch_add(bytes, Relaxed);
            }
        });
    }
}
