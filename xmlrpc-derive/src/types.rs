//! What the macro reads off a type: whether it is lent, optional, a `Result`.

use syn::{
    GenericArgument, Lifetime, PathArguments, Type, TypePath,
    visit::{self, Visit},
    visit_mut::{self, VisitMut},
};

/// The arguments of the last segment, where it is called `name`.
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

/// The argument of an `Option`.
pub(crate) fn option(ty: &Type) -> Option<&Type> {
    match arguments(ty, "Option")?.as_slice() {
        [inner] => Some(inner),
        _ => None,
    }
}

/// A type without the parentheses and invisible groups around it.
pub(crate) fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Paren(inner) => bare(&inner.elem),
        Type::Group(inner) => bare(&inner.elem),
        ty => ty,
    }
}

/// The type with `'static` for every lifetime: what is decoded borrows from nothing.
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

/// The first thing in a type that cannot be sent, and why.
pub(crate) struct Unfit<'a> {
    pub(crate) ty: &'a Type,
    pub(crate) why: &'static str,
}

/// Looks for what no type of a parameter or result can hold.
pub(crate) fn unfit(ty: &Type) -> Option<Unfit<'_>> {
    let mut search = Search { found: None };
    search.visit_type(ty);
    search.found
}

struct Search<'a> {
    found: Option<Unfit<'a>>,
}

impl<'a> Visit<'a> for Search<'a> {
    fn visit_type(&mut self, ty: &'a Type) {
        let why = match ty {
            Type::ImplTrait(_) => {
                "`impl Trait` is a type of its own in each implementation; name a type"
            }
            Type::TraitObject(_) => "a trait object cannot be decoded; name a type",
            Type::Reference(_) => {
                "what it refers to would have to be decoded into something that nobody owns; take what is owned in there, as `&[String]` is in place of `&[&str]`"
            }
            Type::Ptr(_) => "a pointer means nothing to the other side",
            Type::FnPtr(_) => "a function cannot be sent",
            Type::Never(_) => "a method of a service has to return",
            Type::Infer(_) => "the type has to be named",
            Type::Path(path) if path.qself.is_none() && path.path.segments[0].ident == "Self" => {
                "`Self` is known to the server alone; name a type that both sides have"
            }
            ty => return visit::visit_type(self, ty),
        };
        self.found.get_or_insert(Unfit { ty, why });
    }
}

/// Whether a type names a lifetime that is not `'static`, or leaves one out (`&T`, `T<'_>`).
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
