//! What `#[derive(TypedFault)]` uses: errors into faults, and faults into errors.

use std::{fmt::Display, marker::PhantomData, str::FromStr};

pub use crate::{Fault, TypedFault};

/// The fault of a variant whose text the peer reads.
pub fn open(code: i32, text: impl Display) -> Fault {
    Fault::new(code, text.to_string())
}

/// The fault of an `internal` variant: the text goes to the log.
pub fn internal(code: Option<i32>, log: impl Display) -> Fault {
    let code = code.unwrap_or(Fault::INTERNAL_ERROR);
    Fault::new(code, "internal error").with_source(format!("{log:#}"))
}

/// The fault that an `other` variant holds.
pub fn other<T: TypedFault>(held: T) -> Fault {
    held.into()
}

/// The text of a variant without a `message`.
#[diagnostic::on_unimplemented(
    message = "the fault of `{Self}` has no `message`, and `{Self}` does not implement `Display`",
    label = "this fault has no text",
    note = "write `#[fault(code = …, message = \"…\")]`, or implement `Display` for `{Self}`, for example with `thiserror`"
)]
pub trait FaultText {
    /// The text.
    fn text(&self) -> String;
}

#[diagnostic::do_not_recommend]
impl<T: Display> FaultText for T {
    fn text(&self) -> String {
        self.to_string()
    }
}

/// The text of a variant without a `message`.
pub fn fault_text<T: FaultText>(error: &T) -> String {
    error.text()
}

/// Extracts the text of each placeholder of a message.
///
/// `before` holds the literal text before each placeholder, `end` the text after the last one. A
/// placeholder ends at the first occurrence of the literal text that follows it.
pub fn captures<'t, const N: usize>(
    text: &'t str,
    before: [&str; N],
    end: &str,
) -> Option<[&'t str; N]> {
    let (first, others) = before.split_first()?;
    let mut rest = text.strip_prefix(first)?.strip_suffix(end)?;
    let mut captures = [rest; N];
    for (capture, next) in captures.iter_mut().zip(others) {
        (*capture, rest) = rest.split_once(next)?;
    }
    *captures.last_mut()? = rest;
    Some(captures)
}

/// Parses a field from its text.
pub fn field<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

/// Parses a field if its type can be parsed. Rust prefers the inherent function to that of [`NoFromStr`].
pub struct FieldProbe<T>(PhantomData<T>);

impl<T: FromStr> FieldProbe<T> {
    /// Parses a field from its text.
    pub fn field(text: &str) -> Option<T> {
        text.parse().ok()
    }
}

/// The fallback for types that cannot be parsed.
pub trait NoFromStr<T> {
    /// No field.
    fn field(_: &str) -> Option<T> {
        None
    }
}

impl<T> NoFromStr<T> for FieldProbe<T> {}

/// Whether the protocol reserves this code.
pub const fn is_reserved(code: i32) -> bool {
    -32768 <= code && code <= -32000
}

/// Whether the code at `index` differs from all codes before it.
pub const fn is_first(codes: &[i32], index: usize) -> bool {
    let mut earlier = 0;
    while earlier < index {
        if codes[earlier] == codes[index] {
            return false;
        }
        earlier += 1;
    }
    true
}
