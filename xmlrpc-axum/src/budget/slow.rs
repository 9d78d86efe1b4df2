//! Large bodies that arrive slowly. If others wait for bytes to be received, the slowest makes room.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    task::Waker,
};

use super::Budget;

/// The slow bodies of a budget.
#[derive(Default)]
pub(super) struct Slow {
    /// By their rates, and by a number.
    bodies: BTreeMap<Key, Body>,
    /// The bytes of `bodies`.
    bytes: usize,
    /// Those that were chosen to make room and have not ended yet, with their bytes.
    leaving: HashMap<u64, usize>,
    leaving_bytes: usize,
    last_id: u64,
}

type Key = (u64, u64);

struct Body {
    bytes: usize,
    waker: Waker,
}

impl Slow {
    /// The bytes that they have, and those of bodies that are leaving.
    pub(super) fn all_bytes(&self) -> usize {
        self.bytes.saturating_add(self.leaving_bytes)
    }

    /// The bytes that are about to be free.
    pub(super) fn leaving_bytes(&self) -> usize {
        self.leaving_bytes
    }

    /// Chooses the slowest to make room.
    pub(super) fn evict(&mut self) -> Option<Waker> {
        let ((_, id), body) = self.bodies.pop_first()?;
        self.bytes = self.bytes.saturating_sub(body.bytes);
        self.leaving.insert(id, body.bytes);
        self.leaving_bytes = self.leaving_bytes.saturating_add(body.bytes);
        Some(body.waker)
    }

    fn add(&mut self, rate: u64, bytes: usize, waker: Waker) -> Key {
        self.last_id += 1;
        let key = (rate, self.last_id);
        self.bytes = self.bytes.saturating_add(bytes);
        self.bodies.insert(key, Body { bytes, waker });
        key
    }

    /// Returns whether it was there.
    fn remove(&mut self, key: Key) -> bool {
        let body = self.bodies.remove(&key);
        let bytes = body.as_ref().map_or(0, |body| body.bytes);
        self.bytes = self.bytes.saturating_sub(bytes);
        body.is_some()
    }

    fn left(&mut self, id: u64) {
        let bytes = self.leaving.remove(&id).unwrap_or(0);
        self.leaving_bytes = self.leaving_bytes.saturating_sub(bytes);
    }
}

/// The place of a large body among the slow ones, if it is slow.
pub(crate) struct SlowPlace {
    budget: Arc<Budget>,
    key: Option<Key>,
}

impl SlowPlace {
    pub(crate) fn new(budget: &Arc<Budget>) -> Self {
        Self {
            budget: Arc::clone(budget),
            key: None,
        }
    }

    /// The body is slow: it has these bytes, and receives so many per second. The waker is called when it
    /// must make room.
    pub(crate) fn enter(&mut self, rate: u64, bytes: usize, waker: &Waker) {
        if self.leave() {
            let mut large = self.budget.lock();
            self.key = Some(large.slow.add(rate, bytes, waker.clone()));
            self.budget.end(large);
        }
    }

    /// The body is not slow. Returns `false` if it was chosen to make room, and must end.
    pub(crate) fn leave(&mut self) -> bool {
        let Some(key) = self.key else {
            return true;
        };
        let may_continue = self.budget.lock().slow.remove(key);
        if may_continue {
            self.key = None;
        }
        may_continue
    }

    /// Whether the body was chosen to make room.
    pub(crate) fn must_end(&self) -> bool {
        let is_there = |key| self.budget.lock().slow.bodies.contains_key(&key);
        !self.key.is_none_or(is_there)
    }
}

impl Drop for SlowPlace {
    fn drop(&mut self) {
        let Some(key @ (_, id)) = self.key else {
            return;
        };
        let mut large = self.budget.lock();
        if !large.slow.remove(key) {
            large.slow.left(id);
            // Another one may have to make room instead.
            self.budget.end(large);
        }
    }
}
