//! One scalar that cannot be read does not lose the values around it.

use std::collections::HashMap;

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, Visitor},
};
use xmlrpc_core::{Base64, Category, DateTime, Struct, Value, from_str, from_value, value};

use super::{case, entry, response};
use crate::common::decode::{document, read, refused};

const BLANK: [&str; 9] = [
    "<int/>",
    "<i4></i4>",
    "<i8> </i8>",
    "<i1/>",
    "<biginteger/>",
    "<double/>",
    "<bigdecimal> </bigdecimal>",
    "<boolean></boolean>",
    "<dateTime.iso8601 />",
];

const ZERO_DATES: [&str; 11] = [
    "00000000T00:00:00",
    "00000000T00:00:00Z",
    "00000000T000000",
    "0000-00-00 00:00:00",
    "0000-00-00T00:00:00+02:00",
    "0000-00-00",
    "-0001-11-30T00:00:00+00:00",
    "-0001-11-30 00:00:00",
    "-00011130T00:00:00",
    "0000-00-00T00:00:00 +0000",
    "00000000T00:00:00 Z",
];

#[test]
fn an_option_of_a_value_is_none_where_the_value_is_nil() {
    for scalar in [
        "<int/>",
        "<i8> </i8>",
        "<boolean/>",
        "<double/>",
        "<dateTime.iso8601/>",
        "<nil/>",
    ] {
        let document = format!("<value>{scalar}</value>");
        let value: Value = from_str(&document).unwrap();
        assert_eq!(value, Value::Nil, "{scalar}");
        assert_eq!(
            from_str::<Option<Value>>(&document).unwrap(),
            None,
            "{scalar}"
        );
        assert_eq!(
            from_value::<Option<Value>>(value).unwrap(),
            None,
            "{scalar}"
        );
    }
    for scalar in ["", "<string/>", "<base64/>", "<int>1</int>", "<array/>"] {
        let document = format!("<value>{scalar}</value>");
        let value: Value = from_str(&document).unwrap();
        let option = from_str::<Option<Value>>(&document).unwrap();
        assert_eq!(option, Some(value.clone()), "{scalar}");
        assert_eq!(
            from_value::<Option<Value>>(value).unwrap(),
            option,
            "{scalar}"
        );
    }
}

#[test]
fn cases() {
    assert_eq!(
        response::<Value>(&case("date-zero-value.xml")),
        Ok(value!([{"post_id": "5", "post_date_gmt": "00000000T00:00:00Z"}]))
    );
    assert_eq!(
        response::<Value>(&case("date-empty-value.xml")),
        Ok(value!({"access_date": nil, "n": 1}))
    );
    assert_eq!(
        response::<Value>(&case("int-empty-in-struct.xml")),
        Ok(value!({"a": nil, "b": "kept"}))
    );
    assert_eq!(
        response(&case("date-zero-optdate.xml")),
        Ok(None::<DateTime>)
    );
    assert_eq!(response(&case("empty-string-for-i64.xml")), Ok(None::<i64>));
}

#[test]
fn scalars_without_text_are_nil_in_a_value() {
    for inner in BLANK {
        assert_eq!(read::<Value>(inner), Value::Nil, "{inner}");
        let array = format!("<array><data><value>{inner}</value><value>z</value></data></array>");
        assert_eq!(read::<Value>(&array), value!([nil, "z"]), "{inner}");
        let members: Struct = read(&format!(
            "<struct><member><name>a</name><value>{inner}</value></member></struct>"
        ));
        assert_eq!(members["a"], Value::Nil, "{inner}");
        assert_eq!(
            entry::<Value>(&format!("<value>{inner}</value>")).unwrap(),
            Ok(Value::Nil)
        );
    }
    // These have a value without a text.
    assert_eq!(read::<Value>("<string/>"), value!(""));
    assert_eq!(read::<Value>("<base64/>"), Value::Base64(Vec::new()));
    // Other unreadable texts remain errors.
    refused::<Value>("<int>x</int>", "invalid int \"x\"");
    refused::<Value>("<boolean>2</boolean>", "invalid boolean \"2\"");
    refused::<Value>("<base64>%</base64>", "invalid base64");
}

#[test]
fn unreadable_dates_are_texts_in_a_value() {
    for text in ZERO_DATES
        .iter()
        .chain(&["yesterday", "19981399T00:00:00", "31.12.1999"])
    {
        let inner = format!("<dateTime.iso8601> {text}\n</dateTime.iso8601>");
        assert_eq!(read::<Value>(&inner), value!(*text), "{inner}");
        refused::<DateTime>(&inner, "invalid dateTime.iso8601");
    }
}

#[test]
fn an_option_of_nothing() {
    for inner in BLANK {
        assert_eq!(read::<Option<i64>>(inner), None, "{inner}");
        assert_eq!(read::<Option<f64>>(inner), None, "{inner}");
        assert_eq!(read::<Option<bool>>(inner), None, "{inner}");
        assert_eq!(read::<Option<DateTime>>(inner), None, "{inner}");
        assert_eq!(read::<Option<Vec<i32>>>(inner), None, "{inner}");
        assert_eq!(read::<Option<String>>(inner), None, "{inner}");
    }
    for inner in ["", "<string/>", "<string></string>"] {
        assert_eq!(read::<Option<u8>>(inner), None, "{inner}");
        assert_eq!(read::<Option<HashMap<String, i32>>>(inner), None, "{inner}");
        // A type that can read the value has precedence.
        assert_eq!(
            read::<Option<String>>(inner),
            Some(String::new()),
            "{inner}"
        );
        assert_eq!(read::<Option<Value>>(inner), Some(value!("")), "{inner}");
    }
    assert_eq!(document::<Option<i64>>("<value/>"), None);
    assert_eq!(
        read::<Option<Base64>>("<base64/>"),
        Some(Base64(Vec::new()))
    );
    assert_eq!(read::<Option<i32>>("<base64/>"), None);
    assert_eq!(read::<Option<Value>>("<nil/>"), None);
    assert_eq!(
        read::<Vec<Option<i32>>>(
            "<array><data><value><int/></value><value/><value><int>3</int></value></data></array>"
        ),
        [None, None, Some(3)]
    );
    // White space is a text.
    refused::<Option<i32>>(" ", "expected int, found string \" \"");
}

#[test]
fn an_option_of_a_zero_date() {
    for text in ZERO_DATES {
        for tag in ["dateTime.iso8601", "string"] {
            let inner = format!("<{tag}>{text}</{tag}>");
            assert_eq!(read::<Option<DateTime>>(&inner), None, "{inner}");
            assert_eq!(
                read::<Option<String>>(&inner).as_deref(),
                Some(text),
                "{inner}"
            );
            assert_eq!(
                entry::<Option<DateTime>>(&format!("<value>{inner}</value>")).unwrap(),
                Ok(None)
            );
        }
    }
    for text in [
        "00000000T00:00:01",
        "00001301T00:00:00",
        "yesterday",
        "0000-00-00x",
        "0000-00-00 00:00:00X",
    ] {
        let inner = format!("<dateTime.iso8601>{text}</dateTime.iso8601>");
        refused::<Option<DateTime>>(&inner, "invalid dateTime.iso8601");
    }
}

#[test]
fn members_of_a_struct() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Post {
        id: Option<u32>,
        date: Option<DateTime>,
        title: Option<String>,
    }
    let document = "<struct><member><name>id</name><value/></member>\
        <member><name>date</name><value><dateTime.iso8601>00000000T00:00:00</dateTime.iso8601></value></member>\
        <member><name>title</name><value/></member></struct>";
    let post: Post = read(document);
    assert_eq!(
        post,
        Post {
            id: None,
            date: None,
            title: Some(String::new())
        }
    );
    refused::<HashMap<String, u32>>(
        "<struct><member><name>id</name><value><int/></value></member></struct>",
        "invalid int \"\" at id",
    );
}

#[test]
fn values_follow_the_same_rule() {
    assert_eq!(from_value::<Option<i32>>(value!("")).unwrap(), None);
    assert_eq!(
        from_value::<Option<String>>(value!("")).unwrap(),
        Some(String::new())
    );
    assert_eq!(
        from_value::<Option<DateTime>>(value!("0000-00-00 00:00:00")).unwrap(),
        None
    );
    // The same as from text.
    assert_eq!(read::<Option<i32>>("<base64/>"), None);
    let empty = || Value::Base64(Vec::new());
    assert_eq!(from_value::<Option<i32>>(empty()).unwrap(), None);
    assert_eq!(from_value::<Option<Struct>>(empty()).unwrap(), None);
    assert_eq!(
        from_value::<Option<Base64>>(empty()).unwrap(),
        Some(Base64(Vec::new()))
    );
    assert!(from_value::<Option<DateTime>>(value!("yesterday")).is_err());
    assert!(from_value::<Option<i32>>(value!("x")).is_err());
}

#[test]
fn what_an_option_cannot_swallow() {
    // Limits.
    let deep = "<value><array><data>".repeat(200) + &"</data></array></value>".repeat(200);
    let error = from_str::<Option<Value>>(&deep).unwrap_err();
    assert_eq!(error.category(), Category::Limit);
    // Values with a text.
    refused::<Option<i32>>("<int>x</int>", "invalid int");
    refused::<Option<i32>>("abc", "expected int, found string \"abc\"");
    refused::<Option<u8>>("<int>300</int>", "int 300 does not fit: expected 0 to 255");
    // Structure.
    for inner in [
        "<int/><int/>",
        "<int></int><string>a</string>",
        "<int><b/></int>",
    ] {
        assert!(from_str::<Option<i32>>(&format!("<value>{inner}</value>")).is_err());
        assert!(from_str::<Value>(&format!("<value>{inner}</value>")).is_err());
    }
}

/// Types that swallow errors do not make the readers differ.
#[test]
fn an_option_within_a_type_that_swallows_errors() {
    #[derive(Debug, PartialEq)]
    struct Swallowed<T>(Option<T>);
    impl<'de, T: Deserialize<'de>> Deserialize<'de> for Swallowed<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            Ok(Self(T::deserialize(deserializer).ok()))
        }
    }
    for inner in [
        "<int/>",
        "",
        "<dateTime.iso8601>00000000T00:00:00</dateTime.iso8601>",
    ] {
        assert_eq!(
            read::<Swallowed<Option<DateTime>>>(inner),
            Swallowed(Some(None)),
            "{inner}"
        );
        assert_eq!(
            read::<Swallowed<DateTime>>(inner),
            Swallowed(None),
            "{inner}"
        );
    }
    assert_eq!(read::<Swallowed<Option<i32>>>("x"), Swallowed(None));
}

/// The rule needs serde's own `Option`. Another type that asks for an option gets the value.
#[test]
fn options_of_others_are_asked_as_before() {
    #[derive(Debug, PartialEq)]
    struct Own(&'static str);
    impl<'de> Deserialize<'de> for Own {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct OptionVisitor;
            impl<'de> Visitor<'de> for OptionVisitor {
                type Value = Own;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("an option")
                }
                fn visit_none<E>(self) -> Result<Own, E> {
                    Ok(Own("none"))
                }
                fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Own, D::Error> {
                    let text = String::deserialize(inner)?;
                    text.is_empty()
                        .then_some(Own("some"))
                        .ok_or(D::Error::custom("text"))
                }
            }
            deserializer.deserialize_option(OptionVisitor)
        }
    }
    assert_eq!(read::<Own>(""), Own("some"));
    assert_eq!(read::<Own>("<nil/>"), Own("none"));
    // This fails if serde no longer has the function that tells its `Option` apart.
    assert_eq!(read::<Option<i32>>(""), None);
    assert_eq!(read::<Option<Option<i32>>>(""), Some(None));
}

#[test]
fn where_serde_buffers_the_rule_does_not_apply() {
    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Flat {
        #[serde(flatten)]
        members: HashMap<String, Option<i32>>,
    }
    let members =
        |inner| format!("<struct><member><name>a</name><value>{inner}</value></member></struct>");
    refused::<Flat>(&members("<int/>"), "invalid int \"\"");
    refused::<Flat>(&members(""), "expected i32, found string \"\"");
}
