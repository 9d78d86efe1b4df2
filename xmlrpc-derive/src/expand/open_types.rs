//! The type parameters and `impl Trait`s of a method, which only a trait for a client alone can have.

use syn::{
    Generics, Signature, Type, TypeImplTrait, TypeParamBound, TypeReference, WherePredicate,
    parse_quote,
    punctuated::Punctuated,
    token::Plus,
    visit_mut::{self, VisitMut},
};

/// Adds the bounds without which the future of an implementation, for example a mock, would not be `Send`.
pub(super) fn add_bounds(signature: &mut Signature) {
    let Generics {
        params,
        where_clause,
        ..
    } = &mut signature.generics;
    for param in params {
        let syn::GenericParam::Type(param) = param else {
            continue;
        };
        // clippy objects to bounds in two places.
        let predicates = where_clause.iter_mut().flat_map(|it| &mut it.predicates);
        let in_clause = predicates
            .filter_map(|predicate| match predicate {
                WherePredicate::Type(predicate) => Some(predicate),
                _ => None,
            })
            .find(|predicate| matches!(&predicate.bounded_ty, Type::Path(ty) if ty.path.is_ident(&param.ident)));
        match in_clause {
            Some(predicate) if param.bounds.is_empty() => add(&mut predicate.bounds),
            _ => add(&mut param.bounds),
        }
    }
    for input in &mut signature.inputs {
        ImplTraits.visit_fn_arg_mut(input);
    }
}

struct ImplTraits;

impl VisitMut for ImplTraits {
    fn visit_type_impl_trait_mut(&mut self, ty: &mut TypeImplTrait) {
        visit_mut::visit_type_impl_trait_mut(self, ty);
        add(&mut ty.bounds);
    }

    fn visit_type_reference_mut(&mut self, reference: &mut TypeReference) {
        visit_mut::visit_type_reference_mut(self, reference);
        if let referent @ Type::ImplTrait(_) = &mut *reference.elem {
            // `&impl A + B` is ambiguous.
            *referent = parse_quote!((#referent));
        }
    }
}

/// Adds `Send` and `Sync`: a future holds such a value, or a reference to it.
fn add(bounds: &mut Punctuated<TypeParamBound, Plus>) {
    for (name, bound) in [
        ("Send", parse_quote!(::core::marker::Send)),
        ("Sync", parse_quote!(::core::marker::Sync)),
    ] {
        let is_there = |bound: &TypeParamBound| match bound {
            TypeParamBound::Trait(bound) => {
                let last = bound.path.segments.last();
                last.is_some_and(|last| last.ident == name)
            }
            _ => false,
        };
        if !bounds.iter().any(is_there) {
            bounds.push(bound);
        }
    }
}
