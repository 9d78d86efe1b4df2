//! Checks a result whose type the caller chooses.

use syn::{GenericArgument, Generics, Ident, PathArguments, Type, TypeParamBound, WherePredicate};

use crate::{errors::Errors, model::Output};

/// Traits without which a type may be decoded, and which say nothing about it.
const UNRELATED: [&str; 9] = [
    "Clone", "Copy", "Debug", "Default", "Display", "Send", "Sized", "Sync", "Unpin",
];

/// Types that can only be decoded if their parameters can.
const CONTAINERS: [&str; 8] = [
    "Vec", "VecDeque", "Option", "Box", "BTreeMap", "HashMap", "BTreeSet", "HashSet",
];

/// Refuses a result that is or contains a type parameter without a bound. The compiler would suggest a bound, but with a
/// private trait of this library.
pub(super) fn check(output: &Output, generics: &Generics, errors: &mut Errors) {
    let ty = match output {
        Output::Plain(ty) => ty,
        Output::Result { ok: Some(ty), .. } => &**ty,
        Output::Result { ok: None, .. } => return,
    };
    let mut names = Vec::new();
    collect(ty, &mut names);
    for name in names {
        if is_unbounded(name, generics) {
            errors.at(
                name,
                format_args!(
                    "the client cannot decode `{name}`, because its type parameter does not say that it can be decoded; \
                     write `{name}: serde::de::DeserializeOwned`"
                ),
            );
        }
    }
}

/// The names without arguments that must be decoded for a type.
fn collect<'a>(ty: &'a Type, names: &mut Vec<&'a Ident>) {
    match ty {
        Type::Array(array) => collect(&array.elem, names),
        Type::Group(group) => collect(&group.elem, names),
        Type::Paren(paren) => collect(&paren.elem, names),
        Type::Tuple(tuple) => tuple.elems.iter().for_each(|ty| collect(ty, names)),
        Type::Path(path) => match path.path.segments.last() {
            _ if path.path.get_ident().is_some() => names.extend(path.path.get_ident()),
            Some(last) if CONTAINERS.iter().any(|name| last.ident == name) => {
                let PathArguments::AngleBracketed(arguments) = &last.arguments else {
                    return;
                };
                for argument in &arguments.args {
                    if let GenericArgument::Type(ty) = argument {
                        collect(ty, names);
                    }
                }
            }
            _ => {}
        },
        _ => {}
    }
}

/// Whether a name is a type parameter that nothing says can be decoded.
fn is_unbounded(name: &Ident, generics: &Generics) -> bool {
    let Some(param) = generics.type_params().find(|param| param.ident == *name) else {
        return false;
    };
    let clause = generics.where_clause.iter();
    let has_predicate =
        clause
            .flat_map(|clause| &clause.predicates)
            .any(|predicate| match predicate {
                WherePredicate::Type(predicate) => predicate.bounds.iter().any(may_decode),
                _ => false,
            });
    !has_predicate && !param.bounds.iter().any(may_decode)
}

/// Whether a type with this bound may implement `Deserialize`.
fn may_decode(bound: &TypeParamBound) -> bool {
    match bound {
        TypeParamBound::Trait(bound) => bound
            .path
            .segments
            .last()
            .is_some_and(|last| !UNRELATED.iter().any(|name| last.ident == name)),
        _ => false,
    }
}
