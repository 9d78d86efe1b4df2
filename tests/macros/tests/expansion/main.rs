//! What the macros expand to, held as files that can be read, and how it grows.
//!
//! A crate of macros exports nothing but macros, so its sources are modules of this test.

#[path = "../../../../xmlrpc-derive/src/attr.rs"]
mod attr;
#[path = "../../../../xmlrpc-derive/src/case.rs"]
mod case;
#[path = "../../../../xmlrpc-derive/src/check/mod.rs"]
mod check;
#[path = "../../../../xmlrpc-derive/src/errors.rs"]
mod errors;
#[path = "../../../../xmlrpc-derive/src/expand/mod.rs"]
mod expand;
#[path = "../../../../xmlrpc-derive/src/fault/mod.rs"]
mod fault;
#[path = "../../../../xmlrpc-derive/src/model.rs"]
mod model;
#[path = "../../../../xmlrpc-derive/src/types.rs"]
mod types;

mod golden;
mod growth;

use proc_macro2::TokenStream;
use syn::ItemTrait;

/// As `#[xmlrpc_service(…)]` expands, with `attr` in its brackets.
fn expand_service(attr: TokenStream, item: ItemTrait) -> TokenStream {
    expand::expand(check::check(attr, item))
}
