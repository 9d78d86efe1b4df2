//! What a dispatcher is set to, for its documentation.

use std::time::Duration;

use super::Dispatcher;

/// The bounds of a dispatcher, as [`Dispatcher::configured_bounds`] returns them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfiguredBounds {
    /// See [`Dispatcher::max_response_bytes`].
    pub response_bytes: usize,
    /// See [`Dispatcher::max_multicall_entries`].
    pub multicall_entries: usize,
    /// See [`Dispatcher::max_multicall_bytes`].
    pub multicall_bytes: usize,
    /// See [`Dispatcher::multicall_timeout`].
    pub multicall_timeout: Duration,
}

impl Dispatcher {
    /// The bounds on responses and multicalls. [`configured_limits`](Self::configured_limits) are those on
    /// requests.
    ///
    /// ```
    /// # use xmlrpc_core::Dispatcher;
    /// let dispatcher = Dispatcher::new().max_multicall_entries(10);
    /// assert_eq!(dispatcher.configured_bounds().multicall_entries, 10);
    /// ```
    pub fn configured_bounds(&self) -> ConfiguredBounds {
        ConfiguredBounds {
            response_bytes: self.inner.bounds.max_response,
            multicall_entries: self.inner.max_multicall_entries,
            multicall_bytes: self.inner.max_multicall_bytes,
            multicall_timeout: self.inner.multicall_timeout,
        }
    }
}
