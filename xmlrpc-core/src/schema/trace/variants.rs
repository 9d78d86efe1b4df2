//! Enums, one variant after the other.

use core::any::type_name;

use serde_core::{
    Deserializer,
    de::{DeserializeSeed, EnumAccess, VariantAccess, Visitor, value::BorrowedStrDeserializer},
};

use super::{
    error::Refused,
    kind::{Kind, NodeId, VariantKind, Variants},
    probe::Probe,
    state::Trace,
};

impl Probe<'_> {
    /// The enum, and the index of the variant to offer.
    pub(super) fn variant<'de, V: Visitor<'de>>(
        &mut self,
        names: &'static [&'static str],
    ) -> Result<(NodeId, usize), Refused> {
        let type_name = type_name::<V::Value>();
        let same = |kind: &Kind| matches!(kind, Kind::Enum(known) if known.type_name == type_name && known.names == names);
        match self.trace.kind(self.node) {
            Kind::Unknown => {
                let kind = match self.trace.around(self.node, same) {
                    Some(around) => Kind::Again(around),
                    None => Kind::Enum(Variants::new(type_name, names)),
                };
                self.trace.set(self.node, kind);
            }
            Kind::Again(_) => {}
            kind if same(kind) => {}
            _ => return Err(self.trace.contradict(self.node)),
        }
        if let Kind::Again(around) = *self.trace.kind(self.node) {
            return Ok((around, self.trace.finished_variant(around)?));
        }
        let failed = |trace: &Trace, node| trace.failed(node);
        while let Kind::Enum(variants) = self.trace.kind(self.node)
            && let Some(content) = variants.content.get(variants.current)
        {
            match *content {
                VariantKind::Refused => {}
                VariantKind::Data(node) if failed(self.trace, node) => {}
                _ => return Ok((self.node, variants.current)),
            }
            self.trace.next_variant(self.node);
        }
        Ok((self.node, self.trace.finished_variant(self.node)?))
    }
}

impl Trace {
    /// The first examined variant that a made-up value can have.
    fn finished_variant(&self, node: NodeId) -> Result<usize, Refused> {
        let Kind::Enum(variants) = self.kind(node) else {
            return Err(Refused::Type);
        };
        let finished = variants.content.iter().take(variants.current);
        let fit = |content: &VariantKind| match content {
            VariantKind::Data(node) => !self.failed(*node),
            content => *content == VariantKind::Unit,
        };
        finished.clone().position(fit).ok_or(Refused::Type)
    }

    fn next_variant(&mut self, node: NodeId) {
        if let Kind::Enum(variants) = &mut self.nodes[node.0].kind {
            variants.current += 1;
            self.progress = true;
        }
    }

    /// Goes on to the next variant if this one has nothing new.
    pub(super) fn finish_variant(&mut self, node: NodeId, index: usize, ok: bool) {
        let Kind::Enum(variants) = &mut self.nodes[node.0].kind else {
            return;
        };
        if variants.current != index || self.progress {
            return;
        }
        let content = &mut variants.content[index];
        if *content == VariantKind::Unseen {
            *content = VariantKind::Refused;
        } else if !ok {
            return;
        }
        self.next_variant(node);
    }
}

/// The access to a variant.
pub(super) struct ProbedVariant<'a> {
    probe: Probe<'a>,
    index: usize,
    name: &'static str,
}

impl<'a> ProbedVariant<'a> {
    pub(super) fn new(probe: Probe<'a>, index: usize, name: &'static str) -> Self {
        Self { probe, index, name }
    }

    fn content(&mut self) -> Option<&mut VariantKind> {
        match &mut self.probe.trace.nodes[self.probe.node.0].kind {
            Kind::Enum(variants) => variants.content.get_mut(self.index),
            _ => None,
        }
    }

    fn note(&mut self, content: VariantKind) {
        if let Some(known) = self.content() {
            *known = content;
            self.probe.trace.progress = true;
        }
    }

    /// Reads the content of the variant.
    fn read<T>(mut self, read: impl FnOnce(Probe<'_>) -> Result<T, Refused>) -> Result<T, Refused> {
        let node = if let Some(VariantKind::Data(node)) = self.content() {
            *node
        } else {
            let node = self.probe.trace.child(self.probe.node)?;
            self.note(VariantKind::Data(node));
            node
        };
        let Probe { trace, depth, .. } = self.probe;
        trace.read_optional(node, depth, read)
    }
}

impl<'de> EnumAccess<'de> for ProbedVariant<'_> {
    type Error = Refused;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Refused> {
        let name = BorrowedStrDeserializer::new(self.name);
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for ProbedVariant<'_> {
    type Error = Refused;

    fn unit_variant(mut self) -> Result<(), Refused> {
        if self
            .content()
            .is_some_and(|content| *content != VariantKind::Unit)
        {
            self.note(VariantKind::Unit);
        }
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Refused> {
        self.read(|probe| seed.deserialize(probe))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, Refused> {
        self.read(|probe| probe.deserialize_tuple(len, visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        self.read(|probe| probe.deserialize_struct("", names, visitor))
    }
}
