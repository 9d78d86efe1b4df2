use std::sync::{Arc, OnceLock};

use super::{MethodFuture, RpcCall, layer::Stack};
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
    /// One row for each method.
    #[doc(hidden)]
    const METHODS: &'static [Method<Self>];

    /// The methods, with what they run on.
    #[doc(hidden)]
    fn methods(self) -> Methods {
        let service = Arc::new(self);
        let methods = Self::METHODS.iter().map(|method| NamedMethod {
            name: method.name,
            aliases: method.aliases,
            handler: Arc::new(ServiceMethod::new(Arc::clone(&service), method)),
        });
        Methods(methods.collect())
    }
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
    /// The same with layers around each.
    pub(super) fn within(mut self, stack: &Stack) -> Self {
        for method in &mut self.0 {
            method.handler = stack.around(Arc::clone(&method.handler));
        }
        self
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

/// A method with what it runs on, as a dispatcher keeps it.
pub(super) trait Handler: Send + Sync {
    fn call(&self, call: RpcCall) -> MethodFuture;

    /// What is known of it, if anything.
    fn description(&self) -> Option<&MethodDescription> {
        None
    }
}

struct ServiceMethod<S: 'static> {
    service: Arc<S>,
    method: &'static Method<S>,
    description: OnceLock<MethodDescription>,
}

impl<S: Service> ServiceMethod<S> {
    fn new(service: Arc<S>, method: &'static Method<S>) -> Self {
        Self {
            service,
            method,
            description: OnceLock::new(),
        }
    }
}

impl<S: Service> Handler for ServiceMethod<S> {
    fn call(&self, call: RpcCall) -> MethodFuture {
        (self.method.call)(&self.service, call)
    }

    fn description(&self) -> Option<&MethodDescription> {
        Some(self.description.get_or_init(self.method.describe))
    }
}
