//! The tests are under `tests/`. Here, the snippets of the README are compiled and run.

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}
