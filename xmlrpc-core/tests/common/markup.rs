//! Markup of every kind, for tests of how documents are read.

use proptest::{collection::vec, prelude::*, sample::select};

/// Nested elements with every other kind of markup, and with things that the library repairs.
pub fn content() -> impl Strategy<Value = String> {
    let leaf = select(vec![
        "1",
        " ",
        "a&amp;b",
        "a\r\n",
        "&#13;\r",
        "&#55357;&#56832;",
        "]",
        "\u{FFFD}",
        "<!-- -->",
        "<?a b?>",
        "<![CDATA[<\r\n]]>",
        "<int>1</int>",
        "<value/>",
        "<nil />",
        "<x:nil/>",
    ]);
    let tags = select(vec![
        ("<value>", "</value>"),
        ("<value>", "</value>"),
        ("<value><array><data>", "</data></array></value>"),
        ("<value><struct>", "</struct></value>"),
        ("<member><name>n</name>", "</member>"),
        ("<value><string>", "</string></value>"),
        ("<value a=''>", "</value >"),
        ("<x:value>", "</value>"),
        ("<value xmlns:x='u'>", "</value>"),
        ("<x:y xmlns:x='u'>", "</x:y>"),
    ]);
    leaf.prop_map(str::to_owned)
        .prop_recursive(5, 40, 5, move |inner| {
            (tags.clone(), vec(inner, 0..5))
                .prop_map(|((open, close), inner)| format!("{open}{}{close}", inner.concat()))
        })
}
