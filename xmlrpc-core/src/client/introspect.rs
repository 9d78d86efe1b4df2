//! Asks a server for its methods.

use std::{
    collections::HashSet,
    future::{Future, IntoFuture},
    pin::Pin,
    time::{Duration, Instant},
};

use super::{Client, ClientError, Transport, asking::Asking};
use crate::{Value, schema::MethodDescription};

/// Longer names are left out.
const MAX_NAME: usize = 1_024;
/// The types in all signatures together.
const MAX_TYPES: usize = 500_000;
/// The bytes of one response.
const MAX_RESPONSE: usize = 16 << 20;
/// The methods of one multicall, each with two entries.
const BATCH: usize = 100;

impl<T: Transport> Client<T> {
    /// Prepares to ask the server for its methods: with `system.listMethods`, and for each method with
    /// `system.methodSignature` and `system.methodHelp`. If the server has `system.describeMethods`, it is
    /// called instead, because it knows the names of parameters and the members of structs. Await it to send
    /// the calls, in multicalls if the server has them.
    ///
    /// ```
    /// use xmlrpc_core::{Client, Dispatcher, service::MethodDoc};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// # let server = Dispatcher::new()
    /// #     .method("pow", |base: i64, exponent: u32| base.saturating_pow(exponent))
    /// #     .method_doc("pow", MethodDoc::new("Raises a number to a power."));
    /// let client = Client::new(server);
    /// let server = client.introspect().await?;
    /// let pow = server.methods.iter().find(|method| method.name == "pow").unwrap();
    /// assert_eq!(pow.to_string(), "pow(param1: int, param2: int): undefined");
    /// assert_eq!(pow.help, "Raises a number to a power.");
    /// assert_eq!(server.warning, None);
    /// # Ok(())
    /// # }
    /// ```
    pub fn introspect(&self) -> Introspect<T> {
        Introspect {
            client: self.clone(),
            only: None,
            unlisted: false,
            max_methods: 2_000,
            max_help_bytes: 4 << 20,
            timeout: Duration::from_secs(10),
        }
    }
}

/// The methods of a server, as it describes them itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Introspection {
    /// The methods, sorted by name. Parameters without names are called `param1`, `param2`…
    ///
    /// If there are several signatures, the parameters are those of the longest, and those that the
    /// shortest does not have are optional. Where signatures disagree about a type, it can be any, and the
    /// signatures are [overloads](MethodDescription::overloads).
    pub methods: Vec<MethodDescription>,
    /// Why this is not everything; `None` if it is.
    pub warning: Option<String>,
}

/// A question to a server for its methods, created by [`Client::introspect`]. Await it to send it.
///
/// A method that the server does not describe has unknown parameters. If something is missing because of a
/// bound or an error, there is [a warning](Introspection::warning).
///
/// Without `system.multicall`, at most 4 calls run at the same time.
///
/// # Errors
///
/// If `system.listMethods` fails. With [`unlisted`](Introspect::unlisted) names, its faults are not errors.
#[derive(Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct Introspect<T> {
    client: Client<T>,
    /// The names that matter; `None` for all.
    only: Option<HashSet<String>>,
    /// Whether those of them matter that the server does not list.
    unlisted: bool,
    max_methods: usize,
    max_help_bytes: usize,
    timeout: Duration,
}

impl<T: Transport> Introspect<T> {
    /// Asks only for these methods, instead of all. Names that the server does not list are left out.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// # let client = Client::new(Dispatcher::new());
    /// let server = client.introspect().only(["system.methodHelp", "missing"]).await?;
    /// assert_eq!(server.methods.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn only<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.only = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Whether to ask also for those methods of [`only`](Self::only) that the server does not list. Off by
    /// default. A method is left out if the server has neither a signature nor a help text for it. A server
    /// that responds to `system.listMethods` with a fault lists none of them.
    ///
    /// ```
    /// use xmlrpc_core::{Client, Dispatcher};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// # // A server that lists one method, and knows another one.
    /// # let server = Dispatcher::new()
    /// #     .introspection(false)
    /// #     .method("system.listMethods", || ["shown"])
    /// #     .method("system.methodHelp", |name: String| match &*name {
    /// #         "hidden" => Ok("Still works."),
    /// #         _ => Err(xmlrpc_core::Fault::new(1, "unknown")),
    /// #     });
    /// let client = Client::new(server);
    /// let names = ["hidden", "missing"];
    /// assert_eq!(client.introspect().only(names).await?.methods.len(), 0);
    /// let found = client.introspect().only(names).unlisted(true).await?;
    /// assert_eq!(found.methods[0].help, "Still works.");
    /// assert_eq!(found.methods.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn unlisted(mut self, on: bool) -> Self {
        self.unlisted = on;
        self
    }

    /// The maximum number of methods; 2,000 by default. The others are left out, in the order of their names.
    pub fn max_methods(mut self, methods: usize) -> Self {
        self.max_methods = methods;
        self
    }

    /// The maximum size of all help texts together; 4 MiB by default. The texts after that are left out. A
    /// single text has at most 64 KiB.
    pub fn max_help_bytes(mut self, bytes: usize) -> Self {
        self.max_help_bytes = bytes;
        self
    }

    /// The time for everything; 10 seconds by default. When it is over, the methods that were not asked for
    /// yet have unknown parameters.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    async fn run(self) -> Result<Introspection, ClientError> {
        let deadline = Instant::now().checked_add(self.timeout);
        let limits = self.client.settings.reading.limits;
        let client = self
            .client
            .limits(limits.bytes(limits.bytes.min(MAX_RESPONSE)));
        let list = client.call::<Vec<Value>>("system.listMethods", ());
        let list = match deadline {
            // An error shows the whole time, and not the one that is left.
            Some(_) => list.timeout(self.timeout).await,
            None => list.await,
        };
        let list = match list {
            // The names are known without a list.
            Err(error) if error.fault().is_some() && self.unlisted && self.only.is_some() => {
                Vec::new()
            }
            list => list?,
        };
        let entries = list.len();
        let names = list.into_iter().filter_map(|name| match name {
            Value::String(name) => Some(name),
            _ => None,
        });
        let mut names: Vec<_> = names.collect();
        let not_texts = entries - names.len();
        names.sort_unstable();
        names.dedup();
        // Some servers do not list their own methods. They are then asked as if they had them.
        let lists_itself = names.iter().any(|name| name.starts_with("system."));
        let may_have =
            |method| !lists_itself || names.binary_search_by(|it| (**it).cmp(method)).is_ok();
        let asks_signature = may_have("system.methodSignature");
        let asks_help = may_have("system.methodHelp");
        let multicall = may_have("system.multicall");
        // Few servers have it, so it is only called if it is listed.
        let describes_all = lists_itself && may_have("system.describeMethods");
        let mut warning = (not_texts > 0).then(|| {
            format!("the list of the server's methods has {not_texts} names that are not texts")
        });
        let mut unlisted = HashSet::new();
        if let Some(only) = self.only {
            if self.unlisted {
                let is_unlisted = |name: &String| names.binary_search(name).is_err();
                unlisted = only
                    .iter()
                    .filter(|name| is_unlisted(name))
                    .cloned()
                    .collect();
            }
            names.retain(|name| only.contains(name));
            names.extend(unlisted.iter().cloned());
            names.sort_unstable();
        }
        let all = names.len();
        names.retain(|name| name.len() <= MAX_NAME);
        names.truncate(self.max_methods);
        if names.len() < all {
            warning.get_or_insert_with(|| {
                format!(
                    "the server has {all} methods, of which {} are left out",
                    all - names.len()
                )
            });
        }
        let mut asking = Asking {
            client,
            deadline,
            asks_signature,
            asks_help,
            multicall,
            help_left: self.max_help_bytes,
            types_left: MAX_TYPES,
            warning,
        };
        let mut methods = Vec::with_capacity(names.len());
        if describes_all {
            let listed = names.iter().filter(|name| !unlisted.contains(*name));
            methods = asking.described(&listed.collect::<Vec<_>>()).await;
            let known: HashSet<_> = methods.iter().map(|it| it.name.clone()).collect();
            names.retain(|name| !known.contains(name));
        }
        for batch in names.chunks(BATCH) {
            let mut described = asking.batch(batch).await;
            methods.append(&mut described);
        }
        methods.retain(|it| {
            !unlisted.contains(&it.name) || it.params.is_some() || !it.help.is_empty()
        });
        methods.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        Ok(Introspection {
            methods,
            warning: asking.warning,
        })
    }
}

impl<T: Transport> IntoFuture for Introspect<T> {
    type Output = Result<Introspection, ClientError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}
