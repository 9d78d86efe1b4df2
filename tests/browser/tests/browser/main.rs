//! The explorer in a real browser. Each test has a browser of its own; at most two run at once.

mod accessibility;
mod authentication;
mod calls;
mod copy_as;
mod documentation;
mod history;
mod hostile;
mod keyboard;
mod large;
mod links;
mod mistakes;
mod multicall;
mod others;
mod peers;
mod policy;
mod search;
