//! Names on the wire, and the names that a stub has already.

use std::collections::HashMap;

use proc_macro2::Span;
use syn::LitStr;

use crate::{attr::ServiceAttr, errors::Errors, model::Method};

/// What a stub has beside the methods of its trait.
pub(super) const OF_THE_STUB: [&str; 4] = ["new", "client", "describe", "clone"];

/// Joins namespace and name.
pub(super) fn qualified(attr: &ServiceAttr, name: &str) -> String {
    let separator = attr
        .separator
        .as_ref()
        .map_or(".".to_owned(), LitStr::value);
    match &attr.namespace {
        Some(namespace) => format!("{}{separator}{name}", namespace.value()),
        None => name.to_owned(),
    }
}

/// What is wrong with a name on the wire.
pub(super) fn flaw(name: &str) -> Option<String> {
    // The specification's alphabet is letters, digits, `_ . : /`. Peers have names beyond it, and
    // their callers could not use the macro if it insisted.
    let fit = |char: char| char.is_ascii_graphic() && !matches!(char, '<' | '>' | '&' | '"' | '\'');
    if name.is_empty() {
        Some("the name of a method cannot be empty".to_owned())
    } else {
        let char = name.chars().find(|char| !fit(*char))?;
        Some(format!(
            "`{}` cannot be in the name of a method: it has letters, digits and `_ . : /`; \
             give one with `#[xmlrpc(name = \"…\")]`",
            char.escape_debug()
        ))
    }
}

/// Two methods of one name.
pub(super) fn check(methods: &[Method], errors: &mut Errors) {
    let mut seen: HashMap<&str, (&Method, Span)> = HashMap::new();
    for method in methods {
        let own = (method.name.as_str(), method.name_span);
        let aliases = method
            .aliases
            .iter()
            .map(|(name, span)| (name.as_str(), *span));
        for (name, span) in std::iter::once(own).chain(aliases) {
            let Some((other, there)) = seen.get(name) else {
                seen.insert(name, (method, span));
                continue;
            };
            // `#[cfg]` may leave one of the two; the dispatcher has the last word.
            if !method.cfg.is_empty() && !other.cfg.is_empty() {
                continue;
            }
            let message = if std::ptr::eq(*other, method) {
                format!("`{}` is called `{name}` already", method.ident)
            } else {
                format!(
                    "two methods are called `{name}`: `{}` and `{}`",
                    other.ident, method.ident
                )
            };
            let mut error = syn::Error::new(span, message);
            error.combine(syn::Error::new(*there, format!("`{name}` is here first")));
            errors.push(error);
        }
    }
}
