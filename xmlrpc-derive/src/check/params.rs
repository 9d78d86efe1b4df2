//! Checks the options of parameters: first of each parameter, then of all parameters of a method.

use std::collections::HashMap;

use syn::{
    Ident, Type,
    ext::IdentExt,
    visit::{self, Visit},
};

use crate::{
    attr::{MethodAttr, ParamAttr},
    errors::Errors,
    model::{Param, ParamKind},
};

/// Builds a parameter from its options, and reports those that are not allowed on it.
pub(super) fn param(
    ident: Ident,
    ty: Type,
    kind: ParamKind,
    attr: ParamAttr,
    method: &MethodAttr,
    errors: &mut Errors,
) -> Param {
    if let Some(span) = attr.context {
        let others = [
            ("default", attr.default.as_ref().map(|(_, span)| *span)),
            ("rest", attr.rest),
            ("rename", attr.rename.as_ref().map(syn::LitStr::span)),
        ];
        for (name, _) in others.iter().filter(|(_, other)| other.is_some()) {
            let message = format!("the context is not sent; remove `{name}`");
            errors.push(syn::Error::new(span, message));
        }
    } else {
        check_default(&ty, &kind, &attr, errors);
    }
    if let Some(span) = attr.rest
        && method.params.is_some()
    {
        errors.push(syn::Error::new(
            span,
            "`rest` cannot be used with `params = struct`, because each parameter is one member; \
             take a list without `rest`",
        ));
    }
    let name = ident.unraw().to_string();
    let member = match &attr.rename {
        Some(rename) => {
            if method.params.is_none() {
                errors.push(syn::Error::new(
                    rename.span(),
                    "`rename` has no effect on a parameter that is sent by position; remove it, \
                     or send the parameters by name with `#[xmlrpc(params = struct)]` on the method",
                ));
            }
            let member = rename.value();
            if member.is_empty() || member.chars().any(char::is_control) {
                errors.push(syn::Error::new(
                    rename.span(),
                    "a member name cannot be empty or contain control characters",
                ));
            }
            member
        }
        None => match method.rename_all {
            Some((case, _)) => case.apply(&name),
            None => name,
        },
    };
    Param {
        ident,
        ty,
        kind,
        default: attr.default.map(|(default, _)| default),
        member,
    }
}

fn check_default(ty: &Type, kind: &ParamKind, attr: &ParamAttr, errors: &mut Errors) {
    let Some((default, span)) = &attr.default else {
        return;
    };
    let span = *span;
    match kind {
        ParamKind::Optional(_) | ParamKind::OptionalReference { .. } => {
            let ty = super::source(ty);
            errors.push(syn::Error::new(
                span,
                format!(
                    "`{ty}` cannot have a `default`: it is `None` if the parameter is left out; \
                     remove `default`, or write the type without `Option`",
                ),
            ));
        }
        ParamKind::Rest(_) => errors.push(syn::Error::new(
            span,
            "`rest` is an empty list if there are no more parameters; remove `default`",
        )),
        ParamKind::Context | ParamKind::Value(_) | ParamKind::Reference(_) => {}
    }
    let mut search = FindSelf(None);
    search.visit_expr(default);
    if let Some(found) = search.0 {
        errors.at(
            found,
            "`Self` cannot be used in a `default`, because it would mean the generated server; name the type instead",
        );
    }
}

struct FindSelf<'a>(Option<&'a Ident>);

impl<'a> Visit<'a> for FindSelf<'a> {
    fn visit_ident(&mut self, ident: &'a Ident) {
        if ident == "Self" {
            self.0.get_or_insert(ident);
        }
        visit::visit_ident(self, ident);
    }
}

/// Checks the parameters of a method together.
pub(super) fn check(params: &[Param], method: &MethodAttr, errors: &mut Errors) {
    if method.params.is_some() {
        check_members(params, errors);
        return;
    }
    if let Some((_, span)) = method.rename_all {
        errors.push(syn::Error::new(
            span,
            "`rename_all` on a method needs `params = struct`, whose members it renames; \
             to rename methods, put it on the trait",
        ));
    }
    let mut wire = params.iter();
    while let Some(param) = wire.next() {
        let follows = |fits: fn(&Param) -> bool| {
            let mut later = wire.clone();
            later.find(|later| !matches!(later.kind, ParamKind::Context) && !fits(later))
        };
        if matches!(param.kind, ParamKind::Rest(_)) {
            if let Some(later) = follows(|_| false) {
                let (rest, later) = (&param.ident, &later.ident);
                errors.at(
                    later,
                    format_args!(
                        "`{rest}` takes all remaining parameters, so none is left for `{later}`; move `{later}` before `{rest}`",
                    ),
                );
            }
        } else if param.default.is_some()
            && let Some(later) = follows(may_be_absent)
        {
            let (early, later) = (&param.ident, &later.ident);
            errors.at(
                early,
                format_args!(
                    "`{early}` has a default but cannot be left out, because `{later}` after it is required; \
                     give `{later}` a default with `#[xmlrpc(default)]`, make it an `Option`, or move it before `{early}`",
                ),
            );
        }
    }
}

/// Whether a caller may leave the parameter out if no required one follows.
fn may_be_absent(param: &Param) -> bool {
    match param.kind {
        ParamKind::Value(_) | ParamKind::Reference(_) => param.default.is_some(),
        ParamKind::Context
        | ParamKind::Optional(_)
        | ParamKind::OptionalReference { .. }
        | ParamKind::Rest(_) => true,
    }
}

/// Reports members with the same name.
fn check_members(params: &[Param], errors: &mut Errors) {
    let mut seen: HashMap<&str, &Ident> = HashMap::new();
    for param in params {
        if matches!(param.kind, ParamKind::Context) {
            continue;
        }
        let name = param.member.as_str();
        let Some(other) = seen.insert(name, &param.ident) else {
            continue;
        };
        let ident = &param.ident;
        errors.at(
            ident,
            format_args!(
                "the parameters `{other}` and `{ident}` are both named `{name}` on the wire; \
                 rename one with `#[xmlrpc(rename = \"…\")]`",
            ),
        );
    }
}
