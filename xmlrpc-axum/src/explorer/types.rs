//! Types as HTML: one short text, and lists of the members of structs.

use maud::{Markup, html};
use xmlrpc_core::schema::{ParamDescription, Schema};

/// How deeply structs are shown in each other.
const DEPTH: usize = 16;

/// The type in a few words, without the members of its structs.
pub(super) fn short(schema: &Schema) -> String {
    within(schema, DEPTH)
}

fn within(schema: &Schema, depth: usize) -> String {
    let Some(depth) = depth.checked_sub(1) else {
        return "…".to_owned();
    };
    match schema {
        Schema::Any => "any value".to_owned(),
        Schema::I8 => "i8".to_owned(),
        Schema::Array(element) => match &**element {
            Schema::Any => "array".to_owned(),
            element => format!("array of {}", inner(element, depth)),
        },
        Schema::Tuple(places) => {
            let places: Vec<_> = places.iter().map(|place| within(place, depth)).collect();
            format!("array [{}]", places.join(", "))
        }
        Schema::Map(value) => match &**value {
            Schema::Any => "struct".to_owned(),
            value => format!("struct of {}", inner(value, depth)),
        },
        Schema::Optional(value) => format!("{} or nil", inner(value, depth)),
        other => other.type_name().to_owned(),
    }
}

/// A type beside other words; an optional one gets parentheses.
fn inner(schema: &Schema, depth: usize) -> String {
    let text = within(schema, depth);
    match schema {
        Schema::Optional(_) => format!("({text})"),
        _ => text,
    }
}

/// The type of a parameter or a result, with the members of its structs.
pub(super) fn full(schema: &Schema) -> Markup {
    html! {
        span.type { (short(schema)) }
        (members(schema, DEPTH))
    }
}

/// The members of the structs in a type.
fn members(schema: &Schema, depth: usize) -> Markup {
    let Some(depth) = depth.checked_sub(1) else {
        return html! {};
    };
    match schema {
        Schema::Array(inner) | Schema::Map(inner) | Schema::Optional(inner) => {
            members(inner, depth)
        }
        Schema::Struct(list) if !list.is_empty() => html! {
            ul.members {
                @for member in list {
                    li {
                        code.name { (member.name) } " "
                        span.type { (short(&member.schema)) }
                        @if member.optional { " " span.mark { "optional" } }
                        (members(&member.schema, depth))
                    }
                }
            }
        },
        Schema::Tuple(places) => html! {
            @for place in places { (members(place, depth)) }
        },
        _ => html! {},
    }
}

/// A parameter in a list.
pub(super) fn param(param: &ParamDescription) -> Markup {
    html! {
        code.name { (param.name) } " "
        span.type { (short(&param.schema)) }
        @if param.rest {
            " " span.mark { "any number" }
        } @else if param.optional {
            " " span.mark { "optional" }
        }
        @if let Some(default) = &param.default {
            " " span.default { "default " code { (default) } }
        }
        (members(&param.schema, DEPTH))
    }
}

/// `name(param: type, param?: type): result`, without the members of structs.
pub(super) fn signature(
    name: &str,
    params: Option<&[ParamDescription]>,
    result: &Schema,
) -> String {
    let params = match params {
        None => "…".to_owned(),
        Some(params) => {
            let params = params.iter().map(|param| {
                let mark = match param {
                    ParamDescription { rest: true, .. } => "…",
                    ParamDescription { optional: true, .. } => "?",
                    _ => "",
                };
                format!("{}{mark}: {}", param.name, short(&param.schema))
            });
            params.collect::<Vec<_>>().join(", ")
        }
    };
    format!("{name}({params}): {}", short(result))
}
