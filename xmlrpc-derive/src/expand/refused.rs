//! What the client has instead of methods with errors, so that their uses do not cause further errors.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{
    Ident, Type,
    visit::{self, Visit},
};

use crate::{
    model::{RefusedMethod, Service},
    types,
};

/// A method with the parameters and the result of the source. The program does not compile, so it never
/// runs.
pub(super) fn stub(service: &Service, method: &RefusedMethod, transport: &Ident) -> TokenStream {
    let krate = &service.krate;
    let RefusedMethod {
        ident,
        cfg,
        generics,
        params,
        ..
    } = method;
    let clause = &generics.where_clause;
    let receiver = method.has_receiver.then(|| quote!(&self,));
    let params = params.iter().enumerate().map(|(index, ty)| {
        let name = format_ident!("param_{index}");
        let ty = param(ty);
        quote!(#name: #ty)
    });
    let result = result(service, &method.output);
    quote_spanned! {ident.span()=>
        #(#cfg)*
        #[allow(unused_variables)]
        pub fn #ident #generics (#receiver #(#params),*) -> #krate::__private::Call<#transport, #result> #clause {
            ::core::unreachable!()
        }
    }
}

/// A type that accepts all arguments that the user may pass. The compiler would report an invalid type here
/// once more.
fn param(ty: &Type) -> TokenStream {
    struct Invalid(bool);

    impl<'a> Visit<'a> for Invalid {
        fn visit_type(&mut self, ty: &'a Type) {
            self.0 |= match ty {
                Type::Infer(_) | Type::Never(_) => true,
                Type::Path(ty) => ty.path.segments[0].ident == "Self",
                _ => false,
            };
            visit::visit_type(self, ty);
        }
    }

    let mut invalid = Invalid(false);
    invalid.visit_type(ty);
    if invalid.0 {
        quote!(impl ::core::marker::Sized)
    } else {
        ty.to_token_stream()
    }
}

/// The type that the user most likely expects.
fn result(service: &Service, output: &Type) -> TokenStream {
    let krate = &service.krate;
    let result = types::arguments(output, "Result");
    let ty = match result.as_deref() {
        Some([ok, ..]) => ok,
        Some([]) => return quote!(<#output as #krate::__private::MethodResult>::Ok),
        None => output,
    };
    let owned = match types::bare(ty) {
        Type::Reference(reference) => match types::bare(&reference.elem) {
            Type::Path(ty) if ty.path.is_ident("str") => quote!(::std::string::String),
            Type::Slice(slice) => {
                let element = &slice.elem;
                quote!(::std::vec::Vec<#element>)
            }
            ty => types::without_lifetimes(ty).into_token_stream(),
        },
        ty => types::without_lifetimes(ty).into_token_stream(),
    };
    match syn::parse2::<Type>(owned) {
        Ok(ty) if types::unfit(&ty, false).is_none() => ty.into_token_stream(),
        _ => quote!(#krate::__private::Value),
    }
}
