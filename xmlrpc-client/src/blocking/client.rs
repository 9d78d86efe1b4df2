use super::Http;
use crate::{BuildError, ClientBuilder, client::client};

client! {
    /// Calls the methods of a server at [a URL](crate#urls) and waits for the results.
    ///
    /// It is an [`xmlrpc_core::Client`] over the transport [`Http`]. URLs, cloning and connections
    /// work as they do for [`crate::Client`]. Several threads can use the client, or clones of it,
    /// at the same time.
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
    over Http;

    /// ```
    /// use std::time::Duration;
    /// use xmlrpc_client::blocking::{Client, Http};
    ///
    /// let client = Client::new("http://localhost:8000/RPC2")?;
    /// let patient: xmlrpc_core::Client<Http> =
    ///     client.clone().into_core().timeout(Duration::from_secs(600));
    /// # let _ = patient;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    into_core
}

impl Client {
    /// Creates a client with the default settings of [`ClientBuilder`].
    ///
    /// # Errors
    ///
    /// The URL is invalid, its scheme is not in [the table](crate#urls), or the system has no
    /// resources left for a runtime.
    pub fn new(url: impl AsRef<str>) -> Result<Self, BuildError> {
        Self::builder(url).build_blocking()
    }

    /// Starts a client with custom settings. [`ClientBuilder::build_blocking`] creates it.
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
}
