//! `Value`, our types in other formats, and the values of other formats in ours.

use std::borrow::Cow;

use serde::Deserialize;
use xmlrpc_core::{Base64, DateTime, Struct, Value, from_str, from_value, to_string};

#[test]
fn members_keep_their_order() {
    let members = Struct::from([("z", 1), ("a", 2), ("m", 3)]);
    let read: Struct = from_str(&to_string(&members).unwrap()).unwrap();
    assert_eq!(read.keys().collect::<Vec<_>>(), ["z", "a", "m"]);
}

#[test]
fn our_types_in_another_format() {
    let date = DateTime::new(1998, 7, 17, 14, 8, 55).unwrap();
    assert_eq!(
        serde_json::to_string(&date).unwrap(),
        "\"19980717T14:08:55\""
    );
    assert_eq!(
        serde_json::from_str::<DateTime>("\"1998-07-17T14:08:55Z\"")
            .unwrap()
            .civil(),
        date.civil()
    );

    let json = r#"{"a":1,"b":-3000000000,"c":[null,true,1.5,"x"],"d":18446744073709551615}"#;
    let value: Value = serde_json::from_str(json).unwrap();
    let members = value.as_struct().unwrap();
    assert_eq!(members["a"], Value::Int(1));
    assert_eq!(members["b"], Value::I8(-3_000_000_000));
    assert_eq!(members["d"], Value::from("18446744073709551615"));
    let back = serde_json::to_string(&value).unwrap();
    assert_eq!(
        back,
        json.replace("18446744073709551615", "\"18446744073709551615\"")
    );
    assert_eq!(serde_json::to_string(&Value::I8(5)).unwrap(), "5");
    assert_eq!(serde_json::from_str::<Struct>("{}").unwrap(), Struct::new());
}

#[test]
fn another_formats_value_reads_from_ours() {
    let document = "<value><struct><member><name>a</name><value><array><data><value><int>1</int></value>\
                    <value><nil/></value><value>x</value></data></array></value></member></struct></value>";
    let value: serde_json::Value = from_str(document).unwrap();
    assert_eq!(value, serde_json::json!({"a": [1, null, "x"]}));
}

#[test]
fn dates_of_other_crates_read_their_text() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Event {
        #[serde(deserialize_with = "parse")]
        at: jiff::civil::DateTime,
    }
    fn parse<'de, D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<jiff::civil::DateTime, D::Error> {
        let text = <Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
    let expected = Event {
        at: jiff::civil::date(1998, 7, 17).at(14, 8, 55, 0),
    };
    let value = Value::from(Struct::from([(
        "at",
        Value::from(DateTime::from(expected.at)),
    )]));
    assert_eq!(
        from_str::<Event>(&to_string(&value).unwrap()).unwrap(),
        expected
    );
    assert_eq!(from_value::<Event>(value).unwrap(), expected);
    let date = Value::from("1998-07-17T14:08:55.5-0330".parse::<DateTime>().unwrap());
    assert_eq!(from_value::<Value>(date.clone()).unwrap(), date);
    assert_eq!(
        from_value::<String>(Value::from(DateTime::from(expected.at))).unwrap(),
        "19980717T14:08:55"
    );
}

#[test]
fn conversions_of_values() {
    let value = Value::from(Struct::from([
        ("list", Value::from(vec![1.5])),
        ("bytes", Value::from(Base64(vec![1]))),
        ("none", Value::from(None::<i32>)),
        ("big", Value::from(1_i64 << 40)),
    ]));
    let members = value.as_struct().unwrap();
    assert_eq!(members.len(), 4);
    assert_eq!(members["list"].as_array().unwrap()[0].as_f64(), Some(1.5));
    assert_eq!(members["bytes"].as_bytes(), Some(&[1][..]));
    assert!(members["none"].is_nil());
    assert_eq!(members["big"].as_i64(), Some(1 << 40));
    assert_eq!(members.get("other"), None);
    assert_eq!(Value::from("x").as_str(), Some("x"));
    assert_eq!(Value::from(true).as_bool(), Some(true));
    assert_eq!(Value::from(7_u8).as_i64(), Some(7));
    let collected: Vec<(String, Value)> = members.clone().into_iter().collect();
    assert_eq!(collected[1].0, "bytes");
    let mut members = members.clone();
    assert_eq!(members.insert("list", 1), Some(Value::from(vec![1.5])));
    assert_eq!(
        members.remove("big").and_then(|value| value.as_i64()),
        Some(1 << 40)
    );
    assert_eq!(
        members.keys().collect::<Vec<_>>(),
        ["list", "bytes", "none"]
    );
}

/// Few members are compared one by one, many are hashed. The results are the same.
#[test]
fn structs_of_any_size() {
    for size in [0, 1, 2, 15, 16, 17, 18, 40] {
        let name = |index: usize| format!("member {}", (index * 7) % 41);
        let mut members: Struct = (0..size).map(|index| (name(index), index as i32)).collect();
        assert_eq!((members.len(), members.is_empty()), (size, size == 0));
        let backwards: Struct = (0..size)
            .rev()
            .map(|index| (name(index), index as i32))
            .collect();
        assert_eq!(members, backwards);
        for index in 0..size {
            assert_eq!(members[&name(index)], Value::from(index as i32));
            assert_eq!(
                members.insert(name(index), -1),
                Some(Value::from(index as i32))
            );
            assert_ne!(members, backwards);
            *members.get_mut(&name(index)).unwrap() = Value::from(index as i32);
        }
        let expected: Vec<_> = (0..size).map(name).collect();
        assert_eq!(members.keys().collect::<Vec<_>>(), expected);
        assert_eq!(members.iter().len(), size);
        assert_eq!(members.values().count(), size);
        assert_eq!(members.clone().into_iter().len(), size);
        assert!(!members.contains("member") && members.remove("member").is_none());
        let document = to_string(&members).unwrap();
        assert_eq!(from_str::<Struct>(&document).unwrap(), members);
        for index in (0..size).step_by(2) {
            assert_eq!(
                members.remove(&name(index)),
                Some(Value::from(index as i32))
            );
        }
        let rest: Vec<_> = (0..size).skip(1).step_by(2).map(name).collect();
        assert_eq!(
            members
                .into_iter()
                .map(|(name, _)| name)
                .collect::<Vec<_>>(),
            rest
        );
    }
}
