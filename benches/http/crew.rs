//! Workers that do the same at once, each again when it is done, until all is done.
//!
//! Once is as many requests as there are workers: one alone says how long a request takes, which is
//! nothing to guess the time of many at once from.

use std::{
    cell::RefCell,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use tokio::runtime::Runtime;

use crate::task::{Checked, Task};

pub(crate) trait Worker: Send + 'static {
    /// Sends a request, and looks at its answer.
    fn once(&mut self) -> impl Future<Output = Result<(), String>> + Send;
}

/// Of one who is measured, the processor time so far.
type Clock = Box<dyn Fn() -> Result<Duration, String>>;

/// The processor time of one request in microseconds, by turn.
pub(crate) type Samples = Rc<RefCell<Vec<f64>>>;

pub(crate) struct Crew<W> {
    runtime: Rc<Runtime>,
    workers: Vec<W>,
    clock: Clock,
    samples: Samples,
}

impl<W: Worker> Crew<W> {
    pub(crate) fn new(runtime: Rc<Runtime>, workers: Vec<W>, clock: Clock) -> Self {
        Self {
            runtime,
            workers,
            clock,
            samples: Samples::default(),
        }
    }

    pub(crate) fn samples(&self) -> Samples {
        Rc::clone(&self.samples)
    }
}

impl<W: Worker> Task for Crew<W> {
    fn check(&mut self) -> Result<Checked, String> {
        self.run(1)?;
        self.samples.borrow_mut().clear();
        Ok(Checked {
            correct: true,
            bytes: 0,
            memory: None,
        })
    }

    fn run(&mut self, times: u32) -> Result<Duration, String> {
        let workers = std::mem::take(&mut self.workers);
        let count = u32::try_from(workers.len()).map_err(|error| error.to_string())?;
        let requests = times.saturating_mul(count);
        let before = (self.clock)()?;
        let start = Instant::now();
        self.workers = self.runtime.block_on(work(workers, requests))?;
        let elapsed = start.elapsed();
        let used = (self.clock)()?.saturating_sub(before);
        // What is done once is off the clock in every turn.
        if times > 1 {
            let each = used.as_secs_f64() * 1e6 / f64::from(requests);
            self.samples.borrow_mut().push(each);
        }
        Ok(elapsed)
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
        workers.push(worker.await.map_err(|error| error.to_string())??);
    }
    Ok(workers)
}
