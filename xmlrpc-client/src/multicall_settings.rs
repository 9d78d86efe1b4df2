//! The settings of multicalls.

use crate::ClientBuilder;

#[derive(Clone, Copy, Debug)]
pub(crate) struct MulticallSettings {
    pub(crate) max_entries: usize,
    pub(crate) fallback: bool,
    pub(crate) available: bool,
    pub(crate) strict: bool,
}

impl Default for MulticallSettings {
    fn default() -> Self {
        Self {
            max_entries: 1_000,
            fallback: false,
            available: true,
            strict: false,
        }
    }
}

/// The settings of multicalls.
impl ClientBuilder {
    /// The maximum number of entries that the server accepts in one `system.multicall`; 1,000 by
    /// default. A longer multicall is sent in several requests. 0 counts as 1.
    pub fn max_multicall_entries(mut self, entries: usize) -> Self {
        self.multicall.max_entries = entries;
        self
    }

    /// Whether to send the calls of a multicall individually when the server lacks
    /// `system.multicall`. See [`xmlrpc_core::Client::multicall_fallback`].
    ///
    /// ```
    /// use xmlrpc_client::Client;
    ///
    /// let client = Client::builder("http://localhost:8000/RPC2").multicall_fallback(true).build()?;
    /// # let _ = client;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn multicall_fallback(mut self, on: bool) -> Self {
        self.multicall.fallback = on;
        self
    }

    /// Whether the server has `system.multicall`. On by default. If it is off, the calls of a multicall
    /// are always sent individually. See [`xmlrpc_core::Client::system_multicall`].
    ///
    /// ```
    /// use xmlrpc_client::Client;
    ///
    /// // The server lacks it, and says so in words that the client does not recognize.
    /// let client = Client::builder("http://localhost:8000/RPC2").multicall(false).build()?;
    /// # let _ = client;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn multicall(mut self, on: bool) -> Self {
        self.multicall.available = on;
        self
    }

    /// Whether an entry of the response to a multicall is an error if it is neither an array of one
    /// element nor a fault. Off by default: such an entry is then the result itself. See
    /// [`xmlrpc_core::Client::strict_multicall`].
    pub fn strict_multicall(mut self, on: bool) -> Self {
        self.multicall.strict = on;
        self
    }
}
