//! Text, numbers and white space.

use xmlrpc_core::{
    Category::{Protocol, Syntax},
    Value,
};

use super::{refused, shape};
use crate::{
    documents::data::Blob,
    reading::response,
    shape::{ARRAY, NOTHING, Shape, filled},
};

const EMPTY: &str = "<methodResponse><params/></methodResponse>";

#[rustfmt::skip]
pub(super) const ALL: &[Shape] = &[
    // White space.
    Shape::of(("", EMPTY), "space_before_the_document", "{ }"),
    Shape::of((EMPTY, ""), "space_after_the_document", "{ }"),
    Shape::of(NOTHING, "nothing_but_space", "{ }").refused(Syntax),
    shape("space_between_tags", "<value>{ }<int>1</int></value>"),
    shape("space_in_a_tag", "<value{ }/>"),
    shape("space_in_a_number", "<value><int>{ }1</int></value>"),
    shape("space_in_base64", "<value><base64>{ A A A A}</base64></value>"),
    Shape::of(ARRAY, "lines_of_elements", "{\n<value/>}"),
    // References.
    shape("entities", "<value>{&amp;}</value>").million(5_000_000),
    refused(Syntax, "unknown_entities", "<value>{&a;}</value>").million(3_000_000),
    refused(Syntax, "unknown_entities_at_the_end", "<value>{&lt;}&a;</value>"),
    shape("references", "<value>{&#65;}</value>").million(5_000_000),
    shape("surrogate_references", "<value>{&#55357;&#56832;}</value>"),
    shape("a_long_reference", "<value>&#{0}65;</value>"),
    refused(Syntax, "nothing_but_&", "<value>{&}</value>"),
    // Characters that a reader has to examine twice.
    shape("brackets", "<value>{]}</value>"),
    shape("brackets_and_text", "<value>{]]x}</value>"),
    shape("full_width_letters", "<value>{\u{FF21}}</value>"),
    shape("replacement_characters", "<value>{\u{FFFD}}</value>"),
    refused(Syntax, "noncharacters_at_the_end", "<value>{\u{FF21}}\u{FFFF}</value>"),
    shape("carriage_returns", "<value>{\r}</value>"),
    shape("carriage_returns_and_text", "<value>{x\r}</value>"),
    shape("carriage_returns_in_a_comment", "<value><!--{\r}--></value>"),
    Shape::of(ARRAY, "lines_of_windows", "{\r\n<value/>}"),
    shape("equals_signs", "<value>{=}</value>"),
    shape("equals_signs_in_a_tree", "<!----><value>{=}</value>"),
    shape("greater_signs_in_a_tree", "<!----><value>{>}</value>"),
    // Numbers and other scalars.
    shape("a_long_int", "<value><int>{9}</int></value>"),
    shape("a_long_double", "<value><double>1.{3}</double></value>"),
    Shape::made("long_doubles", long_doubles, response::<Value>),
    refused(Protocol, "broken_base64", "<value><base64>{A}!</base64></value>"),
    shape("base64_as_numbers", "<value><base64>{QUJD}</base64></value>").read_by(response::<Vec<u8>>),
    Shape::of(ARRAY, "numbers_as_base64", "{<value><int>7</int></value>}").read_by(response::<Blob>),
    refused(Protocol, "a_long_boolean", "<value><boolean>{1}</boolean></value>"),
    shape("a_long_date", "<value><dateTime.iso8601>20240101T00:00:00.{1}</dateTime.iso8601></value>"),
];

/// Numbers halfway between two doubles, plus one in the last of 768 digits: the slowest ones to read.
fn long_doubles(bytes: usize, _: usize) -> Vec<u8> {
    let number = format!(
        "1.00000000000000011102230246251565404236316680908203125{}1",
        "0".repeat(714)
    );
    filled(
        bytes,
        ARRAY,
        &format!("{{<value><double>{number}</double></value>}}"),
    )
}
