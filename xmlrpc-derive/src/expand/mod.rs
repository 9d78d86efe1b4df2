//! What stands in the place of an annotated trait.

mod client;
mod decode;
mod description;
mod interface;
mod server;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, GenericParam, Generics, Ident};

use crate::model::{Expansion, Service};

pub(crate) fn expand(expansion: Expansion) -> TokenStream {
    let Expansion { service, errors } = expansion;
    let interface = interface::expand(&service);
    if service.in_name_alone {
        let names = in_name_alone(&service);
        return quote!(#errors #interface #names);
    }
    // What is wrong would be wrong in it as well, and be reported twice.
    let is_sound = errors.is_empty();
    let for_arc = (service.server && is_sound).then(|| interface::for_arc(&service));
    let server = service.server.then(|| server::expand(&service, is_sound));
    let client = service.client.then(|| client::expand(&service));
    quote! {
        #errors
        #interface
        #for_arc
        #server
        #client
    }
}

fn in_name_alone(service: &Service) -> TokenStream {
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

/// The attributes of generated items: lints are for what a person has written.
/// (`deprecated`: the generated code has to call what callers are warned of.)
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

/// A name for a type parameter of ours that none of the trait's own has.
fn type_parameter(wish: &str, generics: &Generics) -> Ident {
    let taken = |name: &str| {
        generics.params.iter().any(|param| match param {
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

/// The names of a trait's parameters, as its arguments: `<K, N>`, with `first` before them.
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

/// The types among a trait's parameters, for a `PhantomData`.
fn type_arguments(generics: &Generics) -> Vec<&Ident> {
    generics.type_params().map(|param| &param.ident).collect()
}

/// The parameters with their bounds and without defaults, `first` before them.
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

/// The same as the declaration of a struct has them: with defaults.
fn declaration(first: &Ident, generics: &Generics) -> TokenStream {
    let own = &generics.params;
    quote!(<#first, #own>)
}

fn all<'a>(lists: impl IntoIterator<Item = &'a [Attribute]>) -> TokenStream {
    let attrs = lists.into_iter().flatten();
    quote!(#(#attrs)*)
}
