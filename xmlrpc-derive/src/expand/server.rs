//! The generated server, `NameServer`: a table of methods. Each entry decodes, calls and encodes.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Ident, Type, spanned::Spanned};

use super::{
    arguments, declaration, decode, description, generated, parameters, type_arguments,
    type_parameter,
};
use crate::{
    model::{Execution, Method, Output, Param, ParamKind, Service},
    types::bare,
};

/// Expands the server. If the trait has errors (`is_sound` is false), the server accepts any type and has
/// no methods, so that no further errors follow from the first.
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
    let generated = generated();
    let methods = service.methods.iter().filter(|_| is_sound);
    let rows = methods.map(|method| row(service, method));
    let checks = service
        .methods
        .iter()
        .filter_map(|method| no_hidden_result(service, method));
    // A method that `cfg` removes counts as well: the queue is then not used.
    let mut executions = service.methods.iter().map(|method| method.execution);
    let blocks = executions
        .any(|execution| matches!(execution, Execution::Blocking))
        .then(|| {
            quote!(
                const BLOCKS: bool = true;
            )
        });
    let trait_name = name.to_string();
    let help = Some(&service.help).filter(|help| !help.is_empty());
    let help = help.map(|help| quote!(const HELP: &'static str = #help;));
    let doc = format!("Serves an implementation of [`{name}`]. Pass it to `Dispatcher::service`.");
    quote! {
        #[doc = #doc]
        #generated
        #vis struct #server #declared (#implementation #marker) #clause;

        #generated
        impl #params #server #args #clause {
            /// Creates a server that calls the methods of `service`. Pass an `Arc` to serve several
            /// traits from one state.
            pub fn new(service: #implementation) -> Self {
                Self(service #phantom)
            }

            /// Adds a layer around the methods. See `xmlrpc_core::service` for examples.
            pub fn layer(
                self,
                layer: impl #krate::__private::RpcLayer,
            ) -> #krate::__private::Layered<Self> {
                #krate::__private::Layered::new(self, layer)
            }
        }

        #generated
        impl #params #krate::__private::Service for #server #args #clause {
            const NAME: &'static str = #trait_name;
            #help
            #blocks
            fn methods(self) -> #krate::__private::Methods {
                #krate::__private::Methods::new(self, [#(#rows),*])
            }
        }

        #(#checks)*
    }
}

/// A row of the method table.
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

/// The function of the row: decodes the parameters, runs the method and encodes the response.
///
/// Our own variables have `mixed_site` spans, so that they cannot collide with the user's names.
fn call(service: &Service, method: &Method) -> TokenStream {
    let krate = &service.krate;
    let trait_name = service.name();
    let implementation = type_parameter("S", service.generics());
    let own = arguments(None, service.generics());
    let ident = &method.ident;
    let [this, rpc, reader, encoder] =
        ["this", "call", "params", "encoder"].map(|name| Ident::new(name, Span::mixed_site()));
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
        .map(|param| pass(service, param, &encoder));
    let wait = method.is_async.then(|| quote!(.await));
    let encode = match &method.output {
        Output::Plain(ty) => {
            quote_spanned!(ty.span()=> #krate::__private::encode::<#ty>(&#encoder, &#result))
        }
        Output::Result { ty, .. } => quote_spanned! {ty.span()=>
            #krate::__private::encode_result(&#encoder, #result)
        },
    };
    let body = quote! {
        #(#defaults)*
        let #result = <#implementation as #trait_name #own>::#ident(&#this.0, #(#passed),*) #wait;
        #encode
    };
    let run = match method.execution {
        Execution::InRequest => quote!(#krate::__private::Box::pin(async move { #body })),
        Execution::ToCompletion => {
            quote!(#krate::__private::run_to_completion(async move { #body }))
        }
        Execution::Blocking => quote! {
            #krate::__private::blocking(
                #krate::__private::queue(&#encoder),
                move || { #body },
            )
        },
    };
    quote! {
        |#this, #rpc| {
            let #rpc = #rpc.decode(|#reader| {
                #reads
                #reader.end()?;
                ::core::result::Result::Ok((#(#variables,)*))
            });
            let ((#(#variables,)*), #encoder) = match #rpc {
                ::core::result::Result::Ok(#rpc) => #rpc,
                ::core::result::Result::Err(fault) => return #krate::__private::refuse(fault),
            };
            let #this = ::core::clone::Clone::clone(#this);
            #run
        }
    }
}

/// The argument to pass to the method.
fn pass(service: &Service, param: &Param, encoder: &Ident) -> TokenStream {
    let krate = &service.krate;
    let ident = param.variable();
    match &param.kind {
        ParamKind::Context => quote!(#encoder.context()),
        // The statement for the default has already lent it.
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

/// The assertion that a return type is not an alias of `Result` with another name. serde would send
/// it as a struct: `{"Ok": 3}`.
///
/// In a generic trait, a constant cannot use the trait's parameters, so nothing is asserted.
fn no_hidden_result(service: &Service, method: &Method) -> Option<TokenStream> {
    let krate = &service.krate;
    let Output::Plain(ty) = &method.output else {
        return None;
    };
    if !service.generics().params.is_empty() {
        return None;
    }
    let cfg = &method.cfg;
    let message = format!(
        "`{}` returns an alias of `Result` with another name, which would be sent as a struct; write `Result<…>` in the trait, or name the alias `Result`",
        method.ident
    );
    Some(quote_spanned! {ty.span()=>
        #(#cfg)*
        const _: () = {
            #[allow(unused_imports)]
            use #krate::__private::NoResult as _;
            ::core::assert!(!#krate::__private::TypeProbe::<#ty>::IS_RESULT, #message);
        };
    })
}
