use xmlrpc_core::BoxTransport;

use crate::{BuildError, ClientBuilder, Http};

/// Defines `Client` over a transport. The two clients differ only in their transport, their
/// documentation and their constructors. `into_core` comes with its example.
macro_rules! client {
    (
        $(#[$attribute:meta])* over $Transport:ty;
        $(#[$into_core:meta])* into_core
    ) => {
        $(#[$attribute])*
        #[derive(Clone)]
        pub struct Client {
            inner: ::xmlrpc_core::Client<$Transport>,
        }

        impl Client {
            /// Prepares a call of any method by its name.
            ///
            /// `params` is a tuple, an array, a slice or a `Vec` of values that can be serialized.
            /// Write `(value,)` for one parameter and `()` for none.
            ///
            /// This is [`xmlrpc_core::Client::call`].
            pub fn call<R: ::serde::de::DeserializeOwned>(
                &self,
                method: &str,
                params: impl ::xmlrpc_core::client::IntoParams,
            ) -> ::xmlrpc_core::Call<$Transport, R> {
                self.inner.call(method, params)
            }

            /// Prepares many calls that go in one request, through the server's
            /// `system.multicall`.
            ///
            /// `calls` is a tuple, an array or a `Vec` of calls of this client.
            ///
            /// This is [`xmlrpc_core::Client::multicall`].
            pub fn multicall<C: ::xmlrpc_core::client::MulticallCalls<$Transport>>(
                &self,
                calls: C,
            ) -> ::xmlrpc_core::client::Multicall<$Transport, C> {
                self.inner.multicall(calls)
            }

            /// Prepares a multicall of all calls that an iterator yields.
            ///
            /// This is [`xmlrpc_core::Client::multicall_iter`].
            pub fn multicall_iter<R: 'static>(
                &self,
                calls: impl IntoIterator<Item = ::xmlrpc_core::Call<$Transport, R>>,
            ) -> ::xmlrpc_core::client::Multicall<
                $Transport,
                Vec<::xmlrpc_core::Call<$Transport, R>>,
            > {
                self.inner.multicall_iter(calls)
            }

            /// Sends `params` before the parameters of each call, for example a session or a token.
            ///
            /// This is [`xmlrpc_core::Client::with_leading_params`].
            #[must_use]
            pub fn with_leading_params(
                self,
                params: impl ::xmlrpc_core::client::IntoParams,
            ) -> Self {
                Self {
                    inner: self.inner.with_leading_params(params),
                }
            }

            /// Adds `members` to the struct that is the parameter of each call, for example an API key.
            ///
            /// This is [`xmlrpc_core::Client::with_leading_members`].
            #[must_use]
            pub fn with_leading_members(
                self,
                members: impl ::xmlrpc_core::client::IntoMembers,
            ) -> Self {
                Self {
                    inner: self.inner.with_leading_members(members),
                }
            }

            /// The transport, for example to put layers around it.
            pub fn transport(&self) -> &$Transport {
                self.inner.transport()
            }

            /// The endpoints of a client that
            /// [balances](crate::ClientBuilder::endpoints) its calls, to list, add and remove them.
            /// `None` if it has one fixed URL.
            ///
            /// ```
            /// # use xmlrpc_client::Client;
            /// let client = Client::builder("http://a:8000").endpoints(["http://b:8000"]).build()?;
            /// for endpoint in client.endpoints().unwrap().list() {
            ///     println!("{}: {} calls in flight", endpoint.name(), endpoint.in_flight());
            /// }
            /// # Ok::<(), xmlrpc_client::BuildError>(())
            /// ```
            #[cfg(feature = "balance")]
            #[cfg_attr(docsrs, doc(cfg(feature = "balance")))]
            pub fn endpoints(&self) -> Option<crate::Endpoints> {
                self.inner.transport().endpoints()
            }

            /// The [`Limits`](::xmlrpc_core::Limits) of a response.
            pub fn configured_limits(&self) -> &::xmlrpc_core::Limits {
                self.inner.configured_limits()
            }

            /// The client of `xmlrpc_core` inside this one, for functions that take one and for
            /// its setters.
            ///
            $(#[$into_core])*
            pub fn into_core(self) -> ::xmlrpc_core::Client<$Transport> {
                self.inner
            }

            pub(crate) fn from_core(inner: ::xmlrpc_core::Client<$Transport>) -> Self {
                Self { inner }
            }
        }

        impl ::std::fmt::Debug for Client {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct("Client")
                    .field("transport", self.inner.transport())
                    .finish_non_exhaustive()
            }
        }

        impl ::xmlrpc_core::client::IntoClient for Client {
            type Transport = $Transport;

            fn into_client(self) -> ::xmlrpc_core::Client<$Transport> {
                self.inner
            }
        }

        impl ::xmlrpc_core::client::IntoClient for &Client {
            type Transport = $Transport;

            fn into_client(self) -> ::xmlrpc_core::Client<$Transport> {
                self.inner.clone()
            }
        }
    };
}

#[cfg(feature = "blocking")]
pub(crate) use client;

client! {
    /// Calls the methods of a server at [a URL](crate#urls).
    ///
    /// It is an [`xmlrpc_core::Client`] over the transport [`Http`]. Pass it, or a reference to it,
    /// to the `new` of a generated client. Cloning is cheap, and clones share their connections.
    ///
    /// A connection belongs to the tokio runtime in which it was opened. If that does not run, because its thread is
    /// busy or waits elsewhere, calls from other runtimes over this connection wait as well, up to their time-outs. So
    /// give each runtime its own client. A runtime that has ended does no harm.
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
    over Http;

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
    into_core
}

impl Client {
    /// Creates a client with the default settings of [`ClientBuilder`].
    ///
    /// A name and password in the URL are percent-decoded and sent as basic authentication. A URL
    /// without a path gets the path `/RPC2`, as in Python: `http://localhost:8000` means
    /// `http://localhost:8000/RPC2`. The URL `http://localhost:8000/` has a path and stays as it
    /// is.
    ///
    /// # Errors
    ///
    /// The URL is invalid, or its scheme is not in [the table](crate#urls).
    pub fn new(url: impl AsRef<str>) -> Result<Self, BuildError> {
        Self::builder(url).build()
    }

    /// Starts a client with custom settings.
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

    /// Erases the type of the transport, so that a client over HTTP and a client over a
    /// `Dispatcher` have the same type.
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
}

/// The same as [`Client::boxed`]. The compiler suggests this conversion where it expects a
/// [`BoxTransport`].
impl From<Client> for xmlrpc_core::Client<BoxTransport> {
    fn from(client: Client) -> Self {
        client.boxed()
    }
}
