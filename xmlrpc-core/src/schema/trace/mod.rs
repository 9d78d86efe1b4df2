//! Reads a type from made-up values and notes what it asks for.
//!
//! It is not possible to ask a `Deserialize` for its fields. We can only run it, and it ends at the first
//! error. So the whole type is read again and again. Each pass gives the type the values that earlier
//! passes have found to be expected, and so reaches the next field or variant. If no value satisfies a
//! field, the elements of an array or the content of an `Option`, later passes leave it out. When a pass
//! finds nothing new, the nodes are the schema.

mod access;
mod deserializer;
mod error;
mod kind;
mod probe;
mod schema;
mod state;
mod variants;

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_core::Deserialize;

use self::{
    error::Refused,
    probe::Probe,
    state::{ROOT, Trace},
};
use super::Schema;

impl Schema {
    /// The schema of the values that `T` reads.
    ///
    /// The type is read several times from made-up values; no document is needed, and no value is kept.
    /// A type that rejects every made-up value, for example an integer of at least 1,000, is still
    /// described by what it asked for, and does not hide its siblings. The bounds are 32 levels, 1,000
    /// fields and elements, and 200,000 steps. Beyond them, the schema is [`Schema::Any`].
    ///
    /// ```
    /// use std::collections::HashMap;
    /// use xmlrpc_core::{Base64, Value, schema::Schema};
    ///
    /// assert_eq!(Schema::of::<bool>(), Schema::Boolean);
    /// assert_eq!(Schema::of::<HashMap<String, Base64>>(), Schema::Map(Box::new(Schema::Base64)));
    /// assert_eq!(Schema::of::<Value>(), Schema::Any);
    /// ```
    pub fn of<'de, T: Deserialize<'de>>() -> Self {
        schema_of::<T>()
    }
}

fn schema_of<'de, T: Deserialize<'de>>() -> Schema {
    let mut trace = Trace::new();
    while pass::<T>(&mut trace) {}
    trace.schema()
}

/// Reads the type once, and returns whether to go on.
fn pass<'de, T: Deserialize<'de>>(trace: &mut Trace) -> bool {
    trace.progress = false;
    trace.blame = None;
    trace.scalar = None;
    trace.open.clear();
    // No peer has sent this value, so a `Deserialize` that panics must not harm the caller.
    let read = catch_unwind(AssertUnwindSafe(|| {
        T::deserialize(Probe::root(trace)).map(drop)
    }));
    match read {
        Ok(Ok(())) => {}
        Ok(Err(refused)) => trace.blame(ROOT, refused),
        Err(_) => trace.blame(trace.open.last().copied().unwrap_or(ROOT), Refused::Type),
    }
    if trace.spent {
        return false;
    }
    trace.progress || trace.blame.is_some_and(|blame| trace.amend(blame))
}
