//! From the source of a trait to the [`Service`] that is expanded, and to every mistake in it.

mod method;
mod names;
mod params;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Expr, ExprLit, GenericParam, ItemTrait, Lit, Meta, TraitItem};

use crate::{
    attr::{self, ServiceAttr},
    errors::Errors,
    model::{Expansion, Service},
};

pub(crate) fn check(attr: TokenStream, mut item: ItemTrait) -> Expansion {
    let mut errors = Errors::default();
    let attr = ServiceAttr::parse(attr, &mut errors);
    check_trait(&mut item, &mut errors);

    let mut methods = Vec::new();
    for member in &mut item.items {
        match member {
            TraitItem::Fn(function) => {
                methods.extend(method::check(function, &attr, &mut errors));
            }
            TraitItem::Type(ty) => errors.at(
                &ty.ident,
                "an associated type is known to the server alone; make it a parameter of the trait: `trait Name<T>`",
            ),
            TraitItem::Const(constant) => errors.at(
                &constant.ident,
                "an associated constant is known to the server alone; declare it beside the trait",
            ),
            other => errors.at(other, "a trait of a service has methods alone"),
        }
    }
    names::check(&methods, &mut errors);

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
        in_name_alone: item.generics.lifetimes().next().is_some(),
        methods,
        item,
    };
    Expansion {
        service,
        errors: errors.into_tokens(),
    }
}

fn check_trait(item: &mut ItemTrait, errors: &mut Errors) {
    let message = "`#[xmlrpc]` goes on a method or a parameter: what is said of the trait goes in `#[xmlrpc_service(…)]`";
    attr::refuse(&mut item.attrs, message, errors);
    if let Some(unsafety) = &item.unsafety {
        errors.at(
            unsafety,
            "a service cannot be an `unsafe trait`: the generated code implements it",
        );
    }
    for param in &item.generics.params {
        if let GenericParam::Lifetime(lifetime) = param {
            errors.at(
                lifetime,
                "a service lives as long as its server; a trait with a lifetime cannot be one",
            );
        }
    }
}

/// The attributes of these names.
fn only(attrs: &[Attribute], names: &[&str]) -> Vec<Attribute> {
    let wanted = |attr: &&Attribute| names.iter().any(|name| attr.path().is_ident(name));
    attrs.iter().filter(wanted).cloned().collect()
}

/// The text of doc comments, without the space that follows the slashes.
fn help(docs: &[Attribute]) -> String {
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

/// `tokens` as a reader of an error message would write them.
fn source(tokens: impl ToTokens) -> String {
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
