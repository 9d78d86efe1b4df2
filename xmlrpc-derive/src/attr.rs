//! The attributes: what they may say, and where.

use proc_macro2::Span;
use syn::{
    Attribute, Expr, Ident, LitStr, Path, Token, bracketed,
    meta::ParseNestedMeta,
    parse::{ParseStream, Parser},
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
                Some("client") => flag(&mut attr.client, &meta),
                Some("server") => flag(&mut attr.server, &meta),
                Some("idempotent") => misplaced(
                    &meta,
                    "`idempotent` goes on each method that may run twice: `#[xmlrpc(idempotent)]`",
                ),
                Some("run_to_completion" | "blocking") => misplaced(
                    &meta,
                    "this goes on each method that runs so: `#[xmlrpc(run_to_completion)]`, `#[xmlrpc(blocking)]`",
                ),
                Some(name @ ("name" | "aliases" | "params")) => misplaced(
                    &meta,
                    &format!("`{name}` goes on a method, in `#[xmlrpc(…)]`"),
                ),
                Some(name @ ("default" | "rest" | "rename" | "context")) => misplaced(
                    &meta,
                    &format!("`{name}` goes on a parameter, in `#[xmlrpc(…)]`"),
                ),
                _ => unknown(
                    &meta,
                    "`#[xmlrpc_service]` takes `namespace`, `separator`, `rename_all`, `crate`, `client` and `server`",
                ),
            };
            go_on(result, &meta, errors)
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
    /// `params = struct`.
    pub(crate) params: Option<Span>,
    pub(crate) rename_all: Option<(Case, Span)>,
    pub(crate) idempotent: Option<Span>,
    pub(crate) run_to_completion: Option<Span>,
    pub(crate) blocking: Option<Span>,
}

impl MethodAttr {
    /// Takes the attributes out of `attrs`.
    pub(crate) fn take(attrs: &mut Vec<Attribute>, errors: &mut Errors) -> Self {
        let mut attr = Self::default();
        each(attrs, errors, |meta| match name(meta).as_deref() {
            Some("name") => set(&mut attr.name, meta),
            Some("aliases") => {
                attr.aliases.extend(strings(meta)?);
                Ok(())
            }
            Some("params") => {
                let span = params(meta)?;
                once(&mut attr.params, span, meta)
            }
            Some("rename_all") => {
                let rule = string(meta)?;
                let case = Case::parse(&rule.value(), rule.span())?;
                let span = meta.path.segments[0].ident.span();
                once(&mut attr.rename_all, (case, span), meta)
            }
            Some("idempotent") => flag(&mut attr.idempotent, meta),
            Some("run_to_completion") => flag(&mut attr.run_to_completion, meta),
            Some("blocking") => flag(&mut attr.blocking, meta),
            Some("context") => misplaced(
                meta,
                "`context` goes on a parameter: `#[xmlrpc(context)] cx: &Context`",
            ),
            Some("default") => misplaced(
                meta,
                "`default` goes on a parameter: `#[xmlrpc(default = 10)] limit: u32`",
            ),
            Some("rest") => misplaced(
                meta,
                "`rest` goes on the last parameter: `#[xmlrpc(rest)] words: Vec<String>`",
            ),
            Some("rename") => misplaced(
                meta,
                "a method is named by `#[xmlrpc(name = \"…\")]`; `rename` goes on a parameter",
            ),
            Some("namespace" | "separator" | "crate" | "client" | "server") => {
                misplaced(meta, "this goes on the trait, in `#[xmlrpc_service(…)]`")
            }
            _ => unknown(
                meta,
                "`#[xmlrpc]` on a method takes `name`, `aliases`, `params`, `rename_all`, `idempotent`, `run_to_completion` and `blocking`",
            ),
        });
        attr
    }
}

/// What stands in `#[xmlrpc(…)]` on a parameter.
#[derive(Default)]
pub(crate) struct ParamAttr {
    pub(crate) context: Option<Span>,
    pub(crate) default: Option<(Expr, Span)>,
    pub(crate) rest: Option<Span>,
    pub(crate) rename: Option<LitStr>,
}

impl ParamAttr {
    /// Takes the attributes out of `attrs`.
    pub(crate) fn take(attrs: &mut Vec<Attribute>, errors: &mut Errors) -> Self {
        let mut attr = Self::default();
        each(attrs, errors, |meta| {
            let span = meta.path.segments.first().map(|first| first.ident.span());
            let span = span.unwrap_or_else(Span::call_site);
            match name(meta).as_deref() {
                Some("context") => flag(&mut attr.context, meta),
                Some("rest") => flag(&mut attr.rest, meta),
                Some("rename") => set(&mut attr.rename, meta),
                Some("default") => {
                    let value = if meta.input.peek(Token![=]) {
                        meta.value()?.parse()?
                    } else {
                        syn::parse_quote_spanned!(span=> ::core::default::Default::default())
                    };
                    once(&mut attr.default, (value, span), meta)
                }
                Some("name") => misplaced(
                    meta,
                    "this goes on a method; a parameter has `rename`, where its method has `params = struct`",
                ),
                Some(
                    "aliases" | "params" | "rename_all" | "idempotent" | "run_to_completion"
                    | "blocking",
                ) => misplaced(meta, "this goes on a method"),
                _ => unknown(
                    meta,
                    "`#[xmlrpc]` on a parameter takes `default`, `rest`, `rename` and `context`",
                ),
            }
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
        let parsed = attribute.parse_nested_meta(|meta| go_on(read(&meta), &meta, errors));
        errors.check(parsed);
        false
    });
}

/// Keeps the error, and reads what follows the attribute that has it.
pub(crate) fn go_on(
    result: syn::Result<()>,
    meta: &ParseNestedMeta<'_>,
    errors: &mut Errors,
) -> syn::Result<()> {
    if errors.check(result).is_none() {
        skip_value(meta.input)?;
    }
    Ok(())
}

/// Removes `#[xmlrpc(…)]` from where it has no place, and says so.
pub(crate) fn refuse(attrs: &mut Vec<Attribute>, message: &str, errors: &mut Errors) {
    attrs.retain(|attribute| {
        let is_ours = attribute.path().is_ident("xmlrpc");
        if is_ours {
            errors.at(attribute, message);
        }
        !is_ours
    });
}

pub(crate) fn name(meta: &ParseNestedMeta<'_>) -> Option<String> {
    meta.path.get_ident().map(Ident::to_string)
}

pub(crate) fn string(meta: &ParseNestedMeta<'_>) -> syn::Result<LitStr> {
    if meta.input.peek(Token![=]) {
        let value = meta.value()?;
        if value.peek(LitStr) {
            return value.parse();
        }
        skip_value(value)?;
    } else {
        skip(meta)?;
    }
    let name = name(meta).unwrap_or_default();
    Err(meta.error(format_args!("`{name}` takes a text: `{name} = \"…\"`")))
}

fn strings(meta: &ParseNestedMeta<'_>) -> syn::Result<Punctuated<LitStr, Token![,]>> {
    let name = name(meta).unwrap_or_default();
    let known = format!("`{name}` takes a list of texts: `{name} = [\"…\", \"…\"]`");
    if meta.input.peek(Token![=]) && meta.input.peek2(syn::token::Bracket) {
        let list;
        let value = meta.value()?;
        bracketed!(list in value);
        return Punctuated::parse_terminated(&list)
            .map_err(|error| syn::Error::new(error.span(), known));
    }
    skip(meta)?;
    Err(meta.error(known))
}

fn set(slot: &mut Option<LitStr>, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    once(slot, string(meta)?, meta)
}

pub(crate) fn once<T>(
    slot: &mut Option<T>,
    value: T,
    meta: &ParseNestedMeta<'_>,
) -> syn::Result<()> {
    if slot.is_some() {
        let name = name(meta).unwrap_or_default();
        return Err(meta.error(format_args!("`{name}` stands here twice")));
    }
    *slot = Some(value);
    Ok(())
}

/// A word that stands alone.
pub(crate) fn flag(slot: &mut Option<Span>, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    if meta.input.peek(Token![=]) || meta.input.peek(syn::token::Paren) {
        let name = name(meta).unwrap_or_default();
        return misplaced(meta, &format!("`{name}` stands alone: it has no value"));
    }
    once(slot, meta.path.segments[0].ident.span(), meta)
}

/// A path, bare or in quotes as serde has it.
pub(crate) fn krate(meta: &ParseNestedMeta<'_>) -> syn::Result<Path> {
    let path = || {
        let value = meta.value()?;
        if value.peek(LitStr) {
            value.parse::<LitStr>()?.parse_with(Path::parse_mod_style)
        } else {
            value.call(Path::parse_mod_style)
        }
    };
    let known = "`crate` takes the path of `xmlrpc_core`: `crate = my::xmlrpc_core`";
    path().map_err(|error| syn::Error::new(error.span(), known))
}

/// The value of `params`, of which there is one.
fn params(meta: &ParseNestedMeta<'_>) -> syn::Result<Span> {
    let known = "`params` takes `struct`, for parameters that are the members of one struct: `#[xmlrpc(params = struct)]`";
    if !meta.input.peek(Token![=]) {
        skip(meta)?;
        return Err(meta.error(known));
    }
    let value = meta.value()?;
    if value.peek(Token![struct]) {
        return Ok(value.parse::<Token![struct]>()?.span);
    }
    let found: Expr = value.parse()?;
    Err(syn::Error::new_spanned(found, known))
}

pub(crate) fn unknown(meta: &ParseNestedMeta<'_>, known: &str) -> syn::Result<()> {
    skip(meta)?;
    let path = &meta.path;
    let name = quote::quote!(#path).to_string();
    Err(meta.error(format_args!("unknown attribute `{name}`: {known}")))
}

pub(crate) fn misplaced(meta: &ParseNestedMeta<'_>, message: &str) -> syn::Result<()> {
    skip(meta)?;
    Err(meta.error(message))
}

/// Reads past the value of an attribute that is an error, so that what follows is read as well.
fn skip(meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    if meta.input.peek(Token![=]) {
        skip_value(meta.value()?)?;
    } else if meta.input.peek(syn::token::Paren) {
        let content;
        syn::parenthesized!(content in meta.input);
        content.parse::<proc_macro2::TokenStream>()?;
    }
    Ok(())
}

/// Reads up to the comma.
fn skip_value(value: ParseStream<'_>) -> syn::Result<()> {
    while !value.is_empty() && !value.peek(Token![,]) {
        value.parse::<proc_macro2::TokenTree>()?;
    }
    Ok(())
}
