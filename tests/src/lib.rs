//! The tests are under `tests/`, and what they share with those of other packages is under
//! `common/`. Here, the snippets of the README are compiled and run.

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}
