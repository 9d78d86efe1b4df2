//! The method table of a dispatcher: what each name stands for.

use std::sync::Arc;

use super::{duplicate_method::Owner, handler::Handler, large_response::CalledMethod};
use crate::schema::MethodDescription;

/// An entry of the table: a method under one of its names.
#[derive(Clone)]
pub(super) struct MethodEntry {
    /// Its name, from `Dispatcher::insert`.
    pub(super) name: Arc<CalledMethod>,
    /// Where the method comes from, for the error about a name that is taken.
    pub(super) owner: Owner,
    /// The doc comment of the service that it comes from.
    pub(super) service_help: &'static str,
    pub(super) target: Target,
    /// The description from `Dispatcher::method_doc`, which replaces that of the handler.
    pub(super) description: Option<Arc<MethodDescription>>,
}

impl MethodEntry {
    pub(super) fn method(owner: Owner, handler: Arc<dyn Handler>) -> Self {
        Self {
            name: Arc::default(),
            owner,
            service_help: "",
            target: Target::Method(handler),
            description: None,
        }
    }

    pub(super) fn is_system(&self) -> bool {
        !matches!(self.target, Target::Method(_))
    }
}

#[derive(Clone)]
pub(super) enum Target {
    Method(Arc<dyn Handler>),
    Introspection(Introspection),
    Multicall,
}

/// A method `system.*` that describes the other methods.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Introspection {
    ListMethods,
    MethodSignature,
    MethodHelp,
    MethodExist,
    GetCapabilities,
    DescribeMethods,
}

impl Introspection {
    /// Those that a dispatcher has by default.
    pub(super) const ALL: [Self; 5] = [
        Self::ListMethods,
        Self::MethodSignature,
        Self::MethodHelp,
        Self::MethodExist,
        Self::GetCapabilities,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::ListMethods => "system.listMethods",
            Self::MethodSignature => "system.methodSignature",
            Self::MethodHelp => "system.methodHelp",
            Self::MethodExist => "system.methodExist",
            Self::GetCapabilities => "system.getCapabilities",
            Self::DescribeMethods => "system.describeMethods",
        }
    }
}

/// The fallbacks of a dispatcher and of the dispatchers nested in it. There are few, and a call
/// searches them only if no method has its name.
#[derive(Clone, Default)]
pub(super) struct Fallbacks(Vec<Fallback>);

#[derive(Clone)]
struct Fallback {
    /// The prefix of the names that it handles, including the dot. Empty unless it was nested.
    prefix: String,
    handler: Arc<dyn Handler>,
}

impl Fallbacks {
    /// Adds a fallback, or replaces the one with the same prefix. Returns whether it replaced one.
    pub(super) fn insert(&mut self, prefix: &str, handler: Arc<dyn Handler>) -> bool {
        let place = self.0.iter().position(|other| other.prefix == prefix);
        if let Some(place) = place {
            self.0[place].handler = handler;
            return true;
        }
        let fallback = Fallback {
            prefix: prefix.to_owned(),
            handler,
        };
        self.0.push(fallback);
        // The longest prefix is the most specific.
        self.0
            .sort_by_key(|other| std::cmp::Reverse(other.prefix.len()));
        false
    }

    /// The fallback for a name, and the name without its prefix.
    pub(super) fn find<'a>(&self, name: &'a str) -> Option<(&Arc<dyn Handler>, &'a str)> {
        let mut fallbacks = self.0.iter();
        fallbacks.find_map(|fallback| {
            let rest = name.strip_prefix(fallback.prefix.as_str())?;
            Some((&fallback.handler, rest))
        })
    }

    /// The fallbacks with their prefixes.
    pub(super) fn into_parts(self) -> impl Iterator<Item = (String, Arc<dyn Handler>)> {
        let fallbacks = self.0.into_iter();
        fallbacks.map(|fallback| (fallback.prefix, fallback.handler))
    }
}
