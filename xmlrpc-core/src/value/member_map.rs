//! A map from names to values that keeps the order of insertion.

use core::slice;
use std::vec;

use indexmap::{IndexMap, map};

use super::Value;

/// Up to this number of members, comparing names is faster than hashing them. Most structs have fewer
/// members; this also bounds the comparisons that a hostile peer can cause.
const FEW: usize = 16;

#[derive(Clone)]
pub(super) enum MemberMap {
    Few(Vec<(String, Value)>),
    Many(Box<IndexMap<String, Value>>),
}

impl Default for MemberMap {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl MemberMap {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Few(members) => members.len(),
            Self::Many(members) => members.len(),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Few(members) => {
                let mut members = members.iter();
                members.find(|(it, _)| it == name).map(|(_, value)| value)
            }
            Self::Many(members) => members.get(name),
        }
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        match self {
            Self::Few(members) => {
                let mut members = members.iter_mut();
                members.find(|(it, _)| it == name).map(|(_, value)| value)
            }
            Self::Many(members) => members.get_mut(name),
        }
    }

    pub(super) fn insert(&mut self, name: String, value: Value) -> Option<Value> {
        let members = match self {
            Self::Many(members) => return members.insert(name, value),
            Self::Few(members) => members,
        };
        if let Some((_, there)) = members.iter_mut().find(|(it, _)| *it == name) {
            return Some(std::mem::replace(there, value));
        }
        members.push((name, value));
        if members.len() > FEW {
            *self = Self::Many(Box::new(members.drain(..).collect()));
        }
        None
    }

    /// Removes a member; the others keep their order.
    pub(super) fn remove(&mut self, name: &str) -> Option<Value> {
        match self {
            Self::Few(members) => {
                let index = members.iter().position(|(it, _)| it == name)?;
                Some(members.remove(index).1)
            }
            Self::Many(members) => members.shift_remove(name),
        }
    }

    pub(super) fn iter(&self) -> Iter<'_> {
        match self {
            Self::Few(members) => Iter::Few(members.iter()),
            Self::Many(members) => Iter::Many(members.iter()),
        }
    }

    pub(super) fn into_iter(self) -> IntoIter {
        match self {
            Self::Few(members) => IntoIter::Few(members.into_iter()),
            Self::Many(members) => IntoIter::Many(members.into_iter()),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) enum Iter<'a> {
    Few(slice::Iter<'a, (String, Value)>),
    Many(map::Iter<'a, String, Value>),
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a Value);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Few(members) => members.next().map(|(name, value)| (name.as_str(), value)),
            Self::Many(members) => members.next().map(|(name, value)| (name.as_str(), value)),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::Few(members) => members.size_hint(),
            Self::Many(members) => members.size_hint(),
        }
    }
}

#[derive(Debug)]
pub(super) enum IntoIter {
    Few(vec::IntoIter<(String, Value)>),
    Many(map::IntoIter<String, Value>),
}

impl Iterator for IntoIter {
    type Item = (String, Value);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Few(members) => members.next(),
            Self::Many(members) => members.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Self::Few(members) => members.size_hint(),
            Self::Many(members) => members.size_hint(),
        }
    }
}
