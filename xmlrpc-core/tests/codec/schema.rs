//! The XML-RPC types of Rust types, traced through their `Deserialize`.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, HashSet},
    marker::PhantomData,
    net::IpAddr,
    num::{NonZeroI64, NonZeroU32},
    ops::Range,
    path::PathBuf,
    time::{Duration, Instant, SystemTime},
};

use serde::{Deserialize, Deserializer, de::IgnoredAny};
use serde_json::json;
use xmlrpc_core::{Base64, DateTime, Fault, Struct, Value, schema::Schema};

fn text<'de, T: Deserialize<'de>>() -> String {
    format!("{:#}", Schema::of::<T>())
}

/// Each type with its name in a signature and its full schema.
macro_rules! table {
    ($($ty:ty => $name:literal, $text:literal;)*) => {$(
        assert_eq!(
            (Schema::of::<$ty>().to_string().as_str(), text::<$ty>().as_str()),
            ($name, $text),
            "{}", stringify!($ty),
        );
    )*};
}

#[test]
fn scalars() {
    table! {
        i8 => "int", "int";
        i16 => "int", "int";
        i32 => "int", "int";
        u8 => "int", "int";
        u16 => "int", "int";
        u32 => "int", "i8";
        i64 => "int", "i8";
        u64 => "int", "i8";
        i128 => "int", "i8";
        u128 => "int", "i8";
        usize => "int", "i8";
        NonZeroU32 => "int", "i8";
        NonZeroI64 => "int", "i8";
        f32 => "double", "double";
        f64 => "double", "double";
        bool => "boolean", "boolean";
        char => "string", "string";
        String => "string", "string";
        &str => "string", "string";
        Box<str> => "string", "string";
        Cow<'_, str> => "string", "string";
        PathBuf => "string", "string";
        IpAddr => "string", "string";
        () => "nil", "nil";
        PhantomData<i32> => "nil", "nil";
        DateTime => "dateTime.iso8601", "dateTime.iso8601";
        Base64 => "base64", "base64";
        Base64<Box<[u8]>> => "base64", "base64";
        bytes::Bytes => "base64", "base64";
        serde_bytes::ByteBuf => "base64", "base64";
        serde_bytes::ByteArray<4> => "base64", "base64";
        &[u8] => "base64", "base64";
        Value => "undefined", "undefined";
        serde_json::Value => "undefined", "undefined";
        IgnoredAny => "undefined", "undefined";
    }
}

#[test]
fn compounds() {
    table! {
        Vec<i32> => "array", "array of int";
        Vec<u8> => "array", "array of int";
        Vec<Value> => "array", "array";
        HashSet<String> => "array", "array of string";
        Vec<Vec<DateTime>> => "array", "array of array of dateTime.iso8601";
        [f64; 3] => "array", "array of double";
        [f64; 32] => "array", "array of double";
        (i32, i32) => "array", "array of int";
        (i32, String, Option<bool>) => "array", "array [int, string, boolean or nil]";
        (IpAddr, NonZeroU32, Vec<()>) => "array", "array [string, i8, array of nil]";
        Option<String> => "string", "string or nil";
        Option<Option<i32>> => "int", "int or nil";
        Option<Value> => "undefined", "undefined";
        Vec<Option<i32>> => "array", "array of (int or nil)";
        HashMap<String, f64> => "struct", "struct of double";
        BTreeMap<i32, Vec<bool>> => "struct", "struct of array of boolean";
        HashMap<IpAddr, i32> => "struct", "struct of int";
        Struct => "struct", "struct";
        Duration => "struct", "struct {secs: i8, nanos: i8}";
        SystemTime => "struct", "struct {secs_since_epoch: i8, nanos_since_epoch: i8}";
        Range<i32> => "struct", "struct {start: int, end: int}";
        Result<i32, String> => "struct", "struct {Ok?: int, Err?: string}";
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct Person {
    first_name: String,
    #[serde(rename = "AGE")]
    age: u8,
    #[serde(default)]
    tags: Vec<String>,
    email: Option<String>,
    #[serde(skip)]
    hidden: i32,
    home: Place,
}

#[derive(Deserialize, Default)]
#[serde(default)]
#[allow(dead_code)]
struct Place {
    x: f64,
    y: f64,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Flattened {
    id: i32,
    #[serde(flatten)]
    place: Place,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct WithMore {
    id: i32,
    #[serde(flatten)]
    more: HashMap<String, Value>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Holder {
    flat: Flattened,
    after: i32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct Strict {
    #[serde(alias = "alt", alias = "zed")]
    name: String,
    #[serde(default, alias = "a0")]
    number: i32,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Metres(f64);

#[derive(Deserialize)]
#[serde(transparent)]
#[allow(dead_code)]
struct Through {
    inner: Vec<Metres>,
}

#[derive(Deserialize)]
struct Unit;

#[derive(Deserialize)]
#[allow(dead_code)]
struct Pair(i32, String);

#[derive(Deserialize)]
struct Nothing {}

#[test]
fn structs() {
    let person = "struct {firstName: string, AGE: int, tags?: array of string, \
                  email?: string or nil, home: struct {x?: double, y?: double}}";
    assert_eq!(text::<Person>(), person);
    assert_eq!(text::<Vec<Person>>(), format!("array of {person}"));
    table! {
        Flattened => "struct", "struct";
        WithMore => "struct", "struct";
        Holder => "struct", "struct {flat: struct, after: int}";
        Strict => "struct", "struct {name: string, number?: int}";
        Metres => "double", "double";
        Through => "array", "array of double";
        Unit => "nil", "nil";
        Pair => "array", "array [int, string]";
        Nothing => "struct", "struct {}";
        Fault => "struct", "struct";
    }
}

#[derive(Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "lowercase")]
enum Colour {
    Red,
    #[serde(alias = "gruen")]
    Green,
}

#[derive(Deserialize)]
#[allow(dead_code)]
enum Shape {
    Circle(f64),
    Box(f64, f64),
    Text { at: Place, text: String },
}

#[derive(Deserialize)]
#[allow(dead_code)]
enum Mixed {
    Nothing,
    Number(i32),
}

#[derive(Deserialize)]
#[serde(tag = "kind")]
#[allow(dead_code)]
enum Internally {
    A { a: i32 },
    B { b: String },
}

#[derive(Deserialize)]
#[serde(tag = "kind", content = "of")]
#[allow(dead_code)]
enum Adjacently {
    A(i32),
    B(String),
    C,
}

#[derive(Deserialize)]
#[serde(untagged)]
#[allow(dead_code)]
enum Untagged {
    A(i32),
    B(String),
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct AllEnums {
    internally: Internally,
    adjacently: Adjacently,
    untagged: Untagged,
    shape: Shape,
    colour: Colour,
    last: i32,
}

#[derive(Deserialize)]
enum Never {}

#[test]
fn enums() {
    let shape = "struct {Circle?: double, Box?: array of double, \
                 Text?: struct {at: struct {x?: double, y?: double}, text: string}}";
    assert_eq!(text::<Shape>(), shape);
    table! {
        Colour => "string", "string";
        Vec<Colour> => "array", "array of string";
        HashMap<Colour, i32> => "struct", "struct of int";
        Mixed => "undefined", "undefined";
        Internally => "undefined", "undefined";
        Adjacently => "struct", "struct {kind: string, of: undefined}";
        Untagged => "undefined", "undefined";
        Never => "undefined", "undefined";
    }
    assert_eq!(
        text::<AllEnums>(),
        format!(
            "struct {{internally: undefined, \
             adjacently: struct {{kind: string, of: undefined}}, \
             untagged: undefined, shape: {shape}, colour: string, last: int}}"
        ),
    );
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Tree {
    name: String,
    children: Vec<Tree>,
    parent: Option<Box<Tree>>,
    by_name: HashMap<String, Tree>,
    last: i32,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Endless {
    again: Box<Endless>,
    after: i32,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Turning(Box<Turning>);

#[derive(Deserialize)]
#[allow(dead_code)]
struct List(Vec<List>);

#[derive(Deserialize)]
#[allow(dead_code)]
enum Term {
    Number(i32),
    Sum(Box<Term>, Box<Term>),
    Named { name: String, term: Box<Term> },
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Ping {
    pong: Option<Box<Pong>>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Pong {
    ping: Option<Box<Ping>>,
    ball: i32,
}

#[test]
fn recursion_ends() {
    table! {
        Tree => "struct", "struct {name: string, children: array of struct, \
            parent?: struct or nil, by_name: struct of struct, last: int}";
        Endless => "struct", "struct {again: struct, after: int}";
        Turning => "undefined", "undefined";
        Term => "struct", "struct {Number?: int, Sum?: array of struct, \
            Named?: struct {name: string, term: struct}}";
        Ping => "struct", "struct {pong?: struct {ping?: struct or nil, ball: int} or nil}";
    }
    assert_eq!(Schema::of::<List>().type_name(), "array");
}

/// Rejects every value that it is offered.
struct Picky;

impl<'de> Deserialize<'de> for Picky {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let _ = String::deserialize(deserializer)?;
        Err(serde::de::Error::custom("no"))
    }
}

struct Panics;

impl<'de> Deserialize<'de> for Panics {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = i32::deserialize(deserializer)?;
        panic!("nobody is prepared for {number}")
    }
}

#[derive(Deserialize)]
#[serde(try_from = "i32")]
struct Even;

impl TryFrom<i32> for Even {
    type Error = &'static str;

    fn try_from(number: i32) -> Result<Self, Self::Error> {
        let even = number % 2 == 0;
        even.then_some(Self).ok_or("odd")
    }
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Validated {
    first: Picky,
    #[serde(default)]
    second: Panics,
    even: Even,
    #[serde(with = "as_text")]
    third: Instant,
    pickies: Vec<Picky>,
    maybe: Option<Picky>,
    by_name: HashMap<String, Picky>,
    #[serde(with = "serde_with::As::<serde_with::DisplayFromStr>")]
    shown: IpAddr,
    #[serde(deserialize_with = "serde_with::As::<serde_with::DefaultOnError>::deserialize")]
    swallowed: Place,
    #[serde(deserialize_with = "forgiving")]
    forgiven: Option<Demanding>,
    #[serde(default)]
    last: i32,
    #[serde(with = "serde_bytes")]
    bytes: Vec<u8>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Demanding {
    #[serde(default)]
    x: f64,
    one: Picky,
    two: bool,
}

fn forgiving<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Demanding>, D::Error> {
    Ok(Demanding::deserialize(deserializer).ok())
}

impl Default for Panics {
    fn default() -> Self {
        Self
    }
}

mod as_text {
    use super::*;

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Instant, D::Error> {
        match <&str>::deserialize(deserializer)? {
            "now" => Ok(Instant::now()),
            _ => Err(serde::de::Error::custom("not now")),
        }
    }
}

#[test]
fn types_that_reject_every_value_hide_nothing_else() {
    table! {
        Picky => "string", "string";
        Panics => "int", "int";
        Even => "int", "int";
        Vec<Picky> => "array", "array of string";
        Option<Picky> => "string", "string or nil";
        // The optional members are found by reading the struct.
        Validated => "struct", "struct {first: string, second: int, even: int, third: string, \
            pickies: array of string, maybe?: string or nil, by_name: struct of string, \
            shown: string, swallowed: undefined, \
            forgiven: struct {x?: double, one: string, two: boolean}, last: int, \
            bytes: base64}";
    }
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Twice<T> {
    a: Box<T>,
    b: Box<T>,
}

type Twice4<T> = Twice<Twice<Twice<Twice<T>>>>;
type Vec4<T> = Vec<Vec<Vec<Vec<T>>>>;
type Vec16<T> = Vec4<Vec4<Vec4<Vec4<T>>>>;

/// The number of names and scalars in a text.
fn words(text: &str) -> usize {
    text.split([' ', ',']).count()
}

#[test]
fn types_that_grow_are_bounded() {
    // The first type has 2 + 4 + … + 256 fields, the second 2 + 4 + … + 65,536.
    assert_eq!(text::<Twice4<Twice4<i32>>>().matches("int").count(), 256);
    let text = text::<Twice4<Twice4<Twice4<Twice4<i32>>>>>();
    assert!(text.starts_with("struct {a: struct {a: struct {"), "{text}");
    assert!(words(&text) < 3_000, "{text}");
    assert_eq!(
        self::text::<Vec16<i32>>(),
        format!("{}int", "array of ".repeat(16))
    );
    assert_eq!(
        self::text::<Vec16<Vec16<Vec16<i32>>>>(),
        format!("{}array", "array of ".repeat(32))
    );
}

#[test]
fn as_json() {
    let json = |schema: Schema| serde_json::to_value(schema).unwrap();
    assert_eq!(
        json(Schema::of::<Person>()),
        json!({"type": "struct", "members": [
            {"name": "firstName", "schema": {"type": "string"}, "optional": false},
            {"name": "AGE", "schema": {"type": "int"}, "optional": false},
            {"name": "tags", "optional": true,
             "schema": {"type": "array", "elements": {"type": "string"}}},
            {"name": "email", "schema": {"nil": true, "type": "string"}, "optional": true},
            {"name": "home", "optional": false, "schema": {"type": "struct", "members": [
                {"name": "x", "schema": {"type": "double"}, "optional": true},
                {"name": "y", "schema": {"type": "double"}, "optional": true},
            ]}},
        ]}),
    );
    assert_eq!(
        json(Schema::of::<(HashMap<String, i64>, Value)>()),
        json!({"type": "array", "places": [
            {"type": "struct", "values": {"type": "i8"}},
            {"type": "undefined"},
        ]}),
    );
}
