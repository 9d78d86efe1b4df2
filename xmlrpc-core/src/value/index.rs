//! Access to the parts of a value, by name, by index and by JSON pointer.

use core::{fmt::Debug, ops::Index};

use super::{Struct, Value};

static NIL: Value = Value::Nil;

mod sealed {
    pub trait Sealed {}

    impl Sealed for usize {}
    impl Sealed for str {}
    impl Sealed for String {}
    impl<T: Sealed + ?Sized> Sealed for &T {}
}

/// An index into a [`Value`]: the name of a member, or the index of an element.
///
/// ```
/// use xmlrpc_core::value;
///
/// let stooges = value!({"ages": [5, 6]});
/// assert_eq!(stooges["ages"][1], 6);
/// assert_eq!(stooges.get("ages").and_then(|ages| ages.get(1)), Some(&value!(6)));
/// ```
#[diagnostic::on_unimplemented(
    message = "a `Value` cannot be indexed by `{Self}`",
    note = "`&str` finds a member of a struct, `usize` an element of an array"
)]
pub trait ValueIndex: sealed::Sealed + Debug {
    #[doc(hidden)]
    fn within<'v>(&self, value: &'v Value) -> Option<&'v Value>;
    #[doc(hidden)]
    fn within_mut<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value>;
}

impl ValueIndex for usize {
    fn within<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        value.as_array()?.get(*self)
    }

    fn within_mut<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
        value.as_array_mut()?.get_mut(*self)
    }
}

impl ValueIndex for str {
    fn within<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        value.as_struct()?.get(self)
    }

    fn within_mut<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
        value.as_struct_mut()?.get_mut(self)
    }
}

impl ValueIndex for String {
    fn within<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        self.as_str().within(value)
    }

    fn within_mut<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
        self.as_str().within_mut(value)
    }
}

impl<T: ValueIndex + ?Sized> ValueIndex for &T {
    fn within<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        T::within(self, value)
    }

    fn within_mut<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
        T::within_mut(self, value)
    }
}

impl<I: ValueIndex> Index<I> for Value {
    type Output = Value;

    /// The member or element, or [`Value::Nil`] if it does not exist.
    ///
    /// This never panics. (The `Index` of [`Struct`] does.)
    ///
    /// ```
    /// use xmlrpc_core::value;
    ///
    /// let value = value!({"list": [1, "two"]});
    /// assert_eq!(value["list"][1], "two");
    /// assert!(value["list"][2].is_nil());
    /// assert!(value["list"]["name"]["deeper"].is_nil());
    /// ```
    fn index(&self, index: I) -> &Value {
        self.get(index).unwrap_or(&NIL)
    }
}

impl Value {
    /// The member of a struct or the element of an array, if it exists.
    ///
    /// ```
    /// use xmlrpc_core::{Value, value};
    ///
    /// let value = value!({"none": nil});
    /// assert_eq!(value.get("none"), Some(&Value::Nil));
    /// assert_eq!(value.get("other"), None);
    /// assert_eq!(value.get(0), None);
    /// ```
    pub fn get(&self, index: impl ValueIndex) -> Option<&Value> {
        index.within(self)
    }

    /// A mutable reference to the member of a struct or the element of an array.
    ///
    /// ```
    /// use xmlrpc_core::value;
    ///
    /// let mut value = value!([1, 2]);
    /// if let Some(element) = value.get_mut(1) {
    ///     *element = value!("two");
    /// }
    /// assert_eq!(value, value!([1, "two"]));
    /// ```
    pub fn get_mut(&mut self, index: impl ValueIndex) -> Option<&mut Value> {
        index.within_mut(self)
    }

    /// The value at a JSON pointer (RFC 6901).
    ///
    /// Each name and index follows a `/`. In a name, `~1` stands for `/` and `~0` for `~`. The empty
    /// pointer points to the whole value.
    ///
    /// ```
    /// use xmlrpc_core::value;
    ///
    /// let value = value!({"a": [{"b/c": 1}]});
    /// assert_eq!(value.pointer("/a/0/b~1c"), Some(&value!(1)));
    /// assert_eq!(value.pointer("/a/1"), None);
    /// assert_eq!(value.pointer("a"), None);
    /// ```
    pub fn pointer(&self, pointer: &str) -> Option<&Value> {
        tokens(pointer)?.try_fold(self, |value, token| match value {
            Self::Struct(members) => members.get(&token),
            Self::Array(elements) => elements.get(index(&token)?),
            _ => None,
        })
    }

    /// A mutable reference to the value at a JSON pointer.
    ///
    /// ```
    /// use xmlrpc_core::value;
    ///
    /// let mut value = value!({"a": [1]});
    /// let first = value.pointer_mut("/a/0").map(|element| element.take());
    /// assert_eq!(first, Some(value!(1)));
    /// assert_eq!(value, value!({"a": [nil]}));
    /// ```
    pub fn pointer_mut(&mut self, pointer: &str) -> Option<&mut Value> {
        tokens(pointer)?.try_fold(self, |value, token| match value {
            Self::Struct(members) => members.get_mut(&token),
            Self::Array(elements) => elements.get_mut(index(&token)?),
            _ => None,
        })
    }

    /// Takes the value and leaves nil.
    ///
    /// ```
    /// use xmlrpc_core::value;
    ///
    /// let mut value = value!({"name": "moe"});
    /// let name = value.get_mut("name").map(|name| name.take());
    /// assert_eq!(name, Some(value!("moe")));
    /// assert!(value["name"].is_nil());
    /// ```
    #[must_use = "the value is lost if it is not used"]
    pub fn take(&mut self) -> Value {
        std::mem::take(self)
    }

    /// The members, mutable, if it is a struct.
    ///
    /// ```
    /// use xmlrpc_core::value;
    ///
    /// let mut value = value!({});
    /// if let Some(members) = value.as_struct_mut() {
    ///     members.insert("age", 5);
    /// }
    /// assert_eq!(value, value!({"age": 5}));
    /// ```
    pub fn as_struct_mut(&mut self) -> Option<&mut Struct> {
        match self {
            Self::Struct(members) => Some(members),
            _ => None,
        }
    }

    /// The elements, mutable, if it is an array.
    ///
    /// ```
    /// use xmlrpc_core::value;
    ///
    /// let mut value = value!([1]);
    /// if let Some(elements) = value.as_array_mut() {
    ///     elements.push("two".into());
    /// }
    /// assert_eq!(value, value!([1, "two"]));
    /// ```
    pub fn as_array_mut(&mut self) -> Option<&mut Vec<Value>> {
        match self {
            Self::Array(elements) => Some(elements),
            _ => None,
        }
    }
}

/// The tokens of a pointer, if it is valid.
fn tokens(pointer: &str) -> Option<impl Iterator<Item = String>> {
    let mut tokens = pointer.split('/');
    // A pointer begins with `/`.
    tokens.next().filter(|first| first.is_empty())?;
    Some(tokens.map(|token| token.replace("~1", "/").replace("~0", "~")))
}

/// The index of an element, without signs and leading zeros.
fn index(token: &str) -> Option<usize> {
    let is_plain = token == "0" || !token.starts_with(['0', '+']);
    token.parse().ok().filter(|_| is_plain)
}
