//! The methods `system.*` that a dispatcher has.

use std::sync::Arc;

use super::{
    Dispatcher,
    duplicate_method::Owner,
    method_table::{Introspection, MethodEntry, Target},
};
use crate::message::SYSTEM_MULTICALL;

impl Dispatcher {
    /// Whether the dispatcher has `system.listMethods`, `system.methodSignature`,
    /// `system.methodHelp`, `system.methodExist` and `system.getCapabilities`. On by default.
    /// [`without_method`](Self::without_method) removes one of them.
    ///
    /// Signatures come from the types of the methods, help texts from their doc comments. The
    /// dispatcher builds both when a client first asks for them.
    ///
    /// # Panics
    ///
    /// If you switch them on again and another method has one of these names.
    ///
    /// ```
    /// # use xmlrpc_core::Dispatcher;
    /// let dispatcher = Dispatcher::new().introspection(false).multicall(false);
    /// assert_eq!(dispatcher.method_names().count(), 0);
    /// ```
    #[must_use]
    pub fn introspection(self, on: bool) -> Self {
        Introspection::ALL.into_iter().fold(self, |this, method| {
            this.system(method.name(), Target::Introspection(method), on)
        })
    }

    /// Whether the dispatcher has `system.multicall`. On by default.
    ///
    /// # Panics
    ///
    /// If you switch it on again and another method has this name.
    #[must_use]
    pub fn multicall(self, on: bool) -> Self {
        self.system(SYSTEM_MULTICALL, Target::Multicall, on)
    }

    pub(super) fn system(mut self, name: &'static str, target: Target, on: bool) -> Self {
        let is_there = self
            .inner
            .methods
            .get(name)
            .is_some_and(MethodEntry::is_system);
        if on == is_there {
            return self;
        }
        if !on {
            self.inner_mut().methods.remove(name);
            return self;
        }
        let entry = MethodEntry {
            name: Arc::default(),
            owner: Owner::Service("system"),
            service_help: "The methods of the server itself: what it offers, and several calls in one request.",
            target,
            description: None,
        };
        match self.insert(name, entry) {
            Ok(()) => self,
            Err(error) => panic!("{error}"),
        }
    }
}
