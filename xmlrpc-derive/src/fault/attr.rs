//! `#[fault(…)]`: what it may say, and where.

use proc_macro2::Span;
use syn::{Attribute, Expr, LitStr, Path, meta::ParseNestedMeta};

use crate::{
    attr::{flag, go_on, krate, misplaced, name, once, string, unknown},
    errors::Errors,
};

/// What stands in `#[fault(…)]`, on a type and on a variant.
#[derive(Default)]
pub(super) struct FaultAttr {
    pub(super) krate: Option<Path>,
    pub(super) code: Option<Expr>,
    pub(super) message: Option<LitStr>,
    pub(super) internal: Option<Span>,
    pub(super) other: Option<Span>,
    /// Whether there was anything at all.
    pub(super) is_there: bool,
}

/// Where an attribute stands.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum On {
    Struct,
    Enum,
    Variant,
}

impl FaultAttr {
    pub(super) fn read(attrs: &[Attribute], on: On, errors: &mut Errors) -> Self {
        let mut attr = Self::default();
        for attribute in attrs.iter().filter(|attr| attr.path().is_ident("fault")) {
            attr.is_there = true;
            let parsed = attribute.parse_nested_meta(|meta| {
                let result = attr.set(&meta, on);
                go_on(result, &meta, errors)
            });
            errors.check(parsed);
        }
        attr
    }

    fn set(&mut self, meta: &ParseNestedMeta<'_>, on: On) -> syn::Result<()> {
        match (name(meta).as_deref(), on) {
            (Some("crate"), On::Struct | On::Enum) => {
                let path = krate(meta)?;
                once(&mut self.krate, path, meta)
            }
            (Some("crate"), On::Variant) => misplaced(meta, "`crate` goes on the type"),
            (Some("code" | "message" | "internal" | "other"), On::Enum) => misplaced(
                meta,
                "each variant is a fault of its own: this goes on a variant",
            ),
            (Some("code"), _) => {
                let code = meta.value()?.parse()?;
                once(&mut self.code, code, meta)
            }
            (Some("message"), _) => {
                let message = string(meta)?;
                once(&mut self.message, message, meta)
            }
            (Some("internal"), _) => flag(&mut self.internal, meta),
            (Some("other"), On::Variant) => flag(&mut self.other, meta),
            (Some("other"), On::Struct) => misplaced(
                meta,
                "`other` is a variant beside others: a struct that is any fault is a `Fault` itself",
            ),
            (_, On::Enum) => unknown(meta, "`#[fault]` on an enum takes `crate`"),
            (_, On::Struct) => unknown(
                meta,
                "`#[fault]` on a struct takes `code`, `message`, `internal` and `crate`",
            ),
            (_, On::Variant) => unknown(
                meta,
                "`#[fault]` on a variant takes `code`, `message`, `internal` and `other`",
            ),
        }
    }
}
