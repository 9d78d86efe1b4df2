//! Makes XML-RPC documents from choices.

use arbitrary::Unstructured;

use crate::{
    choices::{Choices, text},
    scalars::scalar,
    xml::{Style, Xml},
};

/// The kind of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// A `<value>` alone.
    Value,
    /// A `<methodCall>`.
    Call,
    /// A `<methodCall>` of `system.multicall`.
    Multicall,
    /// A `<methodResponse>`, with a value or a fault.
    Response,
    /// A `<methodResponse>` to `system.multicall`.
    MulticallResponse,
}

/// The maximum depth, except of documents that are meant to be very deep.
const LEVELS: usize = 8;

/// Names of members that some type has, and some that no type has.
const NAMES: &[&str] = &[
    "a",
    "b",
    "c",
    "d",
    "number",
    "text",
    "list",
    "map",
    "inner",
    "kind",
    "when",
    "bytes",
    "Unit",
    "One",
    "Two",
    "Named",
    "faultCode",
    "faultString",
    "methodName",
    "params",
    "",
];

/// Names of methods that exist, and some that do not.
const METHODS: &[&str] = &[
    "echo",
    "add",
    "any",
    "text",
    "record",
    "fail",
    "panic",
    "system.listMethods",
    "system.multicall",
    "nothing",
    " echo\n",
    "a&b",
    "",
];

/// A document, usually with this root.
pub fn document(choices: &mut Unstructured<'_>, root: Root) -> String {
    const OTHERS: &[Root] = &[
        Root::Value,
        Root::Call,
        Root::Multicall,
        Root::Response,
        Root::MulticallResponse,
    ];
    const PROLOGS: &[&str] = &[
        "",
        "<?xml version=\"1.0\"?>",
        "<?xml version='1.0' encoding='UTF-8'?>",
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\" standalone='yes'?>",
    ];
    let style = match choices.below(8) {
        0 => Style::Plain,
        1..3 => Style::Spaced,
        3..5 => Style::Trapped,
        5..7 => Style::Odd,
        _ => Style::Damaged,
    };
    let root = if choices.once_in(8) {
        choices.pick(OTHERS)
    } else {
        root
    };
    let mut xml = Xml::new(choices, style);
    let prolog = xml.choices.pick(PROLOGS);
    xml.raw(prolog);
    xml.around();
    match root {
        Root::Value => value(&mut xml),
        Root::Call => xml.element("methodCall", call),
        Root::Multicall => xml.element("methodCall", multicall),
        Root::Response => xml.element("methodResponse", response),
        Root::MulticallResponse => xml.element("methodResponse", multicall_response),
    }
    xml.around();
    xml.finish()
}

fn call(xml: &mut Xml<'_, '_>) {
    let method = xml.choices.pick(METHODS);
    xml.leaf("methodName", method);
    if xml.choices.once_in(8) {
        return;
    }
    let count = xml.choices.below(5);
    xml.element("params", |xml| {
        for _ in 0..count {
            xml.element("param", value);
        }
    });
}

fn multicall(xml: &mut Xml<'_, '_>) {
    xml.leaf("methodName", "system.multicall");
    let count = xml.choices.below(6);
    xml.element("params", |xml| {
        xml.element("param", |xml| {
            array(xml, |xml| {
                for _ in 0..count {
                    entry(xml);
                }
            });
        });
    });
}

/// An entry of a multicall, sometimes a malformed one.
fn entry(xml: &mut Xml<'_, '_>) {
    let kind = xml.choices.below(8);
    if kind == 7 {
        return value(xml);
    }
    let method = xml.choices.pick(METHODS);
    structure(xml, |xml| {
        if kind != 6 {
            member(xml, "methodName", |xml| {
                xml.element("value", |xml| xml.leaf("string", method));
            });
        }
        if kind == 5 {
            member(xml, "params", value);
        } else {
            let count = xml.choices.below(4);
            member(xml, "params", |xml| {
                array(xml, |xml| {
                    for _ in 0..count {
                        value(xml);
                    }
                });
            });
        }
    });
}

fn response(xml: &mut Xml<'_, '_>) {
    match xml.choices.below(10) {
        0..4 => xml.element("params", |xml| xml.element("param", value)),
        4 => xml.element("fault", fault),
        // What follows is unusual: no `<value>`, other faults, no `<param>`, several of them.
        5 => xml.element("params", |xml| xml.element("param", inner_value)),
        6 => xml.element("fault", inner_value),
        7 => xml.element("params", value),
        8 => xml.element("params", |xml| {
            for _ in 0..xml.choices.below(4) {
                xml.element("param", inner_value);
            }
        }),
        _ => xml.element("params", |_| {}),
    }
}

fn multicall_response(xml: &mut Xml<'_, '_>) {
    let count = xml.choices.below(6);
    xml.element("params", |xml| {
        xml.element("param", |xml| {
            array(xml, |xml| {
                for _ in 0..count {
                    match xml.choices.below(4) {
                        0..2 => array(xml, value),
                        2 => fault(xml),
                        _ => value(xml),
                    }
                }
            });
        });
    });
}

fn fault(xml: &mut Xml<'_, '_>) {
    let names = [
        ("faultCode", "faultString"),
        ("faultCode", "faultString"),
        ("faultcode", " FaultString "),
    ];
    let (code, string) = xml.choices.pick(&names);
    structure(xml, |xml| {
        member(xml, code, value);
        member(xml, string, value);
    });
}

/// A value within another element, where its `<value>` may be missing.
fn inner_value(xml: &mut Xml<'_, '_>) {
    xml.level += 1;
    value(xml);
    xml.level -= 1;
}

/// The element of a type in a `<value>`, which may be missing within other values.
fn typed(xml: &mut Xml<'_, '_>, content: impl FnOnce(&mut Xml<'_, '_>)) {
    if xml.level > 0 && xml.style() >= Style::Odd && xml.choices.once_in(8) {
        content(xml);
    } else {
        xml.element("value", content);
    }
}

/// A `<value>`.
pub fn value(xml: &mut Xml<'_, '_>) {
    let kind = if xml.level < LEVELS {
        xml.choices.below(18)
    } else {
        xml.choices.below(10)
    };
    match kind {
        0..8 => {
            let (tag, text) = scalar(xml.choices);
            typed(xml, |xml| xml.leaf(tag, &text));
        }
        8 => {
            let text = text(xml.choices);
            xml.leaf("value", &text);
        }
        9 => {
            let nil = xml.choices.pick(&["nil", "nil", "ex:nil", "other", "dom"]);
            typed(xml, |xml| xml.leaf(nil, ""));
        }
        10..13 => {
            let count = xml.choices.below(5);
            array(xml, |xml| {
                for _ in 0..count {
                    value(xml);
                }
            });
        }
        13..16 => {
            let count = xml.choices.below(6);
            structure(xml, |xml| {
                for _ in 0..count {
                    any_member(xml);
                }
            });
        }
        16 if xml.choices.once_in(4) => deep(xml),
        17 if xml.choices.once_in(4) => large(xml),
        _ => {
            let tag = xml
                .choices
                .pick(&["array", "struct", "data", "value", "member"]);
            xml.element("value", |xml| xml.element(tag, |_| {}));
        }
    }
}

fn any_member(xml: &mut Xml<'_, '_>) {
    let name = match xml.choices.below(32) {
        31 => text(xml.choices),
        at => NAMES[at % NAMES.len()].to_owned(),
    };
    member(xml, &name, value);
}

/// A member of a struct. The value may come before the name.
pub fn member(xml: &mut Xml<'_, '_>, name: &str, value: impl FnOnce(&mut Xml<'_, '_>)) {
    let swapped = xml.style() >= Style::Odd && xml.choices.once_in(8);
    xml.element("member", |xml| {
        if swapped {
            value(xml);
            xml.leaf("name", name);
        } else {
            xml.leaf("name", name);
            value(xml);
        }
    });
}

/// A `<value>` with a struct of these members.
pub fn structure(xml: &mut Xml<'_, '_>, members: impl FnOnce(&mut Xml<'_, '_>)) {
    typed(xml, |xml| {
        xml.level += 1;
        xml.element("struct", members);
        xml.level -= 1;
    });
}

/// A `<value>` with an array of these elements. `<data>` may be missing, or there may be two.
pub fn array(xml: &mut Xml<'_, '_>, elements: impl FnOnce(&mut Xml<'_, '_>)) {
    let is_odd = xml.style() >= Style::Odd;
    let bare = is_odd && xml.choices.once_in(8);
    let several = is_odd && xml.choices.once_in(8);
    typed(xml, |xml| {
        xml.level += 1;
        xml.element("array", |xml| {
            if bare {
                elements(xml);
            } else {
                xml.element("data", elements);
            }
            if several && !bare {
                xml.element("data", |_| {});
            }
        });
        xml.level -= 1;
    });
}

/// Nested arrays, up to the maximum depth and beyond.
fn deep(xml: &mut Xml<'_, '_>) {
    let levels = usize::from(xml.choices.byte()).min(xml.deepest - xml.level);
    xml.raw(&"<value><array><data>".repeat(levels));
    xml.level += levels;
    value(xml);
    xml.level -= levels;
    xml.raw(&"</data></array></value>".repeat(levels));
}

/// So many elements that roxmltree reads their odd parts in more than one batch.
fn large(xml: &mut Xml<'_, '_>) {
    let fillers = 740 + xml.choices.below(80);
    array(xml, |xml| {
        let filler = xml.choices.pick(&["<value/>", "<value>&lt;</value>"]);
        xml.raw(&filler.repeat(fillers));
        value(xml);
        value(xml);
    });
}
