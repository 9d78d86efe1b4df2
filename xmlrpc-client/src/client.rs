use std::{fmt, ops::Deref};

use xmlrpc_core::{BoxTransport, client::IntoClient};

use crate::{BuildError, ClientBuilder, Http};

/// Calls methods of a peer at [a URL](crate#urls).
///
/// It is an [`xmlrpc_core::Client`] over [`Http`], and dereferences to it: `call` and `multicall`
/// are there, and [`into_core`](Self::into_core) is the way to what consumes it. A generated stub
/// takes it as it is. Cloning is cheap, and clones share their connections.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use xmlrpc_client::Client;
///
/// let client = Client::new("http://user:p%40ss@localhost:8000")?;
/// let sum = client.call::<i64>("add", (1, 2)).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    inner: xmlrpc_core::Client<Http>,
}

impl Client {
    /// A client with the default settings of [`ClientBuilder`].
    ///
    /// A name and password in the URL are percent-decoded and sent as basic authentication. A URL
    /// that ends with its host means `/RPC2`, as in Python: `http://localhost:8000` is
    /// `http://localhost:8000/RPC2`, and `http://localhost:8000/` is what it says.
    ///
    /// # Errors
    ///
    /// A URL that is none, or whose scheme is not in [the table](crate#urls).
    pub fn new(url: impl AsRef<str>) -> Result<Self, BuildError> {
        Self::builder(url).build()
    }

    /// A client with settings of its own.
    ///
    /// ```
    /// use std::time::Duration;
    /// use xmlrpc_client::Client;
    ///
    /// let client = Client::builder("https://rpc.example/xmlrpc")
    ///     .timeout(Duration::from_secs(5))
    ///     .bearer_auth("secret")
    ///     .build()?;
    /// # let _ = client;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn builder(url: impl AsRef<str>) -> ClientBuilder {
        ClientBuilder::new(url.as_ref())
    }

    /// The client of the core, for what takes one by value, as its `timeout` and its like do.
    ///
    /// ```
    /// use std::time::Duration;
    /// use xmlrpc_client::{Client, Http};
    ///
    /// let client = Client::new("http://localhost:8000/RPC2")?;
    /// let patient: xmlrpc_core::Client<Http> =
    ///     client.clone().into_core().timeout(Duration::from_secs(600));
    /// # let _ = patient;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn into_core(self) -> xmlrpc_core::Client<Http> {
        self.inner
    }

    /// The client of the core with the type of its transport erased, so that one over HTTP and one
    /// in memory have the same type.
    ///
    /// ```
    /// use xmlrpc_client::Client;
    /// use xmlrpc_core::{BoxTransport, Dispatcher};
    ///
    /// let mut client = Client::new("http://localhost:8000/RPC2")?.boxed();
    /// # let in_memory = true;
    /// if in_memory {
    ///     client = xmlrpc_core::Client::new(Dispatcher::new()).boxed();
    /// }
    /// # let _: xmlrpc_core::Client<BoxTransport> = client;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    pub fn boxed(self) -> xmlrpc_core::Client<BoxTransport> {
        self.inner.boxed()
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
