use syn::{
    FnArg, GenericParam, Ident, LitStr, Pat, Receiver, ReceiverKind, ReturnType, Safety, Signature,
    TraitItemFn, Type, ext::IdentExt,
};

use super::{help, names, only, params as rules, source};
use crate::{
    attr::{MethodAttr, ParamAttr, ServiceAttr, refuse},
    errors::Errors,
    model::{Execution, Method, Output, Param, ParamKind},
    types,
};

const MUTABLE: &str = "a method cannot modify the values of its caller; take the parameter by `&` or by value, and return the new value";

/// Checks a method and removes our attributes from it. Returns `None` if it has an error.
pub(super) fn check(
    function: &mut TraitItemFn,
    service: &ServiceAttr,
    errors: &mut Errors,
) -> Option<Method> {
    let mut own = Errors::default();
    let attr = MethodAttr::take(&mut function.attrs, &mut own);
    let params = params(&mut function.sig, &attr, &mut own);
    let signature = &function.sig;
    check_signature(signature, &mut own);
    let output = output(&signature.output, &mut own);
    let execution = execution(&attr, signature, &mut own);

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

    if let Some(found) = own.take() {
        errors.push(found);
        return None;
    }
    let docs = only(&function.attrs, &["doc"]);
    Some(Method {
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
        params: params?,
        output: output?,
        ident,
    })
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

fn check_signature(signature: &Signature, errors: &mut Errors) {
    for param in &signature.generics.params {
        match param {
            GenericParam::Lifetime(_) => {}
            param => errors.at(
                param,
                "a service method cannot be generic, because a caller cannot choose the types; \
                 use a type parameter of the trait",
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

/// The parameters without the receiver. Returns `None` if one of them has an error.
fn params(
    signature: &mut Signature,
    method: &MethodAttr,
    errors: &mut Errors,
) -> Option<Vec<Param>> {
    let mut params = Vec::new();
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
            context(&typed.ty, errors)
        } else if attr.rest.is_some() {
            rest(&typed.ty, errors)
        } else {
            kind(&typed.ty, errors)
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
    mark_trailing(&mut params, method.params.is_some());
    complete.then_some(params)
}

/// Finds out which `Option`s a caller may leave out. By position, these are the ones that no required
/// parameter follows; an earlier one is sent as nil. By name, all may be left out.
fn mark_trailing(params: &mut [Param], by_name: bool) {
    let mut trailing = true;
    for param in params.iter_mut().rev() {
        match &mut param.kind {
            ParamKind::Context | ParamKind::Rest(_) => {}
            ParamKind::Optional(_) => {
                if !trailing {
                    param.kind = ParamKind::Value(types::without_lifetimes(&param.ty));
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

fn context(ty: &Type, errors: &mut Errors) -> Option<ParamKind> {
    match types::bare(ty) {
        Type::Reference(reference) if reference.mutability.is_none() => Some(ParamKind::Context),
        ty => {
            errors.at(
                ty,
                "take the context by reference: `#[xmlrpc(context)] cx: &Context`",
            );
            None
        }
    }
}

/// The kind of a parameter with `#[xmlrpc(rest)]`.
fn rest(ty: &Type, errors: &mut Errors) -> Option<ParamKind> {
    let ty = types::bare(ty);
    let element = match ty {
        Type::Reference(reference) if reference.mutability.is_none() => {
            match types::bare(&reference.elem) {
                Type::Slice(slice) => Some(&*slice.elem),
                _ => None,
            }
        }
        ty => types::arguments(ty, "Vec").and_then(|arguments| match arguments.as_slice() {
            [element] => Some(*element),
            _ => None,
        }),
    };
    let Some(element) = element else {
        errors.at(
            ty,
            "`rest` expects a list: `#[xmlrpc(rest)] words: Vec<String>` or `#[xmlrpc(rest)] words: &[String]`",
        );
        return None;
    };
    fit(element, ty, errors).map(ParamKind::Rest)
}

fn kind(ty: &Type, errors: &mut Errors) -> Option<ParamKind> {
    let ty = types::bare(ty);
    if let Type::Reference(reference) = ty {
        if types::arguments(&reference.elem, "Context").is_some() {
            errors.at(
                ty,
                "a `&Context` must be marked, because it is not sent: `#[xmlrpc(context)] cx: &Context`",
            );
            return None;
        }
        if reference.mutability.is_some() {
            errors.at(ty, MUTABLE);
            return None;
        }
        let referent = fit(&reference.elem, ty, errors)?;
        return Some(ParamKind::Reference(referent));
    }
    if let Some(inner) = types::option(ty) {
        return Some(match types::bare(inner) {
            Type::Reference(reference) if reference.mutability.is_some() => {
                errors.at(inner, MUTABLE);
                return None;
            }
            Type::Reference(reference) => ParamKind::OptionalReference {
                referent: fit(&reference.elem, ty, errors)?,
                trailing: false,
            },
            inner => ParamKind::Optional(fit(inner, ty, errors)?),
        });
    }
    fit(ty, ty, errors).map(ParamKind::Value)
}

/// The type to decode for `inner`. Reports why `whole` cannot be a parameter.
fn fit(inner: &Type, whole: &Type, errors: &mut Errors) -> Option<Type> {
    if let Some(unfit) = types::unfit(inner) {
        let message = format!("`{}` cannot be a parameter: {}", source(whole), unfit.why);
        errors.at(unfit.ty, message);
        return None;
    }
    Some(types::without_lifetimes(inner))
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
    if let Some(unfit) = types::unfit(sent) {
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
