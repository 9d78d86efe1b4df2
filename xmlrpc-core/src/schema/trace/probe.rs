use core::any::type_name;

use serde_core::de::Visitor;

use super::{
    error::Refused,
    kind::{Field, Fields, Kind, NUMBERS, NodeId, Presence, ScalarKind, TEXTS},
    state::{ROOT, Trace},
};

/// Notes at a node what the type asks for, and offers it.
pub(super) struct Probe<'a> {
    pub(super) trace: &'a mut Trace,
    pub(super) node: NodeId,
    pub(super) depth: usize,
}

impl<'a> Probe<'a> {
    pub(super) fn root(trace: &'a mut Trace) -> Self {
        Self {
            trace,
            node: ROOT,
            depth: 0,
        }
    }

    /// A probe of a node inside another one.
    pub(super) fn inside(trace: &'a mut Trace, node: NodeId, depth: usize) -> Self {
        Self {
            trace,
            node,
            depth: depth + 1,
        }
    }

    /// The index of the made-up value to offer.
    pub(super) fn scalar(&mut self, scalar: ScalarKind) -> Result<usize, Refused> {
        self.trace.step(self.depth)?;
        match self.trace.kind(self.node) {
            Kind::Unknown => self.trace.set(self.node, Kind::Scalar(scalar)),
            Kind::Scalar(known) if *known == scalar => {}
            _ => return Err(self.trace.contradict(self.node)),
        }
        self.trace.scalar = Some(self.node);
        Ok(self.trace.nodes[self.node.0].attempt)
    }

    pub(super) fn number(&mut self, scalar: ScalarKind) -> Result<u8, Refused> {
        self.scalar(scalar).map(|attempt| NUMBERS[attempt])
    }

    pub(super) fn text<'de, V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Refused> {
        let attempt = self.scalar(ScalarKind::Text)?;
        visitor.visit_borrowed_str(TEXTS[attempt])
    }

    pub(super) fn any<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.trace.step(self.depth)?;
        match self.trace.kind(self.node) {
            Kind::Any => {}
            Kind::Unknown => self.trace.set(self.node, Kind::Any),
            _ => return Err(self.trace.contradict(self.node)),
        }
        visitor.visit_unit()
    }

    /// Notes the fields of a struct.
    pub(super) fn fields<'de, V: Visitor<'de>>(
        &mut self,
        names: &'static [&'static str],
    ) -> Result<(), Refused> {
        let type_name = type_name::<V::Value>();
        let same = |kind: &Kind| matches!(kind, Kind::Struct(known) if known.type_name == type_name && known.names == names);
        match self.trace.kind(self.node) {
            Kind::Unknown => {}
            Kind::Again(_) => return Err(Refused::Type),
            kind if same(kind) => return Ok(()),
            _ => return Err(self.trace.contradict(self.node)),
        }
        if let Some(around) = self.trace.around(self.node, same) {
            self.trace.set(self.node, Kind::Again(around));
            return Err(Refused::Type);
        }
        // Without room for its fields it is still a struct.
        self.trace.set(self.node, Kind::Open);
        let field = |_| {
            Ok(Field {
                node: self.trace.child(self.node)?,
                presence: Presence::NotMissed,
            })
        };
        let list = names.iter().map(field).collect::<Result<_, _>>()?;
        let fields = Fields {
            type_name,
            names,
            list,
            first: None,
        };
        self.trace.set(self.node, Kind::Struct(fields));
        Ok(())
    }
}

impl Trace {
    /// Reads a node that the next pass can leave out.
    pub(super) fn read_optional<T>(
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
}
