//! Descriptions of the methods of a dispatcher.

use std::{collections::HashMap, iter, ptr};

use super::{
    Dispatcher,
    dispatcher::DispatcherInner,
    introspection,
    method_table::{MethodEntry, Target},
};
use crate::{Fault, schema::MethodDescription};

impl Dispatcher {
    /// The descriptions of all methods, sorted by name. A method with several names appears once.
    ///
    /// Use it to generate documentation or clients.
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
        let inner = &*self.inner;
        let mut all: Vec<(Option<&MethodDescription>, Vec<&str>)> = Vec::new();
        let mut places = HashMap::new();
        for (name, entry) in &inner.methods {
            let Some(known) = entry.description(name) else {
                all.push((None, vec![name]));
                continue;
            };
            let place = *places.entry(ptr::from_ref(known)).or_insert(all.len());
            match all.get_mut(place) {
                Some((_, names)) => names.push(name),
                None => all.push((Some(known), vec![name])),
            }
        }
        let described = all
            .into_iter()
            .map(|(known, names)| described(known, names));
        let mut described: Vec<_> = described.collect();
        described.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        described
    }
}

/// The description of a method with the names that it has in this dispatcher. The names from its
/// declaration come first.
fn described(known: Option<&MethodDescription>, mut names: Vec<&str>) -> MethodDescription {
    let mut description = known
        .cloned()
        .unwrap_or_else(|| MethodDescription::unknown(""));
    let own: Vec<_> = iter::once(&description.name)
        .chain(&description.aliases)
        .collect();
    let rank = |name: &str| own.iter().position(|own| *own == name);
    names.sort_by_key(|name| (rank(name).unwrap_or(usize::MAX), *name));
    let mut names = names.into_iter().map(str::to_owned);
    description.name = names.next().unwrap_or_default();
    description.aliases = names.collect();
    description
}

impl DispatcherInner {
    pub(super) fn has(&self, method: &str) -> bool {
        self.methods.contains_key(method)
    }

    /// The description of a method, if it has one. A fault if the method does not exist.
    pub(super) fn description(&self, method: &str) -> Result<Option<&MethodDescription>, Fault> {
        match self.methods.get(method) {
            Some(entry) => Ok(entry.description(method)),
            None => Err(Fault::method_not_found(method)),
        }
    }
}

impl MethodEntry {
    pub(super) fn description(&self, name: &str) -> Option<&MethodDescription> {
        if let Some(description) = &self.description {
            return Some(description);
        }
        match &self.target {
            Target::Method(handler) => handler.description(),
            Target::Introspection(_) | Target::Multicall => introspection::description(name),
        }
    }
}
