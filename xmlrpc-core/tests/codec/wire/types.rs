//! Strings without a type, and types that are not in the specification.

use xmlrpc_core::{Category, DateTime, Value, from_str};

use crate::common::decode::{document, read, reads, refused, strings};

const EX: &str = "xmlns:ex=\"http://ws.apache.org/xmlrpc/namespaces/extensions\"";

pub(crate) fn untyped_strings_and_declared_extensions() {
    strings(&[
        ("plain", "plain"),
        ("a &amp; b", "a & b"),
        ("  kept  ", "  kept  "),
        ("two\nlines", "two\nlines"),
    ]);
    let declared = |inner: &str| document::<Value>(&format!("<value {EX}>{inner}</value>"));
    assert_eq!(declared("<ex:i8>12</ex:i8>"), Value::I8(12));
    assert_eq!(declared("<ex:nil/>"), Value::Nil);
    let [there, other] = [EX, &EX.replace(":ex", ":e")].map(str::to_owned);
    reads(&[(&*format!("<ex:nil {there}/>"), Value::Nil)]);
    reads(&[(&*format!("<e:nil {other}/>"), Value::Nil)]);
}

pub(crate) fn undeclared_prefixes() {
    reads(&[
        ("<ex:nil/>", Value::Nil),
        ("<ex:i8>-5</ex:i8>", Value::I8(-5)),
        ("<a:i4>1</a:i4>", Value::Int(1)),
        // The prefix is declared elsewhere: a declaration's scope ends with its element.
        (
            "<array><data><value xmlns:ex='urn:other'>a</value><value><ex:nil/></value></data></array>",
            Value::from(vec![Value::from("a"), Value::Nil]),
        ),
    ]);
}

pub(crate) fn extensions_without_a_prefix() {
    reads(&[
        ("<i8>7</i8>", Value::I8(7)),
        ("<i1>-7</i1>", Value::Int(-7)),
        ("<i2>7</i2>", Value::Int(7)),
        ("<biginteger>7</biginteger>", Value::I8(7)),
        ("<bigdecimal>1.5</bigdecimal>", Value::Double(1.5)),
        ("<float>1.5</float>", Value::Double(1.5)),
        ("<nil/>", Value::Nil),
        ("<nil></nil>", Value::Nil),
    ]);
    for tag in ["int", "i4", "i8", "i1", "i2", "biginteger"] {
        assert_eq!(read::<i64>(&format!("<{tag}>-7</{tag}>")), -7, "{tag}");
    }
    assert_eq!(read::<String>("<bigdecimal>1.10</bigdecimal>"), "1.10");
    let digits = format!("<biginteger>{}</biginteger>", i128::MAX);
    assert_eq!(read::<i128>(&digits), i128::MAX);
}

pub(crate) fn extensions_with_a_prefix() {
    let date: DateTime = "19980717T14:08:55Z".parse().unwrap();
    for (tag, text, expected) in [
        ("nil", "", Value::Nil),
        ("i1", "-7", Value::Int(-7)),
        ("i2", "-700", Value::Int(-700)),
        ("i8", "7", Value::I8(7)),
        ("float", "1.5", Value::Double(1.5)),
        ("bigdecimal", "-1.25", Value::Double(-1.25)),
        ("biginteger", "7", Value::I8(7)),
        ("dateTime", "1998-07-17T14:08:55Z", Value::from(date)),
    ] {
        let declared = format!("<value {EX}><ex:{tag}>{text}</ex:{tag}></value>");
        assert_eq!(document::<Value>(&declared), expected);
        for prefix in ["ex:", ""] {
            let inner = format!("<{prefix}{tag}>{text}</{prefix}{tag}>");
            assert_eq!(read::<Value>(&inner), expected, "{inner}");
        }
    }
    assert_eq!(
        read::<String>("<ex:bigdecimal>1.10</ex:bigdecimal>"),
        "1.10"
    );
    let digits = format!("<ex:biginteger>{}</ex:biginteger>", i128::MIN);
    assert_eq!(read::<i128>(&digits), i128::MIN);

    for tag in ["dom", "serializable"] {
        for prefix in ["ex:", ""] {
            let inner = format!("<{prefix}{tag}>rO0ABXNy</{prefix}{tag}>");
            refused::<Value>(
                &inner,
                &format!("<{prefix}{tag}> cannot be read: it does not contain an XML-RPC value"),
            );
            let error = from_str::<Value>(&format!("<value>{inner}</value>")).unwrap_err();
            assert_eq!(error.category(), Category::Data, "{inner}");
        }
    }
}
