//! Checks a parsed error type: builds the [`FaultType`] to expand and collects all errors.

use std::collections::HashMap;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{
    Attribute, Data, DeriveInput, Expr, ExprLit, ExprUnary, Fields, Ident, Lit, LitInt, Member,
    UnOp, spanned::Spanned,
};

use super::{
    attr::{FaultAttr, On},
    message,
    model::{Code, FaultType, Field, Kind, Message, Restored, Text, Variant},
};
use crate::{
    check::{help, only},
    errors::Errors,
};

const RESERVED: std::ops::RangeInclusive<i32> = -32768..=-32000;

pub(super) fn check(input: DeriveInput) -> FaultType {
    let mut errors = Errors::default();
    if !input.generics.params.is_empty() {
        errors.at(
            &input.generics.params,
            "`TypedFault` cannot be derived for a generic type, because a client must know the types of the fields; \
             use concrete types",
        );
    }
    let mut variants = Vec::new();
    let on = match &input.data {
        Data::Enum(_) => On::Enum,
        Data::Struct(_) | Data::Union(_) => On::Struct,
    };
    let attr = FaultAttr::read(&input.attrs, on, &mut errors);
    match &input.data {
        Data::Enum(data) => {
            for variant in &data.variants {
                let attr = FaultAttr::read(&variant.attrs, On::Variant, &mut errors);
                let (name, ident) = (&input.ident, &variant.ident);
                let path = quote!(#name::#ident);
                let place = Place {
                    path,
                    ident,
                    attrs: &variant.attrs,
                };
                let checked = self::variant(place, &variant.fields, &attr, &mut errors);
                let checked = checked.map(|checked| documented(checked, &variant.attrs));
                variants.extend(checked);
            }
        }
        Data::Struct(data) => {
            let ident = &input.ident;
            let place = Place {
                path: quote!(#ident),
                ident,
                attrs: &input.attrs,
            };
            let checked = variant(place, &data.fields, &attr, &mut errors);
            let checked = checked.map(|checked| documented(checked, &input.attrs));
            variants.extend(checked);
        }
        Data::Union(data) => errors.at(
            data.union_token,
            "`TypedFault` can only be derived for an enum or a struct",
        ),
    }
    check_together(&variants, &mut errors);
    FaultType {
        ident: input.ident,
        generics: input.generics,
        krate: attr
            .krate
            .unwrap_or_else(|| syn::parse_quote!(::xmlrpc_core)),
        variants,
        errors: errors.into_tokens(),
    }
}

/// The variant with its doc comment.
fn documented(mut variant: Variant, attrs: &[Attribute]) -> Variant {
    variant.help = help(&only(attrs, &["doc"]));
    variant
}

/// A variant or a struct in the source.
struct Place<'a> {
    /// `Type::Name`, or the name of the struct.
    path: TokenStream,
    ident: &'a Ident,
    attrs: &'a [Attribute],
}

/// Checks a variant or a struct. Returns `None` if it has an error.
fn variant(
    place: Place<'_>,
    fields: &Fields,
    attr: &FaultAttr,
    errors: &mut Errors,
) -> Option<Variant> {
    let mut own = Errors::default();
    for field in fields {
        for attr in field
            .attrs
            .iter()
            .filter(|attr| attr.path().is_ident("fault"))
        {
            own.at(
                attr,
                "`#[fault]` belongs on a variant or a struct, not on a field",
            );
        }
    }
    let fields: Vec<_> = fields
        .members()
        .zip(fields)
        .map(|(member, field)| Field {
            member,
            ty: field.ty.clone(),
        })
        .collect();
    let kind = kind(&place, &fields, attr, &mut own);
    if let Some(found) = own.take() {
        errors.push(found);
        return None;
    }
    Some(Variant {
        path: place.path,
        span: place.ident.span(),
        help: String::new(),
        fields,
        kind: kind?,
    })
}

fn kind(
    place: &Place<'_>,
    fields: &[Field],
    attr: &FaultAttr,
    errors: &mut Errors,
) -> Option<Kind> {
    let ident = place.ident;
    if let Some(span) = attr.other {
        return other(ident, fields, attr, span, errors);
    }
    let code = match &attr.code {
        Some(code) => Some(self::code(code, errors)?),
        None => None,
    };
    let text = attr
        .message
        .as_ref()
        .map(|text| (message::parse(text, fields, errors), text));
    if let (Some(display), Some(_)) = (attr.display, &text) {
        errors.push(syn::Error::new(
            display,
            "`display` takes the text from `Display`; remove `message` or `display`",
        ));
    }
    if attr.internal.is_some() {
        let log = match text {
            Some((message, _)) => Text::Message(message),
            None if attr.display.is_some() => Text::Display,
            None if fields.len() == 1 => Text::Field,
            None if fields.is_empty() => Text::Display,
            None => {
                errors.at(
                    ident,
                    "an `internal` fault with several fields needs a text for the log: `#[fault(internal, message = \"…\")]`, or `#[fault(internal, display)]` for its `Display`",
                );
                return None;
            }
        };
        return Some(Kind::Internal { code, log });
    }
    let Some(code) = code else {
        errors.at(
            ident,
            if attr.is_there {
                "missing `code`; write `#[fault(code = 1, …)]`, or `#[fault(internal)]` to hide the error from the peer"
            } else {
                "missing `#[fault(…)]`; write `#[fault(code = 1, message = \"…\")]`, \
                 `#[fault(code = 1, display)]` to send the text of `Display`, `#[fault(internal)]` to hide the error from the peer, or `#[fault(other)]` for all other faults"
            },
        );
        return None;
    };
    let (text, restored) = match text {
        Some((message, _)) => {
            message::check(&message, fields, errors);
            let restored = if message.placeholders.is_empty() {
                Restored::Code
            } else {
                Restored::Text(message.clone())
            };
            (Text::Message(message), restored)
        }
        None if fields.is_empty() => (Text::Display, Restored::Code),
        None if attr.display.is_some() => {
            let message = displayed(place.attrs, fields);
            let restored = message.map_or(Restored::Never, Restored::Displayed);
            (Text::Display, restored)
        }
        None => {
            errors.at(
                ident,
                "missing `message`; write `message = \"…\"` with each field in it, because a client reads the fields back from the text, \
                 or `display` to send the text of `Display`",
            );
            return None;
        }
    };
    Some(Kind::Open {
        code,
        text,
        restored,
    })
}

/// The text that `thiserror` displays, from `#[error("…")]`, if a client can read each field back from it.
fn displayed(attrs: &[Attribute], fields: &[Field]) -> Option<Message> {
    let attr = attrs.iter().find(|attr| attr.path().is_ident("error"))?;
    let text = attr.parse_args().ok()?;
    let mut errors = Errors::default();
    let message = message::parse(&text, fields, &mut errors);
    message::check(&message, fields, &mut errors);
    errors.take().is_none().then_some(message)
}

fn other(
    ident: &Ident,
    fields: &[Field],
    attr: &FaultAttr,
    span: Span,
    errors: &mut Errors,
) -> Option<Kind> {
    let options = [attr.display, attr.internal];
    if attr.code.is_some() || attr.message.is_some() || options.iter().any(Option::is_some) {
        errors.push(syn::Error::new(
            span,
            "`other` keeps the code and the text of the fault that it holds; remove the other options",
        ));
    }
    if let [field] = fields
        && matches!(field.member, Member::Unnamed(_))
    {
        return Some(Kind::Other);
    }
    errors.at(
        ident,
        format_args!("an `other` variant must have exactly one unnamed field: `{ident}(Fault)`"),
    );
    None
}

fn code(expr: &Expr, errors: &mut Errors) -> Option<Code> {
    let (negative, literal) = match expr {
        Expr::Unary(ExprUnary {
            op: UnOp::Neg(_),
            expr,
            ..
        }) => (true, &**expr),
        Expr::Path(_) => return Some(Code::Expr(expr.clone())),
        expr => (false, expr),
    };
    let Expr::Lit(ExprLit {
        lit: Lit::Int(literal),
        ..
    }) = literal
    else {
        errors.at(
            expr,
            "`code` expects an integer or the path of a constant: `code = 404`, `code = codes::NOT_FOUND`",
        );
        return None;
    };
    let Some(value) = integer(literal, negative) else {
        errors.at(
            expr,
            "`code` expects an `i32`, from -2147483648 to 2147483647",
        );
        return None;
    };
    if RESERVED.contains(&value) {
        errors.at(
            expr,
            "the protocol reserves the codes from -32768 to -32000; use another code, or `internal` for an internal error",
        );
        return None;
    }
    Some(Code::Literal {
        value,
        span: expr.span(),
    })
}

fn integer(literal: &LitInt, negative: bool) -> Option<i32> {
    let value: i64 = literal.base10_parse().ok()?;
    let suffix = literal.suffix();
    if !matches!(suffix, "" | "i32") {
        return None;
    }
    i32::try_from(if negative { -value } else { value }).ok()
}

/// Reports duplicate codes and a second `other` variant.
fn check_together(variants: &[Variant], errors: &mut Errors) {
    let mut seen: HashMap<i32, Span> = HashMap::new();
    let mut other: Option<Span> = None;
    for variant in variants {
        if matches!(variant.kind, Kind::Other) {
            match other {
                None => other = Some(variant.span),
                Some(first) => twice(
                    variant.span,
                    first,
                    "only one variant can be `other`",
                    errors,
                ),
            }
        }
        let Some(Code::Literal { value, span }) = variant.code() else {
            continue;
        };
        match seen.get(value) {
            None => drop(seen.insert(*value, *span)),
            Some(first) => twice(
                *span,
                *first,
                &format!(
                    "two variants have the code {value}, so a client could not tell them apart; change one of the codes"
                ),
                errors,
            ),
        }
    }
}

fn twice(place: Span, first: Span, message: &str, errors: &mut Errors) {
    let mut error = syn::Error::new(place, message);
    error.combine(syn::Error::new(first, "the first one is here"));
    errors.push(error);
}
