//! Adds the methods of one dispatcher to another, under a prefix.

use std::{collections::HashMap, sync::Arc};

use super::{
    Dispatcher, DuplicateMethod,
    duplicate_method::Owner,
    handler::Handler,
    method_table::{MethodEntry, Target},
};

impl Dispatcher {
    /// Adds every method of another dispatcher, named `prefix`, a dot, and its own name.
    ///
    /// With an empty prefix, the methods keep their names. Only methods are added: the methods
    /// `system.*` of `other` are left out, and its limits, its dialect and its settings for
    /// multicalls have no effect.
    ///
    /// Its [layers](Self::layer) stay around its methods and its fallback. Its
    /// [fallback](Self::fallback) handles the unknown names under the prefix and receives them
    /// without the prefix. No other fallback handles those.
    ///
    /// ```
    /// use xmlrpc_core::{Client, Dispatcher};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// let store = Dispatcher::new().method("count", || 3);
    /// let dispatcher = Dispatcher::new().nest("store", store.clone()).nest("old.store", store);
    ///
    /// let client = Client::new(dispatcher);
    /// assert_eq!(client.call::<i64>("store.count", ()).await?, 3);
    /// assert_eq!(client.call::<i64>("old.store.count", ()).await?, 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// If another method already has one of the names, or if both dispatchers have a fallback for
    /// the same names. This is a mistake in the program, found when it starts.
    /// [`try_nest`](Self::try_nest) returns it as an error.
    #[must_use]
    pub fn nest(self, prefix: &str, other: Dispatcher) -> Self {
        match self.try_nest(prefix, other) {
            Ok(dispatcher) => dispatcher,
            Err(error) => panic!("{error}"),
        }
    }

    /// Adds every method of another dispatcher under a prefix. Returns an error if a name is taken.
    ///
    /// ```
    /// # use xmlrpc_core::Dispatcher;
    /// let store = Dispatcher::new().method("count", || 3);
    /// let once = Dispatcher::new().nest("store", store.clone());
    /// let error = once.try_nest("store", store).unwrap_err();
    /// assert!(error.to_string().starts_with("the method name `store.count` of the function `"));
    /// ```
    ///
    /// # Errors
    ///
    /// The first name that another method already has.
    pub fn try_nest(mut self, prefix: &str, other: Dispatcher) -> Result<Self, DuplicateMethod> {
        let prefix = match prefix {
            "" => String::new(),
            prefix => format!("{prefix}."),
        };
        let other = Arc::unwrap_or_clone(other.inner);
        self.inner_mut().blocks |= other.blocks;
        // Layers may restrict access, so they stay around the methods.
        let mut layered: HashMap<_, Arc<dyn Handler>> = HashMap::new();
        let mut within = |handler: Arc<dyn Handler>| match &other.layers {
            Some(layers) => {
                let around = layered.entry(Arc::as_ptr(&handler).addr());
                Arc::clone(around.or_insert_with(|| layers.around(handler)))
            }
            None => handler,
        };
        let mut methods: Vec<_> = other.methods.into_iter().collect();
        methods.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        for (name, entry) in methods {
            if let Target::Method(handler) = entry.target {
                let entry = MethodEntry {
                    service_help: entry.service_help,
                    description: entry.description,
                    ..MethodEntry::method(entry.owner, within(handler))
                };
                self.insert(&format!("{prefix}{name}"), entry)?;
            }
        }
        for (inner, handler) in other.fallbacks.into_parts() {
            let prefix = format!("{prefix}{inner}");
            if self.inner_mut().fallbacks.insert(&prefix, within(handler)) {
                return Err(DuplicateMethod {
                    method: format!("{prefix}*"),
                    owner: Owner::Fallback,
                    there: Owner::Fallback,
                });
            }
        }
        Ok(self)
    }
}
