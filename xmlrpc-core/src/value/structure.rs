//! [`Struct`] and its iterators.

use core::{fmt, ops::Index};

use super::{
    Value, debug,
    member_map::{self, MemberMap},
    nesting::{self, Open},
};

/// The members of a struct, in the order in which they were inserted.
///
/// Two structs are equal if they have equal members in any order.
///
/// ```
/// use xmlrpc_core::{Struct, Value};
///
/// let mut stooges = Struct::new();
/// stooges.insert("moe", 5);
/// stooges.insert("larry", 6);
/// assert_eq!(stooges["moe"], Value::Int(5));
/// assert_eq!(stooges.keys().collect::<Vec<_>>(), ["moe", "larry"]);
/// ```
#[derive(Default)]
pub struct Struct {
    members: MemberMap,
}

impl Drop for Struct {
    fn drop(&mut self) {
        if self.is_empty() {
            return;
        }
        if nesting::descend(|| drop(std::mem::take(&mut self.members))).is_none() {
            nesting::drop(self.open());
        }
    }
}

impl Clone for Struct {
    fn clone(&self) -> Self {
        nesting::descend(|| Self {
            members: self.members.clone(),
        })
        .unwrap_or_else(|| nesting::clone_struct(self))
    }
}

impl PartialEq for Struct {
    fn eq(&self, other: &Self) -> bool {
        let equal = || {
            let mut members = self.iter();
            self.len() == other.len() && members.all(|(name, value)| other.get(name) == Some(value))
        };
        nesting::descend(equal).unwrap_or_else(|| nesting::equal_structs(self, other))
    }
}

impl Struct {
    /// A struct without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of members.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are no members.
    pub fn is_empty(&self) -> bool {
        self.members.len() == 0
    }

    /// The value of a member.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.members.get(name)
    }

    /// A mutable reference to the value of a member.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.members.get_mut(name)
    }

    /// Whether the struct has a member of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.members.get(name).is_some()
    }

    /// Adds a member. Returns the previous value if the struct already had a member of this name.
    ///
    /// ```
    /// use xmlrpc_core::{Struct, Value};
    ///
    /// let mut members = Struct::from([("a", 1)]);
    /// assert_eq!(members.insert("a", 2), Some(Value::Int(1)));
    /// assert_eq!(members.get("a"), Some(&Value::Int(2)));
    /// ```
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) -> Option<Value> {
        self.members.insert(name.into(), value.into())
    }

    /// Removes a member; the others keep their order.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.members.remove(name)
    }

    /// The members, in order.
    ///
    /// ```
    /// let members = xmlrpc_core::Struct::from([("b", 1), ("a", 2)]);
    /// let names: Vec<&str> = members.iter().map(|(name, _)| name).collect();
    /// assert_eq!(names, ["b", "a"]);
    /// ```
    pub fn iter(&self) -> Iter<'_> {
        Iter(self.members.iter())
    }

    /// The names, in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.iter().map(|(name, _)| name)
    }

    /// The values, in order.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.iter().map(|(_, value)| value)
    }

    pub(super) fn open(&mut self) -> Open {
        Open::Struct(IntoIter(std::mem::take(&mut self.members).into_iter()))
    }
}

impl fmt::Debug for Struct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug::structure(self, debug::LEVELS, f)
    }
}

impl Index<&str> for Struct {
    type Output = Value;

    /// # Panics
    ///
    /// If the struct has no member of this name.
    fn index(&self, name: &str) -> &Value {
        match self.members.get(name) {
            Some(value) => value,
            None => panic!("the struct has no member `{name}`"),
        }
    }
}

impl<N: Into<String>, V: Into<Value>> FromIterator<(N, V)> for Struct {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(members: I) -> Self {
        let mut structure = Self::new();
        structure.extend(members);
        structure
    }
}

impl<N: Into<String>, V: Into<Value>, const LEN: usize> From<[(N, V); LEN]> for Struct {
    fn from(members: [(N, V); LEN]) -> Self {
        members.into_iter().collect()
    }
}

impl<N: Into<String>, V: Into<Value>> Extend<(N, V)> for Struct {
    fn extend<I: IntoIterator<Item = (N, V)>>(&mut self, members: I) {
        for (name, value) in members {
            self.insert(name, value);
        }
    }
}

/// An iterator over the members of a [`Struct`], in order.
#[derive(Clone, Debug)]
pub struct Iter<'a>(member_map::Iter<'a>);

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a str, &'a Value);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl<'a> IntoIterator for &'a Struct {
    type Item = (&'a str, &'a Value);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// An owning iterator over the members of a [`Struct`], in order.
#[derive(Debug)]
pub struct IntoIter(member_map::IntoIter);

impl Iterator for IntoIter {
    type Item = (String, Value);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for IntoIter {}

impl IntoIterator for Struct {
    type Item = (String, Value);
    type IntoIter = IntoIter;

    fn into_iter(mut self) -> IntoIter {
        IntoIter(std::mem::take(&mut self.members).into_iter())
    }
}
