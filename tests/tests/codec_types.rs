//! Every shape that serde knows, there and back, by every route.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Debug,
    net::IpAddr,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use xmlrpc_core::{
    Base64, DateTime, Dialect, Struct, Value, from_slice, from_str, from_value, to_string,
    to_value, to_vec_with,
};

/// Writes and reads in each dialect that can hold everything, through text and through [`Value`].
#[track_caller]
#[allow(
    clippy::needless_pass_by_value,
    reason = "it reads better where it is called"
)]
fn round_trip<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) {
    for dialect in [
        Dialect::EXTENDED,
        Dialect::APACHE,
        Dialect::EXTENDED.i4(true).ascii(true).nil_members(true),
    ] {
        let bytes = to_vec_with(&value, dialect).unwrap();
        let read: T = from_slice(&bytes)
            .unwrap_or_else(|error| panic!("{}: {error}", String::from_utf8_lossy(&bytes)));
        assert_eq!(read, value);
    }
    let middle = to_value(&value).unwrap();
    assert_eq!(from_value::<T>(middle.clone()).unwrap(), value);
    assert_eq!(
        from_str::<Value>(&to_string(&value).unwrap()).unwrap(),
        middle
    );
    assert_eq!(to_string(&middle).unwrap(), to_string(&value).unwrap());
}

#[test]
fn scalars() {
    round_trip(true);
    round_trip(i8::MIN);
    round_trip(i16::MAX);
    round_trip(i32::MIN);
    round_trip(i64::MIN);
    round_trip(i64::MAX);
    round_trip(u8::MAX);
    round_trip(u16::MAX);
    round_trip(u32::MAX);
    round_trip(i64::MAX as u64);
    round_trip(-5_i128);
    round_trip(5_u128);
    round_trip(1.5_f32);
    round_trip(f64::MIN_POSITIVE);
    round_trip('€');
    round_trip(String::from("a\r\n<b>&\t"));
    round_trip(());
    round_trip(DateTime::new(1998, 7, 17, 14, 8, 55).unwrap());
}

#[test]
fn sequences() {
    round_trip(vec![1, 2, 3]);
    round_trip(Vec::<String>::new());
    round_trip([1.5, 2.5]);
    round_trip((1, String::from("a"), vec![true]));
    round_trip(BTreeSet::from([1, 2]));
    round_trip(vec![vec![vec![1]], vec![], vec![vec![]]]);
    round_trip(vec![1_u8, 2, 3]);
}

#[test]
fn options() {
    round_trip(Some(5));
    round_trip(None::<String>);
    round_trip(vec![Some(1), None]);
    round_trip(Some(vec![Some(String::new())]));
}

#[test]
fn maps() {
    round_trip(HashMap::from([(String::from("a"), 1)]));
    round_trip(BTreeMap::from([
        (String::new(), String::new()),
        (String::from("<"), String::from(">")),
    ]));
    round_trip(BTreeMap::from([(i64::MIN, 1), (7, 2)]));
    round_trip(BTreeMap::from([(true, 1), (false, 2)]));
    round_trip(BTreeMap::from([('a', 1), ('é', 2)]));
    round_trip(BTreeMap::from([(IpAddr::from([127, 0, 0, 1]), 1)]));
    round_trip(BTreeMap::from([(Kind::First, 1), (Kind::Second, 2)]));
    round_trip(BTreeMap::from([(Id(3), 1)]));
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Kind {
    First,
    #[serde(rename = "2nd")]
    Second,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Id(u64);

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Unit;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Pair(i32, String);

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Account {
    user_name: String,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    groups: Vec<String>,
    quota: Option<i64>,
    #[serde(default)]
    active: bool,
    parent: Option<Box<Account>>,
}

#[test]
fn structs() {
    round_trip(Unit);
    round_trip(Id(7));
    round_trip(Pair(1, String::from("x")));
    round_trip(Account::default());
    round_trip(Account {
        user_name: String::from("moe"),
        groups: vec![String::from("wheel")],
        quota: Some(1 << 40),
        active: true,
        parent: Some(Box::default()),
    });
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum External {
    Unit,
    Newtype(i32),
    Tuple(i32, String),
    Struct { a: i32, b: Option<String> },
    Nested(Box<External>),
    Maybe(Option<i32>),
    Nothing(()),
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
enum Internal {
    Unit,
    Struct { a: i32, d: DateTime },
    Newtype(Account),
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Unit,
    Newtype(Vec<i32>),
    Struct { a: f64 },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Int(i64),
    Double(f64),
    List(Vec<i32>),
    Date(DateTime),
    Text(String),
    Account(Account),
    Nil(()),
}

#[test]
fn enums() {
    round_trip(External::Unit);
    round_trip(External::Newtype(1));
    round_trip(External::Tuple(1, String::from("x")));
    round_trip(External::Struct { a: 1, b: None });
    round_trip(External::Nested(Box::new(External::Nested(Box::new(
        External::Unit,
    )))));
    round_trip(External::Maybe(None));
    round_trip(External::Maybe(Some(1)));
    round_trip(External::Nothing(()));
    round_trip(vec![Internal::Unit, Internal::Newtype(Account::default())]);
    round_trip(Internal::Struct {
        a: 1,
        d: DateTime::new(1998, 7, 17, 14, 8, 55).unwrap(),
    });
    round_trip(vec![
        Adjacent::Unit,
        Adjacent::Newtype(vec![1]),
        Adjacent::Struct { a: 0.5 },
    ]);
    round_trip(vec![
        Untagged::Int(1 << 40),
        Untagged::Double(1.5),
        Untagged::List(vec![1, 2]),
        Untagged::Date(DateTime::new(1998, 7, 17, 14, 8, 55).unwrap()),
        Untagged::Text(String::from("x")),
        Untagged::Account(Account::default()),
        Untagged::Nil(()),
    ]);
}

#[test]
fn enums_that_are_none() {
    let one =
        |name: &str| format!("<member><name>{name}</name><value><int>1</int></value></member>");
    for (inner, expected) in [
        (
            "<struct/>".to_owned(),
            "expected struct of one member for External",
        ),
        (
            format!("<struct>{}{}</struct>", one("Newtype"), one("Newtype")),
            "expected struct of one member for External",
        ),
        (
            "<int>1</int>".to_owned(),
            "expected string or struct, found int 1",
        ),
        (
            "<array/>".to_owned(),
            "expected string or struct, found array",
        ),
        (
            "Other".to_owned(),
            "unknown variant `Other`, expected one of",
        ),
        (
            format!("<struct>{}</struct>", one("Other")),
            "unknown variant `Other`, expected one of",
        ),
    ] {
        let error = from_str::<External>(&format!("<value>{inner}</value>")).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{inner}: {error}");
    }
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Flat {
    id: i32,
    #[serde(flatten)]
    inner: Inner,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Inner {
    at: DateTime,
    data: Base64,
    note: Option<String>,
}

#[test]
fn flatten() {
    round_trip(Flat {
        id: 1,
        inner: Inner {
            at: DateTime::new(1998, 7, 17, 14, 8, 55).unwrap(),
            data: Base64(vec![1, 2]),
            note: None,
        },
        rest: BTreeMap::from([
            (String::from("x"), Value::Int(1)),
            (
                String::from("y"),
                Value::from(vec![
                    Value::Double(0.5),
                    Value::Bool(true),
                    Value::Base64(vec![7]),
                ]),
            ),
        ]),
    });
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Blobs<'a> {
    owned: serde_bytes::ByteBuf,
    ours: Base64,
    #[serde(with = "serde_bytes")]
    plain: Vec<u8>,
    #[serde(with = "serde_bytes")]
    fixed: [u8; 3],
    #[serde(borrow)]
    text: Cow<'a, str>,
}

#[test]
fn bytes() {
    round_trip(serde_bytes::ByteBuf::from(vec![0, 255]));
    round_trip(Base64((0..=255).collect::<Vec<u8>>()));
    let blobs = Blobs {
        owned: serde_bytes::ByteBuf::from(vec![1]),
        ours: Base64(vec![2]),
        plain: vec![3],
        fixed: [4, 5, 6],
        text: Cow::Borrowed("x"),
    };
    let text = to_string(&blobs).unwrap();
    assert_eq!(text.matches("<base64>").count(), 4);
}

#[test]
fn a_vec_of_bytes_reads_from_both() {
    assert_eq!(
        from_str::<Vec<u8>>("<value><base64>AQI=</base64></value>").unwrap(),
        [1, 2]
    );
    assert_eq!(
        from_str::<[u8; 2]>("<value><base64>AQI=</base64></value>").unwrap(),
        [1, 2]
    );
    let array = "<value><array><data><value><int>1</int></value></data></array></value>";
    assert_eq!(from_str::<Vec<u8>>(array).unwrap(), [1]);
    assert_eq!(from_str::<Base64>(array).unwrap().0, [1]);
    assert_eq!(
        from_str::<serde_bytes::ByteBuf>(array).unwrap().into_vec(),
        [1]
    );
}

#[test]
fn values_keep_their_kind() {
    let kinds = vec![
        Value::Int(1),
        Value::I8(1),
        Value::Bool(true),
        Value::from("x"),
        Value::Double(1.0),
        Value::DateTime(DateTime::new(1998, 7, 17, 14, 8, 55).unwrap()),
        Value::Base64(vec![1]),
        Value::Nil,
        Value::from(Struct::from([("b", 1), ("a", 2)])),
        Value::from(Vec::<i32>::new()),
    ];
    round_trip(Value::Array(kinds));
}

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
fn errors_that_a_type_swallows_do_no_harm() {
    #[allow(clippy::unnecessary_wraps, reason = "serde asks for a result")]
    fn lenient<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<i32>, D::Error> {
        Ok(Vec::deserialize(deserializer).unwrap_or_default())
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Row {
        #[serde(deserialize_with = "lenient")]
        list: Vec<i32>,
        after: i32,
    }
    let bad = Value::from(vec![
        Value::Int(1),
        Value::from(vec![Value::from("deep")]),
        Value::Int(3),
    ]);
    let row = Value::from(Struct::from([("list", bad), ("after", Value::Int(7))]));
    let rows = Value::from(vec![row.clone(), row]);
    let expected = || Row {
        list: vec![],
        after: 7,
    };
    assert_eq!(
        from_str::<Vec<Row>>(&to_string(&rows).unwrap()).unwrap(),
        [expected(), expected()]
    );
    assert_eq!(
        from_value::<Vec<Row>>(rows).unwrap(),
        [expected(), expected()]
    );
}

#[test]
fn lengths_that_do_not_match() {
    let array = |n: usize| to_string(&vec![1; n]).unwrap();
    for (error, expected) in [
        (
            from_str::<(i32, i32)>(&array(1)).unwrap_err(),
            "expected a tuple of size 2, found array of 1",
        ),
        (
            from_str::<(i32, i32)>(&array(3)).unwrap_err(),
            "expected array of 2, found array of 3",
        ),
        (
            from_str::<[i32; 2]>(&array(3)).unwrap_err(),
            "expected array of 2, found array of 3",
        ),
    ] {
        assert!(error.to_string().starts_with(expected), "{error}");
    }
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
