//! The generated code: its text, whether it compiles without warnings, and calls with it.

mod calls;
mod compile;
mod documentation;
mod golden;
mod inputs;
mod peers;
mod random;
mod servers;
