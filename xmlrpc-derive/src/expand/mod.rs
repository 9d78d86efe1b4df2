//! The expansion of an annotated trait.

mod client;
mod decode;
mod description;
mod interface;
mod open_types;
mod refused;
mod schema;
mod server;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, GenericParam, Generics, Ident};

use crate::model::{Expansion, Service};

pub(crate) fn expand(expansion: Expansion) -> TokenStream {
    let Expansion { service, errors } = expansion;
    let interface = interface::expand(&service);
    if service.names_only {
        let names = names_only(&service);
        return quote!(#errors #interface #names);
    }
    // With an error in the trait, these implementations would report it again.
    let is_sound = errors.is_empty();
    let for_arc = (service.server && is_sound).then(|| interface::for_arc(&service));
    let server = service.server.then(|| server::expand(&service, is_sound));
    let server = server.map(|server| require("require_server", &service, &server));
    let client = service.client.then(|| client::expand(&service));
    let client = client.map(|client| require("require_client", &service, &client));
    quote! {
        #errors
        #interface
        #for_arc
        #server
        #client
    }
}

/// Passes generated items through a macro of `xmlrpc_core`, which replaces them with an error if the
/// feature that they need is off.
fn require(name: &str, service: &Service, items: &TokenStream) -> TokenStream {
    let Service { krate, cfg, .. } = service;
    let name = format_ident!("{name}");
    quote! {
        #(#cfg)*
        #krate::__private::#name! { #items }
    }
}

fn names_only(service: &Service) -> TokenStream {
    let cfg = &service.cfg;
    let vis = &service.item.vis;
    let generated = generated();
    let name = service.name();
    let names = [
        service.server.then(|| format_ident!("{name}Server")),
        service.client.then(|| format_ident!("{name}Client")),
    ];
    let structs = names.iter().flatten().map(|name| {
        quote! {
            #(#cfg)*
            #generated
            #vis struct #name<T>(T);
        }
    });
    quote!(#(#structs)*)
}

/// The attributes of generated items, which are exempt from lints. (`deprecated` is included because
/// generated code calls deprecated methods of the trait; your own calls are still reported.)
fn generated() -> TokenStream {
    quote! {
        #[allow(
            dead_code,
            deprecated,
            unreachable_pub,
            unused_qualifications,
            clippy::all,
            clippy::pedantic,
            clippy::nursery,
        )]
    }
}

/// A name for a type parameter of ours that differs from the trait's own parameters.
fn type_parameter(wish: &str, generics: &Generics) -> Ident {
    free_name(wish, &[generics])
}

/// A name for a type parameter that differs from all others.
fn free_name(wish: &str, others: &[&Generics]) -> Ident {
    let taken = |name: &str| {
        let mut others = others.iter().flat_map(|generics| &generics.params);
        others.any(|param| match param {
            GenericParam::Type(param) => param.ident == name,
            GenericParam::Const(param) => param.ident == name,
            GenericParam::Lifetime(_) => false,
        })
    };
    let mut name = wish.to_owned();
    while taken(&name) {
        name.push('_');
    }
    Ident::new(&name, proc_macro2::Span::call_site())
}

/// A trait's parameters as arguments: `<K, N>`, after `first`.
fn arguments(first: Option<&Ident>, generics: &Generics) -> TokenStream {
    let own = generics.params.iter().map(|param| match param {
        GenericParam::Type(param) => &param.ident,
        GenericParam::Const(param) => &param.ident,
        GenericParam::Lifetime(param) => &param.lifetime.ident,
    });
    let all: Vec<_> = first.into_iter().chain(own).collect();
    if all.is_empty() {
        TokenStream::new()
    } else {
        quote!(<#(#all),*>)
    }
}

/// The type parameters of a trait, for a `PhantomData`.
fn type_arguments(generics: &Generics) -> Vec<&Ident> {
    generics.type_params().map(|param| &param.ident).collect()
}

/// A trait's parameters with their bounds but without defaults, after `first`.
fn parameters(first: Option<&TokenStream>, generics: &Generics) -> TokenStream {
    let own = generics.params.iter().map(|param| {
        let mut param = param.clone();
        match &mut param {
            GenericParam::Type(param) => {
                param.default = None;
            }
            GenericParam::Const(param) => {
                param.default = None;
            }
            GenericParam::Lifetime(_) => {}
        }
        quote!(#param)
    });
    let all: Vec<_> = first.cloned().into_iter().chain(own).collect();
    if all.is_empty() {
        TokenStream::new()
    } else {
        quote!(<#(#all),*>)
    }
}

/// A trait's parameters with bounds and defaults, for the declaration of a struct.
fn declaration(first: &Ident, generics: &Generics) -> TokenStream {
    let own = &generics.params;
    quote!(<#first, #own>)
}

fn all<'a>(lists: impl IntoIterator<Item = &'a [Attribute]>) -> TokenStream {
    let attrs = lists.into_iter().flatten();
    quote!(#(#attrs)*)
}
