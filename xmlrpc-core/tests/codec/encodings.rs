//! Documents in encodings other than UTF-8, declared in the document, in the header, or nowhere.

use bytes::Bytes;
use xmlrpc_core::{Category, Limits, from_slice, message::read_response};

#[test]
fn encodings_by_declaration() {
    let document = |label: &str, text: &[u8]| {
        [
            format!("<?xml version=\"1.0\" encoding=\"{label}\"?><value>").as_bytes(),
            text,
            b"</value>",
        ]
        .concat()
    };
    for (label, bytes, expected) in [
        ("ISO-8859-1", &b"caf\xE9"[..], "café"),
        ("iso-8859-15", b"\xA4", "€"),
        ("windows-1252", b"\x80", "€"),
        ("us-ascii", b"a", "a"),
        ("UTF-8", "é€😀".as_bytes(), "é€😀"),
        ("utf-16", "é".as_bytes(), "é"),
        ("Shift_JIS", b"\x82\xA0", "あ"),
    ] {
        assert_eq!(
            from_slice::<String>(&document(label, bytes)).unwrap(),
            expected,
            "{label}"
        );
    }
    let error = from_slice::<String>(&document("klingon", b"")).unwrap_err();
    assert_eq!(
        (error.category(), error.fault_code()),
        (Category::UnknownEncoding, -32701)
    );
}

fn utf_16(text: &str, big: bool, bom: bool) -> Vec<u8> {
    let units = bom.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
    units
        .flat_map(|unit| {
            if big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        })
        .collect()
}

#[test]
fn utf_16_with_and_without_a_bom() {
    for declaration in [
        "",
        "<?xml version='1.0' encoding='utf-16'?>",
        "<?xml version='1.0' encoding='utf-8'?>",
    ] {
        // The UTF-16 bytes of the second text are also valid UTF-8.
        for expected in ["é😀", "a"] {
            let text = format!("{declaration}<value>{expected}</value>");
            for big in [false, true] {
                for bom in [false, true] {
                    let bytes = utf_16(&text, big, bom);
                    assert_eq!(
                        from_slice::<String>(&bytes).unwrap(),
                        expected,
                        "{declaration} {big} {bom}"
                    );
                }
            }
        }
    }
}

#[test]
fn the_charset_of_the_header_wins() {
    let read = |charset: Option<&str>, body: &[u8]| {
        let document = [
            b"<methodResponse><params><param><value>",
            body,
            b"</value></param></params></methodResponse>",
        ]
        .concat();
        read_response::<String>(Bytes::from(document), charset, &Limits::default())
    };
    assert_eq!(
        read(Some("iso-8859-1"), b"\xE9").unwrap(),
        Ok("é".to_owned())
    );
    assert_eq!(
        read(Some("\"UTF-8\""), "é".as_bytes()).unwrap(),
        Ok("é".to_owned())
    );
    assert_eq!(read(Some(""), "é".as_bytes()).unwrap(), Ok("é".to_owned()));
    // An unknown charset counts as none.
    assert_eq!(read(Some("klingon"), b"a").unwrap(), Ok("a".to_owned()));
    let declared = b"<?xml version='1.0' encoding='utf-8'?><methodResponse><params><param><value>\xE9</value></param></params></methodResponse>";
    let answer = read_response::<String>(
        Bytes::from_static(declared),
        Some("latin1"),
        &Limits::default(),
    );
    assert_eq!(answer.unwrap(), Ok("é".to_owned()));
    let wide = utf_16(
        "<methodResponse><params><param><value>é</value></param></params></methodResponse>",
        false,
        true,
    );
    let answer = read_response::<String>(Bytes::from(wide), Some("utf-8"), &Limits::default());
    assert_eq!(
        answer.unwrap(),
        Ok("é".to_owned()),
        "a BOM of UTF-16 says more than a header of UTF-8"
    );
}

#[test]
fn bytes_that_the_encoding_cannot_hold() {
    let error = from_slice::<String>(b"<value>\nab\xE9</value>").unwrap_err();
    assert_eq!(
        (error.category(), error.fault_code()),
        (Category::InvalidCharacter, -32702)
    );
    assert_eq!(
        (error.offset(), error.line(), error.column()),
        (Some(10), Some(2), Some(3))
    );
    assert_eq!(
        error.to_string(),
        "the byte 0xE9 is invalid here in UTF-8 (line 2, column 3)"
    );
    let error =
        from_slice::<String>(b"<?xml version='1.0' encoding='Shift_JIS'?><value>\x82\xFF</value>")
            .unwrap_err();
    assert_eq!(
        (error.category(), error.offset()),
        (Category::InvalidCharacter, Some(49))
    );
}
