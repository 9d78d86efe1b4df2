//! Descriptions of the methods of a dispatcher.

use std::{
    collections::{BTreeMap, HashMap},
    iter, ptr,
};

use super::{
    Dispatcher,
    dispatcher::DispatcherInner,
    introspection,
    method_table::{MethodEntry, Target},
};
use crate::{
    Fault,
    schema::{MethodDescription, ServiceDescription},
};

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
        self.inner.describe()
    }

    /// The descriptions of all methods, grouped by the service that they come from: services first, sorted
    /// by the name of their trait, then functions, and `system.*` last. The methods of a group are sorted by
    /// name.
    ///
    /// [Functions](Self::method) are grouped by their namespace: the part of their names before the last dot.
    ///
    /// ```
    /// # use xmlrpc_core::{xmlrpc_service, Dispatcher};
    /// # struct Exact;
    /// # impl Calc for Exact {
    /// #     async fn add(&self, a: i32, _: Option<i32>) -> i32 { a }
    /// # }
    /// /// Sums.
    /// #[xmlrpc_service(server)]
    /// trait Calc {
    ///     async fn add(&self, a: i32, b: Option<i32>) -> i32;
    /// }
    ///
    /// let dispatcher = Dispatcher::new()
    ///     .service(CalcServer::new(Exact))
    ///     .method("clock.hour", || 12);
    /// let services = dispatcher.describe_services();
    /// let names: Vec<_> = services.iter().map(|service| service.name.as_str()).collect();
    /// assert_eq!(names, ["Calc", "clock", "system"]);
    /// assert_eq!(services[0].help, "Sums.");
    /// ```
    pub fn describe_services(&self) -> Vec<ServiceDescription> {
        let mut services: BTreeMap<_, ServiceDescription> = BTreeMap::new();
        for method in self.describe() {
            let entry = self.inner.methods.get(method.name.as_str());
            let service = entry.and_then(|entry| entry.owner.service());
            let help = entry.map_or("", |entry| entry.service_help);
            let name = service.unwrap_or_else(|| {
                let namespace = method.name.rsplit_once('.');
                namespace.map_or("", |(namespace, _)| namespace)
            });
            let place = match entry {
                Some(entry) if entry.is_system() => 2,
                _ if service.is_some() => 0,
                _ => 1,
            };
            let service = services.entry((place, name.to_owned(), help));
            let service = service.or_insert_with(|| ServiceDescription {
                name: name.to_owned(),
                help: help.to_owned(),
                methods: Vec::new(),
            });
            service.methods.push(method);
        }
        services.into_values().collect()
    }
}

/// The description of a method with the names that it has in this dispatcher. The names from its
/// declaration come first.
fn described(known: Option<&MethodDescription>, mut names: Vec<&str>) -> MethodDescription {
    let mut description = known.cloned().unwrap_or_else(|| MethodDescription::new(""));
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
    /// See [`Dispatcher::describe`].
    pub(super) fn describe(&self) -> Vec<MethodDescription> {
        let mut all: Vec<(Option<&MethodDescription>, Vec<&str>)> = Vec::new();
        let mut places = HashMap::new();
        for (name, entry) in &self.methods {
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
