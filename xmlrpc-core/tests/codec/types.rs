//! Every shape of serde's data model makes the round trip by every route.

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

/// Writes and reads in each dialect that can hold all values, through text and through [`Value`].
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
fn invalid_enums() {
    let one =
        |name: &str| format!("<member><name>{name}</name><value><int>1</int></value></member>");
    for (inner, expected) in [
        (
            "<struct/>".to_owned(),
            "expected a struct with one member for the enum External",
        ),
        (
            format!("<struct>{}{}</struct>", one("Newtype"), one("Newtype")),
            "expected a struct with one member for the enum External",
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
    round_trip(Value::from(kinds));
}
