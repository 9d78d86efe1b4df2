use syn::{
    FnArg, GenericParam, Ident, LitStr, Pat, Path, Receiver, ReceiverKind, ReturnType, Safety,
    Signature, TraitItemFn, Type, ext::IdentExt,
};

use super::{LIFTED, help, kind, names, only, open_result, params as rules, source};
use crate::{
    attr::{MethodAttr, ParamAttr, ServiceAttr, refuse},
    errors::Errors,
    model::{Execution, Leading, Method, Output, Param, ParamKind, RefusedMethod},
    types,
};

/// Checks a method and removes our attributes from it. A method with an error is refused.
pub(super) fn check(
    function: &mut TraitItemFn,
    service: &ServiceAttr,
    errors: &mut Errors,
) -> Result<Method, Option<Box<RefusedMethod>>> {
    let mut own = Errors::default();
    let only_client = service.only_client();
    let attr = MethodAttr::take(&mut function.attrs, &mut own);
    let (params, sent) = params(&mut function.sig, &attr, only_client, &mut own);
    let signature = &function.sig;
    check_signature(signature, only_client, &mut own);
    let output = output(&signature.output, &mut own);
    if let Some(output) = &output {
        open_result::check(output, &signature.generics, &mut own);
    }
    let execution = execution(&attr, signature, &mut own);
    let envelope = envelope(&attr, service, &mut own);

    let ident = signature.ident.clone();
    let rust_name = ident.unraw().to_string();
    if names::OF_THE_STUB.contains(&rust_name.as_str()) {
        own.at(
            &ident,
            format_args!(
                "the generated client already has a method `{rust_name}`; \
                 rename this one and add `#[xmlrpc(name = \"{rust_name}\")]`"
            ),
        );
    }
    let (name, name_span) = if let Some(name) = &attr.name {
        (name.value(), name.span())
    } else {
        let case = service.rename_all;
        (
            case.map_or_else(|| rust_name.clone(), |case| case.apply(&rust_name)),
            ident.span(),
        )
    };
    let name = names::qualified(service, &name);
    let aliases: Vec<_> = attr
        .aliases
        .iter()
        .map(|alias| (LitStr::value(alias), alias.span()))
        .collect();
    for (name, span) in
        std::iter::once((&name, name_span)).chain(aliases.iter().map(|(name, span)| (name, *span)))
    {
        if let Some(flaw) = names::flaw(name) {
            own.push(syn::Error::new(span, flaw));
        }
    }

    let (params, output) = match (own.take(), params, output) {
        (None, Some(params), Some(output)) => (params, output),
        (found, ..) => {
            errors.extend(found);
            return Err(refused(function, sent));
        }
    };
    let docs = only(&function.attrs, &["doc"]);
    Ok(Method {
        is_async: signature.asyncness.is_some(),
        execution,
        name,
        name_span,
        aliases,
        idempotent: attr.idempotent.is_some(),
        help: help(&docs),
        docs,
        cfg: only(&function.attrs, &["cfg"]),
        deprecated: only(&function.attrs, &["deprecated"]),
        generics: signature.generics.clone(),
        by_name: attr.params.is_some(),
        params,
        output,
        envelope,
        leading: match (attr.no_leading, attr.params) {
            (Some(_), _) => Leading::NotSent,
            (None, Some(_)) => Leading::Impossible,
            (None, None) => Leading::Sent,
        },
        ident,
    })
}

/// What a client has instead of a method with an error. A method of the client itself stays.
fn refused(function: &TraitItemFn, params: Vec<Type>) -> Option<Box<RefusedMethod>> {
    let signature = &function.sig;
    if names::OF_THE_STUB.contains(&signature.ident.unraw().to_string().as_str()) {
        return None;
    }
    let output = match &signature.output {
        ReturnType::Default => syn::parse_quote!(()),
        ReturnType::Type(_, ty) => types::bare(ty).clone(),
    };
    Some(Box::new(RefusedMethod {
        ident: signature.ident.clone(),
        cfg: only(&function.attrs, &["cfg"]),
        generics: signature.generics.clone(),
        has_receiver: signature.receiver().is_some(),
        params,
        output,
    }))
}

/// The envelope of a method: its own, or that of the trait.
fn envelope(attr: &MethodAttr, service: &ServiceAttr, errors: &mut Errors) -> Option<Path> {
    if let Some(path) = &attr.envelope
        && !service.only_client()
    {
        errors.at(path, super::ENVELOPE_OF_A_SERVER);
    }
    if let Some(span) = attr.no_envelope {
        let message = match (&attr.envelope, &service.envelope) {
            (Some(_), _) => "a method cannot have both `envelope` and `no_envelope`; remove one",
            (None, None) => "the trait has no `envelope`; remove `no_envelope`",
            (None, Some(_)) => return None,
        };
        errors.push(syn::Error::new(span, message));
    }
    attr.envelope
        .as_ref()
        .or(service.envelope.as_ref())
        .cloned()
}

fn execution(attr: &MethodAttr, signature: &Signature, errors: &mut Errors) -> Execution {
    match (attr.run_to_completion, attr.blocking) {
        (Some(_), Some(blocking)) => {
            errors.push(syn::Error::new(
                blocking,
                "a `blocking` method always runs to completion; remove `run_to_completion`",
            ));
        }
        (_, Some(blocking)) if signature.asyncness.is_some() => {
            errors.push(syn::Error::new(
                blocking,
                "an `async fn` cannot be `blocking`; remove `async`, \
                 or call the blocking code with `tokio::task::spawn_blocking`",
            ));
        }
        (Some(span), None) if signature.asyncness.is_none() => {
            errors.push(syn::Error::new(
                span,
                "a method that is not an `async fn` always runs to completion; remove `run_to_completion`",
            ));
        }
        _ => {}
    }
    match (attr.run_to_completion, attr.blocking) {
        (_, Some(_)) => Execution::Blocking,
        (Some(_), None) => Execution::ToCompletion,
        (None, None) => Execution::InRequest,
    }
}

fn check_signature(signature: &Signature, only_client: bool, errors: &mut Errors) {
    for param in &signature.generics.params {
        match param {
            GenericParam::Lifetime(_) => {}
            _ if only_client => {}
            param => errors.at(
                param,
                format_args!(
                    "a service method cannot be generic, because a caller cannot choose the types; \
                     use a type parameter of the trait{LIFTED}"
                ),
            ),
        }
    }
    if let Some(constness) = &signature.constness {
        errors.at(constness, "a service method cannot be `const`");
    }
    if let Safety::Unsafe(unsafety) = &signature.safety {
        errors.at(
            unsafety,
            "a service method cannot be `unsafe`, because generated code calls it",
        );
    }
    if let Some(abi) = &signature.abi {
        errors.at(abi, "a service method cannot be `extern`");
    }
    if let Some(variadic) = &signature.variadic {
        errors.at(variadic, "a service method cannot be variadic");
    }
    match signature.receiver() {
        Some(Receiver {
            kind: ReceiverKind::Reference(_, _, None),
            ..
        }) => {}
        Some(receiver) => errors.at(
            receiver,
            "a service method takes `&self`, because its calls run concurrently; \
             keep mutable state in a `Mutex` or an atomic",
        ),
        None => errors.at(
            &signature.ident,
            "a service method must take `&self` as its first parameter",
        ),
    }
}

/// The parameters without the receiver, or `None` if one of them has an error. Also the types of those
/// that are sent.
fn params(
    signature: &mut Signature,
    method: &MethodAttr,
    only_client: bool,
    errors: &mut Errors,
) -> (Option<Vec<Param>>, Vec<Type>) {
    let mut params = Vec::new();
    let mut sent = Vec::new();
    let mut complete = true;
    for input in &mut signature.inputs {
        let typed = match input {
            FnArg::Typed(typed) => typed,
            FnArg::Receiver(receiver) => {
                let message = "`&self` is not sent; put `#[xmlrpc]` on the method or on a parameter after `&self`";
                refuse(&mut receiver.attrs, message, errors);
                continue;
            }
        };
        let attr = ParamAttr::take(&mut typed.attrs, errors);
        let ident = ident(&typed.pat, errors);
        let kind = if attr.context.is_some() {
            kind::context(&typed.ty, errors)
        } else {
            sent.push((*typed.ty).clone());
            kind::sent(&typed.ty, attr.rest.is_some(), only_client, errors)
        };
        match (ident, kind) {
            (Some(ident), Some(kind)) => {
                let ty = (*typed.ty).clone();
                params.push(rules::param(ident, ty, kind, attr, method, errors));
            }
            _ => complete = false,
        }
    }
    rules::check(&params, method, errors);
    mark_trailing(&mut params, method.params.is_some(), only_client);
    (complete.then_some(params), sent)
}

/// Finds out which `Option`s a caller may leave out. By position, these are the ones that no required
/// parameter follows; an earlier one is sent as nil. By name, all may be left out.
fn mark_trailing(params: &mut [Param], by_name: bool, only_client: bool) {
    let mut trailing = true;
    for param in params.iter_mut().rev() {
        match &mut param.kind {
            ParamKind::Context | ParamKind::Rest(_) => {}
            ParamKind::Optional(_) => {
                if !trailing {
                    param.kind = ParamKind::Value(kind::as_decoded(&param.ty, only_client));
                }
            }
            ParamKind::OptionalReference { trailing: is, .. } => *is = trailing,
            ParamKind::Value(_) | ParamKind::Reference(_) => {
                trailing &= by_name || param.default.is_some();
            }
        }
    }
}

fn ident(pat: &Pat, errors: &mut Errors) -> Option<Ident> {
    match pat {
        Pat::Ident(pat)
            if pat.by_ref.is_none() && pat.mutability.is_none() && pat.subpat.is_none() =>
        {
            Some(pat.ident.clone())
        }
        pat => {
            errors.at(
                pat,
                "a parameter of a service method must have a plain name, because callers see it; destructure it in the body",
            );
            None
        }
    }
}

fn output(output: &ReturnType, errors: &mut Errors) -> Option<Output> {
    let ty = match output {
        ReturnType::Default => return Some(Output::Plain(syn::parse_quote!(()))),
        ReturnType::Type(_, ty) => types::bare(ty),
    };
    // The error of a `Result` is not sent as it is: it becomes a fault.
    let result = types::arguments(ty, "Result");
    let sent = match result.as_deref() {
        Some([ok, _]) => ok,
        _ => ty,
    };
    if let Some(unfit) = types::unfit(sent, false) {
        let why = match unfit.ty {
            Type::Reference(_) => {
                "a result is sent to another program and cannot borrow; return an owned type"
            }
            _ => unfit.why,
        };
        errors.at(
            unfit.ty,
            format_args!("`{}` cannot be a result: {why}", source(ty)),
        );
        return None;
    }
    if types::has_lifetime(sent) {
        errors.at(
            ty,
            format_args!(
                "`{}` cannot be a result: a result is sent to another program and cannot borrow; return an owned type",
                source(ty)
            ),
        );
        return None;
    }
    Some(match result {
        Some(arguments) => Output::Result {
            ok: match arguments.as_slice() {
                [ok] | [ok, _] => Some(Box::new((*ok).clone())),
                _ => None,
            },
            is_alias: arguments.len() < 2,
            ty: ty.clone(),
        },
        None => Output::Plain(ty.clone()),
    })
}
