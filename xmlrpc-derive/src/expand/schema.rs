//! The code that finds the schema of a type in a trait.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{
    Generics, Ident, Lifetime, Path, Type, TypeImplTrait, TypeReference, TypeTraitObject,
    spanned::Spanned,
    visit::{self, Visit},
};

use crate::types::{arguments, bare};

/// The schema of a type. `generics` are those of the method: a description cannot know such types.
pub(super) fn of(krate: &Path, ty: &Type, generics: &Generics) -> TokenStream {
    if is_closed(ty, generics) {
        return quote_spanned!(ty.span()=> #krate::__private::TypeProbe::<#ty>::schema());
    }
    let inner = |ty: &Type| of(krate, ty, generics);
    let compound = |constructor: &str, ty: &Type| {
        let constructor = Ident::new(constructor, proc_macro2::Span::call_site());
        let schema = inner(ty);
        quote!(#krate::__private::#constructor(#schema))
    };
    let any = || quote!(#krate::__private::any());
    match bare(ty) {
        Type::Reference(reference) => inner(&reference.elem),
        Type::Slice(slice) => compound("array", &slice.elem),
        Type::Array(array) => compound("array", &array.elem),
        Type::Tuple(tuple) => {
            let elements = tuple.elems.iter().map(inner);
            quote!(#krate::__private::tuple([#(#elements),*]))
        }
        ty => match &known(ty)[..] {
            [("Option", ty)] => compound("nullable", ty),
            [("Box" | "Rc" | "Arc" | "Cow", ty)] => inner(ty),
            [("BTreeMap" | "HashMap", ty)] => compound("map", ty),
            [(_, ty)] => compound("array", ty),
            _ => any(),
        },
    }
}

/// The name of a well-known container, and the type of its content.
fn known(ty: &Type) -> Vec<(&'static str, &Type)> {
    const ONE: [&str; 10] = [
        "Vec",
        "VecDeque",
        "Option",
        "Box",
        "Rc",
        "Arc",
        "Cow",
        "BTreeSet",
        "HashSet",
        "LinkedList",
    ];
    const TWO: [&str; 2] = ["BTreeMap", "HashMap"];
    let one = ONE.iter().map(|name| (*name, 0));
    let two = TWO.iter().map(|name| (*name, 1));
    one.chain(two)
        .filter_map(|(name, index)| Some((name, *arguments(ty, name)?.get(index)?)))
        .collect()
}

/// Whether a type can be named in a description: it borrows nothing, and does not depend on the caller.
pub(super) fn is_closed(ty: &Type, generics: &Generics) -> bool {
    struct Open<'g> {
        generics: &'g Generics,
        found: bool,
    }

    impl<'a> Visit<'a> for Open<'_> {
        fn visit_type_reference(&mut self, _: &'a TypeReference) {
            self.found = true;
        }

        fn visit_type_impl_trait(&mut self, _: &'a TypeImplTrait) {
            self.found = true;
        }

        fn visit_type_trait_object(&mut self, _: &'a TypeTraitObject) {
            self.found = true;
        }

        fn visit_lifetime(&mut self, lifetime: &'a Lifetime) {
            self.found |= lifetime.ident != "static";
        }

        fn visit_path(&mut self, path: &'a Path) {
            let first = path.segments.first().map(|first| &first.ident);
            let types = self.generics.type_params().map(|param| &param.ident);
            let constants = self.generics.const_params().map(|param| &param.ident);
            self.found |= types.chain(constants).any(|param| Some(param) == first);
            visit::visit_path(self, path);
        }
    }

    let mut open = Open {
        generics,
        found: false,
    };
    open.visit_type(ty);
    !open.found
}
