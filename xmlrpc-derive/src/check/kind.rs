//! Finds out from the type of a parameter how it is decoded and passed.

use syn::Type;

use super::{LIFTED, source};
use crate::{errors::Errors, model::ParamKind, types};

const MUTABLE: &str = "a method cannot modify the values of its caller; take the parameter by `&` or by value, and return the new value";

/// The kind of a parameter with `#[xmlrpc(context)]`.
pub(super) fn context(ty: &Type, errors: &mut Errors) -> Option<ParamKind> {
    match types::bare(ty) {
        Type::Reference(reference) if reference.mutability.is_none() => Some(ParamKind::Context),
        ty => {
            errors.at(
                ty,
                "take the context by reference: `#[xmlrpc(context)] cx: &Context`",
            );
            None
        }
    }
}

/// The kind of a parameter that is sent. Returns `None` if it has an error.
pub(super) fn sent(
    ty: &Type,
    is_rest: bool,
    only_client: bool,
    errors: &mut Errors,
) -> Option<ParamKind> {
    let ty = types::bare(ty);
    let mut check = Check {
        whole: ty,
        only_client,
        errors,
    };
    if is_rest { check.rest() } else { check.kind() }
}

/// The type to decode. A client decodes no parameters, so its types stay as they are.
pub(super) fn as_decoded(ty: &Type, only_client: bool) -> Type {
    if only_client {
        ty.clone()
    } else {
        types::without_lifetimes(ty)
    }
}

struct Check<'a> {
    /// The type of the parameter, for errors.
    whole: &'a Type,
    only_client: bool,
    errors: &'a mut Errors,
}

impl Check<'_> {
    /// The kind of a parameter with `#[xmlrpc(rest)]`.
    fn rest(&mut self) -> Option<ParamKind> {
        let element = match self.whole {
            Type::Reference(reference) if reference.mutability.is_none() => {
                match types::bare(&reference.elem) {
                    Type::Slice(slice) => Some(&*slice.elem),
                    _ => None,
                }
            }
            ty => types::arguments(ty, "Vec").and_then(|arguments| match arguments.as_slice() {
                [element] => Some(*element),
                _ => None,
            }),
        };
        let Some(element) = element else {
            self.errors.at(
                self.whole,
                "`rest` expects a list: `#[xmlrpc(rest)] words: Vec<String>` or `#[xmlrpc(rest)] words: &[String]`",
            );
            return None;
        };
        self.fit(element).map(ParamKind::Rest)
    }

    fn kind(&mut self) -> Option<ParamKind> {
        if let Type::Reference(reference) = self.whole {
            if types::arguments(&reference.elem, "Context").is_some() {
                self.errors.at(
                    self.whole,
                    "a `&Context` must be marked, because it is not sent: `#[xmlrpc(context)] cx: &Context`",
                );
                return None;
            }
            if reference.mutability.is_some() {
                self.errors.at(self.whole, MUTABLE);
                return None;
            }
            return self.fit(&reference.elem).map(ParamKind::Reference);
        }
        let Some(inner) = types::option(self.whole) else {
            return self.fit(self.whole).map(ParamKind::Value);
        };
        match types::bare(inner) {
            Type::Reference(reference) if reference.mutability.is_some() => {
                self.errors.at(inner, MUTABLE);
                None
            }
            Type::Reference(reference) => Some(ParamKind::OptionalReference {
                referent: self.fit(&reference.elem)?,
                trailing: false,
            }),
            inner => self.fit(inner).map(ParamKind::Optional),
        }
    }

    /// The type to decode for `inner`. Reports why the whole type cannot be a parameter.
    fn fit(&mut self, inner: &Type) -> Option<Type> {
        if let Some(unfit) = types::unfit(inner, self.only_client) {
            let lifted = if unfit.is_lifted { LIFTED } else { "" };
            self.errors.at(
                unfit.ty,
                format_args!(
                    "`{}` cannot be a parameter: {}{lifted}",
                    source(self.whole),
                    unfit.why
                ),
            );
            return None;
        }
        Some(as_decoded(inner, self.only_client))
    }
}
