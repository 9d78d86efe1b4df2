//! The code that describes a method: its name, parameters, result and documentation.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Attribute, Expr, ExprLit, Lit, LitStr, Meta, Type, spanned::Spanned};

use super::schema;
use crate::{
    model::{Method, Output, Param, ParamKind, Service},
    types,
};

/// The imports that the descriptions need.
pub(super) fn scope(service: &Service) -> TokenStream {
    let krate = &service.krate;
    quote! {
        #[allow(unused_imports)]
        use #krate::__private::NoSchema as _;
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
    let result = match &method.output {
        Output::Plain(ty) => schema::of(krate, ty, &method.generics),
        Output::Result { ty, .. } => result(service, method, ty),
    };
    quote! {
        #krate::__private::describe(
            #name, &[#(#aliases),*], #help, #deprecated, [#params], #result,
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
    quote!(#krate::__private::#describe(#name, #schema))
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
