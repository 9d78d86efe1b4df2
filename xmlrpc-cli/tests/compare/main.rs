//! `check`, `diff` and samples, through the library.

mod check;
mod diff;
mod samples;
