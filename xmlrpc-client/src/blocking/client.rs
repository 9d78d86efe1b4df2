use std::{fmt, ops::Deref};

use xmlrpc_core::client::IntoClient;

use super::Http;
use crate::{BuildError, ClientBuilder};

/// Calls methods of a peer at [a URL](crate#urls), and waits for the results.
///
/// It is an [`xmlrpc_core::Client`] over [`Http`], and dereferences to it, as [`crate::Client`] does;
/// what that says of URLs, of cloning and of connections is true of it as well. Many threads may use
/// it, or clones of it, at the same time.
///
/// ```no_run
/// use xmlrpc_client::blocking::Client;
///
/// let client = Client::new("http://localhost:8000/RPC2")?;
/// let names = client.call::<Vec<String>>("system.listMethods", ()).wait()?;
/// let helps = names.iter().map(|name| client.call::<String>("system.methodHelp", (name,)));
/// for (name, help) in names.iter().zip(client.multicall_iter(helps).wait()?) {
///     println!("{name}: {}", help?);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Client {
    inner: xmlrpc_core::Client<Http>,
}

impl Client {
    /// A client with the default settings of [`ClientBuilder`].
    ///
    /// # Errors
    ///
    /// A URL that is none, or whose scheme is not in [the table](crate#urls); a system that has
    /// nothing left for a runtime.
    pub fn new(url: impl AsRef<str>) -> Result<Self, BuildError> {
        Self::builder(url).build_blocking()
    }

    /// A client with settings of its own; [`ClientBuilder::build_blocking`] makes it.
    ///
    /// ```
    /// use std::time::Duration;
    /// use xmlrpc_client::blocking::Client;
    ///
    /// let client = Client::builder("http://localhost:8000/RPC2")
    ///     .timeout(Duration::from_secs(5))
    ///     .build_blocking()?;
    /// # let _ = client;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn builder(url: impl AsRef<str>) -> ClientBuilder {
        ClientBuilder::new(url.as_ref())
    }

    /// The client of the core, for what takes one by value, as its `timeout` and its like do.
    ///
    /// ```
    /// use xmlrpc_client::blocking::{Client, Http};
    ///
    /// let client = Client::new("http://localhost:8000/RPC2")?;
    /// let careful: xmlrpc_core::Client<Http> = client.into_core().multicall_fallback(true);
    /// # let _ = careful;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn into_core(self) -> xmlrpc_core::Client<Http> {
        self.inner
    }

    pub(crate) fn from_core(inner: xmlrpc_core::Client<Http>) -> Self {
        Self { inner }
    }
}

impl Deref for Client {
    type Target = xmlrpc_core::Client<Http>;

    fn deref(&self) -> &Self::Target {
        &self.inner
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("transport", self.inner.transport())
            .finish_non_exhaustive()
    }
}

impl IntoClient for Client {
    type Transport = Http;

    fn into_client(self) -> xmlrpc_core::Client<Http> {
        self.inner
    }
}

impl IntoClient for &Client {
    type Transport = Http;

    fn into_client(self) -> xmlrpc_core::Client<Http> {
        self.inner.clone()
    }
}
