/// Makes a [`Value`](crate::Value) from text that looks like JSON.
///
/// * `nil` is nil, `{…}` is a struct, `[…]` is an array. Trailing commas are allowed.
/// * Any other value is an expression whose type implements `Into<Value>`. For other types that
///   implement `Serialize`, write [`to_value(&expression)?`](crate::to_value), because it can fail and
///   the macro cannot.
/// * A name is an expression whose type implements `Into<String>`. Put it into parentheses unless it is
///   a literal or a variable. If two members have the same name, the last one counts.
/// * A number is an `i32` or an `f64` unless it has a suffix: `3_000_000_000_i64`.
///
/// ```
/// use xmlrpc_core::{Base64, DateTime, Struct, Value, value};
///
/// let name = "moe";
/// let ages = vec![5, 6];
/// let stooge = value!({
///     "name": name,
///     "ages": ages,
///     "photo": Base64(vec![1, 2, 3]),
///     "born": DateTime::new(1897, 6, 19, 0, 0, 0)?,
///     "tags": ["short", -1, 1.5, true, nil, [], {}],
///     (format!("{name}'s sum")): 5 + 6,
/// });
/// assert_eq!(stooge["name"], "moe");
/// assert_eq!(stooge["ages"][1], 6);
/// assert_eq!(stooge["moe's sum"], 11);
/// assert_eq!(value!({}), Value::Struct(Struct::new()));
/// # Ok::<(), xmlrpc_core::Error>(())
/// ```
#[macro_export]
macro_rules! value {
    ($($value:tt)+) => {
        $crate::__value!($($value)+)
    };
}

/// The rules of [`value!`](crate::value), which handles elements and members one by one.
#[doc(hidden)]
#[macro_export]
macro_rules! __value {
    // An array: the elements so far as expressions, and the rest.
    (@array [$($done:expr,)*]) => {
        $crate::Value::Array($crate::Array::from($crate::__private::vec![$($done),*]))
    };
    (@array [$($done:expr,)*] nil $(, $($rest:tt)*)?) => {
        $crate::__value!(@array [$($done,)* $crate::Value::Nil,] $($($rest)*)?)
    };
    (@array [$($done:expr,)*] [$($array:tt)*] $(, $($rest:tt)*)?) => {
        $crate::__value!(@array [$($done,)* $crate::__value!([$($array)*]),] $($($rest)*)?)
    };
    (@array [$($done:expr,)*] {$($members:tt)*} $(, $($rest:tt)*)?) => {
        $crate::__value!(@array [$($done,)* $crate::__value!({$($members)*}),] $($($rest)*)?)
    };
    (@array [$($done:expr,)*] $next:expr $(, $($rest:tt)*)?) => {
        $crate::__value!(@array [$($done,)* $crate::__value!($next),] $($($rest)*)?)
    };

    // A struct: its variable, and the rest.
    (@members $members:ident) => {};
    (@members $members:ident ($name:expr): $($rest:tt)+) => {
        $crate::__value!(@member $members ($name) $($rest)+)
    };
    (@members $members:ident $name:literal: $($rest:tt)+) => {
        $crate::__value!(@member $members ($name) $($rest)+)
    };
    (@members $members:ident $name:ident: $($rest:tt)+) => {
        $crate::__value!(@member $members ($name) $($rest)+)
    };

    (@member $members:ident ($name:expr) nil $(, $($rest:tt)*)?) => {
        $members.insert($name, $crate::Value::Nil);
        $crate::__value!(@members $members $($($rest)*)?);
    };
    (@member $members:ident ($name:expr) [$($array:tt)*] $(, $($rest:tt)*)?) => {
        $members.insert($name, $crate::__value!([$($array)*]));
        $crate::__value!(@members $members $($($rest)*)?);
    };
    (@member $members:ident ($name:expr) {$($inner:tt)*} $(, $($rest:tt)*)?) => {
        $members.insert($name, $crate::__value!({$($inner)*}));
        $crate::__value!(@members $members $($($rest)*)?);
    };
    (@member $members:ident ($name:expr) $next:expr $(, $($rest:tt)*)?) => {
        $members.insert($name, $crate::__value!($next));
        $crate::__value!(@members $members $($($rest)*)?);
    };

    // A value.
    (nil) => {
        $crate::Value::Nil
    };
    ([$($elements:tt)*]) => {
        $crate::__value!(@array [] $($elements)*)
    };
    ({}) => {
        $crate::Value::Struct($crate::Struct::new())
    };
    ({$($members:tt)+}) => {{
        let mut members = $crate::Struct::new();
        $crate::__value!(@members members $($members)+);
        $crate::Value::Struct(members)
    }};
    ($value:expr) => {
        $crate::Value::from($value)
    };
}
