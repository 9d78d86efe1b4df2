//! Access to the contents of a `Value`, and comparisons with plain Rust values.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use xmlrpc_core::{Base64, DateTime, Fault, Struct, Value, from_str, value};

fn sample() -> Value {
    value!({
        "a": {"b": [10, "x", nil, {"c/d": 1, "m~n": 2, "": 3}]},
        "0": "a member",
        "date": DateTime::new(1998, 7, 17, 14, 8, 55).unwrap(),
        "bytes": Base64(vec![1, 2]),
    })
}

#[test]
fn missing_values_are_nil() {
    let value = sample();
    assert_eq!(value["a"]["b"][0], 10);
    assert_eq!(value[String::from("a")]["b"][1], "x");
    assert_eq!(value[&"0"], "a member");
    for nothing in [
        &value["b"],
        &value[0],
        &value["a"]["b"][4],
        &value["a"]["b"]["0"],
        &value["a"]["b"][0]["deeper"][7],
        &value["a"]["b"][usize::MAX],
        &Value::Nil["x"],
        &value!("text")[0],
    ] {
        assert_eq!(*nothing, Value::Nil);
    }
    // `get` distinguishes a nil from a missing value.
    assert_eq!(value["a"]["b"].get(2), Some(&Value::Nil));
    assert_eq!(value["a"]["b"].get(4), None);
    assert_eq!(
        value.get("a").and_then(|a| a.get("b")).map(Value::is_array),
        Some(true)
    );
}

#[test]
fn existing_values_can_be_changed() {
    let mut value = sample();
    *value.get_mut("0").unwrap() = value!([1]);
    value
        .get_mut("0")
        .unwrap()
        .as_array_mut()
        .unwrap()
        .push(2.into());
    assert_eq!(value["0"], value!([1, 2]));
    assert_eq!(value.get_mut("none"), None);
    assert_eq!(value.get_mut(0), None);
    value.as_struct_mut().unwrap().insert("new", true);
    assert_eq!(value["new"], true);
    assert_eq!(value.as_array_mut(), None);
    let taken = value.get_mut("a").unwrap().take();
    assert_eq!(taken["b"][0], 10);
    assert_eq!(value.get("a"), Some(&Value::Nil));
}

#[test]
fn pointers() {
    let value = sample();
    let table: [(&str, Option<Value>); 20] = [
        ("/a/b/0", Some(10.into())),
        ("/a/b/1", Some("x".into())),
        ("/a/b/2", Some(Value::Nil)),
        ("/a/b/3/c~1d", Some(1.into())),
        ("/a/b/3/m~0n", Some(2.into())),
        ("/a/b/3/", Some(3.into())),
        ("/0", Some("a member".into())),
        ("/a/b/4", None),
        ("/a/b/-", None),
        ("/a/b/00", None),
        ("/a/b/01", None),
        ("/a/b/+1", None),
        ("/a/b/-1", None),
        ("/a/b/99999999999999999999999", None),
        ("/a/b/0/c", None),
        ("/a/b/", None),
        ("/a/b/3/c~01d", None),
        ("/", None),
        ("a", None),
        ("a/b", None),
    ];
    for (pointer, expected) in table {
        assert_eq!(value.pointer(pointer), expected.as_ref(), "{pointer}");
        let found = sample().pointer_mut(pointer).map(Value::take);
        assert_eq!(found, expected, "{pointer}");
    }
    assert_eq!(value.pointer(""), Some(&value));
    let mut changed = sample();
    *changed.pointer_mut("/a/b/3/c~1d").unwrap() = "new".into();
    assert_eq!(changed["a"]["b"][3]["c/d"], "new");
    *changed.pointer_mut("").unwrap() = Value::Nil;
    assert!(changed.is_nil());
}

#[test]
fn kinds_of_values() {
    let value = sample();
    assert!(value.is_struct() && value["a"]["b"].is_array() && value["0"].is_string());
    assert!(value["none"].is_nil() && value!(true).is_bool() && value!(0.5).is_number());
    assert!(Value::I8(1).is_number() && !value!("1").is_number() && !value.is_array());
    assert_eq!(Value::I8(7).as_i32(), Some(7));
    assert_eq!(Value::I8(1 << 31).as_i32(), None);
    assert_eq!(value!(0.5).as_i32(), None);
    assert_eq!(value["bytes"].as_bytes(), Some(&[1, 2][..]));
    assert_eq!(value["date"].as_datetime().map(DateTime::year), Some(1998));
    assert_eq!(Value::default(), Value::Nil);
}

fn equal<T>(value: &Value, other: T) -> bool
where
    Value: PartialEq<T>,
{
    *value == other
}

#[test]
fn values_beside_plain_ones() {
    let five = from_str::<Value>("<value><i8>5</i8></value>").unwrap();
    assert!(equal(&five, 5_i8) && equal(&five, 5_i16) && equal(&five, 5) && equal(&five, 5_i64));
    assert!(equal(&five, 5_u8) && equal(&five, 5_u16) && equal(&five, 5_u32));
    assert!(equal(&five, 5_u64) && equal(&five, 5_usize));
    assert!(!equal(&five, 6) && !equal(&five, 5.0) && !equal(&five, "5") && !equal(&five, true));

    let negative = value!(-1);
    assert!(equal(&negative, -1_i8) && equal(&negative, -1.0));
    assert!(!equal(&negative, u64::MAX) && !equal(&negative, u32::MAX));
    assert!(equal(&value!(0.5), 0.5) && equal(&value!(0.5), 0.5_f32));
    assert!(!equal(&value!(f64::NAN), f64::NAN));

    let text = value!("x");
    assert!(equal(&text, "x") && equal(&text, "x".to_owned()) && !equal(&text, "y"));
    assert!(text == *"x");
    assert!(equal(&value!(true), true) && !equal(&value!(true), false));
    assert!(!equal(&value!(1), true) && !equal(&Value::Nil, false) && !equal(&Value::Nil, ""));

    let date = DateTime::new(1998, 7, 17, 14, 8, 55).unwrap();
    assert!(equal(&value!(date), date) && !equal(&value!("19980717T14:08:55"), date));
}

#[test]
fn values_of_the_usual_types() {
    let table: [(Value, Value); 13] = [
        (5_u64.into(), Value::Int(5)),
        (5_usize.into(), Value::Int(5)),
        ((-5_isize).into(), Value::Int(-5)),
        ((1_u64 << 40).into(), Value::I8(1 << 40)),
        (u64::MAX.into(), Value::from("18446744073709551615")),
        ('x'.into(), Value::from("x")),
        (Cow::Borrowed("x").into(), Value::from("x")),
        (Box::<str>::from("x").into(), Value::from("x")),
        ((&String::from("x")).into(), Value::from("x")),
        ((&[1, 2][..]).into(), value!([1, 2])),
        (BTreeMap::from([("a", 1)]).into(), value!({"a": 1})),
        (HashMap::from([("a", vec![1])]).into(), value!({"a": [1]})),
        (
            Fault::new(4, "no").into(),
            value!({"faultCode": 4, "faultString": "no"}),
        ),
    ];
    for (made, expected) in table {
        assert_eq!(made, expected);
    }
    assert_eq!((1..=3).collect::<Value>(), value!([1, 2, 3]));
}

#[test]
#[should_panic(expected = "the struct has no member `larry`")]
fn a_struct_that_is_indexed_is_strict() {
    let _ = &Struct::from([("moe", 5)])["larry"];
}
