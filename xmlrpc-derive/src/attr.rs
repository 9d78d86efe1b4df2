//! Parses the attributes `#[xmlrpc_service(…)]` and `#[xmlrpc(…)]`.

use proc_macro2::Span;
use syn::{
    Attribute, Expr, Ident, LitStr, Path, Token, bracketed,
    meta::ParseNestedMeta,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
};

use crate::{case::Case, errors::Errors};

/// The options in `#[xmlrpc_service(…)]`.
#[derive(Default)]
pub(crate) struct ServiceAttr {
    pub(crate) namespace: Option<LitStr>,
    pub(crate) separator: Option<LitStr>,
    pub(crate) rename_all: Option<Case>,
    pub(crate) krate: Option<Path>,
    pub(crate) client: Option<Span>,
    pub(crate) server: Option<Span>,
    pub(crate) envelope: Option<Path>,
}

impl ServiceAttr {
    /// Whether only the client is generated. Most rules are about what a server can do.
    pub(crate) fn only_client(&self) -> bool {
        self.client.is_some() && self.server.is_none()
    }

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
                Some("envelope") => {
                    envelope(&meta).and_then(|path| once(&mut attr.envelope, path, &meta))
                }
                Some(
                    name @ ("idempotent" | "run_to_completion" | "blocking" | "no_envelope"
                    | "no_leading"),
                ) => misplaced(
                    &meta,
                    &format!("put `#[xmlrpc({name})]` on the method it applies to"),
                ),
                Some(name @ ("name" | "aliases" | "params")) => misplaced(
                    &meta,
                    &format!("`{name}` belongs on a method, in `#[xmlrpc(…)]`"),
                ),
                Some(name @ ("default" | "rest" | "rename" | "context")) => misplaced(
                    &meta,
                    &format!("`{name}` belongs on a parameter, in `#[xmlrpc(…)]`"),
                ),
                _ => unknown(
                    &meta,
                    "`#[xmlrpc_service]` accepts `namespace`, `separator`, `rename_all`, `crate`, `client`, `server` and `envelope`",
                ),
            };
            go_on(result, &meta, errors)
        });
        let parsed = parser.parse2(tokens);
        errors.check(parsed);
        attr
    }
}

/// The options in `#[xmlrpc(…)]` on a method.
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
    pub(crate) envelope: Option<Path>,
    pub(crate) no_envelope: Option<Span>,
    pub(crate) no_leading: Option<Span>,
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
            Some("envelope") => once(&mut attr.envelope, envelope(meta)?, meta),
            Some("no_envelope") => flag(&mut attr.no_envelope, meta),
            Some("no_leading") => flag(&mut attr.no_leading, meta),
            Some("context") => misplaced(
                meta,
                "`context` belongs on a parameter: `#[xmlrpc(context)] cx: &Context`",
            ),
            Some("default") => misplaced(
                meta,
                "`default` belongs on a parameter: `#[xmlrpc(default = 10)] limit: u32`",
            ),
            Some("rest") => misplaced(
                meta,
                "`rest` belongs on the last parameter: `#[xmlrpc(rest)] words: Vec<String>`",
            ),
            Some("rename") => misplaced(
                meta,
                "`rename` belongs on a parameter; rename a method with `#[xmlrpc(name = \"…\")]`",
            ),
            Some(name @ ("namespace" | "separator" | "crate" | "client" | "server")) => misplaced(
                meta,
                &format!("`{name}` belongs on the trait, in `#[xmlrpc_service(…)]`"),
            ),
            _ => unknown(
                meta,
                "`#[xmlrpc]` on a method accepts `name`, `aliases`, `params`, `rename_all`, `idempotent`, `run_to_completion`, `blocking`, `envelope`, `no_envelope` and `no_leading`",
            ),
        });
        attr
    }
}

/// The options in `#[xmlrpc(…)]` on a parameter.
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
                    "`name` belongs on a method; rename a parameter with `#[xmlrpc(rename = \"…\")]`, if its method has `params = struct`",
                ),
                Some(
                    name @ ("aliases" | "params" | "rename_all" | "idempotent"
                    | "run_to_completion" | "blocking" | "envelope" | "no_envelope"
                    | "no_leading"),
                ) => misplaced(meta, &format!("`{name}` belongs on a method")),
                _ => unknown(
                    meta,
                    "`#[xmlrpc]` on a parameter accepts `default`, `rest`, `rename` and `context`",
                ),
            }
        });
        attr
    }
}

/// Calls `read` for each option in each `#[xmlrpc(…)]` of `attrs`, and removes these attributes.
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

/// Keeps an error and goes on after the option that caused it.
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

/// Removes each `#[xmlrpc(…)]` from a place where it is not allowed, and reports it.
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
    Err(meta.error(format_args!("`{name}` expects a string: `{name} = \"…\"`")))
}

fn strings(meta: &ParseNestedMeta<'_>) -> syn::Result<Punctuated<LitStr, Token![,]>> {
    let name = name(meta).unwrap_or_default();
    let known = format!("`{name}` expects a list of strings: `{name} = [\"…\", \"…\"]`");
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
        return Err(meta.error(format_args!("duplicate attribute `{name}`")));
    }
    *slot = Some(value);
    Ok(())
}

/// An option without a value.
pub(crate) fn flag(slot: &mut Option<Span>, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
    if meta.input.peek(Token![=]) || meta.input.peek(syn::token::Paren) {
        let name = name(meta).unwrap_or_default();
        return misplaced(meta, &format!("`{name}` does not take a value"));
    }
    once(slot, meta.path.segments[0].ident.span(), meta)
}

/// A path, bare or in quotes as in serde.
pub(crate) fn krate(meta: &ParseNestedMeta<'_>) -> syn::Result<Path> {
    let path = || {
        let value = meta.value()?;
        if value.peek(LitStr) {
            value.parse::<LitStr>()?.parse_with(Path::parse_mod_style)
        } else {
            value.call(Path::parse_mod_style)
        }
    };
    let known = "`crate` expects the path of `xmlrpc_core`: `crate = my::xmlrpc_core`";
    path().map_err(|error| syn::Error::new(error.span(), known))
}

/// The path of a generic type, without its parameter.
fn envelope(meta: &ParseNestedMeta<'_>) -> syn::Result<Path> {
    let known = "`envelope` expects the name of a type with one parameter: `envelope = Reply` for `Reply<T>`";
    if !meta.input.peek(Token![=]) {
        skip(meta)?;
        return Err(meta.error(known));
    }
    let value = meta.value()?;
    let path: Path = value
        .parse()
        .map_err(|error| syn::Error::new(error.span(), known))?;
    match path.segments.last() {
        Some(last) if last.arguments.is_empty() => Ok(path),
        _ => Err(syn::Error::new_spanned(path, known)),
    }
}

/// The value of `params`, which can only be `struct`.
fn params(meta: &ParseNestedMeta<'_>) -> syn::Result<Span> {
    let known = "`params` expects `struct`: with `#[xmlrpc(params = struct)]` the parameters are sent as the members of one struct";
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
    Err(meta.error(format_args!("unknown attribute `{name}`; {known}")))
}

pub(crate) fn misplaced(meta: &ParseNestedMeta<'_>, message: &str) -> syn::Result<()> {
    skip(meta)?;
    Err(meta.error(message))
}

/// Skips the value of an invalid option, so that the options after it are read too.
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

/// Skips up to the next comma.
fn skip_value(value: ParseStream<'_>) -> syn::Result<()> {
    while !value.is_empty() && !value.peek(Token![,]) {
        value.parse::<proc_macro2::TokenTree>()?;
    }
    Ok(())
}
