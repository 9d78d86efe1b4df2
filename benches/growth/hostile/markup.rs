//! Parts of XML that XML-RPC does not use.

use xmlrpc_core::{
    Category::{Limit, Protocol, Syntax},
    Value,
};

use super::{refused, shape};
use crate::{
    reading::response,
    shape::{ARRAY, NOTHING, RESPONSE, Shape, filled},
};

#[rustfmt::skip]
pub(super) const ALL: &[Shape] = &[
    // Elements.
    refused(Protocol, "empty_elements", "<value>{<a/>}</value>").million(4_000_000),
    refused(Protocol, "empty_elements_and_text", "<value>{<a/>x}</value>").million(5_000_000),
    refused(Protocol, "elements_and_text", "<value>{<a>x</a>x}</value>"),
    refused(Syntax, "elements_without_an_end", "<value>{<a>}</value>"),
    refused(Syntax, "elements_that_end_twice", "<value>{</a>}</value>"),
    refused(Protocol, "nested_elements", "<value>{<a>}{</a>}</value>").million(700_000),
    refused(Protocol, "nested_elements_and_text", "<value>{x<a>x}{x</a>x}</value>"),
    refused(Protocol, "a_long_name", "<value><{n}></{n}></value>"),
    refused(Syntax, "a_long_name_without_an_end", "<value><{n}></{n}>"),
    refused(Syntax, "nothing_but_<", "<value>{<}</value>"),
    // Attributes and namespaces.
    made("attributes_of_one_element", attributes_of_one_element).refused(Limit).million(13_000_000),
    made("attributes_of_every_element", attributes_of_every_element),
    Shape::of(ARRAY, "one_attribute_of_every_element", "{<value a=''/>}"),
    shape("a_long_attribute", "<value a='{x}'/>"),
    shape("a_long_attribute_of_references", "<value a='{&#65;}'/>"),
    refused(Syntax, "a_long_attribute_without_an_end", "<value a='{x}"),
    refused(Limit, "namespaces_of_one_element", "<value{ xmlns:a%='u'}/>"),
    refused(Limit, "namespaces_of_nested_elements", "<value>{<a xmlns:a%='u'>}</value>"),
    refused(Limit, "namespaces_of_siblings", "<value>{<a xmlns:a%='u'/>}</value>"),
    refused(Protocol, "a_long_namespace", "<value xmlns:a='{x}'><a:b/></value>"),
    made("declared_prefixes", declared_prefixes).refused(Protocol),
    Shape::of(ARRAY, "undeclared_prefixes", "{<a:value/>}"),
    Shape::of(ARRAY, "undeclared_prefixes_of_attributes", "{<a:value b:c=''/>}"),
    // Comments, sections, instructions, declarations.
    shape("comments", "<value>{<!---->}</value>").million(7_000_000),
    shape("comments_and_text", "<value>{<!---->x}</value>"),
    shape("a_long_comment", "<value><!--{x}--></value>"),
    shape("a_comment_of_<", "<value><!--{<}--></value>"),
    refused(Syntax, "comments_without_an_end", "<value>{<!--}"),
    shape("sections", "<value>{<![CDATA[x]]>}</value>"),
    shape("empty_sections", "<value>{<![CDATA[]]>}</value>"),
    shape("sections_and_text", "<value>{<![CDATA[]]>x}</value>"),
    Shape::of(ARRAY, "sections_of_values", "{<value><![CDATA[<]]></value>}"),
    shape("instructions", "<value>{<?a?>}</value>").million(5_000_000),
    shape("instructions_and_text", "<value>{<?a?>x}</value>"),
    Shape::of(DECLARATIONS, "entity_declarations", "{<!ENTITY abcdefg 'x'>\n}")
        .refused(Protocol).million(22_000_000),
    made("nested_entities", nested_entities).refused(Protocol),
];

const DECLARATIONS: (&str, &str) = ("<!DOCTYPE methodResponse [", "]><methodResponse/>");

const fn made(name: &'static str, make: fn(usize, usize) -> Vec<u8>) -> Shape {
    Shape::made(name, make, response::<Value>)
}

/// All names have the same length.
fn attributes_of_one_element(bytes: usize, _: usize) -> Vec<u8> {
    let (head, tail) = RESPONSE;
    let end = bytes.saturating_sub("/>".len() + tail.len());
    let mut document = [head, "<value"].concat();
    let mut attributes = (0..).map(|index: usize| format!(" a{index:07}=''"));
    while document.len() < end {
        document.extend(attributes.next());
    }
    [&*document, "/>", tail].concat().into_bytes()
}

/// Each element has the maximum number of attributes.
fn attributes_of_every_element(bytes: usize, _: usize) -> Vec<u8> {
    let attributes: Vec<_> = (0..64).map(|index| format!(" a{index}=''")).collect();
    let attributes = attributes.concat();
    filled(bytes, ARRAY, &format!("{{<value{attributes}/>}}"))
}

/// The document declares the maximum number of prefixes, and uses the last one again and again.
fn declared_prefixes(bytes: usize, _: usize) -> Vec<u8> {
    let declaration = |index| format!(" xmlns:a{index}='u'");
    let declarations = (0..16).map(declaration).collect::<Vec<_>>().concat();
    let open = format!("<value{declarations}><array><data>");
    filled(
        bytes,
        RESPONSE,
        &format!("{open}{{<a15:value/>}}</data></array></value>"),
    )
}

/// Each entity contains the one before ten times; the document refers to the last one.
fn nested_entities(bytes: usize, _: usize) -> Vec<u8> {
    let entity = |index: usize| {
        let before = format!("&e{};", index - 1).repeat(10);
        format!("<!ENTITY e{index} '{before}'>")
    };
    let entities: String = (1..10).map(entity).collect();
    let head = format!(
        "<!DOCTYPE methodResponse [<!ENTITY e0 'lol'>{entities}]><methodResponse><params><param>"
    );
    let template = format!("{head}<value>{{&e9;}}</value></param></params></methodResponse>");
    filled(bytes, NOTHING, &template)
}
