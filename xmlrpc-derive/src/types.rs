//! What the macro finds out about a type from its tokens.

use syn::{
    GenericArgument, Lifetime, PathArguments, Type, TypePath,
    visit::{self, Visit},
    visit_mut::{self, VisitMut},
};

/// The type arguments of the last path segment, if that segment is named `name`.
pub(crate) fn arguments<'a>(ty: &'a Type, name: &str) -> Option<Vec<&'a Type>> {
    let Type::Path(TypePath { path, .. }) = bare(ty) else {
        return None;
    };
    let last = path.segments.last()?;
    if last.ident != name {
        return None;
    }
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) => Some(
            arguments
                .args
                .iter()
                .filter_map(|argument| match argument {
                    GenericArgument::Type(ty) => Some(ty),
                    _ => None,
                })
                .collect(),
        ),
        _ => Some(Vec::new()),
    }
}

/// The `T` of an `Option<T>`.
pub(crate) fn option(ty: &Type) -> Option<&Type> {
    match arguments(ty, "Option")?.as_slice() {
        [inner] => Some(inner),
        _ => None,
    }
}

/// The type without surrounding parentheses and invisible groups.
pub(crate) fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Paren(inner) => bare(&inner.elem),
        Type::Group(inner) => bare(&inner.elem),
        ty => ty,
    }
}

/// The type with `'static` for every lifetime, because a decoded value borrows from nothing.
pub(crate) fn without_lifetimes(ty: &Type) -> Type {
    struct Static;

    impl VisitMut for Static {
        fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
            lifetime.ident = syn::Ident::new("static", lifetime.ident.span());
        }

        fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
            visit_mut::visit_type_reference_mut(self, reference);
            let apostrophe = reference.and_token.span;
            let lifetime = || Lifetime::new("'static", apostrophe);
            reference.lifetime.get_or_insert_with(lifetime);
        }
    }

    let mut ty = ty.clone();
    Static.visit_type_mut(&mut ty);
    ty
}

/// The first part of a type that cannot be sent, and the reason.
pub(crate) struct Unfit<'a> {
    pub(crate) ty: &'a Type,
    pub(crate) why: &'static str,
    /// Whether a trait with only the client accepts it.
    pub(crate) is_lifted: bool,
}

/// Finds the first part that neither a parameter nor a result can have. With `only_sent` the type only
/// has to be sent, and is never decoded.
pub(crate) fn unfit(ty: &Type, only_sent: bool) -> Option<Unfit<'_>> {
    let mut search = Search {
        only_sent,
        found: None,
    };
    search.visit_type(ty);
    search.found
}

struct Search<'a> {
    only_sent: bool,
    found: Option<Unfit<'a>>,
}

impl<'a> Visit<'a> for Search<'a> {
    fn visit_type(&mut self, ty: &'a Type) {
        let of_a_server = match ty {
            Type::ImplTrait(_) => Some(
                "`impl Trait` is a different type in each implementation; name a concrete type",
            ),
            Type::TraitObject(_) => Some("a trait object cannot be decoded; name a concrete type"),
            Type::Reference(reference) if reference.mutability.is_none() => Some(
                "a reference inside another type cannot be decoded; use an owned type, for example `&[String]` instead of `&[&str]`",
            ),
            _ => None,
        };
        let why = match (of_a_server, ty) {
            (Some(_), _) if self.only_sent => return visit::visit_type(self, ty),
            (Some(why), _) => why,
            (None, Type::Reference(_)) => {
                "a mutable reference inside another type cannot be decoded or changed; use an owned type"
            }
            (None, Type::Ptr(_)) => {
                "a pointer has no meaning for the peer; use the type that it points to"
            }
            (None, Type::FnPtr(_)) => "a function cannot be sent; use a type with data",
            (None, Type::Never(_)) => {
                "this type has no values; use `()` if there is nothing to send"
            }
            (None, Type::Infer(_)) => "name the type instead of `_`",
            (None, Type::Path(path))
                if path.qself.is_none() && path.path.segments[0].ident == "Self" =>
            {
                "only the server knows `Self`; name a type that both sides know"
            }
            _ => return visit::visit_type(self, ty),
        };
        self.found.get_or_insert(Unfit {
            ty,
            why,
            is_lifted: of_a_server.is_some(),
        });
    }

    // `impl Fn(_) -> _` and the like are bounds, not types that are sent.
    fn visit_type_param_bound(&mut self, _: &'a syn::TypeParamBound) {}
}

/// Whether a type has a lifetime other than `'static`, also an elided one (`&T`, `T<'_>`).
pub(crate) fn has_lifetime(ty: &Type) -> bool {
    struct Find(bool);

    impl<'a> Visit<'a> for Find {
        fn visit_lifetime(&mut self, lifetime: &'a Lifetime) {
            self.0 |= lifetime.ident != "static";
        }
    }

    let mut find = Find(false);
    find.visit_type(ty);
    find.0
}
