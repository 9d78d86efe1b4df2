//! The Rust types of the generated code.

use proc_macro2::TokenStream;
use quote::quote;
use xmlrpc_core::schema::Schema;

use super::structs::{Place, Structs};

/// The types that a module must import.
#[derive(Clone, Debug, Default)]
#[allow(clippy::struct_excessive_bools)]
pub(super) struct Uses {
    pub(super) base64: bool,
    pub(super) date_time: bool,
    pub(super) fault: bool,
    pub(super) map: bool,
    pub(super) serde: bool,
    pub(super) service: bool,
    pub(super) typed_fault: bool,
    pub(super) value: bool,
}

impl Uses {
    /// The `use` items.
    pub(super) fn items(&self) -> TokenStream {
        let core = [
            (self.base64, quote!(Base64)),
            (self.date_time, quote!(DateTime)),
            (self.fault, quote!(Fault)),
            (self.typed_fault, quote!(TypedFault)),
            (self.value, quote!(Value)),
            (self.service, quote!(xmlrpc_service)),
        ];
        let core: Vec<_> = core
            .into_iter()
            .filter_map(|(used, name)| used.then_some(name))
            .collect();
        let map = self.map.then(|| {
            quote!(
                use ::std::collections::BTreeMap;
            )
        });
        let serde = self.serde.then(|| {
            quote!(
                use ::serde::{Deserialize, Serialize};
            )
        });
        let core = match core.as_slice() {
            [] => None,
            [only] => Some(quote!(use ::xmlrpc_core::#only;)),
            _ => Some(quote!(use ::xmlrpc_core::{#(#core),*};)),
        };
        quote!(#map #serde #core)
    }
}

/// The names of these imports and of the prelude, which a generated type cannot have.
pub(super) const RESERVED: &[&str] = &[
    "AsMut",
    "AsRef",
    "Base64",
    "Box",
    "BTreeMap",
    "Clone",
    "Copy",
    "DateTime",
    "Debug",
    "Default",
    "Deserialize",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fault",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Serialize",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "TypedFault",
    "Unpin",
    "Value",
    "Vec",
];

/// Lints that generated code need not follow: which parts are used, and how many parameters a server has.
pub(super) fn allow() -> TokenStream {
    quote!(#[allow(dead_code, clippy::all, clippy::pedantic)])
}

/// The type of a result, a member or an element.
pub(super) fn owned(
    schema: &Schema,
    structs: &Structs,
    place: Place,
    uses: &mut Uses,
) -> TokenStream {
    match schema {
        Schema::Int | Schema::I8 => quote!(i64),
        Schema::Boolean => quote!(bool),
        Schema::Double => quote!(f64),
        Schema::String => quote!(String),
        Schema::DateTime => {
            uses.date_time = true;
            quote!(DateTime)
        }
        Schema::Base64 => {
            uses.base64 = true;
            quote!(Base64)
        }
        Schema::Nil => quote!(()),
        Schema::Array(inner) => {
            let inner = owned(inner, structs, place, uses);
            quote!(Vec<#inner>)
        }
        Schema::Tuple(places) => {
            let places = places.iter().map(|it| owned(it, structs, place, uses));
            quote!((#(#places,)*))
        }
        Schema::Struct(members) => structs.path(members, place),
        Schema::Map(inner) => {
            uses.map = true;
            let inner = owned(inner, structs, place, uses);
            quote!(BTreeMap<String, #inner>)
        }
        Schema::Optional(inner) => {
            let inner = owned(inner, structs, place, uses);
            quote!(Option<#inner>)
        }
        _ => {
            uses.value = true;
            quote!(Value)
        }
    }
}

/// The type of a parameter, which is borrowed. A server can only decode some of the borrowed types.
pub(super) fn param(
    schema: &Schema,
    both: bool,
    structs: &Structs,
    place: Place,
    uses: &mut Uses,
) -> TokenStream {
    match schema {
        Schema::String => quote!(&str),
        Schema::Array(inner) if both => {
            let inner = owned(inner, structs, place, uses);
            quote!(&[#inner])
        }
        Schema::Array(inner) => {
            let inner = element(inner, structs, place, uses);
            quote!(&[#inner])
        }
        Schema::Base64 if !both => {
            uses.base64 = true;
            quote!(Base64<&[u8]>)
        }
        Schema::Struct(_) | Schema::Map(_) => {
            let owned = owned(schema, structs, place, uses);
            quote!(&#owned)
        }
        Schema::Tuple(places) if !both => {
            let places = places.iter().map(|it| element(it, structs, place, uses));
            quote!((#(#places,)*))
        }
        Schema::Optional(inner) => {
            let inner = param(inner, both, structs, place, uses);
            quote!(Option<#inner>)
        }
        _ => owned(schema, structs, place, uses),
    }
}

/// The type inside a parameter of a client. Structs are not borrowed, so that a slice of them is one.
fn element(schema: &Schema, structs: &Structs, place: Place, uses: &mut Uses) -> TokenStream {
    match schema {
        Schema::Struct(_) | Schema::Map(_) => owned(schema, structs, place, uses),
        Schema::Optional(inner) => {
            let inner = element(inner, structs, place, uses);
            quote!(Option<#inner>)
        }
        _ => param(schema, false, structs, place, uses),
    }
}
