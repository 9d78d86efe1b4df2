use std::sync::{Arc, OnceLock};

use super::{
    MethodFuture, RpcCall,
    handler::Handler,
    service::{Methods, NamedMethod},
};
use crate::schema::MethodDescription;

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
