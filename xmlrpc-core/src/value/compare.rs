//! Comparisons of values with plain Rust values.

use super::Value;
use crate::DateTime;

macro_rules! compare {
    ($($type:ty, $value:ident, $other:ident => $equal:expr;)*) => {$(
        impl PartialEq<$type> for Value {
            fn eq(&self, $other: &$type) -> bool {
                let $value = self;
                $equal
            }
        }
    )*};
}

// Integers are compared as integers, in any element, and doubles with `as_f64`. The value stands
// on the left: with `i32: PartialEq<Value>` as well, `vec == []` would no longer compile for a `Vec<i32>`.
compare! {
    i8, value, other => value.as_i64() == Some(i64::from(*other));
    i16, value, other => value.as_i64() == Some(i64::from(*other));
    i32, value, other => value.as_i64() == Some(i64::from(*other));
    i64, value, other => value.as_i64() == Some(*other);
    u8, value, other => value.as_i64() == Some(i64::from(*other));
    u16, value, other => value.as_i64() == Some(i64::from(*other));
    u32, value, other => value.as_i64() == Some(i64::from(*other));
    u64, value, other => value.as_i64().is_some_and(|number| u64::try_from(number) == Ok(*other));
    usize, value, other => value.as_i64().is_some_and(|number| usize::try_from(number) == Ok(*other));
    f32, value, other => value.as_f64() == Some(f64::from(*other));
    f64, value, other => value.as_f64() == Some(*other);
    bool, value, other => value.as_bool() == Some(*other);
    str, value, other => value.as_str() == Some(other);
    &str, value, other => value.as_str() == Some(*other);
    String, value, other => value.as_str() == Some(other);
    DateTime, value, other => value.as_datetime() == Some(other);
}
