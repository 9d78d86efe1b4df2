//! `false_as_none` in lists, and together with the other helpers. `peers/false_for_nothing.rs` has the rest.

use jiff::civil;
use xmlrpc_core::DateTime;

use super::{array, reads, refuses, round_trips, string};

const FALSE: &str = "<boolean>0</boolean>";

#[test]
fn lists() {
    round_trips! { "xmlrpc_core::with::false_as_none":
        Vec<Option<i32>>: vec![None, Some(2)] => &array(&[FALSE, "<int>2</int>"]);
        Option<Vec<i32>>: None => FALSE;
        Option<Vec<i32>>: Some(vec![]) => &array(&[]);
    }
    refuses! { "xmlrpc_core::with::false_as_none":
        Vec<Option<i32>>: &array(&[FALSE, "two"]) => "expected i32, found string \"two\" at [1]";
    }
}

#[test]
fn with_other_helpers() {
    round_trips! { "xmlrpc_core::with::false_as_none::number_text":
        Option<u64>: Some(2) => &string("2");
        Option<u64>: None => FALSE;
        Vec<Option<u64>>: vec![None, Some(2)] => &array(&[FALSE, "<string>2</string>"]);
    }
    round_trips! { "xmlrpc_core::with::false_as_none::base64_text":
        Option<Vec<u8>>: Some(b"a".to_vec()) => &string("YQ==");
        Option<Vec<u8>>: None => FALSE;
        Option<Vec<Vec<u8>>>: Some(vec![vec![]]) => &array(&["<string></string>"]);
    }
    round_trips! { "xmlrpc_core::with::false_as_none::date_text":
        Option<civil::Date>: Some(civil::date(2024, 1, 2)) => &string("2024-01-02");
        Option<civil::Date>: None => FALSE;
        Option<DateTime>: Some(civil::date(2024, 1, 2).at(3, 4, 5, 0).into()) => &string("2024-01-02 03:04:05");
    }
    reads! { "xmlrpc_core::with::false_as_none::date_text":
        Option<civil::Date>: "<nil/>" => None;
        Option<civil::Date>: "<dateTime.iso8601>20240102T00:00:00</dateTime.iso8601>" => Some(civil::date(2024, 1, 2));
    }
    refuses! { "xmlrpc_core::with::false_as_none::date_text":
        Option<civil::Date>: "<boolean>1</boolean>" => "expected a date as text, found boolean 1";
        Option<civil::Date>: &string("soon") => "expected a date as text, found string \"soon\"";
    }
    refuses! { "xmlrpc_core::with::false_as_none::base64_text":
        Option<Vec<u8>>: &string("*") => "expected base64 as text, found string \"*\"";
    }
    refuses! { "xmlrpc_core::with::false_as_none::number_text":
        Option<u8>: &string("256") => "expected a u8 as text, found string \"256\"";
    }
}
