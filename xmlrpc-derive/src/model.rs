//! What the macro knows of a trait once it is parsed: all that the expansion needs, in its words.

use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Expr, Generics, Ident, ItemTrait, Path, Type};

/// An annotated trait.
pub(crate) struct Service {
    /// The trait as it stands in the source, without our attributes. Its methods are still
    /// `async fn`.
    pub(crate) item: ItemTrait,
    /// The path to `xmlrpc_core`.
    pub(crate) krate: Path,
    pub(crate) client: bool,
    pub(crate) server: bool,
    /// The text of the trait's doc comment.
    pub(crate) help: String,
    /// Whether the trait is one of which nothing can be made: the server and the stub are there in
    /// name alone, so that only what is wrong is reported.
    pub(crate) in_name_alone: bool,
    /// `#[cfg]`s of the trait, which everything that is generated has too.
    pub(crate) cfg: Vec<Attribute>,
    /// The methods without an error, in the order of the source.
    pub(crate) methods: Vec<Method>,
}

impl Service {
    pub(crate) fn generics(&self) -> &Generics {
        &self.item.generics
    }

    pub(crate) fn name(&self) -> &Ident {
        &self.item.ident
    }
}

/// A method.
pub(crate) struct Method {
    pub(crate) ident: Ident,
    pub(crate) is_async: bool,
    pub(crate) runs: Runs,
    /// The name on the wire, namespace included.
    pub(crate) name: String,
    /// Where a complaint about the name belongs.
    pub(crate) name_span: Span,
    pub(crate) aliases: Vec<(String, Span)>,
    /// Whether a call may be retried.
    pub(crate) idempotent: bool,
    /// The text of the doc comment.
    pub(crate) help: String,
    /// `#[doc]`, which the stub has too.
    pub(crate) docs: Vec<Attribute>,
    /// `#[cfg]`, which everything of this method has.
    pub(crate) cfg: Vec<Attribute>,
    /// `#[deprecated]`, which the stub has too.
    pub(crate) deprecated: Vec<Attribute>,
    /// Lifetimes alone.
    pub(crate) generics: Generics,
    pub(crate) params: Vec<Param>,
    /// Whether the parameters are the members of one struct.
    pub(crate) by_name: bool,
    pub(crate) output: Output,
}

/// Where a method runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Runs {
    /// In the task of its request, and no longer than that.
    Within,
    /// In a task of its own, to its end.
    ToCompletion,
    /// On a thread that may block.
    Blocking,
}

/// A parameter of a method.
pub(crate) struct Param {
    pub(crate) ident: Ident,
    /// As it stands in the source.
    pub(crate) ty: Type,
    pub(crate) kind: ParamKind,
    /// What it is where a caller leaves it out.
    pub(crate) default: Option<Expr>,
    /// The name on the wire, where there is one: see [`Method::by_name`].
    pub(crate) member: String,
}

/// How a parameter gets from the wire to the method.
pub(crate) enum ParamKind {
    /// `#[xmlrpc(context)]`: not on the wire.
    Context,
    /// Decoded and given away. The type without the lifetimes that only a caller has.
    Value(Type),
    /// `&T`: the owned form of `T` is decoded and lent.
    Reference(Type),
    /// An `Option<T>` that nothing but its like follows.
    Optional(Type),
    /// An `Option<&T>`, and whether a caller may leave it out.
    OptionalReference { referent: Type, trailing: bool },
    /// A list of all that follow; the type of one of them.
    Rest(Type),
}

/// What a method returns.
pub(crate) enum Output {
    /// A `T`.
    Plain(Type),
    /// A type whose last segment is `Result`.
    Result {
        ty: Type,
        /// Its first argument, where it has two and so must be a plain `Result<T, E>`.
        ok: Option<Box<Type>>,
    },
}

/// Everything that one expansion found, right or wrong.
pub(crate) struct Expansion {
    pub(crate) service: Service,
    pub(crate) errors: TokenStream,
}

impl Param {
    /// The name for error messages, without a `r#`.
    pub(crate) fn name(&self) -> String {
        syn::ext::IdentExt::unraw(&self.ident).to_string()
    }

    /// The variable that holds it in the generated code, where nothing that a user has written
    /// meets it.
    pub(crate) fn variable(&self) -> Ident {
        let span = self.ident.span().resolved_at(Span::mixed_site());
        Ident::new(&format!("param_{}", self.name()), span)
    }
}

impl Output {
    /// Where a complaint about the type belongs.
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Plain(ty) | Self::Result { ty, .. } => syn::spanned::Spanned::span(ty),
        }
    }
}
