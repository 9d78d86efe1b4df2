use std::sync::Arc;

use super::{duplicate::Owner, introspection::Introspection, method::Handler};

/// A method of a dispatcher, under one of its names.
#[derive(Clone)]
pub(super) struct Entry {
    /// Who provides the method, for the error about two of one name.
    pub(super) owner: Owner,
    pub(super) target: Target,
}

impl Entry {
    pub(super) fn method(owner: Owner, handler: Arc<dyn Handler>) -> Self {
        Self {
            owner,
            target: Target::Method(handler),
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
