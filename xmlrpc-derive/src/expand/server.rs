//! `NameServer`: the method table and what decodes, calls and encodes.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Ident, Type, spanned::Spanned};

use super::{
    arguments, declaration, decode, description, generated, parameters, type_arguments,
    type_parameter,
};
use crate::{
    model::{Method, Output, Param, ParamKind, Runs, Service},
    types::bare,
};

/// Of a trait that is not sound, a server of anything and of no methods: no `Arc` implements it, and
/// who serves one should not be told.
pub(super) fn expand(service: &Service, is_sound: bool) -> TokenStream {
    let krate = &service.krate;
    let vis = &service.item.vis;
    let name = service.name();
    let server = format_ident!("{name}Server");
    let generics = service.generics();
    let implementation = type_parameter("S", generics);
    let own = arguments(None, generics);
    let bound = if is_sound {
        quote!(#implementation: #name #own)
    } else {
        quote!(#implementation: ::core::marker::Send + ::core::marker::Sync + 'static)
    };
    let declared = declaration(&implementation, generics);
    let params = parameters(Some(&bound), generics);
    let args = arguments(Some(&implementation), generics);
    let clause = &generics.where_clause;
    let types = type_arguments(generics);
    let marker =
        (!types.is_empty()).then(|| quote!(, ::core::marker::PhantomData<fn() -> (#(#types,)*)>));
    let phantom = (!types.is_empty()).then(|| quote!(, ::core::marker::PhantomData));
    let cfg = &service.cfg;
    let generated = generated();
    let methods = service.methods.iter().filter(|_| is_sound);
    let rows = methods.map(|method| row(service, method));
    let checks = service
        .methods
        .iter()
        .filter_map(|method| no_hidden_result(service, method));
    let trait_name = name.to_string();
    let doc = format!("Serves a [`{name}`]: what `Dispatcher::service` takes.");
    quote! {
        #(#cfg)*
        #[doc = #doc]
        #generated
        #vis struct #server #declared (#implementation #marker) #clause;

        #(#cfg)*
        #generated
        impl #params #server #args #clause {
            /// A service that calls the methods of `service`: often an `Arc`, where one state
            /// serves several traits.
            pub fn new(service: #implementation) -> Self {
                Self(service #phantom)
            }

            /// Puts a layer around the methods: `xmlrpc_core::service` shows some.
            pub fn layer(
                self,
                layer: impl #krate::__private::RpcLayer,
            ) -> #krate::__private::Layered<Self> {
                #krate::__private::Layered::new(self, layer)
            }
        }

        #(#cfg)*
        #generated
        impl #params #krate::__private::Service for #server #args #clause {
            const NAME: &'static str = #trait_name;
            fn methods(self) -> #krate::__private::Methods {
                #krate::__private::Methods::new(self, [#(#rows),*])
            }
        }

        #(#checks)*
    }
}

/// The row of the method table.
fn row(service: &Service, method: &Method) -> TokenStream {
    let krate = &service.krate;
    let Method { name, cfg, .. } = method;
    let aliases = method.aliases.iter().map(|(alias, _)| alias);
    let call = call(service, method);
    let scope = description::scope(service);
    let description = description::method(service, method);
    quote! {
        #(#cfg)*
        #krate::__private::Method {
            name: #name,
            aliases: &[#(#aliases),*],
            describe: || {
                #scope
                #description
            },
            call: #call,
        }
    }
}

/// The function of the row: decodes the parameters, makes the future, encodes the answer.
///
/// Our own variables have `mixed_site` spans, so that no parameter of the user's can meet one.
fn call(service: &Service, method: &Method) -> TokenStream {
    let krate = &service.krate;
    let trait_name = service.name();
    let implementation = type_parameter("S", service.generics());
    let own = arguments(None, service.generics());
    let ident = &method.ident;
    let [this, rpc, reader, answer] =
        ["this", "call", "params", "answer"].map(|name| Ident::new(name, Span::mixed_site()));
    let result = Ident::new(
        "result",
        method.output.span().resolved_at(Span::mixed_site()),
    );
    let wire = || {
        method
            .params
            .iter()
            .filter(|param| !matches!(param.kind, ParamKind::Context))
    };
    let reads = decode::reads(krate, method, &reader);
    let variables: Vec<_> = wire().map(Param::variable).collect();
    let defaults = wire().filter_map(|param| decode::default(krate, param));
    let passed = method
        .params
        .iter()
        .map(|param| pass(service, param, &answer));
    let wait = method.is_async.then(|| quote!(.await));
    let encode = match &method.output {
        Output::Plain(ty) => {
            quote_spanned!(ty.span()=> #krate::__private::answer::<#ty>(&#answer, &#result))
        }
        Output::Result { ty, .. } => quote_spanned! {ty.span()=>
            #krate::__private::answer_result(&#answer, #result)
        },
    };
    let body = quote! {
        #(#defaults)*
        let #result = <#implementation as #trait_name #own>::#ident(&#this.0, #(#passed),*) #wait;
        #encode
    };
    let run = match method.runs {
        Runs::Within => quote!(#krate::__private::Box::pin(async move { #body })),
        Runs::ToItsEnd => quote!(#krate::__private::to_its_end(async move { #body })),
        Runs::Blocking => quote!(#krate::__private::blocking(move || { #body })),
    };
    quote! {
        |#this, #rpc| {
            let #rpc = #rpc.decode(|#reader| {
                #reads
                #reader.end()?;
                ::core::result::Result::Ok((#(#variables,)*))
            });
            let ((#(#variables,)*), #answer) = match #rpc {
                ::core::result::Result::Ok(#rpc) => #rpc,
                ::core::result::Result::Err(fault) => return #krate::__private::refuse(fault),
            };
            let #this = ::core::clone::Clone::clone(#this);
            #run
        }
    }
}

/// The argument that the method gets.
fn pass(service: &Service, param: &Param, answer: &Ident) -> TokenStream {
    let krate = &service.krate;
    let ident = param.variable();
    match &param.kind {
        ParamKind::Context => quote!(#answer.context()),
        // The default is what the method takes, lent already.
        _ if param.default.is_some() => quote!(#ident),
        ParamKind::Rest(ty) if matches!(bare(&param.ty), Type::Reference(_)) => {
            quote_spanned!(ty.span()=> &#ident)
        }
        ParamKind::Value(_) | ParamKind::Optional(_) | ParamKind::Rest(_) => quote!(#ident),
        ParamKind::Reference(referent) => quote_spanned! {referent.span()=>
            #krate::__private::lend::<#referent>(&#ident)
        },
        ParamKind::OptionalReference { referent, .. } => quote_spanned! {referent.span()=>
            #krate::__private::lend_option::<#referent>(&#ident)
        },
    }
}

/// The assertion that a result is no `Result` under another name: serde would send `{"Ok": 3}`.
///
/// A type that is generic over the trait's parameters is beyond it.
fn no_hidden_result(service: &Service, method: &Method) -> Option<TokenStream> {
    let krate = &service.krate;
    let Output::Plain(ty) = &method.output else {
        return None;
    };
    if !service.generics().params.is_empty() {
        return None;
    }
    let cfg = service.cfg.iter().chain(&method.cfg);
    let message = format!(
        "`{}` returns a `Result` under another name, which would be sent as a struct: call it `Result` in the trait",
        method.ident
    );
    Some(quote_spanned! {ty.span()=>
        #(#cfg)*
        const _: () = {
            #[allow(unused_imports)]
            use #krate::__private::NoResult as _;
            ::core::assert!(!#krate::__private::Probe::<#ty>::IS_RESULT, #message);
        };
    })
}
