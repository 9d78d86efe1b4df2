//! What is known of an error type once it is parsed.

use proc_macro2::{Span, TokenStream};
use syn::{Expr, Generics, Ident, Member, Path, Type};

/// A type for which `Fault` is derived.
pub(super) struct FaultType {
    pub(super) ident: Ident,
    /// An error, if there are any.
    pub(super) generics: Generics,
    /// The path to `xmlrpc_core`.
    pub(super) krate: Path,
    /// The variants without an error; of a struct, itself alone.
    pub(super) variants: Vec<Variant>,
    /// Everything that was found wrong.
    pub(super) errors: TokenStream,
}

/// A variant, or a struct.
pub(super) struct Variant {
    /// `Type::Name`, or the name of the struct.
    pub(super) path: TokenStream,
    pub(super) span: Span,
    pub(super) fields: Vec<Field>,
    pub(super) kind: Kind,
}

pub(super) struct Field {
    pub(super) member: Member,
    pub(super) ty: Type,
}

/// What fault a variant is.
pub(super) enum Kind {
    /// A code and a text, both ways.
    Open { code: Code, text: Text },
    /// The text goes to the log; the peer reads "internal error".
    Internal { code: Option<Code>, log: Text },
    /// Any other fault, which its only field holds.
    Other,
}

pub(super) enum Code {
    Literal {
        value: i32,
        span: Span,
    },
    /// Of which the compiler alone knows the value.
    Expr(Expr),
}

/// What a variant says.
pub(super) enum Text {
    /// The `Display` of the type.
    Display,
    /// The `Display` of its only field.
    Field,
    Message(Message),
}

/// A text with fields in it: `literals` stand before, between and after the `places`, and are one
/// more than these.
pub(super) struct Message {
    pub(super) span: Span,
    pub(super) literals: Vec<String>,
    pub(super) places: Vec<Place>,
}

pub(super) struct Place {
    /// Which field.
    pub(super) index: usize,
    /// What stands after the colon.
    pub(super) format: String,
}

impl Variant {
    /// The code that is its own.
    pub(super) fn code(&self) -> Option<&Code> {
        match &self.kind {
            Kind::Open { code, .. } => Some(code),
            Kind::Internal { code, .. } => code.as_ref(),
            Kind::Other => None,
        }
    }
}
