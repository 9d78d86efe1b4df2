//! A gate that opens once.

use std::{
    sync::{Condvar, Mutex},
    time::Duration,
};

/// Opens once. Work waits for it.
pub(crate) struct Gate {
    open: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    pub(crate) const fn new() -> Self {
        Self {
            open: Mutex::new(false),
            opened: Condvar::new(),
        }
    }

    pub(crate) fn open(&self) {
        *self.open.lock().unwrap() = true;
        self.opened.notify_all();
    }

    pub(crate) fn pass(&self) {
        let open = self.open.lock().unwrap();
        let wait = self
            .opened
            .wait_timeout_while(open, Duration::from_secs(20), |open| !*open);
        assert!(!wait.unwrap().1.timed_out(), "the gate does not open");
    }
}
