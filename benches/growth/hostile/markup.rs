//! What XML has and XML-RPC has no use for.

use xmlrpc_core::{
    Category::{Limit, Protocol, Syntax},
    Value,
};

use crate::{
    reading::response,
    shape::{RESPONSE, Shape, answer, filled, nested, numbered},
};

const fn shape(name: &'static str, make: fn(usize) -> Vec<u8>) -> Shape {
    Shape::read(name, make, response::<Value>)
}

const ARRAY: &str = "<value><array><data>";
const END: &str = "</data></array></value>";

pub(super) const ALL: &[Shape] = &[
    // Elements.
    shape("empty_elements", |bytes| {
        answer(bytes, "<value>", "<a/>", "</value>")
    })
    .refused(Protocol)
    .million(4_000_000),
    shape("empty_elements_and_text", |bytes| {
        answer(bytes, "<value>", "<a/>x", "</value>")
    })
    .refused(Protocol)
    .million(5_000_000),
    shape("elements_and_text", |bytes| {
        answer(bytes, "<value>", "<a>x</a>x", "</value>")
    })
    .refused(Protocol),
    shape("elements_without_an_end", |bytes| {
        answer(bytes, "<value>", "<a>", "</value>")
    })
    .refused(Syntax),
    shape("elements_that_end_twice", |bytes| {
        answer(bytes, "<value>", "</a>", "</value>")
    })
    .refused(Syntax),
    shape("nested_elements", |bytes| nested(bytes, "<a>", "</a>"))
        .refused(Protocol)
        .million(700_000),
    shape("nested_elements_and_text", |bytes| {
        nested(bytes, "x<a>x", "x</a>x")
    })
    .refused(Protocol),
    shape("a_long_name", |bytes| long_name(bytes, "</value>")).refused(Protocol),
    shape("a_long_name_without_an_end", |bytes| long_name(bytes, "")).refused(Syntax),
    shape("nothing_but_<", |bytes| {
        answer(bytes, "<value>", "<", "</value>")
    })
    .refused(Syntax),
    // Attributes and namespaces.
    shape("attributes_of_one_element", |bytes| {
        numbered(bytes, "<value", attribute, "/>")
    })
    .refused(Limit)
    .million(13_000_000),
    shape("attributes_of_every_element", attributes_of_every_element),
    shape("one_attribute_of_every_element", |bytes| {
        answer(bytes, ARRAY, "<value a=''/>", END)
    }),
    shape("a_long_attribute", |bytes| {
        answer(bytes, "<value a='", "x", "'/>")
    }),
    shape("a_long_attribute_of_references", |bytes| {
        answer(bytes, "<value a='", "&#65;", "'/>")
    }),
    shape("a_long_attribute_without_an_end", |bytes| {
        answer(bytes, "<value a='", "x", "")
    })
    .refused(Syntax),
    shape("namespaces_of_one_element", |bytes| {
        numbered(bytes, "<value", declaration, "/>")
    })
    .refused(Limit),
    shape("namespaces_of_nested_elements", |bytes| {
        numbered(
            bytes,
            "<value>",
            |index| format!("<a{}>", declaration(index)),
            "</value>",
        )
    })
    .refused(Limit),
    shape("namespaces_of_siblings", |bytes| {
        numbered(
            bytes,
            "<value>",
            |index| format!("<a{}/>", declaration(index)),
            "</value>",
        )
    })
    .refused(Limit),
    shape("a_long_namespace", |bytes| {
        answer(bytes, "<value xmlns:a='", "x", "'><a:b/></value>")
    })
    .refused(Protocol),
    shape("declared_prefixes", declared_prefixes).refused(Protocol),
    shape("undeclared_prefixes", |bytes| {
        answer(bytes, ARRAY, "<a:value/>", END)
    }),
    shape("undeclared_prefixes_of_attributes", |bytes| {
        answer(bytes, ARRAY, "<a:value b:c=''/>", END)
    }),
    // Comments, sections, instructions, declarations.
    shape("comments", |bytes| {
        answer(bytes, "<value>", "<!---->", "</value>")
    })
    .million(7_000_000),
    shape("comments_and_text", |bytes| {
        answer(bytes, "<value>", "<!---->x", "</value>")
    }),
    shape("a_long_comment", |bytes| {
        answer(bytes, "<value><!--", "x", "--></value>")
    }),
    shape("a_comment_of_<", |bytes| {
        answer(bytes, "<value><!--", "<", "--></value>")
    }),
    shape("comments_without_an_end", |bytes| {
        answer(bytes, "<value>", "<!--", "")
    })
    .refused(Syntax),
    shape("sections", |bytes| {
        answer(bytes, "<value>", "<![CDATA[x]]>", "</value>")
    }),
    shape("empty_sections", |bytes| {
        answer(bytes, "<value>", "<![CDATA[]]>", "</value>")
    }),
    shape("sections_and_text", |bytes| {
        answer(bytes, "<value>", "<![CDATA[]]>x", "</value>")
    }),
    shape("sections_of_values", |bytes| {
        answer(bytes, ARRAY, "<value><![CDATA[<]]></value>", END)
    }),
    shape("instructions", |bytes| {
        answer(bytes, "<value>", "<?a?>", "</value>")
    })
    .million(5_000_000),
    shape("instructions_and_text", |bytes| {
        answer(bytes, "<value>", "<?a?>x", "</value>")
    }),
    shape("entity_declarations", entity_declarations)
        .refused(Protocol)
        .million(22_000_000),
    shape("nested_entities", nested_entities).refused(Protocol),
];

fn attribute(index: usize) -> String {
    format!(" a{index:07}=''")
}

fn declaration(index: usize) -> String {
    format!(" xmlns:a{index}='u'")
}

fn long_name(bytes: usize, close: &str) -> Vec<u8> {
    let name = "n".repeat(bytes / 2);
    let (head, tail) = RESPONSE;
    [head, "<value><", &name, "></", &name, ">", close, tail]
        .concat()
        .into_bytes()
}

/// As many as an element may have.
fn attributes_of_every_element(bytes: usize) -> Vec<u8> {
    let attributes: Vec<_> = (0..64).map(|index| format!(" a{index}=''")).collect();
    answer(
        bytes,
        ARRAY,
        &format!("<value{}/>", attributes.concat()),
        END,
    )
}

/// As many as a document may declare, and the last of them used again and again.
fn declared_prefixes(bytes: usize) -> Vec<u8> {
    let declarations: String = (0..16).map(declaration).collect();
    let open = format!("<value{declarations}><array><data>");
    answer(bytes, &open, "<a15:value/>", END)
}

fn entity_declarations(bytes: usize) -> Vec<u8> {
    filled(
        bytes,
        "<!DOCTYPE methodResponse [",
        "<!ENTITY abcdefg 'x'>\n",
        "]><methodResponse/>",
    )
}

/// Each entity of ten of the one before; then references to the last of them.
fn nested_entities(bytes: usize) -> Vec<u8> {
    let entity = |index: usize| {
        format!(
            "<!ENTITY e{index} '{}'>",
            format!("&e{};", index - 1).repeat(10)
        )
    };
    let entities: Vec<_> = (1..10).map(entity).collect();
    let head = format!(
        "<!DOCTYPE methodResponse [<!ENTITY e0 'lol'>{}]><methodResponse><params><param><value>",
        entities.concat()
    );
    filled(
        bytes,
        &head,
        "&e9;",
        "</value></param></params></methodResponse>",
    )
}
