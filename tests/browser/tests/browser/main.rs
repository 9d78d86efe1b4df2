//! The explorer in a real browser.

mod calls;
