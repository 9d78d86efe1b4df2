//! The model of a parsed error type.

use proc_macro2::{Span, TokenStream};
use syn::{Expr, Generics, Ident, Member, Path, Type};

/// A type that derives `TypedFault`.
pub(super) struct FaultType {
    pub(super) ident: Ident,
    /// Empty in a type without errors.
    pub(super) generics: Generics,
    /// The path to `xmlrpc_core`.
    pub(super) krate: Path,
    /// The variants without errors. A struct counts as one variant.
    pub(super) variants: Vec<Variant>,
    /// All errors.
    pub(super) errors: TokenStream,
}

/// A variant or a struct.
pub(super) struct Variant {
    /// `Type::Name`, or the name of the struct.
    pub(super) path: TokenStream,
    pub(super) span: Span,
    /// The doc comment.
    pub(super) help: String,
    pub(super) fields: Vec<Field>,
    pub(super) kind: Kind,
}

pub(super) struct Field {
    pub(super) member: Member,
    pub(super) ty: Type,
}

/// The fault of a variant.
pub(super) enum Kind {
    /// The peer reads the code and the text. A client restores the variant from them.
    Open {
        code: Code,
        text: Text,
        restored: Restored,
    },
    /// The text goes to the log; the peer reads "internal error".
    Internal { code: Option<Code>, log: Text },
    /// The only field holds any other fault.
    Other,
}

// Boxing the path would save nothing: there are a few of them, for the time of one expansion.
#[allow(clippy::large_enum_variant)]
pub(super) enum Code {
    Literal {
        value: i32,
        span: Span,
    },
    /// The path of a constant. Only the compiler knows its value.
    Expr(Expr),
}

/// The text of a variant.
pub(super) enum Text {
    /// The `Display` of the type.
    Display,
    /// The `Display` of its only field.
    Field,
    Message(Message),
}

/// From what a client restores a variant.
pub(super) enum Restored {
    /// From the code. The variant has no fields.
    Code,
    /// From the fields in the text, which all have `FromStr`.
    Text(Message),
    /// The same, unless a field has no `FromStr`: the text was not written for this derive.
    Displayed(Message),
    /// Not at all: it is unknown where the text has the fields.
    Never,
}

/// A text with placeholders for fields. The `literals` are the texts before, between and after the
/// `placeholders`, so there is one more of them.
#[derive(Clone)]
pub(super) struct Message {
    pub(super) span: Span,
    pub(super) literals: Vec<String>,
    pub(super) placeholders: Vec<Placeholder>,
}

#[derive(Clone)]
pub(super) struct Placeholder {
    /// The index of the field.
    pub(super) index: usize,
    /// The format after the colon.
    pub(super) format: String,
}

impl Variant {
    /// The variant's own code.
    pub(super) fn code(&self) -> Option<&Code> {
        match &self.kind {
            Kind::Open { code, .. } => Some(code),
            Kind::Internal { code, .. } => code.as_ref(),
            Kind::Other => None,
        }
    }
}
