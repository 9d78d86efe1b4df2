use std::sync::{Arc, OnceLock};

use super::{MethodFuture, RpcCall, call::Handler};
use crate::schema::MethodDescription;

/// A service that a [`Dispatcher`](super::Dispatcher::service) can serve: its methods and their
/// implementation. `#[xmlrpc_service]` generates one as `NameServer`.
///
/// Do not implement this trait yourself. Its items are for generated code and may change.
///
/// ```
/// use xmlrpc_core::{Dispatcher, service::Service, xmlrpc_service};
///
/// #[xmlrpc_service(server)]
/// trait Clock {
///     fn hour(&self) -> u8;
/// }
///
/// struct Noon;
///
/// impl Clock for Noon {
///     fn hour(&self) -> u8 {
///         12
///     }
/// }
///
/// fn alone<S: Service>(service: S) -> Dispatcher {
///     Dispatcher::new().introspection(false).multicall(false).service(service)
/// }
///
/// let dispatcher = alone(ClockServer::new(Noon));
/// assert_eq!(dispatcher.method_names().collect::<Vec<_>>(), ["hour"]);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an XML-RPC service",
    label = "not a generated `…Server`",
    note = "annotate a trait with `#[xmlrpc_service]`, implement it, and pass `TraitServer::new(implementation)`"
)]
pub trait Service: Send + Sync + Sized + 'static {
    /// The name of the annotated trait.
    #[doc(hidden)]
    const NAME: &'static str;
    /// The methods, ready to be called.
    #[doc(hidden)]
    fn methods(self) -> Methods;
}

/// The methods of a service, ready for a dispatcher.
#[doc(hidden)]
pub struct Methods(pub(super) Vec<NamedMethod>);

pub(super) struct NamedMethod {
    pub(super) name: &'static str,
    pub(super) aliases: &'static [&'static str],
    pub(super) handler: Arc<dyn Handler>,
}

impl Methods {
    /// Creates one method for each row of a table.
    pub fn new<S, const ROWS: usize>(service: S, table: [Method<S>; ROWS]) -> Self
    where
        S: Send + Sync + 'static,
    {
        let service = Arc::new(service);
        let methods = table.into_iter().map(|method| NamedMethod {
            name: method.name,
            aliases: method.aliases,
            handler: Arc::new(ServiceMethod {
                service: Arc::clone(&service),
                describe: method.describe,
                call: method.call,
                description: OnceLock::new(),
            }),
        });
        Self(methods.collect())
    }
}

/// A row of the method table of a service.
#[doc(hidden)]
pub struct Method<S> {
    /// The name on the wire.
    pub name: &'static str,
    /// Other names of the method on the wire.
    pub aliases: &'static [&'static str],
    /// Builds the description of the method. This inspects its types, so it is done only on
    /// request.
    pub describe: fn() -> MethodDescription,
    /// Decodes the parameters, runs the method and encodes the result.
    pub call: fn(&Arc<S>, RpcCall) -> MethodFuture,
}

struct ServiceMethod<S> {
    service: Arc<S>,
    describe: fn() -> MethodDescription,
    call: fn(&Arc<S>, RpcCall) -> MethodFuture,
    description: OnceLock<MethodDescription>,
}

impl<S: Send + Sync> Handler for ServiceMethod<S> {
    fn call(&self, call: RpcCall) -> MethodFuture {
        (self.call)(&self.service, call)
    }

    fn description(&self) -> Option<&MethodDescription> {
        Some(self.description.get_or_init(self.describe))
    }
}
