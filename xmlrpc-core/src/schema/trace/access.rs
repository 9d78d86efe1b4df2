//! The access to the content of arrays, maps and structs.

use serde_core::de::{DeserializeSeed, MapAccess, SeqAccess, value::BorrowedStrDeserializer};

use super::{
    error::Refused,
    kind::{Fields, Kind, NodeId, Presence, ScalarKind},
    probe::Probe,
    state::Trace,
};

/// The elements of an array.
pub(super) struct ProbedArray<'a> {
    array: Probe<'a>,
    elements: std::vec::IntoIter<NodeId>,
    /// Whether the array may be empty.
    optional: bool,
}

impl<'a> ProbedArray<'a> {
    pub(super) fn new(array: Probe<'a>, elements: Vec<NodeId>, optional: bool) -> Self {
        Self {
            array,
            elements: elements.into_iter(),
            optional,
        }
    }
}

impl<'de> SeqAccess<'de> for ProbedArray<'_> {
    type Error = Refused;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Refused> {
        let Some(node) = self.elements.next() else {
            return Ok(None);
        };
        let Probe { trace, depth, .. } = &mut self.array;
        let element = if self.optional {
            trace.read_optional(node, *depth, |probe| seed.deserialize(probe))
        } else {
            seed.deserialize(Probe::inside(trace, node, *depth))
        };
        element.map(Some)
    }
}

/// The entry of a map: a key and a value.
pub(super) struct ProbedMap<'a> {
    map: Probe<'a>,
    entry: Option<(NodeId, NodeId)>,
    value: Option<NodeId>,
}

impl<'a> ProbedMap<'a> {
    pub(super) fn new(map: Probe<'a>, entry: Option<(NodeId, NodeId)>) -> Self {
        Self {
            map,
            entry,
            value: None,
        }
    }
}

impl<'de> MapAccess<'de> for ProbedMap<'_> {
    type Error = Refused;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Refused> {
        let Some((node, value)) = self.entry.take() else {
            return Ok(None);
        };
        let (trace, map) = (&mut *self.map.trace, self.map.node);
        let key = trace.read_optional(node, self.map.depth, |probe| seed.deserialize(probe));
        if matches!(trace.kind(node), Kind::Scalar(ScalarKind::Identifier)) {
            trace.set(map, Kind::Open);
            return Err(Refused::Type);
        }
        self.value = Some(value);
        key.map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Refused> {
        let node = self.value.take().ok_or(Refused::Type)?;
        let Probe { trace, depth, .. } = &mut self.map;
        trace.read_optional(node, *depth, |probe| seed.deserialize(probe))
    }
}

/// The members of a struct whose fields are known.
pub(super) struct ProbedStruct<'a> {
    trace: &'a mut Trace,
    node: NodeId,
    depth: usize,
    offered: std::vec::IntoIter<usize>,
    last: Option<usize>,
    /// A field has failed, not the struct itself.
    failed: bool,
}

impl<'a> ProbedStruct<'a> {
    pub(super) fn new(trace: &'a mut Trace, node: NodeId, depth: usize) -> Self {
        let mut offered = Vec::new();
        if let Kind::Struct(fields) = trace.kind(node) {
            offered = fields.offered();
            offered.retain(|index| !trace.failed(fields.list[*index].node));
        }
        Self {
            trace,
            node,
            depth,
            offered: offered.into_iter(),
            last: None,
            failed: false,
        }
    }

    fn fields(&self) -> Option<&Fields> {
        match self.trace.kind(self.node) {
            Kind::Struct(fields) => Some(fields),
            _ => None,
        }
    }

    /// Notes what the struct has reported about its fields.
    pub(super) fn learn(self, refused: Option<Refused>) {
        let trace = self.trace;
        let Kind::Struct(fields) = &mut trace.nodes[self.node.0].kind else {
            return;
        };
        if self.failed {
            return;
        }
        // The struct would have reported the fields before this one first.
        let mut all_before = 0;
        let otherwise = match refused {
            None => Presence::Optional,
            Some(Refused::Missing(name)) => match fields.named(name) {
                Some(index) if fields.list[index].presence == Presence::NotMissed => {
                    fields.list[index].presence = Presence::Required;
                    trace.progress = true;
                    return;
                }
                named => {
                    all_before = named.unwrap_or(0);
                    Presence::Unknown
                }
            },
            Some(Refused::Duplicate(name)) => {
                if let Some(last) = self.last {
                    if fields.names[last] != name {
                        fields.list[last].presence = Presence::Alias;
                        trace.progress = true;
                    } else if fields.first != Some(last) {
                        fields.first = Some(last);
                        trace.progress = true;
                    }
                }
                return;
            }
            Some(Refused::Value | Refused::Type) => Presence::Unknown,
        };
        for (index, field) in fields.list.iter_mut().enumerate() {
            if field.presence == Presence::NotMissed {
                field.presence = if index < all_before {
                    Presence::Optional
                } else {
                    otherwise
                };
                trace.progress = true;
            }
        }
    }
}

impl<'de> MapAccess<'de> for ProbedStruct<'_> {
    type Error = Refused;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Refused> {
        self.last = self.offered.next();
        let (Some(fields), Some(index)) = (self.fields(), self.last) else {
            return Ok(None);
        };
        let name = fields.names[index];
        seed.deserialize(BorrowedStrDeserializer::new(name))
            .map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Refused> {
        let (Some(fields), Some(index)) = (self.fields(), self.last) else {
            return Err(Refused::Type);
        };
        let node = fields.list[index].node;
        let read = |probe: Probe<'_>| seed.deserialize(probe);
        let value = self.trace.read_optional(node, self.depth, read);
        self.failed |= value.is_err();
        value
    }
}
