//! How many calls run and how many wait: of the methods of a dispatcher that block, and of those below a
//! `ConcurrencyLimit`.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::Fault;

/// Half of the threads that tokio starts for blocking work by default (512). So there are threads left for
/// other work, such as files and names of hosts.
const RUNNING: usize = 256;

/// Each waiting call keeps its parameters in memory.
const WAITING: usize = 1_024;

/// Bounds the calls that run and wait.
#[derive(Clone)]
pub struct BlockingQueue {
    running: Arc<Semaphore>,
    /// One for each call that runs or waits.
    places: Arc<Semaphore>,
    max_running: usize,
    max_waiting: usize,
}

/// The right to run. The next call runs when it is dropped.
pub(crate) struct Turn {
    _running: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
}

impl BlockingQueue {
    fn new(max_running: usize, max_waiting: usize) -> Self {
        let most = Semaphore::MAX_PERMITS;
        let places = max_running.saturating_add(max_waiting);
        Self {
            running: Arc::new(Semaphore::new(max_running.min(most))),
            places: Arc::new(Semaphore::new(places.min(most))),
            max_running,
            max_waiting,
        }
    }

    pub(super) fn with_running(&self, max: usize) -> Self {
        Self::new(max, self.max_waiting)
    }

    pub(super) fn with_waiting(&self, max: usize) -> Self {
        Self::new(self.max_running, max)
    }

    /// Waits until a call may run. Dropping the future gives its place to another call.
    ///
    /// # Errors
    ///
    /// Too many calls wait already.
    pub(super) async fn turn(&self) -> Result<Turn, Fault> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| Self::full())?;
        let running = Arc::clone(&self.running).acquire_owned().await;
        Ok(Turn {
            _running: running.map_err(Fault::internal)?,
            _place: place,
        })
    }

    fn full() -> Fault {
        Fault::new(Fault::OVERLOADED, "too many calls at once: try again later")
    }
}

impl Default for BlockingQueue {
    fn default() -> Self {
        Self::new(RUNNING, WAITING)
    }
}
