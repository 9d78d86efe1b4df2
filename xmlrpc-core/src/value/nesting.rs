//! Drops, clones and compares nested values without a deep recursion, which would overflow the stack.
//!
//! The first levels recurse, because this is fastest. The levels below them use a list.

use std::{cell::Cell, slice, vec};

use super::{Array, Struct, Value, structure};

/// How many levels recurse. Without optimizations, a level takes up to a kilobyte of the stack.
const LEVELS: usize = 64;

thread_local! {
    /// How many levels recurse at the moment.
    static DESCENDED: Cell<usize> = const { Cell::new(0) };
}

/// Runs work that recurses into the values of an array or a struct; `None` if too many levels recurse
/// already.
#[inline]
pub(super) fn descend<R>(work: impl FnOnce() -> R) -> Option<R> {
    /// Leaves the level, also if the work panics.
    struct Level<'a>(&'a Cell<usize>, usize);

    impl Drop for Level<'_> {
        fn drop(&mut self) {
            self.0.set(self.1);
        }
    }

    DESCENDED.with(|descended| {
        let before = descended.get();
        if before >= LEVELS {
            return None;
        }
        descended.set(before + 1);
        let _level = Level(descended, before);
        Some(work())
    })
}

/// The values in an array or a struct that is being dropped.
pub(super) enum Open {
    Array(vec::IntoIter<Value>),
    Struct(structure::IntoIter),
}

/// Drops the values in an array or a struct.
#[cold]
pub(super) fn drop(outermost: Open) {
    let mut open = vec![outermost];
    while let Some(innermost) = open.last_mut() {
        let next = match innermost {
            Open::Array(elements) => elements.next(),
            Open::Struct(members) => members.next().map(|(_, value)| value),
        };
        match next {
            Some(Value::Array(mut array)) => open.push(array.open()),
            Some(Value::Struct(mut members)) => open.push(members.open()),
            Some(_) => {}
            None => {
                open.pop();
            }
        }
    }
}

/// An array or a struct that is being cloned: what is left of it, and its clone.
enum Copying<'a> {
    Array(slice::Iter<'a, Value>, Array),
    Struct(structure::Iter<'a>, Struct, &'a str),
}

impl<'a> Copying<'a> {
    fn array(array: &'a Array) -> Self {
        Self::Array(array.iter(), Vec::with_capacity(array.len()).into())
    }

    fn structure(members: &'a Struct) -> Self {
        Self::Struct(members.iter(), Struct::new(), "")
    }

    fn next(&mut self) -> Option<&'a Value> {
        match self {
            Self::Array(rest, _) => rest.next(),
            Self::Struct(rest, _, current) => {
                let (name, value) = rest.next()?;
                *current = name;
                Some(value)
            }
        }
    }

    fn add(&mut self, value: Value) {
        match self {
            Self::Array(_, clone) => clone.push(value),
            Self::Struct(_, clone, name) => {
                clone.insert(*name, value);
            }
        }
    }

    fn finish(self) -> Value {
        match self {
            Self::Array(_, clone) => Value::Array(clone),
            Self::Struct(_, clone, _) => Value::Struct(clone),
        }
    }
}

fn copy(mut innermost: Copying<'_>) -> Value {
    let mut outer = Vec::new();
    loop {
        match innermost.next() {
            Some(Value::Array(array)) => {
                outer.push(std::mem::replace(&mut innermost, Copying::array(array)));
            }
            Some(Value::Struct(members)) => {
                outer.push(std::mem::replace(
                    &mut innermost,
                    Copying::structure(members),
                ));
            }
            Some(scalar) => innermost.add(scalar.clone()),
            None => {
                let clone = innermost.finish();
                match outer.pop() {
                    Some(around) => innermost = around,
                    None => return clone,
                }
                innermost.add(clone);
            }
        }
    }
}

#[cold]
pub(super) fn clone_array(array: &Array) -> Array {
    match copy(Copying::array(array)) {
        Value::Array(clone) => clone,
        _ => Array::new(),
    }
}

#[cold]
pub(super) fn clone_struct(members: &Struct) -> Struct {
    match copy(Copying::structure(members)) {
        Value::Struct(clone) => clone,
        _ => Struct::new(),
    }
}

/// Pairs of values that are still to be compared.
type Pairs<'a> = Vec<(&'a Value, &'a Value)>;

#[cold]
pub(super) fn equal_arrays(one: &Array, other: &Array) -> bool {
    let mut pairs = Vec::new();
    add_elements(one, other, &mut pairs) && equal(pairs)
}

#[cold]
pub(super) fn equal_structs(one: &Struct, other: &Struct) -> bool {
    let mut pairs = Vec::new();
    add_members(one, other, &mut pairs) && equal(pairs)
}

fn equal(mut pairs: Pairs<'_>) -> bool {
    while let Some(pair) = pairs.pop() {
        let is_equal = match pair {
            (Value::Array(one), Value::Array(other)) => add_elements(one, other, &mut pairs),
            (Value::Struct(one), Value::Struct(other)) => add_members(one, other, &mut pairs),
            (one, other) => one == other,
        };
        if !is_equal {
            return false;
        }
    }
    true
}

/// Adds the pairs of elements, if both arrays have the same length.
fn add_elements<'a>(one: &'a Array, other: &'a Array, pairs: &mut Pairs<'a>) -> bool {
    pairs.extend(one.iter().zip(other.iter()));
    one.len() == other.len()
}

/// Adds the pairs of members, if both structs have the same names.
fn add_members<'a>(one: &'a Struct, other: &'a Struct, pairs: &mut Pairs<'a>) -> bool {
    one.len() == other.len()
        && one.iter().all(|(name, value)| match other.get(name) {
            Some(there) => {
                pairs.push((value, there));
                true
            }
            None => false,
        })
}
