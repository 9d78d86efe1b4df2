//! The attributes: what they may say, and where.

use proc_macro2::Span;
use syn::{
    Attribute, Ident, LitStr, Path, Token, bracketed,
    meta::ParseNestedMeta,
    parse::{Parse, Parser},
    punctuated::Punctuated,
};

use crate::{case::Case, errors::Errors};

/// What stands in the brackets of `#[xmlrpc_service(…)]`.
#[derive(Default)]
pub(crate) struct ServiceAttr {
    pub(crate) namespace: Option<LitStr>,
    pub(crate) separator: Option<LitStr>,
    pub(crate) rename_all: Option<Case>,
    pub(crate) krate: Option<Path>,
    pub(crate) client: Option<Span>,
    pub(crate) server: Option<Span>,
}

impl ServiceAttr {
    pub(crate) fn parse(tokens: proc_macro2::TokenStream, errors: &mut Errors) -> Self {
        let mut attr = Self::default();
        let parser = syn::meta::parser(|meta| {
            let result = match name(&meta).as_deref() {
                Some("namespace") => set(&mut attr.namespace, &meta),
                Some("separator") => set(&mut attr.separator, &meta),
                Some("rename_all") => string(&meta).and_then(|rule| {
                    once(
                        &mut attr.rename_all,
                        Case::parse(&rule.value(), rule.span())?,
                        &meta,
                    )
                }),
                Some("crate") => krate(&meta).and_then(|path| once(&mut attr.krate, path, &meta)),
                Some("client") => once(&mut attr.client, meta.path.segments[0].ident.span(), &meta),
                Some("server") => once(&mut attr.server, meta.path.segments[0].ident.span(), &meta),
                Some("idempotent") => misplaced(
                    &meta,
                    "`idempotent` goes on each method that may run twice: `#[xmlrpc(idempotent)]`",
                ),
                _ => unknown(
                    &meta,
                    "`#[xmlrpc_service]` takes `namespace`, `separator`, `rename_all`, `crate`, `client` and `server`",
                ),
            };
            errors.check(result);
            Ok(())
        });
        let parsed = parser.parse2(tokens);
        errors.check(parsed);
        attr
    }
}

/// What stands in `#[xmlrpc(…)]` on a method.
#[derive(Default)]
pub(crate) struct MethodAttr {
    pub(crate) name: Option<LitStr>,
    pub(crate) aliases: Vec<LitStr>,
    pub(crate) idempotent: Option<Span>,
}

impl MethodAttr {
    /// Takes the attributes out of `attrs`.
    pub(crate) fn take(attrs: &mut Vec<Attribute>, errors: &mut Errors) -> Self {
        let mut attr = Self::default();
        each(attrs, errors, |meta| match name(meta).as_deref() {
            Some("name") => set(&mut attr.name, meta),
            Some("aliases") => {
                let list;
                let input = meta.value()?;
                bracketed!(list in input);
                attr.aliases
                    .extend(Punctuated::<LitStr, Token![,]>::parse_terminated(&list)?);
                Ok(())
            }
            Some("idempotent") => flag(&mut attr.idempotent, meta),
            Some("context") => misplaced(
                meta,
                "`context` goes on a parameter: `#[xmlrpc(context)] cx: &Context`",
            ),
            Some("namespace" | "separator" | "rename_all" | "crate" | "client" | "server") => {
                misplaced(meta, "this goes on the trait, in `#[xmlrpc_service(…)]`")
            }
            _ => unknown(
                meta,
                "`#[xmlrpc]` on a method takes `name`, `aliases` and `idempotent`",
            ),
        });
        attr
    }
}

/// What stands in `#[xmlrpc(…)]` on a parameter.
#[derive(Default)]
pub(crate) struct ParamAttr {
    pub(crate) context: Option<Span>,
}

impl ParamAttr {
    /// Takes the attributes out of `attrs`.
    pub(crate) fn take(attrs: &mut Vec<Attribute>, errors: &mut Errors) -> Self {
        let mut attr = Self::default();
        each(attrs, errors, |meta| match name(meta).as_deref() {
            Some("context") => once(&mut attr.context, meta.path.segments[0].ident.span(), meta),
            Some("name" | "aliases" | "idempotent") => misplaced(meta, "this goes on a method"),
            _ => unknown(meta, "`#[xmlrpc]` on a parameter takes `context`"),
        });
        attr
    }
}

/// Runs `read` over what all `#[xmlrpc(…)]` of `attrs` say, and removes them.
fn each(
    attrs: &mut Vec<Attribute>,
    errors: &mut Errors,
    mut read: impl FnMut(&ParseNestedMeta<'_>) -> syn::Result<()>,
) {
    attrs.retain(|attribute| {
        if !attribute.path().is_ident("xmlrpc") {
            return true;
        }
        let parsed = attribute.parse_nested_meta(|meta| {
            let result = read(&meta);
            errors.check(result);
            Ok(())
        });
        errors.check(parsed);
        false
    });
}

fn name(meta: &ParseNestedMeta<'_>) -> Option<String> {
    meta.path.get_ident().map(Ident::to_string)
}

fn string(meta: &ParseNestedMeta<'_>) -> syn::Result<LitStr> {
    meta.value()?.parse()
}

fn set(slot: &mut Option<LitStr>, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    once(slot, string(meta)?, meta)
}

fn once<T>(slot: &mut Option<T>, value: T, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    if slot.is_some() {
        let name = name(meta).unwrap_or_default();
        return Err(meta.error(format_args!("`{name}` stands here twice")));
    }
    *slot = Some(value);
    Ok(())
}

/// A word that stands alone.
fn flag(slot: &mut Option<Span>, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    if meta.input.peek(Token![=]) || meta.input.peek(syn::token::Paren) {
        let name = name(meta).unwrap_or_default();
        return misplaced(meta, &format!("`{name}` stands alone: it has no value"));
    }
    once(slot, meta.path.segments[0].ident.span(), meta)
}

/// A path, bare or in quotes as serde has it.
fn krate(meta: &ParseNestedMeta<'_>) -> syn::Result<Path> {
    let value = meta.value()?;
    if value.peek(LitStr) {
        value.parse::<LitStr>()?.parse_with(Path::parse_mod_style)
    } else {
        value.call(Path::parse_mod_style)
    }
}

fn unknown(meta: &ParseNestedMeta<'_>, known: &str) -> syn::Result<()> {
    skip(meta)?;
    let path = &meta.path;
    let name = quote::quote!(#path).to_string();
    Err(meta.error(format_args!("unknown attribute `{name}`: {known}")))
}

fn misplaced(meta: &ParseNestedMeta<'_>, message: &str) -> syn::Result<()> {
    skip(meta)?;
    Err(meta.error(message))
}

/// Reads past the value of an attribute that is an error, so that what follows is read as well.
fn skip(meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    if meta.input.peek(Token![=]) {
        meta.value()?.call(syn::Expr::parse)?;
    } else if meta.input.peek(syn::token::Paren) {
        let content;
        syn::parenthesized!(content in meta.input);
        content.parse::<proc_macro2::TokenStream>()?;
    }
    Ok(())
}
