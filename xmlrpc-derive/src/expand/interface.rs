//! The trait itself, whose futures are `Send`, and its implementation for `Arc`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{
    FnArg, Pat, ReturnType, Signature, TraitItem, TraitItemFn, parse_quote, spanned::Spanned,
};

use super::{arguments, generated, open_types, parameters, type_parameter};
use crate::model::Service;

pub(super) fn expand(service: &Service) -> TokenStream {
    let mut item = service.item.clone();
    item.colon_token.get_or_insert_default();
    item.supertraits.extend::<[syn::TypeParamBound; 3]>([
        parse_quote!(::core::marker::Send),
        parse_quote!(::core::marker::Sync),
        parse_quote!('static),
    ]);
    for member in &mut item.items {
        if let TraitItem::Fn(function) = member {
            if service.only_client() && function.sig.asyncness.is_some() {
                open_types::add_bounds(&mut function.sig);
            }
            desugar(function);
        }
    }
    // Many traits are used only through their generated client.
    quote!(#[allow(dead_code)] #item)
}

/// `async fn` becomes a function that returns a future which is `Send`.
fn desugar(function: &mut TraitItemFn) {
    if function.default.is_none() {
        plain_names(&mut function.sig);
    }
    if function.sig.asyncness.is_none() {
        return;
    }
    function.sig = desugared(&function.sig);
    if let Some(block) = &function.default {
        function.default = Some(parse_quote!({ async move #block }));
        function
            .attrs
            .push(parse_quote!(#[allow(clippy::manual_async_fn)]));
    }
}

/// Removes patterns, which are already reported, so that the compiler does not report them again.
fn plain_names(signature: &mut Signature) {
    for input in &mut signature.inputs {
        if let FnArg::Typed(typed) = input
            && !matches!(&*typed.pat, Pat::Ident(_))
        {
            typed.pat = parse_quote!(_);
        }
    }
}

fn desugared(signature: &Signature) -> Signature {
    let mut signature = signature.clone();
    if signature.asyncness.take().is_some() {
        let output = match &signature.output {
            ReturnType::Default => quote!(()),
            ReturnType::Type(_, ty) => quote!(#ty),
        };
        let span = output.span();
        signature.output = syn::parse_quote_spanned! {span=>
            -> impl ::core::future::Future<Output = #output> + ::core::marker::Send
        };
    }
    signature
}

/// The implementation for `Arc`, with which one state can serve several traits.
pub(super) fn for_arc(service: &Service) -> TokenStream {
    let name = service.name();
    let implementation = type_parameter("S", service.generics());
    let own = arguments(None, service.generics());
    let bound = quote!(#implementation: #name #own);
    let params = parameters(Some(&bound), service.generics());
    let predicates = service
        .generics()
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates);
    // `Send`, `Sync` and `'static` follow from the bound. Other supertraits must hold for the `Arc` too.
    let supertraits = (!service.item.supertraits.is_empty()).then(|| {
        let supertraits = &service.item.supertraits;
        quote!(Self: #supertraits,)
    });
    let methods = service.item.items.iter().filter_map(|member| match member {
        TraitItem::Fn(function) => Some(forwarded(service, function, &implementation)),
        _ => None,
    });
    let cfg = &service.cfg;
    let generated = generated();
    quote! {
        #(#cfg)*
        #generated
        impl #params #name #own for ::std::sync::Arc<#implementation>
        where
            #supertraits
            #(#predicates,)*
        {
            #(#methods)*
        }
    }
}

fn forwarded(
    service: &Service,
    function: &TraitItemFn,
    implementation: &syn::Ident,
) -> TokenStream {
    let name = service.name();
    let own = arguments(None, service.generics());
    let signature = desugared(&function.sig);
    let method = &function.sig.ident;
    let args = function.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(pat) => Some(&pat.ident),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    });
    let cfg = function
        .attrs
        .iter()
        .filter(|attr| attr.path().is_ident("cfg"));
    quote_spanned! {method.span()=>
        #(#cfg)*
        #signature {
            <#implementation as #name #own>::#method(&**self, #(#args),*)
        }
    }
}
