//! Finds the method that a document calls, and starts it.

use std::sync::Arc;

use super::{
    Context, MethodFuture, RpcCall,
    catch_panic::Guarded,
    dispatcher::DispatcherInner,
    handler::Handler,
    introspection::Introspect,
    large_response::CalledMethod,
    method_table::{MethodEntry, Target},
    multicall::{self, MulticallHandler},
    offload,
};
use crate::{Fault, ResponseBudget, message::IncomingCall};

impl DispatcherInner {
    /// Starts the method that a document calls.
    pub(super) fn run(
        this: &Arc<Self>,
        incoming: IncomingCall,
        context: Context,
        budget: Option<Arc<dyn ResponseBudget>>,
    ) -> Guarded {
        let Some(entry) = this.methods.get(incoming.method()) else {
            return this.run_fallback(incoming, context, budget);
        };
        let call = RpcCall {
            method: Arc::clone(&entry.name),
            service: entry.owner.service(),
            is_known: true,
            params: incoming.into_params(),
            context,
            dialect: this.dialect,
            bounds: this.bounds,
            budget,
            handler: None,
        };
        match &entry.target {
            Target::Multicall => Guarded::run(&MulticallHandler(this), call),
            Target::Method(handler) => match &this.layers {
                None => offload::decode(handler, call),
                Some(_) => this.run_layered(Arc::clone(handler), call),
            },
            Target::Introspection(method) => match &this.layers {
                None => Guarded::run(&Introspect(*method, Arc::clone(this)), call),
                Some(_) => this.run_layered(Arc::new(Introspect(*method, Arc::clone(this))), call),
            },
        }
    }

    /// Starts the method that an entry of a multicall calls.
    pub(super) fn run_entry(
        this: &Arc<Self>,
        entry: IncomingCall,
        context: Context,
        budget: Option<Arc<dyn ResponseBudget>>,
    ) -> Guarded {
        match this.methods.get(entry.method()) {
            Some(MethodEntry {
                target: Target::Multicall,
                ..
            }) => Guarded::failed(multicall::nested_multicall()),
            _ => Self::run(this, entry, context, budget),
        }
    }

    /// Handles a call of an unknown method: with a fallback, or with a fault.
    fn run_fallback(
        &self,
        incoming: IncomingCall,
        context: Context,
        budget: Option<Arc<dyn ResponseBudget>>,
    ) -> Guarded {
        let found = self.fallbacks.find(incoming.method());
        if found.is_none() && self.layers.is_none() {
            return Guarded::failed(Fault::method_not_found(incoming.method()));
        }
        let (handler, name) = match found {
            Some((handler, name)) => (Some(handler), name),
            None => (None, incoming.method()),
        };
        let call = RpcCall {
            method: Arc::new(CalledMethod::from(name)),
            service: None,
            is_known: false,
            params: incoming.into_params(),
            context,
            dialect: self.dialect,
            bounds: self.bounds,
            budget,
            handler: None,
        };
        match handler {
            Some(handler) if self.layers.is_none() => offload::decode(handler, call),
            Some(handler) => self.run_layered(Arc::clone(handler), call),
            None => self.run_layered(Arc::new(NotFound), call),
        }
    }

    fn run_layered(&self, handler: Arc<dyn Handler>, mut call: RpcCall) -> Guarded {
        match &self.layers {
            None => Guarded::run(&*handler, call),
            Some(layers) => {
                call.handler = Some(handler);
                layers.run(call)
            }
        }
    }
}

/// Returns the fault "method not found" for every call.
struct NotFound;

impl Handler for NotFound {
    fn call(&self, call: RpcCall) -> MethodFuture {
        Box::pin(std::future::ready(Err(Fault::method_not_found(
            &*call.method,
        ))))
    }
}
