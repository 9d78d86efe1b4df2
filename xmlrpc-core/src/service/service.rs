use std::sync::Arc;

use super::handler::Handler;

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
    /// The doc comment of the trait.
    #[doc(hidden)]
    const HELP: &'static str = "";
    /// Whether it has methods that block.
    #[doc(hidden)]
    const BLOCKS: bool = false;
    /// The methods, ready to be called.
    #[doc(hidden)]
    fn methods(self) -> Methods;
}

/// The methods of a service, ready for a dispatcher. Only `__private` exports it, so only generated
/// code implements [`Service`].
pub struct Methods(pub(super) Vec<NamedMethod>);

pub(super) struct NamedMethod {
    pub(super) name: &'static str,
    pub(super) aliases: &'static [&'static str],
    pub(super) handler: Arc<dyn Handler>,
}
