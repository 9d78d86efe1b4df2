use super::{array, field, reads, refuses, round_trips, schema, string};

#[test]
fn values_options_and_lists() {
    round_trips! { "xmlrpc_core::with::number_text":
        i8: -128 => &string("-128");
        i64: i64::MIN => &string("-9223372036854775808");
        u64: u64::MAX => &string("18446744073709551615");
        u128: u128::MAX => &string("340282366920938463463374607431768211455");
        usize: 7 => &string("7");
        f64: 0.5 => &string("0.5");
        f64: 1e21 => &string("1000000000000000000000");
        Option<u32>: Some(7) => &string("7");
        Option<u32>: None => "<nil/>";
        Vec<u8>: vec![1, 255] => &array(&["<string>1</string>", "<string>255</string>"]);
        Vec<u8>: vec![] => &array(&[]);
        Option<Vec<i32>>: Some(vec![-1]) => &array(&["<string>-1</string>"]);
        Vec<Option<i32>>: vec![None, Some(2)] => &array(&["<nil/>", "<string>2</string>"]);
        Vec<Vec<i32>>: vec![vec![3]] => &array(&[&array(&["<string>3</string>"])]);
    }
}

#[test]
fn other_forms() {
    reads! { "xmlrpc_core::with::number_text":
        i64: "42" => 42;
        i64: &string(" 42\n") => 42;
        i64: &string("+42") => 42;
        i64: "<int>42</int>" => 42;
        u64: "<i8>5000000000</i8>" => 5_000_000_000;
        f64: "<int>42</int>" => 42.0;
        f64: "<double>0.25</double>" => 0.25;
        f64: &string("1e3") => 1000.0;
        Option<i64>: "" => None;
        Option<i64>: "<string/>" => None;
        Option<i64>: "<string></string>" => None;
        Option<i64>: "<int>4</int>" => Some(4);
    }
}

#[test]
fn what_is_not_such_a_number() {
    refuses! { "xmlrpc_core::with::number_text":
        u8: &string("256") => "expected a u8 as text, found string \"256\"";
        u8: &string("-1") => "expected a u8 as text, found string \"-1\"";
        u8: "<int>256</int>" => "expected u8, found int 256";
        i64: &string("4.5") => "expected an i64 as text, found string \"4.5\"";
        i64: &string("") => "expected an i64 as text, found string \"\"";
        i64: "<double>4.5</double>" => "expected i64, found double 4.5";
        i64: "<boolean>1</boolean>" => "expected an i64 as text, found boolean 1";
        i64: "<nil/>" => "expected an i64 as text, found nil";
        i64: "<struct></struct>" => "expected an i64 as text, found struct";
        f64: &string("0,5") => "expected an f64 as text, found string \"0,5\"";
        Option<i64>: &string("four") => "expected an i64 as text, found string \"four\"";
        Option<i64>: "<boolean>0</boolean>" => "expected an i64 as text, found boolean 0";
        Vec<i64>: &string("4") => "expected array, found string \"4\"";
        Vec<i64>: &array(&["4", "five"]) => "expected an i64 as text, found string \"five\" at [1]";
    }
}

#[test]
fn the_schema_is_text() {
    assert_eq!(
        schema(field!("xmlrpc_core::with::number_text" i64)),
        "string"
    );
    assert_eq!(
        schema(field!("xmlrpc_core::with::number_text" Option<Vec<u8>>)),
        "array of string or nil"
    );
}
