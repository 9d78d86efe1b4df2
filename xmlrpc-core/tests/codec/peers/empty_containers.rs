//! Several values in one response, and PHP's empty array.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use xmlrpc_core::{
    Base64, Category, Error, Fault, Limits, Struct, Value, from_str, from_value,
    message::{IncomingCall, MulticallResponse},
    value,
};

use super::{case, entry, in_response, response, with_charset};
use crate::common::decode::{read, refused};

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Options {
    limit: Option<u32>,
    names: Vec<String>,
}

#[test]
fn cases() {
    let document = case("resp-multi-param.xml");
    let list = vec![value!(0), value!("SUCCESS"), value!(7)];
    assert_eq!(response::<Value>(&document), Ok(Value::from(list.clone())));
    assert_eq!(response(&document), Ok(list));
    assert_eq!(response(&document), Ok((0, "SUCCESS".to_owned(), 7)));
    let document = case("empty-array-for-struct.xml");
    assert_eq!(response(&document), Ok(Options::default()));
    assert_eq!(response(&document), Ok(BTreeMap::<String, i32>::new()));
}

#[test]
fn several_params_are_a_list() {
    let params =
        |params: &str| format!("<methodResponse><params>{params}</params></methodResponse>");
    let two =
        "<param><value><int>1</int></value></param><param><value><int>2</int></value></param>";
    assert_eq!(response(&params(two)), Ok(vec![1, 2]));
    assert_eq!(response(&params(two)), Ok(Some([1, 2])));
    assert_eq!(response::<()>(&params(two)), Ok(()));
    assert_eq!(response::<Value>(&params(two)), Ok(value!([1, 2])));
    // In all their forms.
    let odd =
        "<value>a</value> <param><int>2</int></param>x<param>y<value><array/></value>z</param>";
    assert_eq!(response::<Value>(&params(odd)), Ok(value!(["a", 2, []])));
    let nested = "<param><array><data><int>1</int></data></array></param><param><array/></param>";
    assert_eq!(response(&params(nested)), Ok(vec![vec![1], vec![]]));
    // One value is not a list.
    let one = params("<param><value><int>1</int></value></param>");
    assert_eq!(response(&one), Ok(1));
    // Other types are errors, at the place of the values.
    for (read, expected) in [
        (
            with_charset::<i32>(&params(two), None).err(),
            "expected int, found array (line 1, column 17)",
        ),
        (
            with_charset::<(i32,)>(&params(two), None).err(),
            "expected array of 1, found array of 2 (line 1, column 17)",
        ),
        (
            with_charset::<Vec<bool>>(&params(two), None).err(),
            "expected boolean, found int 2 at [1] (line 1, column 81)",
        ),
    ] {
        let error = read.unwrap();
        assert_eq!(
            (error.category(), error.to_string().as_str()),
            (Category::Data, expected)
        );
    }
    let error = with_charset::<Value>(&params("<param/><param><value/></param>"), None);
    assert_eq!(error.unwrap_err().category(), Category::Protocol);
    // The results of a multicall may come so as well.
    let body = params(two).into();
    let results = MulticallResponse::read(body, None, &Limits::RESPONSE)
        .unwrap()
        .unwrap();
    assert_eq!((results.len(), results.entry(1).unwrap()), (2, Ok(2)));
}

#[test]
fn an_empty_array_is_an_empty_struct() {
    for inner in [
        "<array><data></data></array>",
        "<array/>",
        "<array><data/><data/></array>",
    ] {
        assert_eq!(read::<Options>(inner), Options::default(), "{inner}");
        assert_eq!(
            read::<HashMap<String, i32>>(inner),
            HashMap::new(),
            "{inner}"
        );
        assert_eq!(read::<Struct>(inner), Struct::new(), "{inner}");
        assert_eq!(
            read::<Option<Struct>>(inner),
            Some(Struct::new()),
            "{inner}"
        );
        // A value keeps its own type.
        assert_eq!(read::<Value>(inner), value!([]), "{inner}");
        assert_eq!(
            response(&in_response(&format!("<value>{inner}</value>"))),
            Ok(Options::default())
        );
    }
    let members =
        "<struct><member><name>a</name><value><array><data/></array></value></member></struct>";
    assert_eq!(
        read::<HashMap<String, Options>>(members)["a"],
        Options::default()
    );
    let full = "<array><data><value>a</value></data></array>";
    refused::<Options>(full, "expected struct, found array");
    refused::<Struct>(full, "expected struct, found array");
    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Required {
        a: i32,
    }
    refused::<Required>("<array/>", "missing field `a`");
}

#[test]
fn an_empty_struct_is_an_empty_array() {
    for inner in ["<struct></struct>", "<struct/>"] {
        assert_eq!(read::<Vec<i32>>(inner), [0; 0], "{inner}");
        assert_eq!(read::<Option<Vec<i32>>>(inner), Some(vec![]), "{inner}");
        assert_eq!(read::<[i32; 0]>(inner), [0; 0], "{inner}");
        assert_eq!(read::<Value>(inner), value!({}), "{inner}");
        assert_eq!(read::<Base64>(inner), Base64(vec![]), "{inner}");
        assert_eq!(
            read::<serde_bytes::ByteBuf>(inner),
            serde_bytes::ByteBuf::new(),
            "{inner}"
        );
    }
    refused::<(i32,)>("<struct/>", "expected a tuple of size 1, found array of 0");
    let full = "<struct><member><name>a</name><value/></member></struct>";
    refused::<Vec<String>>(full, "expected array, found struct");
    refused::<Base64>(full, "expected base64, found struct");
}

#[test]
fn values_follow_the_same_rule() {
    assert_eq!(
        from_value::<Options>(value!([])).unwrap(),
        Options::default()
    );
    assert_eq!(from_value::<Vec<i32>>(value!({})).unwrap(), [0; 0]);
    assert!(from_value::<Options>(value!([1])).is_err());
    assert!(from_value::<Vec<i32>>(value!({"a": 1})).is_err());
}

/// The shape of an entry decides what it is, so an entry itself is never converted.
#[test]
fn an_entry_of_a_multicall_is_what_its_shape_says() {
    assert!(entry::<Options>("<value><array><data/></array></value>").is_err());
    assert!(entry::<Struct>("<value><array/></value>").is_err());
    assert!(entry::<Option<Struct>>("<value><array/></value>").is_err());
    assert!(entry::<Vec<i32>>("<value><struct/></value>").is_err());
    assert!(entry::<Vec<i32>>("<struct/>").is_err());
    assert_eq!(
        entry::<Vec<i32>>("<value><array/></value>").unwrap(),
        Ok(vec![])
    );
    assert_eq!(
        entry::<Struct>("<value><struct/></value>").unwrap(),
        Ok(Struct::new())
    );
    // The value within an entry is converted.
    let wrapped =
        |inner: &str| format!("<value><array><data><value>{inner}</value></data></array></value>");
    assert_eq!(
        entry::<Options>(&wrapped("<array/>")).unwrap(),
        Ok(Options::default())
    );
    assert_eq!(
        entry::<Vec<i32>>(&wrapped("<struct/>")).unwrap(),
        Ok(vec![])
    );
    let fault = "<value><struct><member><name>faultCode</name><value><int>1</int></value></member>\
                 <member><name>faultString</name><value>no</value></member></struct></value>";
    assert_eq!(entry::<Options>(fault).unwrap(), Err(Fault::new(1, "no")));
}

#[test]
fn a_large_list_of_empty_arrays() {
    let inner = "<value><array/></value>".repeat(100);
    let document = format!("<value><array><data>{inner}</data></array></value>");
    assert_eq!(
        from_str::<Vec<Struct>>(&document).unwrap(),
        vec![Struct::new(); 100]
    );
}

/// An entry that is a list itself keeps its record, because the list as a whole has the type.
#[test]
fn an_entry_that_is_an_unwrapped_list() {
    for inner in ["<struct/>", "<struct></struct>"] {
        let list = format!("<value><array><data><value>{inner}</value></data></array></value>");
        assert_eq!(entry(&list).unwrap(), Ok(vec![Options::default()]));
        assert_eq!(
            entry(&list).unwrap(),
            Ok(vec![BTreeMap::<String, i32>::new()])
        );
        assert_eq!(entry(&list).unwrap(), Ok(Struct::new()));
        assert_eq!(entry(&list).unwrap(), Ok(Vec::<i32>::new()));
        assert_eq!(entry(&list).unwrap(), Ok(Vec::<Vec<i32>>::new()));
        // A strict reader knows that the list is around the value.
        let body = in_response(&format!(
            "<value><array><data>{list}</data></array></value>"
        ));
        let response = MulticallResponse::read(body.into(), None, &Limits::RESPONSE);
        let response = response.unwrap().unwrap().strict(true);
        assert_eq!(response.entry(0).unwrap(), Ok(Vec::<Options>::new()));
    }
    for inner in ["<array/>", "<array><data></data></array>"] {
        let list = format!("<value><array><data><value>{inner}</value></data></array></value>");
        assert_eq!(entry(&list).unwrap(), Ok(Vec::<Options>::new()));
        assert_eq!(entry(&list).unwrap(), Ok(Options::default()));
    }
}

#[test]
fn an_empty_struct_as_the_parameters_of_an_entry() {
    let params = |inner: &str| -> Result<Vec<Value>, Error> {
        let body = format!(
            "<methodCall><methodName>system.multicall</methodName><params><param><value><array><data>\
             <value><struct><member><name>methodName</name><value>m</value></member>\
             <member><name>params</name><value>{inner}</value></member></struct></value>\
             </data></array></value></param></params></methodCall>"
        );
        let call = IncomingCall::read(body.into(), None, &Limits::REQUEST).unwrap();
        let mut entries = call.params().multicall_entries(1).unwrap();
        let entry = entries.remove(0)?;
        entry.params().to_values()
    };
    for inner in ["<struct/>", "<struct></struct>"] {
        assert_eq!(params(inner).unwrap(), Vec::<Value>::new(), "{inner}");
    }
    let error = params("<struct><member><name>a</name><value/></member></struct>").unwrap_err();
    assert_eq!(error.path(), "params[0][0].params");
}
