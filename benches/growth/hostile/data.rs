//! Text, numbers and white space.

use xmlrpc_core::{
    Category::{Protocol, Syntax},
    Value,
};

use crate::{
    data::Blob,
    reading::response,
    shape::{Shape, answer, filled},
};

const fn shape(name: &'static str, make: fn(usize) -> Vec<u8>) -> Shape {
    Shape::read(name, make, response::<Value>)
}

pub(super) const ALL: &[Shape] = &[
    // White space.
    shape("space_before_the_document", |bytes| {
        filled(bytes, "", " ", "<methodResponse><params/></methodResponse>")
    }),
    shape("space_after_the_document", |bytes| {
        filled(bytes, "<methodResponse><params/></methodResponse>", " ", "")
    }),
    shape("nothing_but_space", |bytes| filled(bytes, "", " ", "")).refused(Syntax),
    shape("space_between_tags", |bytes| {
        answer(bytes, "<value>", " ", "<int>1</int></value>")
    }),
    shape("space_in_a_tag", |bytes| answer(bytes, "<value", " ", "/>")),
    shape("space_in_a_number", |bytes| {
        answer(bytes, "<value><int>", " ", "1</int></value>")
    }),
    shape("space_in_base64", |bytes| {
        answer(bytes, "<value><base64>", " A A A A", "</base64></value>")
    }),
    shape("lines_of_elements", |bytes| {
        answer(
            bytes,
            "<value><array><data>",
            "\n<value/>",
            "</data></array></value>",
        )
    }),
    // References.
    shape("entities", |bytes| {
        answer(bytes, "<value>", "&amp;", "</value>")
    })
    .million(5_000_000),
    shape("unknown_entities", |bytes| {
        answer(bytes, "<value>", "&a;", "</value>")
    })
    .refused(Syntax)
    .million(3_000_000),
    shape("unknown_entities_at_the_end", |bytes| {
        answer(bytes, "<value>", "&lt;", "&a;</value>")
    })
    .refused(Syntax),
    shape("references", |bytes| {
        answer(bytes, "<value>", "&#65;", "</value>")
    })
    .million(5_000_000),
    shape("surrogate_references", |bytes| {
        answer(bytes, "<value>", "&#55357;&#56832;", "</value>")
    }),
    shape("a_long_reference", |bytes| {
        answer(bytes, "<value>&#", "0", "65;</value>")
    }),
    shape("nothing_but_&", |bytes| {
        answer(bytes, "<value>", "&", "</value>")
    })
    .refused(Syntax),
    // Characters that some reader has to look at twice.
    shape("brackets", |bytes| {
        answer(bytes, "<value>", "]", "</value>")
    }),
    shape("brackets_and_text", |bytes| {
        answer(bytes, "<value>", "]]x", "</value>")
    }),
    shape("full_width_letters", |bytes| {
        answer(bytes, "<value>", "\u{FF21}", "</value>")
    }),
    shape("replacement_characters", |bytes| {
        answer(bytes, "<value>", "\u{FFFD}", "</value>")
    }),
    shape("noncharacters_at_the_end", |bytes| {
        answer(bytes, "<value>", "\u{FF21}", "\u{FFFF}</value>")
    })
    .refused(Syntax),
    shape("carriage_returns", |bytes| {
        answer(bytes, "<value>", "\r", "</value>")
    }),
    shape("carriage_returns_and_text", |bytes| {
        answer(bytes, "<value>", "x\r", "</value>")
    }),
    shape("carriage_returns_in_a_comment", |bytes| {
        answer(bytes, "<value><!--", "\r", "--></value>")
    }),
    shape("lines_of_windows", |bytes| {
        answer(
            bytes,
            "<value><array><data>",
            "\r\n<value/>",
            "</data></array></value>",
        )
    }),
    shape("equals_signs", |bytes| {
        answer(bytes, "<value>", "=", "</value>")
    }),
    shape("equals_signs_in_a_tree", |bytes| {
        answer(bytes, "<!----><value>", "=", "</value>")
    }),
    shape("greater_signs_in_a_tree", |bytes| {
        answer(bytes, "<!----><value>", ">", "</value>")
    }),
    // Numbers and other scalars.
    shape("a_long_int", |bytes| {
        answer(bytes, "<value><int>", "9", "</int></value>")
    }),
    shape("a_long_double", |bytes| {
        answer(bytes, "<value><double>1.", "3", "</double></value>")
    }),
    shape("long_doubles", long_doubles),
    shape("broken_base64", |bytes| {
        answer(bytes, "<value><base64>", "A", "!</base64></value>")
    })
    .refused(Protocol),
    Shape::read(
        "base64_as_numbers",
        |bytes| answer(bytes, "<value><base64>", "QUJD", "</base64></value>"),
        response::<Vec<u8>>,
    ),
    Shape::read(
        "numbers_as_base64",
        |bytes| {
            answer(
                bytes,
                "<value><array><data>",
                "<value><int>7</int></value>",
                "</data></array></value>",
            )
        },
        response::<Blob>,
    ),
    shape("a_long_boolean", |bytes| {
        answer(bytes, "<value><boolean>", "1", "</boolean></value>")
    })
    .refused(Protocol),
    shape("a_long_date", |bytes| {
        answer(
            bytes,
            "<value><dateTime.iso8601>20240101T00:00:00.",
            "1",
            "</dateTime.iso8601></value>",
        )
    }),
];

/// Halfway between two doubles, and beyond by the last of 768 digits: the slowest there is to read.
fn long_doubles(bytes: usize) -> Vec<u8> {
    let number = format!(
        "1.00000000000000011102230246251565404236316680908203125{}1",
        "0".repeat(714)
    );
    let unit = format!("<value><double>{number}</double></value>");
    answer(
        bytes,
        "<value><array><data>",
        &unit,
        "</data></array></value>",
    )
}
