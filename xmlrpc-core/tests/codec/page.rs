//! The table of types on the codec's page (`xmlrpc-core/src/codec.md`), row by row: how each type
//! is written, and what both readers read.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Debug,
    net::IpAddr,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_with::{As, DisplayFromStr};
use xmlrpc_core::{Base64, DateTime, Dialect, Struct, Value, from_str};

use crate::common::decode::{read, reads, refused, strings};

use crate::common::encode::{refuses, writes};

const PAGE: &str = include_str!("../../src/codec.md");

/// Each row as it is on the page, and the function that checks it.
const ROWS: [(&str, fn()); 16] = [
    (
        "| `bool` | `<boolean>1</boolean>` | from `true` and `false` in any case, and from the integers 0 and 1 |",
        booleans,
    ),
    (
        "| `i8` to `i128`, `u8` to `u128` | `<int>`; `<i8>` beyond 32 bits; an error beyond 64 bits | from `<i4>`, `<i8>`, `<i1>`, `<i2>`, `<biginteger>`, and a whole `<double>`; not from text |",
        integers,
    ),
    (
        "| `f32`, `f64` | `<double>` without an exponent, in the shortest form that reads back equal | with an exponent, as `nan`, `inf`, `Infinity`; from `<float>`, `<bigdecimal>`, and an integer that a double can hold exactly |",
        doubles,
    ),
    (
        "| `String`, `&str`, `char` | `<string>`, even if it is empty | from a `<value>` without a type, and from the text of a date, a `<bigdecimal>` or an integer beyond 64 bits |",
        texts,
    ),
    (
        "| unit variants | `<string>` with the name | from a struct with one member of that name |",
        unit_variants,
    ),
    (
        "| [`DateTime`] | `<dateTime.iso8601>19980717T14:08:55</dateTime.iso8601>`, without a zone and fractions | with dashes, without colons, seconds or time, with fractions and a zone, as `24:00:00` of the day before, with a second of 60 as 59; from a string with this text |",
        dates,
    ),
    (
        "| [`Base64`], types of `serde_bytes`, `bytes::Bytes` with its feature `serde` | `<base64>` in one line | with white space, without padding; from an array of integers, and from an empty struct |",
        bytes,
    ),
    (
        "| `Vec`, slices, sets, arrays, tuples | `<array>`, a `Vec<u8>` too | without `<data>`, in several `<data>`; from `<base64>`, whose bytes become integers; from an empty struct |",
        arrays,
    ),
    (
        "| structs, maps, [`Struct`] | `<struct>` | in any order, with unknown members, with `<value>` before `<name>`; of duplicate members, the last one is used, but a derived struct rejects duplicates; from an empty array |",
        structs,
    ),
    (
        "| keys of maps: text, `char`, `bool`, numbers, unit variants | `<name>` with their text; other keys are errors | |",
        keys,
    ),
    (
        "| variants with data | a `<struct>` with one member, whose name is that of the variant | |",
        variants,
    ),
    ("| newtype structs | as their content | |", newtypes),
    (
        "| `Option` | as its content; a member that is `None` is left out, any other `None` is `<nil/>` | a missing member and a date without text, as `None`; so are other scalars without text and a zero date, if the content cannot be read from them |",
        options,
    ),
    ("| `()`, unit structs | `<nil/>` | from any value |", units),
    (
        "| [`Value`] | as its type; a [`Value::I8`] is an `<i8>` even if it fits into an `<int>` | from any value; a `<bigdecimal>` becomes a double, an integer beyond 64 bits and an unreadable date a string, a number, boolean or date without text nil |",
        values,
    ),
    (
        "| dates of other crates, `IpAddr`, and other types that serde writes as text | `<string>` | from a date, as its text |",
        foreign_texts,
    ),
];

#[test]
fn the_table_of_types() {
    let (_, table) = PAGE.split_once("# Types\n").unwrap();
    let (table, _) = table.split_once("\n# ").unwrap();
    let rows = table.lines().filter(|line| line.starts_with('|')).skip(2);
    assert_eq!(rows.collect::<Vec<_>>(), ROWS.map(|(says, _)| says));
    for (says, holds) in ROWS {
        // Printed if the test fails: the last row is the one that failed.
        println!("{says}");
        holds();
    }
}

/// Types for which serde reads a value before it knows the target type.
#[test]
fn under_flatten_values_are_what_their_own_types_say() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Flat<T> {
        #[serde(flatten)]
        members: HashMap<String, T>,
    }
    fn a<T: DeserializeOwned + Debug>(inner: &str) -> T {
        let mut flat: Flat<T> = read(&format!("<struct>{}</struct>", member("a", inner)));
        flat.members.remove("a").unwrap()
    }
    let date = "<dateTime.iso8601>19980717T14:08:55</dateTime.iso8601>";
    assert_eq!((a::<u8>("<i8>5</i8>"), a::<f32>("<int>5</int>")), (5, 5.0));
    assert_eq!(a::<DateTime>(date), read(date));
    let a = |inner| format!("<struct>{}</struct>", member("a", inner));
    refused::<Flat<i32>>(&a("<double>5.0</double>"), "expected i32, found double 5");
    refused::<Flat<bool>>(&a("<int>1</int>"), "expected a boolean, found int 1");
    refused::<Flat<Option<DateTime>>>(&a("<dateTime.iso8601/>"), "invalid dateTime.iso8601 \"\"");
}

fn member(name: &str, inner: &str) -> String {
    format!("<member><name>{name}</name><value>{inner}</value></member>")
}

fn booleans() {
    writes(&true, "<boolean>1</boolean>");
    for word in ["true", "True", "TRUE", "1"] {
        assert!(
            read::<bool>(&format!("<boolean>{word}</boolean>")),
            "{word}"
        );
    }
    reads(&[
        ("<boolean>False</boolean>", false),
        ("<int>1</int>", true),
        ("<i8>0</i8>", false),
    ]);
    refused::<bool>("<int>2</int>", "expected boolean, found int 2");
}

fn integers() {
    writes(&-7_i8, "<int>-7</int>");
    writes(&7_u128, "<int>7</int>");
    writes(&(i64::from(i32::MAX) + 1), "<i8>2147483648</i8>");
    refuses(
        &u64::MAX,
        Dialect::EXTENDED,
        "18446744073709551615 does not fit into an <i8>",
    );
    for tag in ["int", "i4", "i8", "i1", "i2", "biginteger", "double"] {
        let inner = format!("<{tag}>7</{tag}>");
        assert_eq!((read::<u8>(&inner), read::<i128>(&inner)), (7, 7), "{tag}");
    }
    refused::<i32>("<double>7.5</double>", "expected int, found double 7.5");
    refused::<i32>("<string>7</string>", "expected int, found string \"7\"");
}

fn doubles() {
    writes(&1e16, "<double>10000000000000000.0</double>");
    writes(&0.1_f32, "<double>0.1</double>");
    for inner in [
        "<float>1.5</float>",
        "<bigdecimal>1.5</bigdecimal>",
        "<double>15e-1</double>",
    ] {
        assert_eq!(
            (read::<f64>(inner), read::<f32>(inner)),
            (1.5, 1.5),
            "{inner}"
        );
    }
    assert!(read::<f64>("<double>nan</double>").is_nan());
    reads(&[
        ("<double>inf</double>", f64::INFINITY),
        ("<double>-Infinity</double>", f64::NEG_INFINITY),
        ("<int>3</int>", 3.0),
    ]);
    refused::<f64>(
        "<i8>9007199254740993</i8>",
        "no double holds i8 9007199254740993 exactly",
    );
}

fn texts() {
    writes("", "<string></string>");
    writes(&'<', "<string>&lt;</string>");
    strings(&[("plain", "plain"), ("", "")]);
    assert_eq!(read::<char>("é"), 'é');
    assert_eq!(from_str::<&str>("<value>lent</value>").unwrap(), "lent");
    for (inner, text) in [
        (
            "<dateTime.iso8601>1998-07-17</dateTime.iso8601>",
            "1998-07-17",
        ),
        ("<bigdecimal>1.10</bigdecimal>", "1.10"),
        ("<i8>18446744073709551615</i8>", "18446744073709551615"),
    ] {
        assert_eq!(read::<String>(inner), text);
    }
    refused::<String>("<int>7</int>", "expected string, found int 7");
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Shape {
    Point,
    Circle(u8),
    Line(u8, u8),
    Box { w: u8 },
}

fn unit_variants() {
    writes(&Shape::Point, "<string>Point</string>");
    let member = format!("<struct>{}</struct>", member("Point", "<int>1</int>"));
    for inner in ["<string>Point</string>", "Point", &member] {
        assert_eq!(read::<Shape>(inner), Shape::Point, "{inner}");
    }
}

fn dates() {
    let date: DateTime = "1998-07-17T14:08:55.5+02:00".parse().unwrap();
    writes(
        &date,
        "<dateTime.iso8601>19980717T14:08:55</dateTime.iso8601>",
    );
    for text in ["1998-07-17T14:08:55.5+0200", "19980717T140855.5+02"] {
        assert_eq!(
            read::<DateTime>(&format!("<dateTime.iso8601>{text}</dateTime.iso8601>")),
            date
        );
        assert_eq!(read::<DateTime>(&format!("<string>{text}</string>")), date);
    }
}

fn bytes() {
    let long = vec![b'x'; 100];
    let text = "eHh4".repeat(33) + "eA==";
    writes(&Base64(&long), &format!("<base64>{text}</base64>"));
    writes(
        &serde_bytes::ByteBuf::from(b"ABC".to_vec()),
        "<base64>QUJD</base64>",
    );
    writes(&bytes::Bytes::from_static(b"ABC"), "<base64>QUJD</base64>");
    let array = "<array><data><value><int>65</int></value></data></array>";
    for inner in ["<base64>QQ==</base64>", "<base64>\n Q Q\n</base64>", array] {
        assert_eq!(read::<Base64>(inner).0, b"A");
        assert_eq!(read::<serde_bytes::ByteBuf>(inner), b"A");
        assert_eq!(read::<bytes::Bytes>(inner), &b"A"[..]);
    }
    assert!(read::<Base64>("<struct/>").0.is_empty());
    assert!(read::<bytes::Bytes>("<struct/>").is_empty());
}

fn arrays() {
    let array =
        "<array><data><value><int>1</int></value><value><int>2</int></value></data></array>";
    writes(&vec![1_u8, 2], array);
    writes(&[1, 2][..], array);
    writes(&BTreeSet::from([1, 2]), array);
    writes(&[1, 2], array);
    writes(&(1, 2_u8), array);
    let bare = array.replace("<data>", "").replace("</data>", "");
    let several = array.replace("</value><value>", "</value></data><data><value>");
    for inner in [array, &bare, &several, "<base64>AQI=</base64>"] {
        assert_eq!(read::<Vec<u8>>(inner), [1, 2]);
        assert_eq!(read::<BTreeSet<i64>>(inner), BTreeSet::from([1, 2]));
        assert_eq!(read::<[i32; 2]>(inner), [1, 2]);
        assert_eq!(read::<(i8, u16)>(inner), (1, 2));
    }
    reads(&[("<struct/>", Vec::<u8>::new())]);
}

fn structs() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Pair {
        b: u8,
        a: u8,
    }
    let (a, b) = (member("a", "<int>1</int>"), member("b", "<int>2</int>"));
    let [ordered, sorted] =
        [[&*b, &a], [&*a, &b]].map(|two| format!("<struct>{}</struct>", two.concat()));
    writes(&Pair { b: 2, a: 1 }, &ordered);
    writes(&Struct::from([("b", 2), ("a", 1)]), &ordered);
    writes(&BTreeMap::from([("b", 2), ("a", 1)]), &sorted);
    let late = "<member><value><int>2</int></value><name>b</name></member>";
    let other = member("other", "<array/>");
    reads(&[(
        &*format!("<struct>{a}{other}{late}</struct>"),
        Pair { b: 2, a: 1 },
    )]);
    let twice = format!("<struct>{a}{}</struct>", member("a", "<int>3</int>"));
    assert_eq!(read::<HashMap<String, u8>>(&twice)["a"], 3);
    assert_eq!(read::<Struct>(&twice)["a"], Value::Int(3));
    refused::<Pair>(&twice, "duplicate field `a`");
}

fn keys() {
    let written = |name: &str| format!("<struct>{}</struct>", member(name, "<int>0</int>"));
    writes(&BTreeMap::from([('<', 0)]), &written("&lt;"));
    writes(&BTreeMap::from([(true, 0)]), &written("true"));
    writes(&BTreeMap::from([(-5, 0)]), &written("-5"));
    writes(&BTreeMap::from([(Shape::Point, 0)]), &written("Point"));
    refuses(
        &BTreeMap::from([((), 0)]),
        Dialect::EXTENDED,
        "a key of a map must be a string, a number, a `bool` or a unit variant",
    );
    reads(&[(&*written("true"), BTreeMap::from([(true, 0)]))]);
    reads(&[(&*written("-5"), BTreeMap::from([(-5, 0)]))]);
    reads(&[(&*written("Point"), BTreeMap::from([(Shape::Point, 0)]))]);
    refused::<BTreeMap<u8, i32>>(&written("-5"), "the name \"-5\" is not a valid u8");
}

fn variants() {
    let two = "<array><data><value><int>1</int></value><value><int>2</int></value></data></array>";
    let w = format!("<struct>{}</struct>", member("w", "<int>1</int>"));
    for (shape, name, inner) in [
        (Shape::Circle(1), "Circle", "<int>1</int>"),
        (Shape::Line(1, 2), "Line", two),
        (Shape::Box { w: 1 }, "Box", &w),
    ] {
        let inner = format!("<struct>{}</struct>", member(name, inner));
        writes(&shape, &inner);
        reads(&[(&*inner, shape)]);
    }
}

fn newtypes() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Id(u8);
    writes(&Id(1), "<int>1</int>");
    reads(&[("<int>1</int>", Id(1))]);
}

fn options() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Note {
        text: Option<String>,
    }
    writes(&Some(1), "<int>1</int>");
    writes(&None::<i32>, "<nil/>");
    writes(
        &[None, Some(1)],
        "<array><data><value><nil/></value><value><int>1</int></value></data></array>",
    );
    writes(&Note { text: None }, "<struct></struct>");
    reads(&[("<struct/>", Note { text: None })]);
    reads::<Option<DateTime>>(&[("<nil/>", None), ("<dateTime.iso8601/>", None)]);
    reads::<Option<i64>>(&[("<int/>", None), ("", None), ("<int>1</int>", Some(1))]);
    reads::<Option<String>>(&[("", Some(String::new()))]);
    let never = "<dateTime.iso8601>00000000T00:00:00</dateTime.iso8601>";
    reads::<Option<DateTime>>(&[(never, None)]);
}

fn units() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Unit;
    writes(&(), "<nil/>");
    writes(&Unit, "<nil/>");
    let any = [
        "",
        "<nil/>",
        "<int>1</int>",
        "<array><data><value/></data></array>",
        "<struct/>",
        "<ex:dom/>",
    ];
    reads(&any.map(|inner| (inner, ())));
    reads(&any.map(|inner| (inner, Unit)));
}

fn values() {
    for (inner, value) in [
        ("<int>7</int>", Value::Int(7)),
        ("<i8>7</i8>", Value::I8(7)),
        ("<boolean>1</boolean>", Value::Bool(true)),
        ("<string>a</string>", Value::from("a")),
        ("<double>0.5</double>", Value::Double(0.5)),
        ("<base64>QQ==</base64>", Value::Base64(vec![65])),
        ("<nil/>", Value::Nil),
        ("<struct></struct>", Value::from(Struct::new())),
        (
            "<array><data></data></array>",
            Value::from(Vec::<Value>::new()),
        ),
    ] {
        writes(&value, inner);
        reads(&[(inner, value)]);
    }
    reads(&[("<bigdecimal>0.5</bigdecimal>", Value::Double(0.5))]);
    reads(&[
        (
            "<dateTime.iso8601>never</dateTime.iso8601>",
            Value::from("never"),
        ),
        ("<dateTime.iso8601/>", Value::Nil),
        ("<double/>", Value::Nil),
        ("<boolean/>", Value::Nil),
    ]);
    let digits = u128::MAX.to_string();
    reads(&[(
        &*format!("<biginteger>{digits}</biginteger>"),
        Value::from(digits.as_str()),
    )]);
}

fn foreign_texts() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct At(#[serde(with = "As::<DisplayFromStr>")] jiff::civil::DateTime);

    writes(&IpAddr::from([127, 0, 0, 1]), "<string>127.0.0.1</string>");
    reads(&[("127.0.0.1", IpAddr::from([127, 0, 0, 1]))]);
    let at = || At(jiff::civil::date(1998, 7, 17).at(14, 8, 55, 0));
    writes(&at(), "<string>1998-07-17T14:08:55</string>");
    reads(&[("1998-07-17T14:08:55", at())]);
    reads(&[(
        "<dateTime.iso8601>19980717T14:08:55</dateTime.iso8601>",
        at(),
    )]);
}
