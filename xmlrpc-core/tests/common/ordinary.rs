//! Ordinary documents, and damaged ones.

use proptest::{collection::vec, prelude::*};

/// Pieces of ordinary documents, and a few unusual ones.
pub const PIECES: [&str; 72] = [
    "<value>",
    "</value>",
    "<value>",
    "</value>",
    "<value/>",
    "<int>",
    "</int>",
    "<int>",
    "</int>",
    "<i4>",
    "</i4>",
    "<i8>",
    "</i8>",
    "<string>",
    "</string>",
    "<string/>",
    "<double>",
    "</double>",
    "<boolean>",
    "</boolean>",
    "<base64>",
    "</base64>",
    "<dateTime.iso8601>",
    "</dateTime.iso8601>",
    "<nil/>",
    "<nil>",
    "</nil>",
    "<array>",
    "<data>",
    "</data>",
    "</array>",
    "<array/>",
    "<data/>",
    "<struct>",
    "</struct>",
    "<struct/>",
    "<member>",
    "</member>",
    "<name>",
    "</name>",
    "<name/>",
    "<params>",
    "</params>",
    "<param>",
    "</param>",
    "<methodCall>",
    "</methodCall>",
    "<methodName>",
    "</methodName>",
    "<methodResponse>",
    "</methodResponse>",
    "<fault>",
    "</fault>",
    "1",
    "-7",
    "12345678901234567",
    "a",
    "b",
    "true",
    "1.5",
    " ",
    "\n",
    "\r\n",
    "\t",
    "&amp;",
    "&#65;",
    "&#x1F600;",
    "]]>",
    "\u{FFFF}",
    "\u{1}",
    "</value >",
    "<value\0>",
];

/// Whole runs of pieces, so that random documents get deeper.
pub fn run() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        any::<i32>().prop_map(|number| format!("<value><int>{number}</int></value>")),
        any::<i64>().prop_map(|number| format!("<value><i8>{number}</i8></value>")),
        "[0-9]{1,22}".prop_map(|digits| format!("<value><int>{digits}</int></value>")),
        any::<f64>().prop_map(|number| format!("<value><double>{number}</double></value>")),
        "[-+0-9.eE]{0,8}".prop_map(|text| format!("<value><double>{text}</double></value>")),
        any::<bool>()
            .prop_map(|value| format!("<value><boolean>{}</boolean></value>", u8::from(value))),
        "[ a-z&;#0-9\\]>\r\n\t\u{7f}\u{ffff}\u{fffd}é😀]{0,40}"
            .prop_map(|text| format!("<value><string>{text}</string></value>")),
        "[ -%'-;=-~]{0,50}".prop_map(|text| format!("<value>{text}</value>")),
        "[A-Za-z0-9+/= \n]{0,20}"
            .prop_map(|text| format!("<value><base64>{text}</base64></value>")),
        Just("<value><dateTime.iso8601>19980717T14:08:55</dateTime.iso8601></value>".to_owned()),
        Just("<value><nil/></value>".to_owned()),
    ];
    let space = prop::sample::select(vec!["", "", "", "\n", " ", "\r\n", "\t  "]);
    let value = scalar.prop_recursive(5, 40, 5, move |inner| {
        let spaced = (inner, space.clone()).prop_map(|(value, space)| format!("{value}{space}"));
        let member = (
            "[abc]|Unit|One|Two|Named|faultCode|methodName|params",
            spaced.clone(),
        );
        let member =
            member.prop_map(|(name, value)| format!("<member><name>{name}</name>{value}</member>"));
        prop_oneof![
            (vec(spaced, 0..5), space.clone()).prop_map(|(values, space)| {
                format!(
                    "<value><array>{space}<data>{}</data></array></value>",
                    values.concat()
                )
            }),
            (vec(member, 0..5), space.clone()).prop_map(|(members, space)| {
                format!(
                    "<value>{space}<struct>{}</struct></value>",
                    members.concat()
                )
            }),
        ]
    });
    value.boxed()
}

pub fn document() -> impl Strategy<Value = String> {
    let frame = prop::sample::select(vec![
        ("", ""),
        ("<?xml version=\"1.0\"?>", ""),
        ("<?xml version='1.0'?>\n", "\n"),
        (
            "<methodCall><methodName>system.multicall</methodName><params><param>",
            "</param></params></methodCall>",
        ),
        (
            "<?xml version=\"1.0\"?>\n<methodCall>\n<methodName>m</methodName>\n<params>\n<param>",
            "</param>\n</params>\n</methodCall>\n",
        ),
        (
            "<methodResponse><params><param>",
            "</param></params></methodResponse>",
        ),
        ("<methodResponse><fault>", "</fault></methodResponse>"),
    ]);
    (frame, run()).prop_map(|((before, after), value)| format!("{before}{value}{after}"))
}

/// A document with some bytes replaced, removed or added.
pub fn damaged() -> impl Strategy<Value = String> {
    let damage = (
        any::<prop::sample::Index>(),
        0..3_usize,
        prop::sample::select(PIECES.to_vec()),
    );
    (document(), vec(damage, 1..4)).prop_map(|(mut document, damages)| {
        for (place, length, piece) in damages {
            let mut start = place.index(document.len() + 1);
            while !document.is_char_boundary(start) {
                start -= 1;
            }
            let mut end = (start + length).min(document.len());
            while !document.is_char_boundary(end) {
                end += 1;
            }
            document.replace_range(start..end, piece);
        }
        document
    })
}
