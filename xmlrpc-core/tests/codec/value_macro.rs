//! The values that `value!` makes.

use serde::Serialize;
use xmlrpc_core::{
    Base64, DateTime, Dialect, Struct, Value, to_string, to_value, to_vec_with, value,
};

#[test]
fn scalars() {
    let name = "moe";
    let owned = String::from("moe");
    let table = [
        (value!(nil), Value::Nil),
        (value!(1), Value::Int(1)),
        (value!(-1), Value::Int(-1)),
        (value!(3_000_000_000_i64), Value::I8(3_000_000_000)),
        (value!(1 + 2), Value::Int(3)),
        (value!(1.5), Value::Double(1.5)),
        (value!(true), Value::Bool(true)),
        (value!(!owned.is_empty()), Value::Bool(true)),
        (value!("text"), Value::from("text")),
        (value!('c'), Value::from("c")),
        (value!(name), Value::from("moe")),
        (value!(owned.clone()), Value::from("moe")),
        (value!(&owned), Value::from("moe")),
        (value!(owned.len()), Value::Int(3)),
        (value!(()), Value::Nil),
        (value!(None::<i32>), Value::Nil),
        (value!(Some("x")), Value::from("x")),
        (value!(Base64(vec![1])), Value::Base64(vec![1])),
        (value!(Value::I8(5)), Value::I8(5)),
        (value!(if owned.is_empty() { 1 } else { 2 }), Value::Int(2)),
    ];
    for (made, expected) in table {
        assert_eq!(made, expected);
    }
}

#[test]
fn arrays() {
    let ages = vec![5, 6];
    let array = |elements: Vec<Value>| Value::from(elements);
    let (one, nil) = (Value::Int(1), Value::Nil);
    assert_eq!(value!([]), array(vec![]));
    assert_eq!(value!([1]), array(vec![one.clone()]));
    assert_eq!(value!([1,]), array(vec![one.clone()]));
    assert_eq!(value!([nil]), array(vec![nil.clone()]));
    assert_eq!(value!([nil, nil,]), array(vec![nil.clone(); 2]));
    assert_eq!(
        value!([[], [1], [[1,],],]),
        array(vec![
            array(vec![]),
            array(vec![one.clone()]),
            array(vec![array(vec![one.clone()])]),
        ])
    );
    assert_eq!(
        value!([1, nil, "x", {}, ages, 2 * 3, [7][0], f64::from(1)]),
        array(vec![
            one,
            nil,
            "x".into(),
            Struct::new().into(),
            vec![5, 6].into(),
            6.into(),
            7.into(),
            1.0.into(),
        ])
    );
}

#[test]
fn structs() {
    const NAME: &str = "constant";
    let variable = String::from("variable");
    let value = value!({
        "nil": nil,
        "number": -1,
        "sum": 1 + 2,
        "list": [1, {"deep": [nil]}],
        "struct": {"empty": {}, "list": [],},
        "call": variable.len(),
        NAME: true,
        (format!("{variable} 2")): 0.5,
        variable: "moved",
    });
    let members = value.as_struct().unwrap();
    let names: Vec<_> = members.keys().collect();
    assert_eq!(
        names,
        [
            "nil",
            "number",
            "sum",
            "list",
            "struct",
            "call",
            "constant",
            "variable 2",
            "variable"
        ]
    );
    assert_eq!(members.get("nil"), Some(&Value::Nil));
    assert_eq!(value["number"], -1);
    assert_eq!(value["sum"], 3);
    assert_eq!(value["list"][1]["deep"], value!([nil]));
    assert_eq!(value["struct"], value!({"list": [], "empty": {}}));
    assert_eq!(value["call"], 8);
    assert_eq!(value["constant"], true);
    assert_eq!(value["variable 2"], 0.5);
    assert_eq!(value["variable"], "moved");
    assert_eq!(value!({}), Value::Struct(Struct::new()));
    assert_eq!(value!({"a": 1, "a": 2}), value!({"a": 2}));
}

/// The macro's internal variable does not capture a variable of the same name.
#[test]
fn a_variable_called_members() {
    let members = 5;
    assert_eq!(
        value!({"members": members, "inner": {"members": members}})["inner"]["members"],
        5
    );
}

#[test]
fn any_serializable_type() {
    #[derive(Serialize)]
    struct Stooge {
        name: &'static str,
        age: Option<u8>,
    }
    let stooge = Stooge {
        name: "moe",
        age: None,
    };
    let value =
        value!({"stooge": to_value(&stooge).unwrap(), "by": [to_value(&(1, "x")).unwrap()]});
    assert_eq!(value["stooge"], value!({"name": "moe"}));
    assert_eq!(value["by"][0][1], "x");
    assert_eq!(stooge.age, None);
}

#[test]
fn on_the_wire() {
    let date = DateTime::new(1998, 7, 17, 14, 8, 55).unwrap();
    assert_eq!(
        to_string(&value!({"at": date, "ok": [true, nil]})).unwrap(),
        "<value><struct><member><name>at</name><value><dateTime.iso8601>19980717T14:08:55\
         </dateTime.iso8601></value></member><member><name>ok</name><value><array><data><value>\
         <boolean>1</boolean></value><value><nil/></value></data></array></value></member>\
         </struct></value>"
    );
    assert!(to_vec_with(&value!([nil]), Dialect::STANDARD).is_err());
}
