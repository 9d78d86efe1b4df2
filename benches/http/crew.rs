//! Workers that send requests concurrently until a number of requests is done.
//!
//! One run is one request for each worker: the time of a single request does not tell how long many concurrent
//! ones take.

use std::{
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use tokio::runtime::Runtime;

use crate::harness::{
    task::{Checked, Task},
    text,
    timing::median,
};

pub(crate) trait Worker: Send + 'static {
    /// Sends a request and checks the response.
    fn once(&mut self) -> impl Future<Output = Result<(), String>> + Send;
}

/// The processor time of the measured side so far.
type Clock = Box<dyn Fn() -> Result<Duration, String>>;

pub(crate) struct Crew<W> {
    runtime: Rc<Runtime>,
    workers: Vec<W>,
    clock: Clock,
    /// The processor time of one request in microseconds, for each turn.
    samples: Vec<f64>,
}

impl<W: Worker> Crew<W> {
    pub(crate) fn new(runtime: Rc<Runtime>, workers: Vec<W>, clock: Clock) -> Self {
        Self {
            runtime,
            workers,
            clock,
            samples: Vec::new(),
        }
    }
}

impl<W: Worker> Task for Crew<W> {
    fn check(&mut self) -> Result<Checked, String> {
        self.run(1)?;
        self.samples.clear();
        Ok(Checked {
            correct: true,
            bytes: 0,
            memory: None,
        })
    }

    fn run(&mut self, times: u32) -> Result<Duration, String> {
        let workers = std::mem::take(&mut self.workers);
        let count = u32::try_from(workers.len()).map_err(text)?;
        let requests = times.saturating_mul(count);
        let before = (self.clock)()?;
        let start = Instant::now();
        self.workers = self.runtime.block_on(work(workers, requests))?;
        let elapsed = start.elapsed();
        let used = (self.clock)()?.saturating_sub(before);
        // A turn begins with one run off the clock.
        if times > 1 {
            let each = used.as_secs_f64() * 1e6 / f64::from(requests);
            self.samples.push(each);
        }
        Ok(elapsed)
    }

    /// The median of the lower half: other work on a processor can only add to the time.
    fn processor_us(&self) -> Option<f64> {
        let mut samples = self.samples.clone();
        samples.sort_by(f64::total_cmp);
        samples.truncate(samples.len().div_ceil(2));
        Some(median(samples))
    }
}

async fn work<W: Worker>(workers: Vec<W>, requests: u32) -> Result<Vec<W>, String> {
    let left = Arc::new(AtomicU32::new(requests));
    let start = |mut worker: W| {
        let left = Arc::clone(&left);
        tokio::spawn(async move {
            while left
                .fetch_update(Relaxed, Relaxed, |it| it.checked_sub(1))
                .is_ok()
            {
                worker.once().await?;
            }
            Ok::<_, String>(worker)
        })
    };
    let working: Vec<_> = workers.into_iter().map(start).collect();
    let mut workers = Vec::with_capacity(working.len());
    for worker in working {
        workers.push(worker.await.map_err(text)??);
    }
    Ok(workers)
}
