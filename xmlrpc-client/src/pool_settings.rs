//! Which idle connections the client keeps.

use std::time::Duration;

use crate::ClientBuilder;

/// Common servers close idle connections after 5 seconds (node, Apache). The client does so before.
const IDLE_TIMEOUT: Duration = Duration::from_secs(4);

/// Longer than this means forever. The clock of some systems cannot express much more.
const FOREVER: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// `None` is the default.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PoolSettings {
    idle_timeout: Option<Duration>,
    max_idle: Option<usize>,
}

impl PoolSettings {
    /// The setting to name if a custom HTTP client has its own.
    pub(crate) fn first(self) -> Option<&'static str> {
        let max_idle = self.max_idle.map(|_| "pool_max_idle_per_host");
        max_idle.or(self.idle_timeout.map(|_| "pool_idle_timeout"))
    }

    /// Whether any connection is kept.
    pub(crate) fn keeps(self) -> bool {
        self.max_idle != Some(0) && self.idle_timeout != Some(Duration::ZERO)
    }

    /// `None` means forever.
    pub(crate) fn idle_timeout(self) -> Option<Duration> {
        let timeout = self.idle_timeout.unwrap_or(IDLE_TIMEOUT);
        (timeout < FOREVER).then_some(timeout)
    }

    pub(crate) fn max_idle(self) -> usize {
        self.max_idle.unwrap_or(usize::MAX)
    }
}

/// The settings of idle connections. See also [`keep_alive`](Self::keep_alive).
impl ClientBuilder {
    /// The maximum number of idle connections that the client keeps for the next calls; unlimited by
    /// default. After more calls at the same time, it closes the others. With 0 it keeps none, as with
    /// [`keep_alive(false)`](Self::keep_alive).
    ///
    /// It does not limit how many calls run at the same time, each with its own connection. A layer of
    /// tower around the transport can do that; see [`Http`](crate::Http).
    ///
    /// ```
    /// use xmlrpc_client::Client;
    ///
    /// let client = Client::builder("http://localhost:8000").pool_max_idle_per_host(8).build()?;
    /// # let _ = client;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn pool_max_idle_per_host(mut self, connections: usize) -> Self {
        self.connections.pool.max_idle = Some(connections);
        self
    }

    /// How long the client keeps an idle connection; 4 seconds by default. With `Duration::ZERO` it keeps
    /// none, as with [`keep_alive(false)`](Self::keep_alive). A year or more, such as `Duration::MAX`,
    /// means forever.
    ///
    /// Set it below the time after which your server closes idle connections. Common servers do so after
    /// 5 seconds, hence the default. If the server closes a connection first, at the moment when the
    /// client sends a call, the call fails, because its method may have run.
    ///
    /// ```
    /// use std::time::Duration;
    /// use xmlrpc_client::Client;
    ///
    /// let client = Client::builder("http://localhost:8000")
    ///     .pool_idle_timeout(Duration::from_secs(60))
    ///     .build()?;
    /// # let _ = client;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.connections.pool.idle_timeout = Some(timeout);
        self
    }
}
