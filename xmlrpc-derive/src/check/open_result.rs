//! Checks a result whose type the caller chooses.

use syn::{GenericParam, Generics, Type, TypeParamBound, WherePredicate};

use crate::{errors::Errors, model::Output};

/// Traits without which a type may be decoded, and which say nothing about it.
const UNRELATED: [&str; 9] = [
    "Clone", "Copy", "Debug", "Default", "Display", "Send", "Sized", "Sync", "Unpin",
];

/// Refuses a result that is a type parameter without a bound. The compiler would suggest a bound, but with a
/// private trait of this library.
pub(super) fn check(output: &Output, generics: &Generics, errors: &mut Errors) {
    let ty = match output {
        Output::Plain(ty) => ty,
        Output::Result { ok: Some(ty), .. } => &**ty,
        Output::Result { ok: None, .. } => return,
    };
    let Type::Path(path) = ty else { return };
    let Some(name) = path.path.get_ident() else {
        return;
    };
    for param in &generics.params {
        let GenericParam::Type(param) = param else {
            continue;
        };
        if param.ident != *name {
            continue;
        }
        let clause = generics.where_clause.iter();
        let has_predicate = clause
            .flat_map(|clause| &clause.predicates)
            .any(|predicate| match predicate {
                WherePredicate::Type(predicate) => predicate.bounds.iter().any(may_decode),
                _ => false,
            });
        if !has_predicate && !param.bounds.iter().any(may_decode) {
            errors.at(
                ty,
                format_args!(
                    "the client cannot decode `{name}`, because its type parameter does not say that it can be decoded; \
                     write `{name}: serde::de::DeserializeOwned`"
                ),
            );
        }
    }
}

/// Whether a type with this bound may implement `Deserialize`.
fn may_decode(bound: &TypeParamBound) -> bool {
    match bound {
        TypeParamBound::Trait(bound) => bound
            .path
            .segments
            .last()
            .is_some_and(|last| !UNRELATED.iter().any(|name| last.ident == name)),
        TypeParamBound::Lifetime(_) => false,
        _ => false,
    }
}
