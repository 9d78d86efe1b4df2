use std::{fmt, sync::Arc};

use super::{RpcLayer, RpcService, Stack};
use crate::service::{Service, service::Methods};

/// A service with layers around its methods. The `layer` of a generated `…Server` returns it.
///
/// Each layer is created once for the whole service, so a limit is one limit for all of its
/// methods.
///
/// ```
/// use std::time::Duration;
///
/// use tower::timeout::TimeoutLayer;
/// use xmlrpc_core::{Client, Dispatcher, Fault, xmlrpc_service};
///
/// #[xmlrpc_service]
/// trait Slow {
///     async fn wait(&self);
/// }
///
/// struct Forever;
///
/// impl Slow for Forever {
///     async fn wait(&self) {
///         std::future::pending().await
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let slow = SlowServer::new(Forever).layer(TimeoutLayer::new(Duration::from_millis(5)));
/// let client = Client::new(Dispatcher::new().service(slow));
/// let error = SlowClient::new(client).wait().await.unwrap_err();
/// assert_eq!(error.fault().map(Fault::code), Some(Fault::TIMED_OUT));
/// # }
/// ```
#[derive(Clone)]
pub struct Layered<S> {
    service: S,
    stack: Stack,
}

impl<S: Service> Layered<S> {
    /// Adds a layer around the methods of a service.
    pub fn new(service: S, layer: impl RpcLayer) -> Self {
        Self {
            service,
            stack: layer.stack(RpcService::default()),
        }
    }

    /// Adds a layer around the existing ones. It runs before them.
    #[must_use]
    pub fn layer(self, layer: impl RpcLayer) -> Self {
        Self {
            service: self.service,
            stack: layer.stack(RpcService::around(self.stack)),
        }
    }
}

impl<S: Service> Service for Layered<S> {
    const NAME: &'static str = S::NAME;
    const HELP: &'static str = S::HELP;
    const BLOCKS: bool = S::BLOCKS;

    fn methods(self) -> Methods {
        let Methods(mut methods) = self.service.methods();
        for method in &mut methods {
            method.handler = self.stack.around(Arc::clone(&method.handler));
        }
        Methods(methods)
    }
}

impl<S> fmt::Debug for Layered<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layered").finish_non_exhaustive()
    }
}
