//! XML-RPC in the smallest pieces, in the wrong order, and for types that do not fit.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use xmlrpc_core::{
    Category::{Data, Protocol, Syntax},
    Value,
};

use crate::{
    data::Record,
    reading::{Forgiving, Read, answers, call_of_values, entries, response},
    shape::{Shape, answer, filled, nested, numbered},
};

const fn shape(name: &'static str, make: fn(usize) -> Vec<u8>) -> Shape {
    Shape::read(name, make, response::<Value>)
}

const fn multicall(name: &'static str, make: fn(usize) -> Vec<u8>) -> Shape {
    Shape::read(name, make, entries as Read)
}

const fn multicall_answer(name: &'static str, make: fn(usize) -> Vec<u8>) -> Shape {
    Shape::read(name, make, answers as Read)
}

pub(super) const ALL: &[Shape] = &[
    // Values in the fewest bytes, and a comment that makes the scanner give up at the end.
    shape("empty_values", |bytes| array(bytes, "<value/>")).million(8_000_000),
    shape("empty_values_late", |bytes| late(bytes, "<value/>")),
    shape("empty_arrays", |bytes| {
        array(bytes, "<value><array/></value>")
    }),
    shape("empty_arrays_late", |bytes| {
        late(bytes, "<value><array/></value>")
    }),
    shape("arrays_of_one", |bytes| {
        array(bytes, "<value><array><data><value/></data></array></value>")
    }),
    shape("arrays_of_one_late", |bytes| {
        late(bytes, "<value><array><data><value/></data></array></value>")
    }),
    shape("structs_of_one", |bytes| array(bytes, ONE)),
    shape("structs_of_one_late", |bytes| late(bytes, ONE)),
    shape("nils_late", |bytes| late(bytes, "<value><nil/></value>")),
    shape("texts_late", |bytes| late(bytes, "<value>x</value>")),
    Shape::read(
        "empty_values_ignored",
        |bytes| late(bytes, "<value/>"),
        response::<IgnoredAny>,
    ),
    // Depth.
    shape("nested_arrays", |bytes| {
        nested(bytes, "<array><data><value>", "</value></data></array>")
    })
    .million(4_300_000),
    shape("nested_structs", |bytes| {
        nested(
            bytes,
            "<struct><member><name>a</name><value>",
            "</value></member></struct>",
        )
    }),
    shape("nested_arrays_without_an_end", |bytes| {
        answer(bytes, "<value>", "<array><data><value>", "")
    })
    .refused(Syntax),
    // Members.
    shape("one_member_again", |bytes| {
        members(bytes, "<member><name>a</name><value/></member>")
    }),
    shape("one_member_again_late", |bytes| {
        let unit = "<member><name>a</name><value/></member>";
        answer(bytes, "<value><struct>", unit, "<!----></struct></value>")
    }),
    shape("members", |bytes| {
        numbered(
            bytes,
            "<value><struct>",
            |index| format!("<member><name>{index}</name><value/></member>"),
            "</struct></value>",
        )
    }),
    Shape::read(
        "members_as_a_map",
        |bytes| {
            numbered(
                bytes,
                "<value><struct>",
                |index| format!("<member><name>{index}</name><value/></member>"),
                "</struct></value>",
            )
        },
        response::<BTreeMap<String, String>>,
    ),
    Shape::read(
        "one_member_again_of_a_type",
        |bytes| {
            members(
                bytes,
                "<member><name>id</name><value><int>1</int></value></member>",
            )
        },
        response::<Record>,
    )
    .refused(Data),
    Shape::read(
        "unknown_members_of_a_type",
        |bytes| members(bytes, "<member><name>a</name><value/></member>"),
        response::<Record>,
    )
    .refused(Data),
    shape("members_backwards", |bytes| {
        members(bytes, "<member><value/><name>a</name></member>")
    }),
    shape("names_without_values", |bytes| {
        members(bytes, "<member><name>a</name></member>")
    })
    .refused(Protocol),
    shape("values_without_names", |bytes| {
        members(bytes, "<member><value/></member>")
    })
    .refused(Protocol),
    shape("a_long_member_name", |bytes| {
        answer(
            bytes,
            "<value><struct><member><name>",
            "a",
            "</name><value/></member></struct></value>",
        )
    }),
    // Types that do not fit.
    Shape::read(
        "swallowed_errors",
        |bytes| array(bytes, "<value>x</value>"),
        response::<Vec<Forgiving>>,
    ),
    Shape::read(
        "swallowed_errors_late",
        |bytes| late(bytes, "<value>x</value>"),
        response::<Vec<Forgiving>>,
    ),
    Shape::read(
        "swallowed_arrays",
        |bytes| array(bytes, "<value><array><data><value/></data></array></value>"),
        response::<Vec<Forgiving>>,
    ),
    Shape::read(
        "another_type_at_the_end",
        |bytes| {
            answer(
                bytes,
                "<value><array><data>",
                "<value><int>7</int></value>",
                "<value>x</value></data></array></value>",
            )
        },
        response::<Vec<i32>>,
    )
    .refused(Data),
    shape("another_tag_at_the_end", |bytes| {
        answer(
            bytes,
            "<value><array><data>",
            "<value/>",
            "</data></array></walue>",
        )
    })
    .refused(Syntax),
    // Calls.
    Shape::read(
        "params",
        |bytes| call(bytes, "sum", "", "<param><value/></param>", ""),
        call_of_values,
    ),
    Shape::read(
        "params_late",
        |bytes| call(bytes, "sum", "", "<param><value/></param>", "<!---->"),
        call_of_values,
    ),
    Shape::read(
        "empty_params",
        |bytes| call(bytes, "sum", "", "<param/>", ""),
        call_of_values,
    )
    .refused(Protocol),
    // Multicalls.
    multicall("entries_that_are_none", |bytes| {
        calls(bytes, "<value>x</value>")
    }),
    multicall("entries_without_members", |bytes| {
        calls(bytes, "<value><struct/></value>")
    }),
    multicall("entries_without_a_name", |bytes| {
        calls(
            bytes,
            "<value><struct><member><name>params</name><value/></member></struct></value>",
        )
    }),
    multicall("entries_without_params", |bytes| calls(bytes, ENTRY)),
    multicall("entries_without_params_late", |bytes| {
        calls(bytes, &[ENTRY, "<!---->"].concat())
    }),
    multicall("one_entry_that_is_none", |bytes| {
        let open = "<param><value><array><data>";
        call(
            bytes,
            "system.multicall",
            open,
            ENTRY,
            "<value>x</value></data></array></value></param>",
        )
    }),
    multicall("entries_with_many_params", |bytes| {
        let open = "<param><value><array><data><value><struct><member><name>methodName</name>\
                    <value>m</value></member><member><name>params</name><value><array><data>";
        let close =
            "</data></array></value></member></struct></value></data></array></value></param>";
        call(bytes, "system.multicall", open, "<value/>", close)
    }),
    multicall_answer("answers_that_are_none", |bytes| {
        array(bytes, "<value>x</value>")
    }),
    multicall_answer("answers_of_two", |bytes| {
        array(
            bytes,
            "<value><array><data><value/><value/></data></array></value>",
        )
    }),
    multicall_answer("answers_of_another_type", |bytes| {
        array(bytes, "<value><array><data><value/></data></array></value>")
    }),
    multicall_answer("answers_of_another_type_late", |bytes| {
        late(bytes, "<value><array><data><value/></data></array></value>")
    }),
    multicall_answer("answers_that_are_structs", |bytes| array(bytes, ONE)),
    multicall_answer("answers_that_are_faults", |bytes| array(bytes, FAULT)),
];

const ONE: &str = "<value><struct><member><name/><value/></member></struct></value>";
const ENTRY: &str =
    "<value><struct><member><name>methodName</name><value>m</value></member></struct></value>";
const FAULT: &str = "<value><struct><member><name>faultCode</name><value><int>4</int></value></member>\
                     <member><name>faultString</name><value>no</value></member></struct></value>";

fn array(bytes: usize, unit: &str) -> Vec<u8> {
    answer(
        bytes,
        "<value><array><data>",
        unit,
        "</data></array></value>",
    )
}

fn late(bytes: usize, unit: &str) -> Vec<u8> {
    answer(
        bytes,
        "<value><array><data>",
        unit,
        "<!----></data></array></value>",
    )
}

fn members(bytes: usize, unit: &str) -> Vec<u8> {
    answer(bytes, "<value><struct>", unit, "</struct></value>")
}

fn call(bytes: usize, method: &str, open: &str, unit: &str, close: &str) -> Vec<u8> {
    let head = format!("<methodCall><methodName>{method}</methodName><params>{open}");
    filled(
        bytes,
        &head,
        unit,
        &[close, "</params></methodCall>"].concat(),
    )
}

fn calls(bytes: usize, unit: &str) -> Vec<u8> {
    let open = "<param><value><array><data>";
    call(
        bytes,
        "system.multicall",
        open,
        unit,
        "</data></array></value></param>",
    )
}
