//! The tests are under `tests/`; files that several packages share are under `common/`.
//! This file compiles and runs the snippets of the README files, and those of `docs/production.md`,
//! `docs/explorer.md` and `docs/balancing.md`.

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}

#[cfg(doctest)]
#[doc = include_str!("../../xmlrpc-core/README.md")]
mod core {}

#[cfg(doctest)]
#[doc = include_str!("../../xmlrpc-derive/README.md")]
mod derive {}

#[cfg(doctest)]
#[doc = include_str!("../../xmlrpc-axum/README.md")]
mod axum {}

#[cfg(doctest)]
#[doc = include_str!("../../xmlrpc-client/README.md")]
mod client {}

#[cfg(doctest)]
#[doc = include_str!("../../docs/production.md")]
mod production {}

#[cfg(doctest)]
#[doc = include_str!("../../docs/explorer.md")]
mod explorer {}

#[cfg(doctest)]
#[doc = include_str!("../../docs/balancing.md")]
mod balancing {}
