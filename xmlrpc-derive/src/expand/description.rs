//! The code that describes a method: its name, parameters, result and documentation.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta, Type, spanned::Spanned};

use super::schema;
use crate::{
    check::source,
    model::{Method, Output, Param, ParamKind, Service},
    types,
};

/// The imports that the descriptions need.
pub(super) fn scope(service: &Service) -> TokenStream {
    let krate = &service.krate;
    quote! {
        #[allow(unused_imports)]
        use #krate::__private::{NoFaults as _, NoSchema as _};
    }
}

/// The description of a method.
pub(super) fn method(service: &Service, method: &Method) -> TokenStream {
    let krate = &service.krate;
    let Method { name, help, .. } = method;
    let aliases = method.aliases.iter().map(|(alias, _)| alias);
    let deprecated = note(&method.deprecated).map_or_else(
        || quote!(::core::option::Option::None),
        |note| quote!(::core::option::Option::Some(#note)),
    );
    let params = method.params.iter();
    let params = params.filter(|it| !matches!(it.kind, ParamKind::Context));
    let params = if method.by_name {
        let members = params.map(|it| param(service, method, it, &it.member));
        quote!(#krate::__private::members([#(#members),*]))
    } else {
        let params = params.map(|it| param(service, method, it, &it.name()));
        quote!(#(#params),*)
    };
    let (result, faults) = match &method.output {
        Output::Plain(ty) => (
            schema::of(krate, ty, &method.generics),
            quote!(#krate::__private::no_faults()),
        ),
        Output::Result { ty, .. } => (result(service, method, ty), faults(service, method, ty)),
    };
    let rust_name = syn::ext::IdentExt::unraw(&method.ident).to_string();
    quote! {
        #krate::__private::in_trait(
            #krate::__private::describe(
                #name, &[#(#aliases),*], #help, #deprecated, [#params], #result,
            ),
            #rust_name,
            #faults,
        )
    }
}

/// The schema of the value of a `Result`.
fn result(service: &Service, method: &Method, ty: &Type) -> TokenStream {
    let krate = &service.krate;
    if schema::is_closed(ty, &method.generics) {
        return quote_spanned!(ty.span()=> #krate::__private::TypeProbe::<#ty>::result_schema());
    }
    if let Some([ok, ..]) = types::arguments(ty, "Result").as_deref() {
        schema::of(krate, ok, &method.generics)
    } else {
        quote!(#krate::__private::any())
    }
}

/// The faults that the error of a `Result` declares, if its type is known here.
fn faults(service: &Service, method: &Method, ty: &Type) -> TokenStream {
    let krate = &service.krate;
    if schema::is_closed(ty, &method.generics) {
        return quote_spanned!(ty.span()=> #krate::__private::TypeProbe::<#ty>::faults());
    }
    match types::arguments(ty, "Result").as_deref() {
        Some([_, error]) if schema::is_closed(error, &method.generics) => {
            quote_spanned! {ty.span()=>
                #krate::__private::TypeProbe::<::core::result::Result<(), #error>>::faults()
            }
        }
        _ => quote!(#krate::__private::no_faults()),
    }
}

fn param(service: &Service, method: &Method, param: &Param, name: &str) -> TokenStream {
    let krate = &service.krate;
    let (describe, ty) = match &param.kind {
        ParamKind::Value(ty) | ParamKind::Reference(ty) if param.default.is_some() => {
            (quote!(param_or_none), ty)
        }
        ParamKind::Value(ty) | ParamKind::Reference(ty) => (quote!(param), ty),
        ParamKind::OptionalReference {
            referent,
            trailing: false,
        } => (quote!(param_or_nil), referent),
        ParamKind::Optional(ty) | ParamKind::OptionalReference { referent: ty, .. } => {
            (quote!(param_or_none), ty)
        }
        ParamKind::Rest(ty) => (quote!(params), ty),
        ParamKind::Context => return TokenStream::new(),
    };
    let schema = schema::of(krate, ty, &method.generics);
    let description = quote!(#krate::__private::#describe(#name, #schema));
    match &param.default {
        None => description,
        Some(default) => {
            let default = default_text(default);
            quote!(#krate::__private::with_default(#description, #default))
        }
    }
}

/// The source of a default. Empty for the default of the type.
fn default_text(default: &Expr) -> String {
    let of_the_type: Expr = syn::parse_quote!(::core::default::Default::default());
    if *default == of_the_type {
        return String::new();
    }
    source(default)
}

/// The note of `#[deprecated]`, which may be empty.
fn note(deprecated: &[Attribute]) -> Option<String> {
    let attribute = deprecated.first()?;
    let mut note = None;
    match &attribute.meta {
        Meta::Path(_) => {}
        Meta::NameValue(meta) => {
            if let Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) = &meta.value
            {
                note = Some(text.value());
            }
        }
        // The compiler reports an invalid `#[deprecated(…)]`.
        Meta::List(_) => drop(attribute.parse_nested_meta(|meta| {
            let text: LitStr = meta.value()?.parse()?;
            if meta.path.is_ident("note") {
                note = Some(text.value());
            }
            Ok(())
        })),
    }
    Some(note.unwrap_or_default())
}
