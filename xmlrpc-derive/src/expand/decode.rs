//! The code that decodes the parameters of a method, by position or by name.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Ident, Path, Type, spanned::Spanned};

use crate::model::{Method, Param, ParamKind};

/// The statements that decode each parameter into its variable.
pub(super) fn reads(krate: &Path, method: &Method, reader: &Ident) -> TokenStream {
    let wire = method
        .params
        .iter()
        .filter(|param| !matches!(param.kind, ParamKind::Context));
    if method.by_name {
        return named(krate, &wire.collect::<Vec<_>>(), reader);
    }
    wire.map(|param| read(krate, param, reader)).collect()
}

/// How a parameter is decoded, and as which type.
enum Decoded {
    /// It must be present.
    Required(TokenStream),
    /// It may be absent; an `Option` of this type is decoded.
    Optional(TokenStream),
    /// A list of all remaining parameters.
    Rest(TokenStream),
}

fn decoded(krate: &Path, param: &Param) -> Decoded {
    let owned = |referent: &Type| quote_spanned!(referent.span()=> <#referent as #krate::__private::Lend>::Owned);
    let required = match &param.kind {
        ParamKind::Optional(ty) => return Decoded::Optional(quote!(#ty)),
        ParamKind::OptionalReference {
            referent,
            trailing: true,
        } => return Decoded::Optional(owned(referent)),
        ParamKind::Rest(ty) => return Decoded::Rest(quote!(#ty)),
        ParamKind::Context => quote!(()),
        ParamKind::Value(ty) => quote!(#ty),
        ParamKind::Reference(referent) => owned(referent),
        ParamKind::OptionalReference { referent, .. } => {
            let owned = owned(referent);
            quote_spanned!(referent.span()=> ::core::option::Option<#owned>)
        }
    };
    if param.default.is_some() {
        Decoded::Optional(required)
    } else {
        Decoded::Required(required)
    }
}

/// The statement that decodes the next parameter.
fn read(krate: &Path, param: &Param, reader: &Ident) -> TokenStream {
    let name = param.name();
    let variable = param.variable();
    let (read, ty) = match decoded(krate, param) {
        Decoded::Required(ty) => ("required", ty),
        Decoded::Optional(ty) => ("optional", ty),
        Decoded::Rest(ty) => ("rest", ty),
    };
    let read = Ident::new(read, ty.span());
    quote_spanned!(ty.span()=> let #variable = #krate::__private::#read::<#ty>(#reader, #name)?;)
}

/// The statements that decode the struct of all parameters.
fn named(krate: &Path, params: &[&Param], reader: &Ident) -> TokenStream {
    let names = params.iter().map(|param| &param.member);
    let mut slots = quote!(());
    for param in params.iter().rev() {
        let variable = param.variable();
        slots = quote!((#variable, #slots));
    }
    let checks = params.iter().map(|param| {
        let variable = param.variable();
        let name = &param.member;
        match decoded(krate, param) {
            Decoded::Optional(ty) => quote_spanned! {ty.span()=>
                let #variable = #krate::__private::absent::<#ty>(#variable);
            },
            Decoded::Required(ty) | Decoded::Rest(ty) => quote_spanned! {ty.span()=>
                let #variable = #krate::__private::present::<#ty>(#variable, #name)?;
            },
        }
    });
    // Items are not hygienic, so the name is one that no user gives to a type.
    quote! {
        struct __Names;
        impl #krate::__private::Names for __Names {
            const NAMES: &'static [&'static str] = &[#(#names),*];
        }
        let #slots = #krate::__private::named::<__Names, _>(#reader)?;
        #(#checks)*
    }
}

/// The statement that replaces an absent parameter with its default.
pub(super) fn default(krate: &Path, param: &Param) -> Option<TokenStream> {
    let default = param.default.as_ref()?;
    let variable = param.variable();
    Some(match &param.kind {
        // In a `match`, temporaries of the default live as long as the variable.
        ParamKind::Reference(referent) => quote_spanned! {default.span()=>
            let #variable: &#referent = match &#variable {
                ::core::option::Option::Some(#variable) => #krate::__private::lend::<#referent>(#variable),
                ::core::option::Option::None => #default,
            };
        },
        kind => {
            let ty = match kind {
                ParamKind::Value(ty) => ty,
                _ => &param.ty,
            };
            quote_spanned! {default.span()=>
                let #variable: #ty = match #variable {
                    ::core::option::Option::Some(#variable) => #variable,
                    ::core::option::Option::None => #default,
                };
            }
        }
    })
}
