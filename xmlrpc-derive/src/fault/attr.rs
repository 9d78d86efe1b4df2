//! Parses the attribute `#[fault(…)]`.

use proc_macro2::Span;
use syn::{Attribute, Expr, LitStr, Path, meta::ParseNestedMeta};

use crate::{
    attr::{flag, go_on, krate, misplaced, name, once, string, unknown},
    errors::Errors,
};

/// The options in `#[fault(…)]`, on a type or on a variant.
#[derive(Default)]
pub(super) struct FaultAttr {
    pub(super) krate: Option<Path>,
    pub(super) code: Option<Expr>,
    pub(super) message: Option<LitStr>,
    pub(super) display: Option<Span>,
    pub(super) internal: Option<Span>,
    pub(super) other: Option<Span>,
    /// Whether there is a `#[fault(…)]` at all.
    pub(super) is_there: bool,
}

/// The kind of item that has the attribute.
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
            (Some("crate"), On::Variant) => misplaced(meta, "`crate` belongs on the type"),
            (Some(name @ ("code" | "message" | "internal" | "other")), On::Enum) => misplaced(
                meta,
                &format!("`{name}` belongs on a variant, because each variant is a fault"),
            ),
            (Some("code"), _) => {
                let code = meta.value()?.parse()?;
                once(&mut self.code, code, meta)
            }
            (Some("message"), _) => {
                let message = string(meta)?;
                once(&mut self.message, message, meta)
            }
            (Some("display"), _) => flag(&mut self.display, meta),
            (Some("internal"), _) => flag(&mut self.internal, meta),
            (Some("other"), On::Variant) => flag(&mut self.other, meta),
            (Some("other"), On::Struct) => misplaced(
                meta,
                "`other` belongs on a variant of an enum; to accept any fault, use `Fault` instead of this struct",
            ),
            (_, On::Enum) => unknown(meta, "`#[fault]` on an enum accepts `crate`"),
            (_, On::Struct) => unknown(
                meta,
                "`#[fault]` on a struct accepts `code`, `message`, `display`, `internal` and `crate`",
            ),
            (_, On::Variant) => unknown(
                meta,
                "`#[fault]` on a variant accepts `code`, `message`, `display`, `internal` and `other`",
            ),
        }
    }
}
