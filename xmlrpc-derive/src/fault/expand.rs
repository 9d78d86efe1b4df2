//! The two implementations: into a fault, and out of one.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Ident, Path, spanned::Spanned};

use super::model::{Code, FaultType, Field, Kind, Message, Text, Variant};

pub(super) fn expand(ty: &FaultType) -> TokenStream {
    let FaultType {
        ident,
        generics,
        krate,
        variants,
        errors,
    } = ty;
    let error = Ident::new("error", Span::mixed_site());
    let fault = Ident::new("fault", Span::mixed_site());
    // With an error in it the type is a fault all the same, so that no other errors follow.
    let (into, out, checks) = if errors.is_empty() {
        let arms = variants.iter().map(|variant| into(krate, variant, &error));
        let reads = variants.iter().map(|variant| out(krate, variant, &fault));
        let other = other(krate, variants, &fault);
        (
            quote!(match #error { #(#arms)* }),
            quote!(#(#reads)* #other),
            checks(krate, variants),
        )
    } else {
        (
            quote!(#krate::__private::internal(::core::option::Option::None, "not compiled")),
            quote!(::core::option::Option::None),
            TokenStream::new(),
        )
    };
    let generated = quote! {
        #[automatically_derived]
        #[allow(unused_variables, deprecated, clippy::all, clippy::pedantic, clippy::nursery)]
    };
    let (params, args, clause) = generics.split_for_impl();
    quote! {
        #errors

        #generated
        impl #params ::core::convert::From<#ident #args> for #krate::__private::Fault #clause {
            fn from(#error: #ident #args) -> Self {
                #into
            }
        }

        #generated
        impl #params #krate::__private::TypedFault for #ident #args #clause {
            fn from_fault(#fault: &#krate::__private::Fault) -> ::core::option::Option<Self> {
                #out
            }
        }

        #checks
    }
}

/// The arm that makes a fault of a variant.
fn into(krate: &Path, variant: &Variant, error: &Ident) -> TokenStream {
    let path = &variant.path;
    let span = variant.span;
    match &variant.kind {
        Kind::Open { code, text } => {
            let (pattern, text) = said(krate, variant, text, error);
            let code = self::code(code);
            quote_spanned!(span=> #path { #pattern } => #krate::__private::open(#code, #text),)
        }
        Kind::Internal { code, log } => {
            let (pattern, log) = said(krate, variant, log, error);
            let code = code.as_ref().map_or_else(
                || quote!(::core::option::Option::None),
                |code| {
                    let code = self::code(code);
                    quote!(::core::option::Option::Some(#code))
                },
            );
            quote_spanned!(span=> #path { #pattern } => #krate::__private::internal(#code, #log),)
        }
        Kind::Other => {
            let all = all(variant);
            let held = variant.fields.iter().enumerate().map(|(index, field)| {
                let variable = variable(index, field);
                quote_spanned!(field.ty.span()=> #krate::__private::other(#variable))
            });
            quote_spanned!(span=> #path { #all } => #(#held)*,)
        }
    }
}

/// What a variant says, and the fields in its pattern that this needs.
fn said(krate: &Path, variant: &Variant, text: &Text, error: &Ident) -> (TokenStream, TokenStream) {
    match text {
        Text::Display => {
            let span = variant.span.resolved_at(Span::mixed_site());
            let error = Ident::new(&error.to_string(), span);
            let text = quote_spanned!(span=> #krate::__private::fault_text(&#error));
            (quote!(..), text)
        }
        Text::Field => {
            let (variable, ty) = match variant.fields.first() {
                Some(field) => (Some(variable(0, field)), Some(&field.ty)),
                None => (None, None),
            };
            (all(variant), quote_spanned!(ty.span()=> #variable))
        }
        Text::Message(message) => {
            let variables = || {
                message.places.iter().filter_map(|place| {
                    let field = variant.fields.get(place.index)?;
                    Some((field, variable(place.index, field)))
                })
            };
            let mut seen = Vec::new();
            let mut pattern = TokenStream::new();
            for (field, variable) in variables() {
                if !seen.contains(&variable) {
                    let member = &field.member;
                    pattern.extend(quote!(#member: #variable,));
                    seen.push(variable);
                }
            }
            let format = format(message);
            let variables = variables().map(|(_, variable)| variable);
            let text = quote!(::core::format_args!(#format #(, #variables)*));
            (quote!(#pattern ..), text)
        }
    }
}

/// The text as a format string, with places by their order.
fn format(message: &Message) -> String {
    let mut format = String::new();
    for (index, literal) in message.literals.iter().enumerate() {
        format.push_str(&literal.replace('{', "{{").replace('}', "}}"));
        if let Some(place) = message.places.get(index) {
            format.push('{');
            if !place.format.is_empty() {
                format.push(':');
                format.push_str(&place.format);
            }
            format.push('}');
        }
    }
    format
}

/// The statements that return the variant, if the fault is its own.
fn out(krate: &Path, variant: &Variant, fault: &Ident) -> TokenStream {
    let path = &variant.path;
    let (code, message) = match &variant.kind {
        Kind::Open { code, text } => (code, Some(text)),
        // The text says nothing of what was inside.
        Kind::Internal {
            code: Some(code), ..
        } if variant.fields.is_empty() => (code, None),
        Kind::Internal { .. } | Kind::Other => return TokenStream::new(),
    };
    let code = self::code(code);
    let found = match message {
        Some(Text::Message(message)) if !message.places.is_empty() => {
            let in_places = message.places.iter().filter_map(|place| {
                let field = variant.fields.get(place.index)?;
                Some(variable(place.index, field))
            });
            let (end, before) = match message.literals.split_last() {
                Some((end, before)) => (end.as_str(), before),
                None => ("", &[][..]),
            };
            let fields: Vec<_> = variant
                .fields
                .iter()
                .enumerate()
                .map(|(index, field)| (variable(index, field), field))
                .collect();
            let variables: Vec<_> = fields.iter().map(|(variable, _)| variable).collect();
            let read = fields.iter().map(|(variable, field)| {
                let ty = &field.ty;
                quote_spanned!(ty.span()=> #krate::__private::field::<#ty>(#variable))
            });
            let all = all(variant);
            quote! {
                if let ::core::option::Option::Some([#(#in_places),*]) =
                    #krate::__private::places(#fault.message(), [#(#before),*], #end)
                {
                    if let (#(::core::option::Option::Some(#variables),)*) = (#(#read,)*) {
                        return ::core::option::Option::Some(#path { #all });
                    }
                }
            }
        }
        _ => quote!(return ::core::option::Option::Some(#path {});),
    };
    quote! {
        if #fault.code() == #code {
            #found
        }
    }
}

/// What is made of a fault that no variant has for its own.
fn other(krate: &Path, variants: &[Variant], fault: &Ident) -> TokenStream {
    let other = variants
        .iter()
        .filter(|variant| matches!(variant.kind, Kind::Other));
    let other = other.flat_map(|variant| {
        variant.fields.iter().map(|field| {
            let (path, ty) = (&variant.path, &field.ty);
            quote_spanned! {ty.span()=>
                ::core::option::Option::map(
                    <#ty as #krate::__private::TypedFault>::from_fault(#fault),
                    #path,
                )
            }
        })
    });
    let mut other = other;
    other
        .next()
        .unwrap_or_else(|| quote!(::core::option::Option::None))
}

/// All fields, each with its variable: a pattern and an expression.
fn all(variant: &Variant) -> TokenStream {
    let fields = variant.fields.iter().enumerate().map(|(index, field)| {
        let (member, variable) = (&field.member, variable(index, field));
        quote!(#member: #variable)
    });
    quote!(#(#fields),*)
}

/// Errors about what a field cannot do are at its type.
fn variable(index: usize, field: &Field) -> Ident {
    let span = field.ty.span().resolved_at(Span::mixed_site());
    Ident::new(&format!("field_{index}"), span)
}

fn code(code: &Code) -> TokenStream {
    match code {
        Code::Literal { value, span } => {
            let mut literal = proc_macro2::Literal::i32_suffixed(*value);
            literal.set_span(*span);
            quote!(#literal)
        }
        Code::Expr(expr) => quote!(#expr),
    }
}

/// Assertions about the codes of which the compiler alone knows the value.
fn checks(krate: &Path, variants: &[Variant]) -> TokenStream {
    let codes: Vec<_> = variants.iter().filter_map(Variant::code).collect();
    let is_unknown = |code: &&Code| matches!(code, Code::Expr(_));
    let Some(first) = codes.iter().position(is_unknown) else {
        return TokenStream::new();
    };
    let unreserved = codes.iter().filter_map(|code| match code {
        Code::Literal { .. } => None,
        Code::Expr(expr) => Some(quote_spanned! {expr.span()=>
            const _: () = ::core::assert!(
                !#krate::__private::is_reserved(#expr),
                "the codes from -32768 to -32000 are reserved for the protocol: take another",
            );
        }),
    });
    let values: Vec<_> = codes.iter().map(|code| self::code(code)).collect();
    let count = values.len();
    // One list for all: as many comparisons as there are pairs would be as much code.
    let single = (first.max(1)..count).map(|index| {
        quote_spanned! {values[index].span()=>
            const _: () = ::core::assert!(
                #krate::__private::is_first(&__CODES, #index),
                "two variants have this code: a client could not tell them apart",
            );
        }
    });
    let single = (count > 1).then(|| {
        quote! {
            const _: () = {
                const __CODES: [::core::primitive::i32; #count] = [#(#values),*];
                #(#single)*
            };
        }
    });
    quote!(#(#unreserved)* #single)
}
