//! The implementations of `From<…> for Fault` and of `TypedFault`.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Ident, Member, Path, ext::IdentExt, spanned::Spanned};

use super::model::{Code, FaultType, Field, Kind, Message, Restored, Text, Variant};

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
    // A type with errors gets the implementations too, so that no further errors follow from the first.
    let (into, out, described, checks) = if errors.is_empty() {
        let arms = variants.iter().map(|variant| into(krate, variant, &error));
        let reads = variants.iter().map(|variant| out(krate, variant, &fault));
        let other = other(krate, variants, &fault);
        (
            quote!(match #error { #(#arms)* }),
            quote!(#(#reads)* #other),
            descriptions(krate, variants),
            checks(krate, variants),
        )
    } else {
        (
            quote!(#krate::__private::internal(::core::option::Option::None, "not compiled")),
            quote!(::core::option::Option::None),
            quote!(#krate::__private::no_faults()),
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

            fn describe_faults() -> #krate::__private::Vec<#krate::__private::FaultDescription> {
                #described
            }
        }

        #checks
    }
}

/// The match arm that converts a variant to its fault.
fn into(krate: &Path, variant: &Variant, error: &Ident) -> TokenStream {
    let path = &variant.path;
    let span = variant.span;
    match &variant.kind {
        Kind::Open { code, text, .. } => {
            let (pattern, text) = pattern_and_text(krate, variant, text, error);
            let code = self::code(code);
            quote_spanned!(span=> #path { #pattern } => #krate::__private::open(#code, #text),)
        }
        Kind::Internal { code, log } => {
            let (pattern, log) = pattern_and_text(krate, variant, log, error);
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

/// The pattern with the fields that the text needs, and the text.
fn pattern_and_text(
    krate: &Path,
    variant: &Variant,
    text: &Text,
    error: &Ident,
) -> (TokenStream, TokenStream) {
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
                message.placeholders.iter().filter_map(|place| {
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

/// The text as a format string with positional placeholders.
fn format(message: &Message) -> String {
    let mut format = String::new();
    for (index, literal) in message.literals.iter().enumerate() {
        format.push_str(&literal.replace('{', "{{").replace('}', "}}"));
        if let Some(place) = message.placeholders.get(index) {
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

/// The statements that return the variant if the fault is its own.
fn out(krate: &Path, variant: &Variant, fault: &Ident) -> TokenStream {
    let path = &variant.path;
    let (code, message) = match &variant.kind {
        Kind::Open { code, restored, .. } => match restored {
            Restored::Code => (code, None),
            Restored::Text(message) => (code, Some((message, true))),
            Restored::Displayed(message) => (code, Some((message, false))),
            Restored::Never => return TokenStream::new(),
        },
        // The text does not tell what the error was, so only the code is compared.
        Kind::Internal {
            code: Some(code), ..
        } if variant.fields.is_empty() => (code, None),
        Kind::Internal { .. } | Kind::Other => return TokenStream::new(),
    };
    let code = self::code(code);
    let found = if let Some((message, needs_from_str)) = message {
        restore(krate, variant, message, needs_from_str, fault)
    } else {
        quote!(return ::core::option::Option::Some(#path {});)
    };
    quote! {
        if #fault.code() == #code {
            #found
        }
    }
}

/// The statement that returns the variant if its fields can be read from the text of the fault.
fn restore(
    krate: &Path,
    variant: &Variant,
    message: &Message,
    needs_from_str: bool,
    fault: &Ident,
) -> TokenStream {
    let path = &variant.path;
    let captured = message.placeholders.iter().filter_map(|place| {
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
        if needs_from_str {
            quote_spanned!(ty.span()=> #krate::__private::field::<#ty>(#variable))
        } else {
            quote_spanned!(ty.span()=> #krate::__private::FieldProbe::<#ty>::field(#variable))
        }
    });
    let scope = (!needs_from_str).then(|| {
        quote! {
            #[allow(unused_imports)]
            use #krate::__private::NoFromStr as _;
        }
    });
    let all = all(variant);
    quote! {
        if let ::core::option::Option::Some([#(#captured),*]) =
            #krate::__private::captures(#fault.message(), [#(#before),*], #end)
        {
            #scope
            if let (#(::core::option::Option::Some(#variables),)*) = (#(#read,)*) {
                return ::core::option::Option::Some(#path { #all });
            }
        }
    }
}

/// The result for a fault that is not any variant's own.
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

/// The expression that describes the faults of the variants.
fn descriptions(krate: &Path, variants: &[Variant]) -> TokenStream {
    let own = variants.iter().filter_map(|variant| {
        let help = &variant.help;
        match &variant.kind {
            Kind::Open {
                code,
                text,
                restored,
            } => {
                let code = self::code(code);
                let text = match (text, restored) {
                    (Text::Message(message), _) | (_, Restored::Displayed(message)) => {
                        let text = template(message, &variant.fields);
                        quote!(#text)
                    }
                    // Only a value of it has a text.
                    _ if !variant.fields.is_empty() => quote!(""),
                    // The conversion reports a missing `Display`.
                    _ => {
                        let path = &variant.path;
                        quote!(<#krate::__private::Fault as ::core::convert::From<_>>::from(#path {}).message())
                    }
                };
                Some(quote!(#krate::__private::describe_fault(#code, #text, #help)))
            }
            // The peer reads neither the text nor what it is about.
            Kind::Internal {
                code: Some(code), ..
            } => {
                let code = self::code(code);
                Some(quote!(#krate::__private::describe_fault(#code, "internal error", "")))
            }
            Kind::Internal { code: None, .. } | Kind::Other => None,
        }
    });
    let mut others = variants
        .iter()
        .filter(|variant| matches!(variant.kind, Kind::Other))
        .flat_map(|variant| &variant.fields)
        .map(|field| {
            let ty = &field.ty;
            // `from_fault` reports a type that is not a `TypedFault`.
            quote!({
                #[allow(unused_imports)]
                use #krate::__private::NoFaults as _;
                #krate::__private::TypeProbe::<::core::result::Result<(), #ty>>::faults()
            })
        });
    let others = others
        .next()
        .unwrap_or_else(|| quote!(#krate::__private::no_faults()));
    quote!(#krate::__private::describe_faults([#(#own),*], #others))
}

/// The text of a message with the names of the fields as placeholders.
fn template(message: &Message, fields: &[Field]) -> String {
    let mut text = String::new();
    for (index, literal) in message.literals.iter().enumerate() {
        text.push_str(literal);
        let place = message.placeholders.get(index);
        if let Some(field) = place.and_then(|place| fields.get(place.index)) {
            let member = &field.member;
            text.push('{');
            match member {
                Member::Named(name) => text.push_str(&IdentExt::unraw(name).to_string()),
                Member::Unnamed(index) => text.push_str(&index.index.to_string()),
            }
            text.push('}');
        }
    }
    text
}

/// All fields, each with its variable. It serves as a pattern and as an expression.
fn all(variant: &Variant) -> TokenStream {
    let fields = variant.fields.iter().enumerate().map(|(index, field)| {
        let (member, variable) = (&field.member, variable(index, field));
        quote!(#member: #variable)
    });
    quote!(#(#fields),*)
}

/// The variable of a field. It has the span of the field's type, where errors about it belong.
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

/// Assertions about the codes that are constants, whose values only the compiler knows.
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
                "the protocol reserves the codes from -32768 to -32000; use another code",
            );
        }),
    });
    let values: Vec<_> = codes.iter().map(|code| self::code(code)).collect();
    let count = values.len();
    // One array for all codes. A comparison for each pair would be quadratic in code.
    let single = (first.max(1)..count).map(|index| {
        quote_spanned! {values[index].span()=>
            const _: () = ::core::assert!(
                #krate::__private::is_first(&__CODES, #index),
                "two variants have this code, so a client could not tell them apart; change one of the codes",
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
