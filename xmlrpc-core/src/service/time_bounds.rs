//! The settings of a dispatcher that bound time and threads.

use std::{sync::Arc, time::Duration};

use super::Dispatcher;

impl Dispatcher {
    /// How long a whole `system.multicall` may take; 60 seconds by default. [`Duration::MAX`] removes
    /// the time-out.
    ///
    /// When the time is over, no further entry starts. An entry that is waiting is cancelled, and an
    /// entry that is computing ends first. Each entry without a result gets a fault
    /// [`TIMED_OUT`](crate::Fault::TIMED_OUT), whose text says whether the entry has started. Earlier
    /// results stay. A method that runs to completion, or on a thread that may block, continues without
    /// its caller.
    ///
    /// A time-out in a [layer](Self::layer) applies to each entry, so it does not bound the whole
    /// multicall.
    ///
    /// The time-out cancels entries with the timer of tokio. Outside of a tokio runtime, or in one
    /// without a timer, it only keeps further entries from starting.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use xmlrpc_core::Dispatcher;
    /// let dispatcher = Dispatcher::new().multicall_timeout(Duration::from_secs(5));
    /// # drop(dispatcher);
    /// ```
    #[must_use]
    pub fn multicall_timeout(mut self, timeout: Duration) -> Self {
        self.inner_mut().multicall_timeout = timeout;
        self
    }

    /// How many methods with `#[xmlrpc(blocking)]` run at the same time; 256 by default. Further calls
    /// wait: see [`max_waiting_calls`](Self::max_waiting_calls).
    ///
    /// Each of them occupies a thread. The default is half of the 512 threads that tokio starts for
    /// blocking work, so that there are threads left for other work. All blocking methods of the
    /// dispatcher share the bound, also those of [nested](Self::nest) dispatchers. Change it before you
    /// clone the dispatcher: clones share the bound until one of them changes it.
    ///
    /// ```
    /// # use xmlrpc_core::Dispatcher;
    /// // A database with 16 connections.
    /// let dispatcher = Dispatcher::new().max_blocking_calls(16).max_waiting_calls(64);
    /// # drop(dispatcher);
    /// ```
    ///
    /// # Panics
    ///
    /// If it is 0.
    #[must_use]
    pub fn max_blocking_calls(mut self, calls: usize) -> Self {
        assert!(calls > 0, "`max_blocking_calls` must be at least 1");
        let inner = self.inner_mut();
        inner.blocking = Arc::new(inner.blocking.with_running(calls));
        self
    }

    /// How many calls wait until a method with `#[xmlrpc(blocking)]` can run; 1,024 by default. A call
    /// beyond it gets a fault [`OVERLOADED`](crate::Fault::OVERLOADED).
    ///
    /// Calls run in the order in which they arrived. A waiting call whose client has disconnected gives
    /// up its place, and its method does not run.
    ///
    /// ```
    /// # use xmlrpc_core::Dispatcher;
    /// // A call that cannot run at once gets a fault.
    /// let dispatcher = Dispatcher::new().max_waiting_calls(0);
    /// # drop(dispatcher);
    /// ```
    #[must_use]
    pub fn max_waiting_calls(mut self, calls: usize) -> Self {
        let inner = self.inner_mut();
        inner.blocking = Arc::new(inner.blocking.with_waiting(calls));
        self
    }
}
