//! Checks the names of methods, on the wire and in the generated client.

use std::collections::HashMap;

use proc_macro2::Span;
use syn::LitStr;

use super::LIFTED;
use crate::{attr::ServiceAttr, errors::Errors, model::Method};

/// The methods that a generated client always has.
pub(super) const OF_THE_STUB: [&str; 6] = [
    "new",
    "client",
    "describe",
    "clone",
    "with_leading_params",
    "with_leading_members",
];

/// The name with its namespace.
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

/// Why a name is invalid on the wire.
pub(super) fn flaw(name: &str) -> Option<String> {
    // The specification allows letters, digits and `_ . : /`. Some servers use other characters
    // too, also letters outside of ASCII, and their clients need this macro.
    let fit = |char: char| match char {
        // XML forbids the last two.
        '<' | '>' | '&' | '"' | '\'' | '\u{FFFE}' | '\u{FFFF}' => false,
        char => {
            char.is_ascii_graphic()
                || !char.is_ascii() && !char.is_control() && !char.is_whitespace()
        }
    };
    if name.is_empty() {
        Some("a method name cannot be empty".to_owned())
    } else {
        let char = name.chars().find(|char| !fit(*char))?;
        Some(format!(
            "a method name cannot contain `{}`; \
             set a name of letters, digits and `_ . : /` with `#[xmlrpc(name = \"…\")]`",
            char.escape_debug()
        ))
    }
}

/// Reports names that are used twice.
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
            // `#[cfg]` may remove one of the two. If it does not, the dispatcher reports the error.
            if !method.cfg.is_empty() && !other.cfg.is_empty() {
                continue;
            }
            let message = if std::ptr::eq(*other, method) {
                format!(
                    "`{}` already has the name `{name}`; remove this one",
                    method.ident
                )
            } else {
                format!(
                    "the methods `{}` and `{}` are both named `{name}`; give one of them another name{LIFTED}",
                    other.ident, method.ident
                )
            };
            let mut error = syn::Error::new(span, message);
            error.combine(syn::Error::new(
                *there,
                format!("`{name}` is first used here"),
            ));
            errors.push(error);
        }
    }
}
