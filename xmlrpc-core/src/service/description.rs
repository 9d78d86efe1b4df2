//! What is known of the methods of a dispatcher.

use super::{
    Dispatcher,
    dispatcher::{Entry, Inner, Target},
    introspection,
};
use crate::{Fault, schema::MethodDescription};

impl Dispatcher {
    /// What is known of all methods, sorted by their names, each of them once: for a page of
    /// documentation, or for a generator.
    ///
    /// ```
    /// # use xmlrpc_core::{xmlrpc_service, Dispatcher};
    /// # struct Exact;
    /// # impl Calc for Exact {
    /// #     async fn add(&self, a: i32, _: Option<i32>) -> i32 { a }
    /// # }
    /// #[xmlrpc_service(server)]
    /// trait Calc {
    ///     /// Adds two numbers.
    ///     #[xmlrpc(aliases = ["sum"])]
    ///     async fn add(&self, a: i32, b: Option<i32>) -> i32;
    /// }
    ///
    /// let methods = Dispatcher::new().service(CalcServer::new(Exact)).describe();
    /// assert_eq!(methods[0].to_string(), "add(a: int, b?: int or nil): int");
    /// assert_eq!((methods[0].help.as_str(), &methods[0].aliases[..]), ("Adds two numbers.", &["sum".to_owned()][..]));
    /// ```
    pub fn describe(&self) -> Vec<MethodDescription> {
        let names = self.inner.method_names().iter();
        names
            .filter_map(|name| self.inner.described_at(name))
            .collect()
    }
}

impl Inner {
    pub(super) fn has(&self, method: &str) -> bool {
        self.methods.contains_key(method)
    }

    /// What is known of a method, if anything, or the fault where there is none.
    pub(super) fn description(&self, method: &str) -> Result<Option<&MethodDescription>, Fault> {
        match self.methods.get(method) {
            Some(entry) => Ok(entry.description(method)),
            None => Err(Fault::method_not_found(method)),
        }
    }

    /// The description of a method, if this is the name to describe it under.
    fn described_at(&self, name: &str) -> Option<MethodDescription> {
        let Some(known) = self.methods.get(name)?.description(name) else {
            return Some(MethodDescription::unknown(name));
        };
        let leads = |other: &str| {
            let there = self.methods.get(other);
            let there = there.and_then(|entry| entry.description(other));
            there.is_some_and(|there| std::ptr::eq(there, known))
        };
        // Any of them may have been taken away.
        let mut names = std::iter::once(&known.name).chain(&known.aliases);
        if names.by_ref().find(|other| leads(other))? != name {
            return None;
        }
        Some(MethodDescription {
            name: name.to_owned(),
            aliases: names.filter(|other| leads(other)).cloned().collect(),
            ..known.clone()
        })
    }
}

impl Entry {
    fn description(&self, name: &str) -> Option<&MethodDescription> {
        match &self.target {
            Target::Method(handler) => handler.description(),
            Target::Introspection(_) | Target::Multicall => introspection::description(name),
        }
    }
}
