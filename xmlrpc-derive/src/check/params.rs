//! What `#[xmlrpc(…)]` says of a parameter, and whether it fits its place.

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

/// Makes a parameter of what its attributes say; reports those that do not fit it.
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
            let message = format!("the context is not on the wire: `{name}` has no meaning for it");
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
            "with `params = struct` each parameter is a member of a name, and none is left for `rest`: \
             take a list without `rest`, as one member",
        ));
    }
    let name = ident.unraw().to_string();
    let member = match &attr.rename {
        Some(rename) => {
            if method.params.is_none() {
                errors.push(syn::Error::new(
                    rename.span(),
                    "a parameter has its place on the wire and no name; \
                     for members of a struct, say `#[xmlrpc(params = struct)]` on the method",
                ));
            }
            let member = rename.value();
            if member.is_empty() || member.chars().any(char::is_control) {
                errors.push(syn::Error::new(
                    rename.span(),
                    "the name of a member is a text without control characters, and not empty",
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
                    "an `Option` that is left out is a `None` already, and a `None` that is sent would become the default: \
                     take what is in the `{ty}`, or leave `default` out",
                ),
            ));
        }
        ParamKind::Rest(_) => errors.push(syn::Error::new(
            span,
            "`rest` is an empty list where nothing follows: leave `default` out",
        )),
        ParamKind::Context | ParamKind::Value(_) | ParamKind::Reference(_) => {}
    }
    let mut search = FindSelf(None);
    search.visit_expr(default);
    if let Some(found) = search.0 {
        errors.at(
            found,
            "`Self` would be the generated server here; name what the default is taken from",
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
            "`rename_all` on a method names the members of its struct of parameters: \
             it goes with `params = struct`; for the names of methods it goes on the trait",
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
                        "`{rest}` takes all parameters that follow, and leaves none for `{later}`: move `{later}` before `{rest}`",
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
                    "`{early}` cannot be left out, since `{later}` after it has to be sent: give `{later}` a default as well, \
                     `#[xmlrpc(default)]`, make it an `Option`, or move it before `{early}`",
                ),
            );
        }
    }
}

/// Whether a caller may leave the parameter out, as far as it goes.
fn may_be_absent(param: &Param) -> bool {
    match param.kind {
        ParamKind::Value(_) | ParamKind::Reference(_) => param.default.is_some(),
        ParamKind::Context
        | ParamKind::Optional(_)
        | ParamKind::OptionalReference { .. }
        | ParamKind::Rest(_) => true,
    }
}

/// Two members of one name.
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
                "`{other}` and `{ident}` are both called `{name}` on the wire: give one of them another name, \
                 `#[xmlrpc(rename = \"…\")]`",
            ),
        );
    }
}
