//! The code that describes a method: its name, parameters, result and documentation.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta, Type, spanned::Spanned};

use crate::check::source;
use crate::model::{Method, Output, Param, ParamKind, Service};

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
        let members = params.map(|it| param(service, it, &it.member));
        quote!(#krate::__private::members([#(#members),*]))
    } else {
        let params = params.map(|it| param(service, it, &it.name()));
        quote!(#(#params),*)
    };
    let (result, faults) = match &method.output {
        Output::Plain(ty) => (schema(service, ty), quote!(#krate::__private::no_faults())),
        Output::Result { ty, .. } => (
            quote_spanned!(ty.span()=> #krate::__private::TypeProbe::<#ty>::result_schema()),
            quote_spanned!(ty.span()=> #krate::__private::TypeProbe::<#ty>::faults()),
        ),
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

fn param(service: &Service, param: &Param, name: &str) -> TokenStream {
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
    let schema = schema(service, ty);
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

fn schema(service: &Service, ty: &Type) -> TokenStream {
    let krate = &service.krate;
    quote_spanned!(ty.span()=> #krate::__private::TypeProbe::<#ty>::schema())
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
