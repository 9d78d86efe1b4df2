//! Checks a parsed trait: builds the [`Service`] to expand and collects all errors.

mod kind;
mod method;
mod names;
mod open_result;
mod params;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Expr, ExprLit, GenericParam, ItemTrait, Lit, Meta, TraitItem};

use crate::{
    attr::{self, ServiceAttr},
    errors::Errors,
    model::{Expansion, Service},
};

/// The end of an error about a rule that only a server needs.
const LIFTED: &str = "; if you need only the client, `#[xmlrpc_service(client)]` generates it alone and accepts this";

const ENVELOPE_OF_A_SERVER: &str = "only a client opens envelopes; write `#[xmlrpc_service(client)]`, which generates the client alone, or remove `envelope`";

pub(crate) fn check(attr: TokenStream, mut item: ItemTrait) -> Expansion {
    let mut errors = Errors::default();
    let attr = ServiceAttr::parse(attr, &mut errors);
    check_trait(&mut item, &mut errors);
    if let Some(envelope) = &attr.envelope
        && !attr.only_client()
    {
        errors.at(envelope, ENVELOPE_OF_A_SERVER);
    }

    let (mut methods, mut refused) = (Vec::new(), Vec::new());
    for member in &mut item.items {
        match member {
            TraitItem::Fn(function) => {
                match method::check(function, &attr, &mut errors) {
                    Ok(method) => methods.push(method),
                    Err(method) => refused.extend(method.map(|method| *method)),
                }
            }
            TraitItem::Type(ty) => errors.at(
                &ty.ident,
                "a service trait cannot have associated types, because a client does not know them; use a type parameter of the trait: `trait Name<T>`",
            ),
            TraitItem::Const(constant) => errors.at(
                &constant.ident,
                "a service trait cannot have associated constants, because a client does not know them; declare the constant outside the trait",
            ),
            other => errors.at(other, "a service trait can only contain methods"),
        }
    }
    // A client may call one method of the server in several ways.
    if !attr.only_client() {
        names::check(&methods, &mut errors);
    }

    let krate = attr
        .krate
        .unwrap_or_else(|| syn::parse_quote!(::xmlrpc_core));
    let both = attr.client.is_none() == attr.server.is_none();
    let service = Service {
        help: help(&only(&item.attrs, &["doc"])),
        cfg: only(&item.attrs, &["cfg"]),
        krate,
        client: both || attr.client.is_some(),
        server: both || attr.server.is_some(),
        names_only: item.generics.lifetimes().next().is_some(),
        methods,
        refused,
        item,
    };
    Expansion {
        service,
        errors: errors.into_tokens(),
    }
}

fn check_trait(item: &mut ItemTrait, errors: &mut Errors) {
    let message = "`#[xmlrpc]` belongs on a method or a parameter; write the options of the trait in `#[xmlrpc_service(…)]`";
    attr::refuse(&mut item.attrs, message, errors);
    if let Some(unsafety) = &item.unsafety {
        errors.at(
            unsafety,
            "a service trait cannot be `unsafe`, because generated code implements it",
        );
    }
    for param in &item.generics.params {
        if let GenericParam::Lifetime(lifetime) = param {
            errors.at(
                lifetime,
                "a service trait cannot have lifetime parameters, because a service must be `'static`; use owned types",
            );
        }
    }
}

/// The attributes with one of these names.
pub(crate) fn only(attrs: &[Attribute], names: &[&str]) -> Vec<Attribute> {
    let wanted = |attr: &&Attribute| names.iter().any(|name| attr.path().is_ident(name));
    attrs.iter().filter(wanted).cloned().collect()
}

/// The text of doc comments, without the space after the slashes.
pub(crate) fn help(docs: &[Attribute]) -> String {
    let lines = docs.iter().filter_map(|attr| match &attr.meta {
        Meta::NameValue(meta) => match &meta.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    });
    let lines: Vec<_> = lines
        .flat_map(|text| text.split('\n').map(str::to_owned).collect::<Vec<_>>())
        .map(|line| {
            line.strip_prefix(' ')
                .unwrap_or(&line)
                .trim_end()
                .to_owned()
        })
        .collect();
    lines.join("\n").trim().to_owned()
}

/// The source of `tokens` for a text, with the usual spacing.
pub(crate) fn source(tokens: impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (spaced, tight) in [
        (" < ", "<"),
        (" >", ">"),
        (" ,", ","),
        ("& ", "&"),
        ("* ", "*"),
        (" :: ", "::"),
        ("[ ", "["),
        (" ]", "]"),
    ] {
        text = text.replace(spaced, tight);
    }
    text
}
