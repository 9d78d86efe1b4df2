//! Threads that work, and rest together.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::Duration,
};

use super::hostile::{Act, Hostile};

#[derive(Default)]
pub(crate) struct Workers {
    runs: AtomicBool,
    is_over: AtomicBool,
    busy: AtomicUsize,
    errors: Mutex<Vec<String>>,
}

impl Workers {
    pub(crate) fn resume(&self) {
        self.runs.store(true, SeqCst);
    }

    /// Waits until every worker rests.
    pub(crate) fn pause(&self) {
        self.runs.store(false, SeqCst);
        while self.busy.load(SeqCst) > 0 {
            thread::sleep(Duration::from_millis(10));
        }
    }

    pub(crate) fn end(&self) {
        self.is_over.store(true, SeqCst);
        self.pause();
    }

    /// Whether the work goes on. Workers that take long look at this.
    pub(crate) fn run(&self) -> bool {
        self.runs.load(SeqCst)
    }

    /// Repeats some work, which ends its connections itself, while the workers run.
    pub(crate) fn repeat(&self, mut work: impl FnMut()) {
        while !self.is_over.load(SeqCst) {
            self.busy.fetch_add(1, SeqCst);
            if self.run() {
                work();
            }
            self.busy.fetch_sub(1, SeqCst);
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Attacks. Errors are expected: the server closes connections.
    pub(crate) fn attack(&self, address: SocketAddr, act: &Act) {
        let mut hostile = Hostile::new(address, self, act);
        self.repeat(|| {
            let _: io::Result<()> = (act.step)(&mut hostile);
        });
    }

    pub(crate) fn add_error(&self, error: String) {
        let mut errors = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
        errors.push(error);
    }

    pub(crate) fn take_errors(&self) -> Vec<String> {
        let mut errors = self.errors.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *errors)
    }
}
