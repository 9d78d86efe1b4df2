//! The differences between two descriptions.

use std::fmt;

use serde::Serialize;

use super::names::printable;

/// How a server differs from a trait, or from an earlier description.
///
/// `{}` displays one line for each difference and each note. Everything that a server can choose is escaped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The differences, sorted by method.
    pub differences: Vec<Difference>,
    /// What was not compared, and why.
    pub notes: Vec<String>,
}

/// A difference in one method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// The name of the method on the wire.
    pub method: String,
    /// What differs.
    pub text: String,
    /// Whether a program that was written before the change can fail.
    pub breaking: bool,
    #[serde(skip)]
    is_new: bool,
}

impl Report {
    /// Whether there is a difference that breaks callers.
    pub fn is_breaking(&self) -> bool {
        self.differences
            .iter()
            .any(|difference| difference.breaking)
    }

    /// Removes the methods that only the server, or only the later description, has.
    pub fn ignore_new_methods(&mut self) {
        self.differences.retain(|difference| !difference.is_new);
    }

    /// Adds a method that only the server, or only the later description, has.
    pub(super) fn add_new(&mut self, method: &str, text: &str) {
        self.add(method, false, text);
        if let Some(added) = self.differences.last_mut() {
            added.is_new = true;
        }
    }

    pub(super) fn add(&mut self, method: &str, breaking: bool, text: impl Into<String>) {
        self.differences.push(Difference {
            method: method.to_owned(),
            text: text.into(),
            breaking,
            is_new: false,
        });
    }

    pub(super) fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }

    /// Sorts by method, and keeps the order within one.
    pub(super) fn sorted(mut self) -> Self {
        self.differences
            .sort_by(|one, other| one.method.cmp(&other.method));
        self.notes.dedup();
        self
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for difference in &self.differences {
            let Difference {
                method,
                text,
                breaking,
                ..
            } = difference;
            let mark = if *breaking { "breaking" } else { "compatible" };
            writeln!(f, "{mark}: {}: {}", printable(method), printable(text))?;
        }
        for note in &self.notes {
            writeln!(f, "note: {}", printable(note))?;
        }
        Ok(())
    }
}
