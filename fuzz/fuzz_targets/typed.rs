//! Any bytes as types of every kind: nested structs, options, enums, maps, tuples, borrowed texts, and types that
//! swallow errors or stop half-way.
//!
//! Both readers read the same. Reading through a `Value` changes nothing where its documentation says so. A record
//! that was written reads as it was.

#![no_main]

use std::fmt::Debug;

use arbitrary::Unstructured;
use libfuzzer_sys::fuzz_target;
use serde::de::DeserializeOwned;
use xmlrpc_core::{
    Category, Dialect, Value, from_slice, from_slice_with, from_str, from_value, to_value,
    to_vec_with,
};
use xmlrpc_fuzz::{
    document::Root,
    input::{Input, expanded},
    readers::{Pair, outcome},
    types::{Either, Forgiving, IgnoredAny, Kind, Lent, Map, Record, Tagged},
    with_careless_types, with_types,
};

fuzz_target!(|data: &[u8]| match &*expanded(data) {
    [4, choices @ ..] => records(choices),
    data => documents(&Input::new(data, Root::Value)),
});

fn documents(input: &Input) {
    let Some(pair) = Pair::new(&input.document, None, &input.limits) else {
        return read(&input.document);
    };
    macro_rules! same {
        ($($type:ty),* $(,)?) => {
            $(pair.same_value::<$type>();)*
        };
    }
    with_careless_types!(same);
    // If a document is not XML, other types do not read it either.
    if from_slice_with::<IgnoredAny>(&input.document, &input.limits).is_err() {
        return pair.same_value::<Value>();
    }
    with_types!(same);
    pair.same("&str", |document, limits| {
        from_slice_with::<&str>(document, limits).map(str::to_owned)
    });
    pair.same("Cow", |document, limits| {
        from_slice_with::<Either<'_>>(document, limits).map(|text| format!("{text:?}"))
    });
    pair.same("Lent", |document, limits| {
        from_slice_with::<Lent<'_>>(document, limits).map(|lent| format!("{lent:?}"))
    });
    pair.same("texts", |document, limits| {
        from_slice_with::<Vec<&str>>(document, limits).map(|texts| format!("{texts:?}"))
    });
    if let Some(text) = input.text() {
        lent(text);
        through_a_value(text);
    }
}

/// Types that can only be read, because there is nothing to compare them with.
fn read(document: &[u8]) {
    macro_rules! read {
        ($($type:ty),* $(,)?) => {
            $(let _ = from_slice::<$type>(document);)*
        };
    }
    with_careless_types!(read);
    with_types!(read);
}

/// A borrowed text is a part of the document.
fn lent(text: &str) {
    if let Ok(found) = from_str::<&str>(text) {
        let range = text.as_bytes().as_ptr_range();
        let is_part = found.is_empty() || range.contains(&found.as_ptr());
        assert!(is_part, "{found:?} is not a part of {text:?}");
        assert_eq!(
            from_str::<String>(text).expect("the text can be copied"),
            found
        );
        let Either(either) = from_str(text).expect("the text can be borrowed");
        assert_eq!(either, found);
    } else if let Ok(Either(either)) = from_str(text) {
        assert_eq!(
            from_str::<String>(text).expect("the text can be copied"),
            either
        );
    }
}

/// A type that reads a document also reads the document's `Value`.
fn through_a_value(text: &str) {
    let Ok(value) = from_str::<Value>(text) else {
        return;
    };
    // A `<bigdecimal>` is not an integer, but a `Value` makes a double of it, which may be one.
    // A number, boolean or date without text is nil in a `Value`: another error, unless an `Option` reads it.
    let errors_too = !text.contains("bigdecimal") && !has_nil(&value);
    same_through::<Vec<bool>>(text, &value, errors_too);
    same_through::<i64>(text, &value, errors_too);
    same_through::<Option<u8>>(text, &value, errors_too);
    same_through::<Vec<i32>>(text, &value, errors_too);
    same_through::<Value>(text, &value, errors_too);
    // If a member occurs twice, a `Value` has only the last one, even if the first one is invalid.
    let errors_too = errors_too && !text.contains("struct");
    same_through::<Map<i16>>(text, &value, errors_too);
    same_through::<Kind>(text, &value, errors_too);
}

fn has_nil(value: &Value) -> bool {
    match value {
        Value::Nil => true,
        Value::Array(elements) => elements.iter().any(has_nil),
        Value::Struct(members) => members.iter().any(|(_, member)| has_nil(member)),
        _ => false,
    }
}

fn same_through<T: DeserializeOwned + Debug>(text: &str, value: &Value, errors_too: bool) {
    let direct = outcome(from_str::<T>(text));
    let through = outcome(from_value::<T>(value.clone()));
    if direct.is_ok() || errors_too {
        let name = std::any::type_name::<T>();
        assert_eq!(direct, through, "{name}: {text:?}");
    }
}

/// Writes records and reads them again.
fn records(choices: &[u8]) {
    let mut choices = Unstructured::new(choices);
    let record = Record::new(&mut choices, 3);
    let expected = format!("{record:?}");
    for dialect in [
        Dialect::EXTENDED,
        Dialect::APACHE.ascii(true).nil_members(true).i4(true),
    ] {
        let document = match to_vec_with(&record, dialect) {
            Ok(document) => document,
            // The record has a text that XML does not allow.
            Err(error) => {
                assert_eq!(error.category(), Category::Data);
                assert!(
                    error.to_string().contains("is not allowed in XML 1.0"),
                    "{error}"
                );
                continue;
            }
        };
        let pair = Pair::new(&document, None, &xmlrpc_core::Limits::default());
        let pair = pair.expect("the document is not in UTF-16");
        pair.same("Record", |document, limits| {
            let read = from_slice_with::<Record>(document, limits)?;
            assert_eq!(format!("{read:?}"), expected);
            Ok(read)
        });
        pair.same_value::<Forgiving>();
        pair.same_value::<Tagged>();
    }
    let value = to_value(&record).expect("a `Value` can hold any text");
    let read = from_value::<Record>(value).expect("the value was a record");
    assert_eq!(format!("{read:?}"), expected);
}
