//! The two readers agree on every document.
//!
//! Each document is read twice, and the results are compared: values, and the categories of errors.

use std::{collections::BTreeMap, fs, path::Path};

use bytes::Bytes;
use proptest::{collection::vec, prelude::*};
use serde::{Deserialize, de::DeserializeOwned};
use xmlrpc_core::{
    Base64, Category, DateTime, Error, Limits, Value, from_str,
    message::{self, IncomingCall, MulticallResponse},
};

use crate::common::ordinary::{PIECES, damaged, document};

use crate::common::readers::beyond_the_scanner;

/// Doubles are compared by their bits, so that NaN equals itself.
fn comparable<T: std::fmt::Debug>(result: Result<T, Error>) -> Result<String, Category> {
    result
        .map(|value| format!("{value:?}"))
        .map_err(|error| error.category())
}

fn read<T: DeserializeOwned + std::fmt::Debug>(document: &str) -> Result<String, Category> {
    comparable(from_str::<T>(document))
}

#[track_caller]
fn assert_same(document: &str) {
    let slow = beyond_the_scanner(document);
    macro_rules! same {
        ($($type:ty),* $(,)?) => {
            $(assert_eq!(read::<$type>(document), read::<$type>(&slow), "{}: {document}", stringify!($type));)*
        };
    }
    same!(
        Value,
        i64,
        u8,
        f64,
        bool,
        String,
        Option<i64>,
        Option<String>,
        Vec<i64>,
        Vec<Option<f64>>,
        (bool, String),
        BTreeMap<String, Value>,
        BTreeMap<String, i32>,
        Base64,
        DateTime,
        Forgiving,
        Member,
        (),
        serde::de::IgnoredAny,
    );
    let limits = Limits::default();
    let pair = [document.to_owned(), slow];
    let [fast, slow] = pair.each_ref().map(|document| {
        let call = IncomingCall::read(Bytes::from(document.clone()), None, &limits);
        let values =
            call.and_then(|call| Ok((call.method().to_owned(), call.params().to_values()?)));
        comparable(values)
    });
    assert_eq!(fast, slow, "call: {document}");
    let [fast, slow] = pair.each_ref().map(|document| {
        let call = IncomingCall::read(Bytes::from(document.clone()), None, &limits);
        comparable(call.and_then(|call| {
            let entries = call.params().multicall_entries(3)?;
            let entries = entries.into_iter().map(|entry| {
                let entry = entry.map_err(|error| error.category())?;
                let params = entry
                    .params()
                    .to_values()
                    .map_err(|error| error.category())?;
                Ok::<_, Category>((entry.method().to_owned(), entry.params().len(), params))
            });
            Ok(entries.collect::<Vec<_>>())
        }))
    });
    assert_eq!(fast, slow, "multicall: {document}");
    let [fast, slow] = pair.each_ref().map(|document| {
        let body = Bytes::from(document.clone());
        comparable(message::read_response::<Value>(body, None, &limits))
    });
    assert_eq!(fast, slow, "answer: {document}");
    let [fast, slow] = pair.each_ref().map(|document| {
        let answer = MulticallResponse::read(Bytes::from(document.clone()), None, &limits);
        comparable(answer.map(|answer| {
            answer.map(|answer| {
                let entry = |index| comparable(answer.entry::<Value>(index));
                (0..answer.len()).map(entry).collect::<Vec<_>>()
            })
        }))
    });
    assert_eq!(fast, slow, "answer to a multicall: {document}");
    macro_rules! same_entries {
        ($($type:ty),* $(,)?) => {
            $({
                let [fast, slow] = [&pair[0], &pair[1]].map(|it| results::<$type>(it));
                assert_eq!(fast, slow, "entries of {}: {document}", stringify!($type));
            })*
        };
    }
    same_entries!(
        i64,
        Option<bool>,
        Vec<i64>,
        (bool, String),
        BTreeMap<String, Vec<i32>>,
        Forgiving,
        Member,
    );
}

/// The results of a multicall. Of an error: its text, and its offset from the root's tag.
fn results<T: DeserializeOwned + std::fmt::Debug>(document: &str) -> Vec<Result<String, String>> {
    let body = Bytes::from(document.to_owned());
    let Ok(Ok(answer)) = MulticallResponse::read(body, None, &Limits::default()) else {
        return Vec::new();
    };
    let root = document.find("<methodResponse").unwrap_or_default();
    let entry = |index| match answer.entry::<T>(index) {
        Ok(result) => Ok(format!("{result:?}")),
        Err(error) => {
            let text = error.to_string();
            let (what, _) = text.split_once(" (byte").unwrap_or((&text, ""));
            let at = error.offset().and_then(|at| at.checked_sub(root));
            Err(format!("{what}, {:?}, {at:?}", error.category()))
        }
    };
    (0..answer.len()).map(entry).collect()
}

/// A struct that swallows errors in the middle of a document.
#[derive(Debug, Deserialize)]
#[allow(dead_code)]
struct Forgiving {
    #[serde(default, deserialize_with = "or_default")]
    a: i64,
    #[serde(default, deserialize_with = "or_default")]
    b: Vec<i64>,
    #[serde(default, deserialize_with = "or_default")]
    c: BTreeMap<String, bool>,
}

fn or_default<'de, D: serde::Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(T::deserialize(deserializer).unwrap_or_default())
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
enum Member {
    Unit,
    One(i64),
    Two(i64, String),
    Named { a: bool },
}

proptest! {
    #[test]
    fn of_ordinary_documents(document in document()) {
        assert_same(&document);
    }

    #[test]
    fn of_damaged_documents(document in damaged()) {
        assert_same(&document);
    }

    #[test]
    fn of_heaps_of_pieces(pieces in vec(prop::sample::select(PIECES.to_vec()), 0..30)) {
        assert_same(&pieces.concat());
    }
}

#[test]
fn of_what_real_peers_send() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/wire");
    let mut read = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if let Ok(document) = fs::read_to_string(&path) {
            assert_same(&document);
            read += 1;
        }
    }
    assert!(read > 200, "{read}");
}

#[test]
fn of_traps() {
    let traps = [
        "<value><int>1</int></value",
        "<value><int>1</int></value>x",
        "<value><int>1</int></value><value/>",
        "<value><int>1</int>x</value>",
        "<value>x<int>1</int></value>",
        "<value><int></int></value>",
        "<value><int>+1</int></value>",
        "<value><int>00000000000000000000001</int></value>",
        "<value><int>99999999999999999999</int></value>",
        "<value><int>-9223372036854775808</int></value>",
        "<value><i8>-9223372036854775809</i8></value>",
        "<value><int>1</i4></value>",
        "<value><i4>1</i8></value>",
        "<value\0><int>1</int></value>",
        "<value><nil></nil></value>",
        "<value><nil/>x</value>",
        "<value> <nil/> </value>",
        "<value><dateTime.iso8601/></value>",
        "<value><dateTime.iso8601></dateTime.iso8601></value>",
        "<value><dateTime.iso8601> </dateTime.iso8601></value>",
        "<value><string>]]&gt;</string></value>",
        "<value><string>a]]>b</string></value>",
        "<value><string>&#0;</string></value>",
        "<value><string>&#1;</string></value>",
        "<value><string>&#xD83D;&#xDE00;</string></value>",
        "<value><string>&#xFFFF;</string></value>",
        "<value><string>&#x110000;</string></value>",
        "<value><string>&#000000065;</string></value>",
        "<value><string>a\r\nb</string></value>",
        "<value><string>\r&#10;</string></value>",
        "<value><string>&#13;\r</string></value>",
        "<value><string>&unknown;</string></value>",
        "<value><string>\u{FFFE}</string></value>",
        "<value><string>\u{FFFD}\u{EFFF}</string></value>",
        "<value><boolean>2</boolean></value>",
        "<value><boolean> 1</boolean></value>",
        "<value><double>.5</double></value>",
        "<value><double>5.</double></value>",
        "<value><double>-</double></value>",
        "<value><double>1e5</double></value>",
        "<value><double>NaN</double></value>",
        "<value><array><data></data>x</array></value>",
        "<value><array><data><value/></data><data/></array></value>",
        "<value><struct><member><value/><name>a</name></member></struct></value>",
        "<value><struct><member><name>a</name><value/><value/></member></struct></value>",
        "<value><struct><member><name>a</name></member></struct></value>",
        "<value><struct><member><name>a</name><value><array><data><value>x</value></data></array></value></member></struct></value>",
        "<value><base64>YQ==</base64></value>",
        "<value><base64>YQ</base64></value>",
        "<value><base64>Y Q\n=\n=</base64></value>",
        "<value><base64>Y&#81;==</base64></value>",
        "<value><base64>!</base64></value>",
        " <value><int>1</int></value>",
        "<?xml version=\"1.0\"?><?xml version=\"1.0\"?><value/>",
        "<?xml version=\"1.1\"?><value/>",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><value>é</value>",
        "<methodCall><methodName>a</methodName></methodCall>x",
        "<methodCall><methodName>a</methodName><params></params></methodCall>",
        "<methodCall><methodName>a</methodName><params><param><value/></param></params><params/></methodCall>",
        "<methodCall><methodName>a</methodName><params><param><value/><value/></param></params></methodCall>",
        "<methodCall><methodName>a&amp;b</methodName></methodCall>",
        "<methodCall><methodName>a</methodName><params><param></params></methodCall>",
        "<methodCall><methodName>a</methodName><params><param></param></params></methodCall>",
        "<methodCall><methodName>a</methodName><params><param><value/></param><param></params></methodCall>",
        "<methodCall><methodName>a</methodName><params><param><param><value/></param></params></methodCall>",
    ];
    for document in traps {
        assert_same(document);
    }
}

#[test]
fn of_entries_that_are_of_another_type() {
    let array = |elements: &str| format!("<value><array><data>{elements}</data></array></value>");
    let member = |name: &str, value: &str| format!("<member><name>{name}</name>{value}</member>");
    let structure = |members: &str| format!("<value><struct>{members}</struct></value>");
    let int = "<value><int>1</int></value>";
    let text = "<value>\n x\u{e9} &lt;value&gt; </value>";
    let nested = array(&[int, &array(&[int, text].concat()), int].concat());
    let values = [
        int.to_owned(),
        text.to_owned(),
        "<value/>".to_owned(),
        "<value> \n<string>a\u{1F600}</string> </value>".to_owned(),
        "<value><double>1.5</double></value>".to_owned(),
        "<value><i8>9223372036854775807</i8></value>".to_owned(),
        "<value><nil/></value>".to_owned(),
        "<value><base64>AAAA</base64></value>".to_owned(),
        array(""),
        array(&[int, int].concat()),
        array(&[int, text, int].concat()),
        nested.clone(),
        structure(""),
        structure(&member("a", text)),
        structure(&[member("a", int), member("b", &nested), member("c", int)].concat()),
        structure(
            &[
                member("c", &structure(&member("x", &nested))),
                member("a", text),
            ]
            .concat(),
        ),
        structure(&member("One", text)),
        structure(&member("Two", &array(&[int, int].concat()))),
        structure(&member("Named", &structure(&member("a", &nested)))),
        structure(&[member("faultCode", text), member("faultString", &nested)].concat()),
        structure(&[member("faultCode", int), member("more", &nested)].concat()),
    ];
    let wrapped = values.iter().map(|value| array(value));
    let twice = values.iter().map(|value| array(&array(value)));
    let entries: String = wrapped.chain(twice).chain(values.clone()).collect();
    assert_same(&format!(
        "<methodResponse><params><param>{}</param></params></methodResponse>",
        array(&entries)
    ));
}
