//! Reads a type from made-up values and notes what it asks for.
//!
//! A `Deserialize` cannot be asked for its fields; it can only be run, ends at the first error, and
//! is then used up. So the whole type is read again and again. What is known already is given what
//! it wants, so that each pass gets further than the one before, to the next field or variant; what
//! cannot be satisfied is left out from then on: a field, the element of an array, the inside of an
//! `Option`. When a pass has found nothing new, the nodes are the schema.

mod access;
mod build;
mod error;
mod kind;
mod probe;
mod variants;

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Deserialize;

use super::Schema;
use error::Refused;
use kind::{Kind, Node, NodeId};
use probe::Probe;

/// How deep types are looked into. A recursive type ends where it meets itself, long before.
const DEPTH: usize = 32;
/// How many places a type may have, all fields and elements counted: types within types can grow
/// exponentially.
const NODES: usize = 1_000;
/// How many values may be asked for, all passes counted.
const STEPS: usize = 200_000;

const ROOT: NodeId = NodeId(0);

pub(super) fn schema_of<'de, T: Deserialize<'de>>() -> Schema {
    let mut trace = Trace::new();
    while trace.pass::<T>() {}
    trace.schema()
}

/// What is known of a type, and what the pass has found that is going on.
struct Trace {
    nodes: Vec<Node>,
    steps: usize,
    /// A bound has been reached: everything fails from here on.
    spent: bool,
    /// Something is known that was not known before this pass.
    progress: bool,
    /// The innermost place that failed first, where it can be left out.
    blame: Option<Blame>,
    /// The last scalar that was given away.
    scalar: Option<NodeId>,
    /// The places around what is being read that can be left out, the innermost last.
    open: Vec<NodeId>,
}

#[derive(Clone, Copy)]
struct Blame {
    node: NodeId,
    scalar: Option<NodeId>,
    /// Whether another value might have been taken.
    value: bool,
}

impl Trace {
    fn new() -> Self {
        Self {
            nodes: vec![Node::new(None)],
            steps: 0,
            spent: false,
            progress: false,
            blame: None,
            scalar: None,
            open: Vec::new(),
        }
    }

    /// Reads the type once; whether to go on.
    fn pass<'de, T: Deserialize<'de>>(&mut self) -> bool {
        self.progress = false;
        self.blame = None;
        self.scalar = None;
        self.open.clear();
        // A `Deserialize` that panics at a value that nobody has sent is not the caller's fault.
        let read = catch_unwind(AssertUnwindSafe(|| {
            T::deserialize(Probe::root(self)).map(drop)
        }));
        match read {
            Ok(Ok(())) => {}
            Ok(Err(refused)) => self.blame(ROOT, refused),
            Err(_) => self.blame(self.open.last().copied().unwrap_or(ROOT), Refused::Type),
        }
        if self.spent {
            return false;
        }
        self.progress || self.blame.is_some_and(|blame| self.amend(blame))
    }

    /// Counts a step.
    fn step(&mut self, depth: usize) -> Result<(), Refused> {
        self.steps += 1;
        self.spent |= self.steps > STEPS;
        if self.spent || depth > DEPTH {
            return Err(Refused::Type);
        }
        Ok(())
    }

    fn kind(&self, node: NodeId) -> &Kind {
        &self.nodes[node.0].kind
    }

    fn failed(&self, node: NodeId) -> bool {
        self.nodes[node.0].failed
    }

    fn child(&mut self, parent: NodeId) -> Result<NodeId, Refused> {
        if self.nodes.len() >= NODES {
            self.spent = true;
            return Err(Refused::Type);
        }
        self.nodes.push(Node::new(Some(parent)));
        Ok(NodeId(self.nodes.len() - 1))
    }

    fn set(&mut self, node: NodeId, kind: Kind) {
        self.nodes[node.0].kind = kind;
        self.progress = true;
    }

    /// The node turns out to be one thing now and another then.
    fn contradict(&mut self, node: NodeId) -> Refused {
        if !matches!(self.kind(node), Kind::Any) {
            self.set(node, Kind::Any);
        }
        Refused::Type
    }

    /// Reads what is at `node`, which can be left out the next time.
    fn free<T>(
        &mut self,
        node: NodeId,
        depth: usize,
        read: impl FnOnce(Probe<'_>) -> Result<T, Refused>,
    ) -> Result<T, Refused> {
        self.open.push(node);
        let result = read(Probe::inside(self, node, depth));
        self.open.pop();
        result.inspect_err(|refused| self.blame(node, *refused))
    }

    fn blame(&mut self, node: NodeId, refused: Refused) {
        if self.blame.is_none() {
            self.blame = Some(Blame {
                node,
                scalar: self.scalar,
                value: matches!(refused, Refused::Value),
            });
        }
    }

    /// Does something about a failure; whether there was something to do.
    fn amend(&mut self, blame: Blame) -> bool {
        if let (Some(scalar), true) = (blame.scalar, blame.value) {
            let node = &mut self.nodes[scalar.0];
            if let Kind::Scalar(scalar) = node.kind
                && node.attempt + 1 < scalar.attempts()
            {
                node.attempt += 1;
                return true;
            }
        }
        let failed = &mut self.nodes[blame.node.0].failed;
        blame.node != ROOT && !std::mem::replace(failed, true)
    }

    /// The struct or enum of this name and of these fields or variants that `node` is inside of.
    fn around(&self, node: NodeId, like: impl Fn(&Kind) -> bool) -> Option<NodeId> {
        let parent = |node: &NodeId| self.nodes[node.0].parent;
        std::iter::successors(parent(&node), parent).find(|node| like(self.kind(*node)))
    }
}
