//! `#[derive(TypedFault)]`: attributes → model ([`check`]) → expansion ([`expand`]).

mod attr;
mod check;
mod expand;
mod message;
mod model;

use proc_macro2::TokenStream;
use syn::DeriveInput;

pub(crate) fn derive(input: DeriveInput) -> TokenStream {
    expand::expand(&check::check(input))
}
