//! What the calls do that arrive at any of several servers, in the order of their arrival. So a test knows
//! what happens to the first attempt and to its hedge, wherever they go.

use std::{
    collections::VecDeque,
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use tokio::sync::watch;

use crate::server::Mode;

#[derive(Clone)]
pub(crate) struct Script {
    steps: Arc<Mutex<VecDeque<(usize, Mode)>>>,
    arrived: watch::Sender<usize>,
    active: Arc<AtomicUsize>,
    overlaps: Arc<AtomicUsize>,
}

impl Script {
    /// Each step waits until so many calls have arrived, and then does something. Calls after the last
    /// step are served.
    pub(crate) fn new(steps: impl IntoIterator<Item = (usize, Mode)>) -> Self {
        Self {
            steps: Arc::new(Mutex::new(steps.into_iter().collect())),
            arrived: watch::Sender::new(0),
            active: Arc::default(),
            overlaps: Arc::default(),
        }
    }

    /// How many calls have arrived.
    pub(crate) fn arrived(&self) -> usize {
        *self.arrived.borrow()
    }

    /// How many calls arrived while another one was waiting.
    pub(crate) fn overlaps(&self) -> usize {
        self.overlaps.load(Relaxed)
    }

    pub(crate) async fn next(&self) -> Mode {
        let step = self.steps.lock().unwrap().pop_front();
        self.arrived.send_modify(|arrived| *arrived += 1);
        let (after, mode) = step.unwrap_or((0, Mode::Serve));
        let mut arrived = self.arrived.subscribe();
        arrived.wait_for(|arrived| *arrived >= after).await.unwrap();
        mode
    }

    pub(crate) fn begin(&self) -> Active {
        let others = self.active.fetch_add(1, Relaxed);
        self.overlaps.fetch_add(usize::from(others > 0), Relaxed);
        Active(Arc::clone(&self.active))
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script").finish_non_exhaustive()
    }
}

/// A call that waits for its response.
pub(crate) struct Active(Arc<AtomicUsize>);

impl Drop for Active {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}
