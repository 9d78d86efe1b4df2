//! Many clients that call until they are told to stop. They count every call, and remember those that failed.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::Instant,
};

use tokio::task::JoinSet;
use xmlrpc_client::Http;
use xmlrpc_core::ClientError;

use crate::{Result, shop::StockClient};

/// The article that all clients take from.
pub(crate) const ARTICLE: &str = "nail";

/// Which method the clients call.
#[derive(Clone, Copy)]
pub(crate) enum Mix {
    /// Only the method that reads, which is idempotent.
    Level,
    /// Only the method that takes one piece, which is not.
    Take,
    /// Both in turn.
    Both,
}

/// A call without a result.
pub(crate) struct Lost {
    pub(crate) began: Instant,
    pub(crate) is_take: bool,
    pub(crate) error: String,
}

#[derive(Default)]
struct Counts {
    stop: AtomicBool,
    calls: AtomicU64,
    taken: AtomicU64,
    lost: Mutex<Vec<Lost>>,
}

/// Clients that are calling. Dropping it ends them.
pub(crate) struct Load {
    clients: JoinSet<()>,
    counts: Arc<Counts>,
}

/// What the clients have seen.
pub(crate) struct Outcome {
    /// Calls, also those that failed.
    pub(crate) calls: u64,
    /// Pieces that were taken with a result.
    pub(crate) taken: u64,
    pub(crate) lost: Vec<Lost>,
}

impl Load {
    /// Starts this many clients, which make one call after the other.
    pub(crate) fn start(clients: usize, stock: &StockClient<Http>, mix: Mix) -> Self {
        let counts = Arc::new(Counts::default());
        let mut set = JoinSet::new();
        for client in 0..clients {
            set.spawn(call(client, stock.clone(), mix, Arc::clone(&counts)));
        }
        Self {
            clients: set,
            counts,
        }
    }

    pub(crate) fn calls(&self) -> u64 {
        self.counts.calls.load(Relaxed)
    }

    /// Lets each client finish its call.
    pub(crate) async fn stop(mut self) -> Result<Outcome> {
        self.counts.stop.store(true, Relaxed);
        while let Some(client) = self.clients.join_next().await {
            client?;
        }
        let lost = &self.counts.lost;
        Ok(Outcome {
            calls: self.counts.calls.load(Relaxed),
            taken: self.counts.taken.load(Relaxed),
            lost: std::mem::take(&mut *lost.lock().unwrap_or_else(PoisonError::into_inner)),
        })
    }
}

async fn call(client: usize, stock: StockClient<Http>, mix: Mix, counts: Arc<Counts>) {
    for number in client.. {
        if counts.stop.load(Relaxed) {
            return;
        }
        let is_take = match mix {
            Mix::Level => false,
            Mix::Take => true,
            Mix::Both => number % 2 == 0,
        };
        let began = Instant::now();
        let result: std::result::Result<i64, ClientError> = if is_take {
            stock.take(ARTICLE, 1).await
        } else {
            stock.level(ARTICLE).await
        };
        counts.calls.fetch_add(1, Relaxed);
        match result {
            Ok(_) => {
                counts.taken.fetch_add(u64::from(is_take), Relaxed);
            }
            Err(error) => {
                let lost = Lost {
                    began,
                    is_take,
                    error: error.to_string(),
                };
                counts
                    .lost
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(lost);
            }
        }
    }
}

impl Outcome {
    /// The first calls that were lost, for a message.
    pub(crate) fn describe_lost(&self) -> String {
        let start = |lost: &Lost| lost.error.chars().take(160).collect::<String>();
        let errors: Vec<_> = self.lost.iter().take(3).map(start).collect();
        let (lost, calls) = (self.lost.len(), self.calls);
        format!("lost {lost} of {calls} calls: {}", errors.join("; "))
    }
}
