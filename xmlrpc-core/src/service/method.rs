use std::sync::{Arc, OnceLock};

use super::{MethodFuture, RpcCall, call::Handler};
use crate::schema::MethodDescription;

/// A table of methods and what they run on: what `#[xmlrpc_service]` generates as `NameServer`,
/// and what [`Dispatcher::service`](super::Dispatcher::service) takes.
///
/// The items of this trait are the macro's business; implement it through the macro.
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
    message = "`{Self}` is no XML-RPC service",
    label = "not a generated `…Server`",
    note = "annotate a trait with `#[xmlrpc_service]`, implement it, and pass `TraitServer::new(implementation)`"
)]
pub trait Service: Send + Sync + Sized + 'static {
    /// The name of the annotated trait.
    #[doc(hidden)]
    const NAME: &'static str;
    /// The methods, with the service that they run on.
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
    /// One method for each row of a table.
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

/// A row of a method table.
#[doc(hidden)]
pub struct Method<S> {
    /// The name on the wire.
    pub name: &'static str,
    /// Other names for it on the wire.
    pub aliases: &'static [&'static str],
    /// What is known of it. Traces its types, and so is called when somebody asks.
    pub describe: fn() -> MethodDescription,
    /// Decodes the parameters, calls, and encodes.
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
