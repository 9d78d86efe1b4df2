//! XML-RPC in its smallest pieces, in the wrong order, and of the wrong type.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use xmlrpc_core::Category::{Data, Protocol, Syntax};

use super::{refused, shape};
use crate::{
    documents::data::Record,
    reading::{Forgiving, call_of_values, entries, response, responses},
    shape::{ARRAY, ENTRIES, Frame, LATE, PARAMS, STRUCT, Shape},
};

const fn array(name: &'static str, template: &'static str) -> Shape {
    Shape::of(ARRAY, name, template)
}

const fn late(name: &'static str, template: &'static str) -> Shape {
    Shape::of(LATE, name, template)
}

const fn members(name: &'static str, template: &'static str) -> Shape {
    Shape::of(STRUCT, name, template)
}

const fn params(name: &'static str, template: &'static str) -> Shape {
    Shape::of(PARAMS, name, template).read_by(call_of_values)
}

const fn multicall(name: &'static str, template: &'static str) -> Shape {
    Shape::of(ENTRIES, name, template).read_by(entries)
}

const fn results(frame: Frame, name: &'static str, template: &'static str) -> Shape {
    Shape::of(frame, name, template).read_by(responses)
}

macro_rules! entry {
    () => {
        "<value><struct><member><name>methodName</name><value>m</value></member></struct></value>"
    };
}

#[rustfmt::skip]
pub(super) const ALL: &[Shape] = &[
    // Values in the fewest bytes. In the late ones, the scanner gives up at the end.
    array("empty_values", "{<value/>}").million(8_000_000),
    late("empty_values_late", "{<value/>}"),
    array("empty_arrays", "{<value><array/></value>}"),
    late("empty_arrays_late", "{<value><array/></value>}"),
    array("arrays_of_one", ARRAY_OF_ONE),
    late("arrays_of_one_late", ARRAY_OF_ONE),
    array("structs_of_one", STRUCT_OF_ONE),
    late("structs_of_one_late", STRUCT_OF_ONE),
    late("nils_late", "{<value><nil/></value>}"),
    late("texts_late", "{<value>x</value>}"),
    late("empty_values_ignored", "{<value/>}").read_by(response::<IgnoredAny>),
    // Depth.
    shape("nested_arrays", "<value>{<array><data><value>}{</value></data></array>}</value>").million(4_300_000),
    shape("nested_structs",
        "<value>{<struct><member><name>a</name><value>}{</value></member></struct>}</value>"),
    refused(Syntax, "nested_arrays_without_an_end", "<value>{<array><data><value>}"),
    // Members.
    members("one_member_again", "{<member><name>a</name><value/></member>}"),
    members("one_member_again_late", "{<member><name>a</name><value/></member>}<!---->"),
    members("members", "{<member><name>%</name><value/></member>}"),
    members("members_as_a_map", "{<member><name>%</name><value/></member>}")
        .read_by(response::<BTreeMap<String, String>>),
    members("one_member_again_of_a_type", "{<member><name>id</name><value><int>1</int></value></member>}")
        .read_by(response::<Record>).refused(Data),
    members("unknown_members_of_a_type", "{<member><name>a</name><value/></member>}")
        .read_by(response::<Record>).refused(Data),
    members("members_backwards", "{<member><value/><name>a</name></member>}"),
    members("names_without_values", "{<member><name>a</name></member>}").refused(Protocol),
    members("values_without_names", "{<member><value/></member>}").refused(Protocol),
    members("a_long_member_name", "<member><name>{a}</name><value/></member>"),
    // Types that do not fit.
    array("swallowed_errors", "{<value>x</value>}").read_by(response::<Vec<Forgiving>>),
    late("swallowed_errors_late", "{<value>x</value>}").read_by(response::<Vec<Forgiving>>),
    array("swallowed_arrays", ARRAY_OF_ONE).read_by(response::<Vec<Forgiving>>),
    array("another_type_at_the_end", "{<value><int>7</int></value>}<value>x</value>")
        .read_by(response::<Vec<i32>>).refused(Data),
    refused(Syntax, "another_tag_at_the_end", "<value><array><data>{<value/>}</data></array></walue>"),
    // Calls.
    params("params", "{<param><value/></param>}"),
    params("params_late", "{<param><value/></param>}<!---->"),
    params("empty_params", "{<param/>}").refused(Protocol),
    // Multicalls.
    multicall("malformed_entries", "{<value>x</value>}"),
    multicall("entries_without_members", "{<value><struct/></value>}"),
    multicall("entries_without_a_name",
        "{<value><struct><member><name>params</name><value/></member></struct></value>}"),
    multicall("entries_without_params", concat!("{", entry!(), "}")),
    multicall("entries_without_params_late", concat!("{", entry!(), "<!---->}")),
    multicall("one_malformed_entry", concat!("{", entry!(), "}<value>x</value>")),
    multicall("entries_with_many_params", ENTRY_WITH_MANY_PARAMS),
    results(ARRAY, "malformed_results", "{<value>x</value>}"),
    results(ARRAY, "results_of_two", "{<value><array><data><value/><value/></data></array></value>}"),
    results(ARRAY, "results_of_another_type", ARRAY_OF_ONE),
    results(LATE, "results_of_another_type_late", ARRAY_OF_ONE),
    results(ARRAY, "results_that_are_structs", STRUCT_OF_ONE),
    results(ARRAY, "results_that_are_faults", FAULT),
];

const ARRAY_OF_ONE: &str = "{<value><array><data><value/></data></array></value>}";
const STRUCT_OF_ONE: &str = "{<value><struct><member><name/><value/></member></struct></value>}";
const ENTRY_WITH_MANY_PARAMS: &str = "<value><struct><member><name>methodName</name><value>m</value></member>\
     <member><name>params</name><value><array><data>{<value/>}</data></array></value></member></struct></value>";
const FAULT: &str = "{<value><struct><member><name>faultCode</name><value><int>4</int></value></member>\
                     <member><name>faultString</name><value>no</value></member></struct></value>}";
