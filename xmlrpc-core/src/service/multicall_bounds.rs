//! The settings of `system.multicall`, except for its time-out.

use super::Dispatcher;

impl Dispatcher {
    /// The maximum number of entries in a `system.multicall`; 1,000 by default. If there are more,
    /// no entry runs, and the response is a single fault.
    #[must_use]
    pub fn max_multicall_entries(mut self, entries: usize) -> Self {
        self.inner_mut().max_multicall_entries = entries;
        self
    }

    /// The maximum size in bytes of all values in the response to a `system.multicall`; 64 MiB by
    /// default. If a result does not fit, its entry gets a fault. The entries after it do not run
    /// and get a fault as well. Earlier results stay.
    #[must_use]
    pub fn max_multicall_bytes(mut self, bytes: usize) -> Self {
        self.inner_mut().max_multicall_bytes = bytes;
        self
    }

    /// How many entries of a `system.multicall` run at the same time; 1 by default. With 1, they
    /// run one after the other in their order, which some callers rely on.
    ///
    /// The results are always in the order of the entries. All entries run in the task of their
    /// request, so computations do not become faster. After each millisecond of computing, the
    /// multicall lets other tasks run before it starts or resumes an entry.
    ///
    /// ```
    /// # use xmlrpc_core::Dispatcher;
    /// let dispatcher = Dispatcher::new().multicall_concurrency(8);
    /// # drop(dispatcher);
    /// ```
    ///
    /// # Panics
    ///
    /// If it is 0.
    #[must_use]
    pub fn multicall_concurrency(mut self, entries: usize) -> Self {
        assert!(entries > 0, "`multicall_concurrency` must be at least 1");
        self.inner_mut().multicall_concurrency = entries;
        self
    }
}
