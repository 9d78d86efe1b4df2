use bytes::Bytes;
use serde::Serialize;
use xmlrpc_core::{Base64, to_string};

use super::{array, field, reads, refuses, round_trips, schema, string};

#[test]
fn values_options_and_lists() {
    round_trips! { "xmlrpc_core::with::base64_text":
        Vec<u8>: b"GIF89a".to_vec() => &string("R0lGODlh");
        Vec<u8>: vec![] => &string("");
        Box<[u8]>: Box::from(*b"a") => &string("YQ==");
        Bytes: Bytes::from_static(b"a") => &string("YQ==");
        Base64: Base64(b"a".to_vec()) => &string("YQ==");
        Option<Vec<u8>>: Some(b"a".to_vec()) => &string("YQ==");
        Option<Vec<u8>>: None => "<nil/>";
        Vec<Vec<u8>>: vec![b"a".to_vec(), vec![]] => &array(&["<string>YQ==</string>", "<string></string>"]);
    }
}

#[test]
fn borrowed_bytes_are_written() {
    #[derive(Serialize)]
    struct Upload<'a> {
        #[serde(with = "xmlrpc_core::with::base64_text")]
        bits: &'a [u8],
        #[serde(with = "xmlrpc_core::with::base64_text")]
        thumbnail: Option<&'a [u8]>,
        #[serde(with = "xmlrpc_core::with::base64_text")]
        parts: &'a [&'a [u8]],
    }
    let upload = Upload {
        bits: b"a",
        thumbnail: None,
        parts: &[b"a"],
    };
    assert_eq!(
        to_string(&upload).unwrap(),
        format!(
            "<value><struct><member><name>bits</name><value><string>YQ==</string></value></member>\
             <member><name>parts</name><value>{}</value></member></struct></value>",
            array(&["<string>YQ==</string>"])
        )
    );
}

#[test]
fn other_forms() {
    reads! { "xmlrpc_core::with::base64_text":
        Vec<u8>: "R0lGODlh" => b"GIF89a".to_vec();
        Vec<u8>: &string("R0lG\nODlh\n") => b"GIF89a".to_vec();
        Vec<u8>: &string("YQ") => b"a".to_vec();
        Vec<u8>: "<base64>YQ==</base64>" => b"a".to_vec();
        Option<Vec<u8>>: "<string/>" => Some(vec![]);
    }
}

#[test]
fn what_is_not_base64() {
    refuses! { "xmlrpc_core::with::base64_text":
        Vec<u8>: &string("R0lG*") => "expected base64 as text, found string \"R0lG*\"";
        Vec<u8>: "<int>5</int>" => "expected base64 as text, found int 5";
        Vec<u8>: "<boolean>0</boolean>" => "expected base64 as text, found boolean 0";
        Vec<Vec<u8>>: &array(&["YQ==", "*"]) => "expected base64 as text, found string \"*\" at [1]";
    }
}

#[test]
fn the_schema_is_text() {
    assert_eq!(
        schema(field!("xmlrpc_core::with::base64_text" Option<Vec<u8>>)),
        "string or nil"
    );
}
