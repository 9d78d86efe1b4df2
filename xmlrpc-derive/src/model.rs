//! The model of a parsed trait: all that the expansion needs.

use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Expr, Generics, Ident, ItemTrait, Path, Type};

/// An annotated trait.
pub(crate) struct Service {
    /// The trait from the source, without our attributes. Its methods are still `async fn`.
    pub(crate) item: ItemTrait,
    /// The path to `xmlrpc_core`.
    pub(crate) krate: Path,
    pub(crate) client: bool,
    pub(crate) server: bool,
    /// The text of the trait's doc comment.
    pub(crate) help: String,
    /// Whether to generate the server and the client as empty types only. A trait with lifetimes
    /// supports nothing more, and their names avoid errors that would only follow from the first.
    pub(crate) names_only: bool,
    /// The trait's `#[cfg]`s, which all generated code gets too.
    pub(crate) cfg: Vec<Attribute>,
    /// The methods without errors, in the order of the source.
    pub(crate) methods: Vec<Method>,
    /// The methods with errors.
    pub(crate) refused: Vec<RefusedMethod>,
}

impl Service {
    pub(crate) fn generics(&self) -> &Generics {
        &self.item.generics
    }

    pub(crate) fn name(&self) -> &Ident {
        &self.item.ident
    }

    /// Whether only the client is generated.
    pub(crate) fn only_client(&self) -> bool {
        self.client && !self.server
    }
}

/// A method with an error. The client has it nevertheless, so that its uses do not cause further errors.
pub(crate) struct RefusedMethod {
    pub(crate) ident: Ident,
    pub(crate) cfg: Vec<Attribute>,
    pub(crate) generics: Generics,
    /// Whether it has any kind of `self`.
    pub(crate) has_receiver: bool,
    /// The types of the parameters, without the context.
    pub(crate) params: Vec<Type>,
    pub(crate) output: Type,
}

/// A method.
pub(crate) struct Method {
    pub(crate) ident: Ident,
    pub(crate) is_async: bool,
    pub(crate) execution: Execution,
    /// The name on the wire, including the namespace.
    pub(crate) name: String,
    /// Where to report errors about the name.
    pub(crate) name_span: Span,
    pub(crate) aliases: Vec<(String, Span)>,
    /// Whether a client may send a call again.
    pub(crate) idempotent: bool,
    /// The text of the doc comment.
    pub(crate) help: String,
    /// `#[doc]`, which the client's method gets too.
    pub(crate) docs: Vec<Attribute>,
    /// `#[cfg]`, which all code generated for this method gets too.
    pub(crate) cfg: Vec<Attribute>,
    /// `#[deprecated]`, which the client's method gets too.
    pub(crate) deprecated: Vec<Attribute>,
    /// Only lifetimes, unless only the client is generated.
    pub(crate) generics: Generics,
    pub(crate) params: Vec<Param>,
    /// Whether the parameters are the members of one struct.
    pub(crate) by_name: bool,
    pub(crate) output: Output,
    /// The generic type in which the result comes.
    pub(crate) envelope: Option<Path>,
    pub(crate) leading: Leading,
}

/// What a method does with the leading parameters of the client.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leading {
    Sent,
    NotSent,
    /// The parameters are one struct.
    Impossible,
}

/// Where a method runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Execution {
    /// In the task of its request, and cancelled with it.
    InRequest,
    /// In its own task, which is not cancelled.
    ToCompletion,
    /// On a thread that may block.
    Blocking,
}

/// A parameter of a method.
pub(crate) struct Param {
    pub(crate) ident: Ident,
    /// The type in the source.
    pub(crate) ty: Type,
    pub(crate) kind: ParamKind,
    /// The value if the caller leaves the parameter out.
    pub(crate) default: Option<Expr>,
    /// The name on the wire, used if the method is [`by_name`](Method::by_name).
    pub(crate) member: String,
}

/// How a parameter is decoded and passed to the method.
///
/// The types have `'static` for each lifetime, unless only the client is generated.
pub(crate) enum ParamKind {
    /// `#[xmlrpc(context)]`: not sent.
    Context,
    /// Decoded and passed by value.
    Value(Type),
    /// `&T`: the owned form of `T` is decoded and lent.
    Reference(Type),
    /// An `Option<T>` that a caller may leave out.
    Optional(Type),
    /// An `Option<&T>`. A caller may leave it out if it is `trailing`.
    OptionalReference { referent: Type, trailing: bool },
    /// `#[xmlrpc(rest)]`: a list of all remaining parameters. The type of one of them.
    Rest(Type),
}

/// What a method returns.
pub(crate) enum Output {
    /// A type that is not named `Result`.
    Plain(Type),
    /// A type whose last segment is `Result`.
    Result {
        ty: Type,
        /// The `T` of a `Result<T, E>`; `None` for an alias with fewer arguments.
        ok: Option<Box<Type>>,
    },
}

/// The checked trait and all errors in it.
pub(crate) struct Expansion {
    pub(crate) service: Service,
    pub(crate) errors: TokenStream,
}

impl Param {
    /// The name without `r#`.
    pub(crate) fn name(&self) -> String {
        syn::ext::IdentExt::unraw(&self.ident).to_string()
    }

    /// The variable that holds the parameter in generated code. It cannot collide with names in
    /// the user's code.
    pub(crate) fn variable(&self) -> Ident {
        let span = self.ident.span().resolved_at(Span::mixed_site());
        Ident::new(&format!("param_{}", self.name()), span)
    }
}

impl Output {
    /// Where to report errors about the type.
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::Plain(ty) | Self::Result { ty, .. } => syn::spanned::Spanned::span(ty),
        }
    }
}
