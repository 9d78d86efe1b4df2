//! The expansions of the macros as readable files, and how their size grows.
//!
//! A crate of macros exports only macros, so its sources are modules of this test.

#[path = "../../src/attr.rs"]
mod attr;
#[path = "../../src/case.rs"]
mod case;
#[path = "../../src/check/mod.rs"]
mod check;
#[path = "../../src/errors.rs"]
mod errors;
#[path = "../../src/expand/mod.rs"]
mod expand;
#[path = "../../src/fault/mod.rs"]
mod fault;
#[path = "../../src/model.rs"]
mod model;
#[path = "../../src/types.rs"]
mod types;

mod golden;
mod growth;

use proc_macro2::TokenStream;
use syn::ItemTrait;

/// The expansion of `#[xmlrpc_service(attr)]`.
fn expand_service(attr: TokenStream, item: ItemTrait) -> TokenStream {
    expand::expand(check::check(attr, item))
}
