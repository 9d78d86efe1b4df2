//! What is inside of arrays, maps and structs.

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, value::BorrowedStrDeserializer};

use super::{
    Trace,
    error::Refused,
    kind::{Fields, Kind, NodeId, Presence, Scalar},
    probe::Probe,
};

pub(super) struct Elements<'a> {
    array: Probe<'a>,
    places: std::vec::IntoIter<NodeId>,
    /// Whether the array may do without them.
    free: bool,
}

impl<'a> Elements<'a> {
    pub(super) fn new(array: Probe<'a>, places: Vec<NodeId>, free: bool) -> Self {
        Self {
            array,
            places: places.into_iter(),
            free,
        }
    }
}

impl<'de> SeqAccess<'de> for Elements<'_> {
    type Error = Refused;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Refused> {
        let Some(place) = self.places.next() else {
            return Ok(None);
        };
        let Probe { trace, depth, .. } = &mut self.array;
        let element = if self.free {
            trace.free(place, *depth, |probe| seed.deserialize(probe))
        } else {
            seed.deserialize(Probe::inside(trace, place, *depth))
        };
        element.map(Some)
    }
}

pub(super) struct Entries<'a> {
    map: Probe<'a>,
    entry: Option<(NodeId, NodeId)>,
    value: Option<NodeId>,
}

impl<'a> Entries<'a> {
    pub(super) fn new(map: Probe<'a>, entry: Option<(NodeId, NodeId)>) -> Self {
        Self {
            map,
            entry,
            value: None,
        }
    }
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Refused;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Refused> {
        let Some((node, value)) = self.entry.take() else {
            return Ok(None);
        };
        let (trace, map) = (&mut *self.map.trace, self.map.node);
        let key = trace.free(node, self.map.depth, |probe| seed.deserialize(probe));
        if matches!(trace.kind(node), Kind::Scalar(Scalar::Identifier)) {
            trace.set(map, Kind::Open);
            return Err(Refused::Type);
        }
        self.value = Some(value);
        key.map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Refused> {
        let node = self.value.take().ok_or(Refused::Type)?;
        let Probe { trace, depth, .. } = &mut self.map;
        trace.free(node, *depth, |probe| seed.deserialize(probe))
    }
}

/// The members of a struct whose fields are known.
pub(super) struct Members<'a> {
    trace: &'a mut Trace,
    node: NodeId,
    depth: usize,
    offered: std::vec::IntoIter<usize>,
    last: Option<usize>,
    /// What went wrong is not the struct's.
    failed: bool,
}

impl<'a> Members<'a> {
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

    /// Takes note of what the struct has said about its fields.
    pub(super) fn learn(self, refused: Option<Refused>) {
        let trace = self.trace;
        let Kind::Struct(fields) = &mut trace.nodes[self.node.0].kind else {
            return;
        };
        if self.failed {
            return;
        }
        // Those that come before this one would have been missed by now.
        let mut all_before = 0;
        let unmissed = match refused {
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
                    unmissed
                };
                trace.progress = true;
            }
        }
    }
}

impl<'de> MapAccess<'de> for Members<'_> {
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
        let value = self.trace.free(node, self.depth, read);
        self.failed |= value.is_err();
        value
    }
}
