use super::{
    error::Refused,
    kind::{Kind, Node, NodeId},
};

/// The maximum depth of a type. A recursive type ends long before, where it meets itself.
const DEPTH: usize = 32;
/// The maximum number of nodes, counting all fields and elements: nested types can grow exponentially.
const NODES: usize = 1_000;
/// The maximum number of requested values in all passes.
const STEPS: usize = 200_000;

pub(super) const ROOT: NodeId = NodeId(0);

/// What is known about a type, and the findings of the current pass.
pub(super) struct Trace {
    pub(super) nodes: Vec<Node>,
    steps: usize,
    /// A bound has been reached, so that everything fails from here on.
    pub(super) spent: bool,
    /// This pass has found something new.
    pub(super) progress: bool,
    /// The first failure, at the innermost node that can be left out.
    pub(super) blame: Option<Blame>,
    /// The last scalar that was offered.
    pub(super) scalar: Option<NodeId>,
    /// The nodes around the current one that can be left out, the innermost last.
    pub(super) open: Vec<NodeId>,
}

/// A failure.
#[derive(Clone, Copy)]
pub(super) struct Blame {
    node: NodeId,
    scalar: Option<NodeId>,
    /// Whether the type might accept another value.
    value: bool,
}

impl Trace {
    pub(super) fn new() -> Self {
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

    /// Counts a step.
    pub(super) fn step(&mut self, depth: usize) -> Result<(), Refused> {
        self.steps += 1;
        self.spent |= self.steps > STEPS;
        if self.spent || depth > DEPTH {
            return Err(Refused::Type);
        }
        Ok(())
    }

    pub(super) fn kind(&self, node: NodeId) -> &Kind {
        &self.nodes[node.0].kind
    }

    pub(super) fn failed(&self, node: NodeId) -> bool {
        self.nodes[node.0].failed
    }

    /// Adds a node inside another one.
    pub(super) fn child(&mut self, parent: NodeId) -> Result<NodeId, Refused> {
        if self.nodes.len() >= NODES {
            self.spent = true;
            return Err(Refused::Type);
        }
        self.nodes.push(Node::new(Some(parent)));
        Ok(NodeId(self.nodes.len() - 1))
    }

    pub(super) fn set(&mut self, node: NodeId, kind: Kind) {
        self.nodes[node.0].kind = kind;
        self.progress = true;
    }

    /// The type asks for one thing now and for another one before: it can be anything.
    pub(super) fn contradict(&mut self, node: NodeId) -> Refused {
        if !matches!(self.kind(node), Kind::Any) {
            self.set(node, Kind::Any);
        }
        Refused::Type
    }

    pub(super) fn blame(&mut self, node: NodeId, refused: Refused) {
        if self.blame.is_none() {
            self.blame = Some(Blame {
                node,
                scalar: self.scalar,
                value: matches!(refused, Refused::Value),
            });
        }
    }

    /// Prepares the next pass to avoid a failure; returns whether it can.
    pub(super) fn amend(&mut self, blame: Blame) -> bool {
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

    /// The closest node around `node` that is like the given struct or enum.
    pub(super) fn around(&self, node: NodeId, like: impl Fn(&Kind) -> bool) -> Option<NodeId> {
        let parent = |node: &NodeId| self.nodes[node.0].parent;
        std::iter::successors(parent(&node), parent).find(|node| like(self.kind(*node)))
    }
}
