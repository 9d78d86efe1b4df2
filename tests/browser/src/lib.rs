//! Tests of the explorer in a real browser, which chromedriver controls. `README.md` describes them.
//!
//! The tests are in `tests/browser`. This library has what they share: the browser, the page, and the
//! servers. It is a library because the programs that the page writes in Rust use its services.

pub mod browser;
pub mod chromedriver;
pub mod form;
pub mod hostile;
pub mod page;
pub mod server;
pub mod services;
