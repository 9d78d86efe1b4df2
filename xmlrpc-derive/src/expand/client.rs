//! The generated client, `NameClient`.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::{GenericParam, Generics, Ident, spanned::Spanned};

use super::{
    all, arguments, declaration, description, free_name, generated, parameters, refused,
    type_arguments,
};
use crate::model::{Leading, Method, Output, Param, ParamKind, Service};

pub(super) fn expand(service: &Service) -> TokenStream {
    let krate = &service.krate;
    let vis = &service.item.vis;
    let name = service.name();
    let client = format_ident!("{name}Client");
    let generics = service.generics();
    let transport = transport(service);
    let bound = quote!(#transport: #krate::__private::Transport);
    let plain = quote!(#transport);
    let clone = quote!(#transport: ::core::clone::Clone);
    // The default is only possible without the trait's own parameters, which would have to follow it.
    let declaration = if generics.params.is_empty() {
        quote!(<#transport = #krate::__private::BoxTransport>)
    } else {
        declaration(&transport, generics)
    };
    let declared = parameters(Some(&plain), generics);
    let params = parameters(Some(&bound), generics);
    let cloned = parameters(Some(&clone), generics);
    let args = arguments(Some(&transport), generics);
    let clause = &generics.where_clause;
    let types = type_arguments(generics);
    let marker =
        (!types.is_empty()).then(|| quote!(, ::core::marker::PhantomData<fn() -> (#(#types,)*)>));
    let phantom = (!types.is_empty()).then(|| quote!(, ::core::marker::PhantomData));
    let methods = service
        .methods
        .iter()
        .map(|method| stub(service, method, &transport));
    let refused = service
        .refused
        .iter()
        .map(|method| refused::stub(service, method, &transport));
    let leading = with_leading(service, &transport, phantom.as_ref());
    let describe = describe(service, &client);
    let generated = generated();
    let doc = format!("Calls the methods of [`{name}`] on a server. Cloning is cheap.");
    quote! {
        #[doc = #doc]
        #generated
        #vis struct #client #declaration (#krate::__private::Client<#transport> #marker) #clause;

        #generated
        impl #params #client #args #clause {
            /// Creates a stub that sends its calls through `client`.
            pub fn new(client: impl #krate::__private::IntoClient<Transport = #transport>) -> Self {
                Self(#krate::__private::IntoClient::into_client(client) #phantom)
            }

            /// The client that sends the calls.
            pub fn client(&self) -> &#krate::__private::Client<#transport> {
                &self.0
            }

            #leading

            #(#methods)*

            #(#refused)*
        }

        #describe

        #generated
        impl #cloned ::core::clone::Clone for #client #args #clause {
            fn clone(&self) -> Self {
                Self(::core::clone::Clone::clone(&self.0) #phantom)
            }
        }

        #generated
        impl #declared ::core::fmt::Debug for #client #args #clause {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(&self.0, f)
            }
        }
    }
}

/// A name for the type of the transport. A parameter of a method cannot have the same name.
fn transport(service: &Service) -> Ident {
    let methods = service.methods.iter().map(|method| &method.generics);
    let refused = service.refused.iter().map(|method| &method.generics);
    let all: Vec<_> = methods
        .chain(refused)
        .chain([service.generics()])
        .filter(|generics| !generics.params.is_empty())
        .collect();
    free_name("T", &all)
}

/// `with_leading_params`, which a trait with parameters by name cannot have, and `with_leading_members`.
fn with_leading(
    service: &Service,
    transport: &Ident,
    phantom: Option<&TokenStream>,
) -> TokenStream {
    let krate = &service.krate;
    let mut methods = service.methods.iter();
    let is_impossible = methods.any(|method| method.leading == Leading::Impossible);
    let refusal = is_impossible.then(|| {
        quote!(where #krate::__private::StubOf<#transport>: #krate::__private::TakesLeadingParams)
    });
    let hidden = is_impossible.then(|| quote!(#[doc(hidden)]));
    quote! {
        /// Sends `params` before the parameters of each call, for example a token. See
        /// `xmlrpc_core::Client::with_leading_params`.
        #hidden
        #[must_use]
        pub fn with_leading_params(self, params: impl #krate::__private::IntoParams) -> Self #refusal {
            Self(#krate::__private::Client::with_leading_params(self.0, params) #phantom)
        }

        /// Adds `members` to the struct that is the parameter of each call. See
        /// `xmlrpc_core::Client::with_leading_members`.
        #[must_use]
        pub fn with_leading_members(self, members: impl #krate::__private::IntoMembers) -> Self {
            Self(#krate::__private::Client::with_leading_members(self.0, members) #phantom)
        }
    }
}

/// `describe`, only for the client with a `BoxTransport`, so that `NameClient::describe()` needs no
/// type annotation.
fn describe(service: &Service, client: &Ident) -> TokenStream {
    let krate = &service.krate;
    let generics = service.generics();
    let params = parameters(None, generics);
    let own = generics.params.iter().filter_map(|param| match param {
        GenericParam::Type(param) => Some(&param.ident),
        GenericParam::Const(param) => Some(&param.ident),
        GenericParam::Lifetime(_) => None,
    });
    let clause = &generics.where_clause;
    let name = service.name().to_string();
    let help = &service.help;
    let scope = description::scope(service);
    let methods = service.methods.iter().map(|method| {
        let cfg = &method.cfg;
        let description = description::method(service, method);
        quote!(#(#cfg)* #description)
    });
    let generated = generated();
    quote! {
        #generated
        impl #params #client<#krate::__private::BoxTransport, #(#own),*> #clause {
            /// Describes the service: its methods with their parameters, results and documentation.
            /// Nothing is sent.
            pub fn describe() -> #krate::__private::ServiceDescription {
                #scope
                #krate::__private::describe_service(#name, #help, [#(#methods),*])
            }
        }
    }
}

fn stub(service: &Service, method: &Method, transport: &Ident) -> TokenStream {
    let krate = &service.krate;
    let ident = &method.ident;
    let name = &method.name;
    let writer = Ident::new("params", Span::mixed_site());
    let wire = || {
        method
            .params
            .iter()
            .filter(|param| !matches!(param.kind, ParamKind::Context))
    };
    let inputs = wire().map(|param| {
        let (ident, ty) = (&param.ident, &param.ty);
        quote!(#ident: #ty)
    });
    let statements: Vec<_> = if method.by_name {
        let members = wire().collect::<Vec<_>>();
        let members = members
            .into_iter()
            .rev()
            .fold(quote!(()), |rest, param| member(krate, param, &rest));
        vec![quote!(#writer.named(#members);)]
    } else {
        let only_client = service.only_client();
        wire()
            .map(|param| write(param, only_client, &writer))
            .collect()
    };
    let result = match &method.output {
        Output::Plain(ty) => quote!(#ty),
        Output::Result { ok: Some(ty), .. } => quote!(#ty),
        Output::Result { ty, ok: None, .. } => {
            quote_spanned!(ty.span()=> <#ty as #krate::__private::MethodResult>::Ok)
        }
    };
    let attrs = all([&method.docs[..], &method.cfg, &method.deprecated]);
    // After the doc comment of the trait, because its first line is the summary.
    let doc = (!method.docs.is_empty()).then(|| quote!(#[doc = ""]));
    let calls = format!("Calls `{name}`.");
    let generics = &method.generics;
    let clause = &method.generics.where_clause;
    let mutable = (!statements.is_empty()).then(|| quote!(mut));
    // If the result cannot be decoded, the error points at its type. An alias of `Result` is already
    // checked in the signature.
    let decoded = match &method.output {
        Output::Result { ok: None, .. } => quote!(_),
        _ => result.clone(),
    };
    let call = match &method.envelope {
        // The compiler suggests the bound of the type parameter, which is then a public trait.
        None if service.only_client() && is_open(&method.generics, &result) => {
            quote_spanned! {method.output.span()=>
                #krate::__private::call_open::<#transport, #decoded>
            }
        }
        None => {
            quote_spanned!(method.output.span()=> #krate::__private::call::<#transport, #decoded>)
        }
        Some(envelope) => quote_spanned! {method.output.span()=>
            #krate::__private::call_with_envelope::<#transport, #result, #envelope<#result>>
        },
    };
    let begin = match method.leading {
        Leading::Sent => quote!(begin),
        Leading::NotSent => quote!(begin_without_leading),
        Leading::Impossible => quote!(begin_by_name),
    };
    let check = match &method.output {
        Output::Result {
            ty,
            ok: Some(ok),
            is_alias: true,
        } => Some(quote_spanned!(ty.span()=> #krate::__private::result_of::<#ty, #ok>();)),
        _ => None,
    };
    let idempotent = method.idempotent.then(|| quote!(.idempotent()));
    quote_spanned! {ident.span()=>
        #attrs
        #doc
        #[doc = #calls]
        pub fn #ident #generics (&self, #(#inputs),*) -> #krate::__private::Call<#transport, #result> #clause {
            let #mutable #writer = #krate::__private::#begin(&self.0, #name);
            #(#statements)*
            #check
            #call(&self.0, #name, #writer) #idempotent
        }
    }
}

/// Whether a type mentions a type parameter of the method.
fn is_open(generics: &Generics, ty: &TokenStream) -> bool {
    generics
        .type_params()
        .any(|param| mentions(ty.clone(), &param.ident))
}

fn mentions(tokens: TokenStream, name: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        _ => false,
    })
}

/// The statement that encodes an argument.
fn write(param: &Param, only_client: bool, writer: &Ident) -> TokenStream {
    let ident = &param.ident;
    let span = param.ty.span();
    match &param.kind {
        ParamKind::Context => TokenStream::new(),
        ParamKind::Reference(_) => quote_spanned!(span=> #writer.param(#ident);),
        // The type may be one that an expression cannot name, such as `impl Serialize`.
        ParamKind::Rest(_) if only_client => quote_spanned!(span=> #writer.rest(&#ident);),
        ParamKind::Rest(ty) => quote_spanned!(span=> #writer.rest::<#ty>(&#ident);),
        ParamKind::Value(_)
        | ParamKind::OptionalReference {
            trailing: false, ..
        } => {
            quote_spanned!(span=> #writer.param(&#ident);)
        }
        ParamKind::Optional(_) | ParamKind::OptionalReference { .. } => {
            quote_spanned!(span=> #writer.optional(::core::option::Option::as_ref(&#ident));)
        }
    }
}

/// An argument as a struct member, followed by the `rest`.
fn member(krate: &syn::Path, param: &Param, rest: &TokenStream) -> TokenStream {
    let ident = &param.ident;
    let name = &param.member;
    let span = param.ty.span();
    let value = match &param.kind {
        ParamKind::Reference(_) => quote_spanned!(span=> ::core::option::Option::Some(#ident)),
        ParamKind::Optional(_) | ParamKind::OptionalReference { .. } => {
            quote_spanned!(span=> ::core::option::Option::as_ref(&#ident))
        }
        ParamKind::Value(_) | ParamKind::Rest(_) | ParamKind::Context => {
            quote_spanned!(span=> ::core::option::Option::Some(&#ident))
        }
    };
    let member = quote_spanned!(span=> #krate::__private::member(#name, #value));
    quote!((#member, #rest))
}
