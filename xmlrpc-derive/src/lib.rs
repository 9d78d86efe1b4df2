//! The macros `#[xmlrpc_service]` and `#[derive(TypedFault)]`.
//!
//! Use them through `xmlrpc-core`, which re-exports and documents them.

mod attr;
mod case;
mod check;
mod errors;
mod expand;
mod fault;
mod model;
mod types;

use proc_macro::TokenStream;
use syn::ItemTrait;

// The documentation is on the re-exports in `xmlrpc_core`, where its examples compile. rustdoc would
// append a doc comment from here to it.
#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn xmlrpc_service(attr: TokenStream, item: TokenStream) -> TokenStream {
    let original: proc_macro2::TokenStream = item.clone().into();
    match syn::parse::<ItemTrait>(item) {
        Ok(item) => expand::expand(check::check(attr.into(), item)).into(),
        Err(error) => {
            let error = syn::Error::new(
                error.span(),
                format!("`#[xmlrpc_service]` can only be applied to a trait: {error}"),
            );
            let error = error.into_compile_error();
            quote::quote!(#original #error).into()
        }
    }
}

#[allow(missing_docs)]
#[proc_macro_derive(TypedFault, attributes(fault))]
pub fn typed_fault(item: TokenStream) -> TokenStream {
    match syn::parse::<syn::DeriveInput>(item) {
        Ok(input) => fault::derive(input).into(),
        Err(error) => error.into_compile_error().into(),
    }
}
