use syn::{
    FnArg, GenericParam, Ident, LitStr, Pat, Receiver, ReceiverKind, ReturnType, Safety, Signature,
    TraitItemFn, Type, ext::IdentExt,
};

use super::{help, names, only, params as rules, source};
use crate::{
    attr::{MethodAttr, ParamAttr, ServiceAttr, refuse},
    errors::Errors,
    model::{Method, Output, Param, ParamKind, Runs},
    types,
};

const MUTABLE: &str = "a method cannot change what its caller has: take it by `&` or by value, and return what is new";

/// Reads a method and takes our attributes off it; nothing where it has a mistake.
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
    let runs = runs(&attr, signature, &mut own);

    let ident = signature.ident.clone();
    let rust_name = ident.unraw().to_string();
    if names::OF_THE_STUB.contains(&rust_name.as_str()) {
        own.at(
            &ident,
            format_args!(
                "the stub has a `{rust_name}` of its own; call the method otherwise, \
                 and say `#[xmlrpc(name = \"{rust_name}\")]`"
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
        runs,
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

fn runs(attr: &MethodAttr, signature: &Signature, errors: &mut Errors) -> Runs {
    match (attr.run_to_completion, attr.blocking) {
        (Some(_), Some(blocking)) => {
            errors.push(syn::Error::new(
                blocking,
                "a method that blocks runs to its end anyway: leave `run_to_completion` out",
            ));
        }
        (_, Some(blocking)) if signature.asyncness.is_some() => {
            errors.push(syn::Error::new(
                blocking,
                "`blocking` is for a method that is no `async fn`: leave `async` out, \
                 or call what blocks through `tokio::task::spawn_blocking`",
            ));
        }
        (Some(span), None) if signature.asyncness.is_none() => {
            errors.push(syn::Error::new(
                span,
                "a method that is no `async fn` runs to its end anyway: leave `run_to_completion` out",
            ));
        }
        _ => {}
    }
    match (attr.run_to_completion, attr.blocking) {
        (_, Some(_)) => Runs::Blocking,
        (Some(_), None) => Runs::ToCompletion,
        (None, None) => Runs::Within,
    }
}

fn check_signature(signature: &Signature, errors: &mut Errors) {
    for param in &signature.generics.params {
        match param {
            GenericParam::Lifetime(_) => {}
            param => errors.at(
                param,
                "a method cannot be generic: a caller has no way to say which types it means; \
                 make it a parameter of the trait",
            ),
        }
    }
    if let Some(constness) = &signature.constness {
        errors.at(constness, "a method of a service cannot be `const`");
    }
    if let Safety::Unsafe(unsafety) = &signature.safety {
        errors.at(
            unsafety,
            "a method of a service cannot be `unsafe`: the generated code calls it",
        );
    }
    if let Some(abi) = &signature.abi {
        errors.at(abi, "a method of a service cannot be `extern`");
    }
    if let Some(variadic) = &signature.variadic {
        errors.at(variadic, "a method of a service cannot be variadic");
    }
    match signature.receiver() {
        Some(Receiver {
            kind: ReceiverKind::Reference(_, _, None),
            ..
        }) => {}
        Some(receiver) => errors.at(
            receiver,
            "a method of a service takes `&self`: its calls run at the same time; \
             keep what changes in a `Mutex` or an atomic",
        ),
        None => errors.at(
            &signature.ident,
            "a method of a service takes `&self` as its first parameter",
        ),
    }
}

/// The parameters without the receiver; nothing where one has a mistake.
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
                let message = "`&self` is not on the wire: `#[xmlrpc]` goes on the method, or on a parameter after it";
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

/// An `Option` that a parameter follows which is none has to be there, as nil at least, unless
/// each has a name.
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
                "a parameter of a service's method has a plain name: callers see it; take it apart in the method",
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
                "the context is taken by reference: `#[xmlrpc(context)] cx: &Context`",
            );
            None
        }
    }
}

/// The type of one of those that `#[xmlrpc(rest)]` takes.
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
            "`rest` takes a list of all parameters that follow: `#[xmlrpc(rest)] words: Vec<String>` or `words: &[String]`",
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
                "the context of a call is not on the wire: mark it, `#[xmlrpc(context)] cx: &Context`",
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

/// `inner` as it is decoded, or the reason why `whole` cannot be a parameter.
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
    // The error of a `Result` is no type of the wire: it becomes a fault.
    let result = types::arguments(ty, "Result");
    let sent = match result.as_deref() {
        Some([ok, _]) => ok,
        _ => ty,
    };
    if let Some(unfit) = types::unfit(sent) {
        let why = match unfit.ty {
            Type::Reference(_) => {
                "a result is sent away and received by another program, and so cannot borrow; return what is owned"
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
                "`{}` cannot be a result: it is sent away and received by another program, and so cannot borrow; \
                 return what is owned",
                source(ty)
            ),
        );
        return None;
    }
    Some(match result {
        Some(arguments) => Output::Result {
            ok: match arguments.as_slice() {
                [ok, _] => Some(Box::new((*ok).clone())),
                _ => None,
            },
            ty: ty.clone(),
        },
        None => Output::Plain(ty.clone()),
    })
}
