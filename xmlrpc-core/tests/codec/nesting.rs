//! Values that nest so deeply that recursion would overflow the stack.

use std::thread;

use xmlrpc_core::{Array, Struct, Value, from_value, to_vec, value};

/// A struct of so many members is stored in another way.
const MANY: usize = 40;

/// A value that nests this deeply, in arrays and in small and large structs.
fn nested(levels: usize, innermost: i32) -> Value {
    (0..levels).fold(Value::from(innermost), |inner, level| match level % 3 {
        0 => value!([level as i64, inner, "x"]),
        1 => value!({"before": level as i64, "inner": inner, "after": "x"}),
        _ => {
            let mut members: Struct = (0..MANY).map(|n| (format!("m{n}"), n as i64)).collect();
            members.insert("inner", inner);
            Value::Struct(members)
        }
    })
}

fn arrays(levels: usize) -> Value {
    (0..levels).fold(Value::Nil, |inner, _| Value::from(vec![inner]))
}

fn structs(levels: usize) -> Value {
    (0..levels).fold(Value::Nil, |inner, _| {
        Value::Struct(Struct::from([("a", inner)]))
    })
}

/// Runs on a thread with the stack that tokio gives its workers in small configurations.
fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().stack_size(512 << 10);
    thread.spawn(work).unwrap().join().unwrap();
}

const LEVELS: usize = 50_000;

#[test]
fn dropping_does_not_recurse() {
    on_a_small_stack(|| {
        drop(arrays(LEVELS));
        drop(structs(LEVELS));
        drop(nested(LEVELS, 1));
        // Many deep values side by side, and parts of values.
        drop((0..20).map(|_| arrays(1_000)).collect::<Value>());
        let Value::Array(array) = arrays(LEVELS) else {
            panic!()
        };
        let elements = Vec::from(array);
        drop(elements.into_iter());
        let Value::Struct(members) = structs(LEVELS) else {
            panic!()
        };
        drop(members.into_iter());
        let mut value = nested(LEVELS, 1);
        value = value.get_mut("inner").unwrap().take();
        drop(value);
    });
}

#[test]
fn cloning_and_comparing_do_not_recurse() {
    on_a_small_stack(|| {
        for value in [arrays(LEVELS), structs(LEVELS), nested(LEVELS, 1)] {
            let clone = value.clone();
            assert!(clone == value);
            assert!(value!([clone.clone()]) != value);
        }
        assert!(nested(LEVELS, 1) != nested(LEVELS, 2));
        assert!(nested(LEVELS, 1) != nested(LEVELS + 3, 1));
        assert!(arrays(LEVELS) != structs(LEVELS));
    });
}

#[test]
fn clones_of_any_depth_are_equal() {
    for levels in [0, 1, 2, 3, 62, 63, 64, 65, 66, 67, 128, 200] {
        let value = nested(levels, 1);
        let clone = value.clone();
        assert_eq!(clone, value);
        assert_ne!(nested(levels, 2), value);
        // Also the order of the members.
        assert_eq!(format!("{clone:?}"), format!("{value:?}"));
    }
    // In another order, with another name, and with another length.
    let deep = |inner: Value| (0..100).fold(inner, |inner, _| value!([inner]));
    assert_eq!(
        deep(value!({"a": 1, "b": [2]})),
        deep(value!({"b": [2], "a": 1}))
    );
    assert_ne!(
        deep(value!({"a": 1, "b": [2]})),
        deep(value!({"a": 1, "c": [2]}))
    );
    assert_ne!(deep(value!({"a": 1})), deep(value!({"a": 1, "b": 2})));
    assert_ne!(deep(value!([1, 2])), deep(value!([1])));
    assert_ne!(deep(value!([])), deep(value!({})));
}

#[test]
fn the_rest_is_limited() {
    on_a_small_stack(|| {
        let value = nested(LEVELS, 1);
        assert!(to_vec(&value).is_err());
        let shown = format!("{value:?}");
        assert!(shown.contains("..."));
        assert!(from_value::<Value>(value).is_err());
    });
    let shown = |levels| format!("{:?}", arrays(levels));
    assert!(shown(128).ends_with(&format!("[Array([Nil]){}", "])".repeat(127))));
    assert!(shown(129).contains("[Array([Array(...)])"));
}

#[test]
fn debug_shows_the_names_of_the_variants() {
    let value = value!({"a": [1, 5_000_000_000_i64, true, "x", 1.5, nil]});
    assert_eq!(
        format!("{value:?}"),
        r#"Struct({"a": Array([Int(1), I8(5000000000), Bool(true), String("x"), Double(1.5), Nil])})"#
    );
    assert_eq!(
        format!("{:#?}", value!([1])),
        "Array(\n    [\n        Int(\n            1,\n        ),\n    ],\n)"
    );
}

#[test]
fn an_array_behaves_like_a_vec() {
    let mut array: Array = (1..=3).map(Value::from).collect();
    array.push(Value::Nil);
    assert_eq!((array.len(), &array[0]), (4, &value!(1)));
    assert_eq!(array, vec![value!(1), value!(2), value!(3), Value::Nil]);
    for element in &mut array {
        *element = Value::Nil;
    }
    assert!((&array).into_iter().all(Value::is_nil));
    assert_eq!(Value::from(array.clone()), value!([nil, nil, nil, nil]));
    assert_eq!(to_vec(&array).unwrap(), to_vec(&vec![(); 4]).unwrap());
    let read: Array = from_value(value!([nil, nil, nil, nil])).unwrap();
    assert_eq!(read, array);
    assert_eq!(array.into_iter().count(), 4);
    assert!(Array::new().is_empty());
}
