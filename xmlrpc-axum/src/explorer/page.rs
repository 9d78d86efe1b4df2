//! The page. Without scripts, it is complete documentation.

use std::{collections::HashMap, fmt::Write as _};

use maud::{DOCTYPE, Markup, PreEscaped, html};
use xmlrpc_core::schema::{MethodDescription, Schema};

use super::{
    description::{Description, Group, TITLE},
    markdown, types,
};

/// Renders the page. `calls` is the URL for calls, relative to the page.
pub(super) fn render(calls: &str, description: &Description) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { (TITLE) }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                link rel="icon" href="?icon.svg";
                link rel="stylesheet" href="?explorer.css";
                script src="?explorer.js" defer {}
            }
            body data-endpoint=(calls) data-description="?description.json" {
                a.skip href="#main" { "Skip to the methods" }
                (header(description))
                (index(description))
                main #main tabindex="-1" {
                    @for (id, group) in groups(description) { (service(description, &id, group)) }
                    (limits(description))
                }
                footer {
                    p { a href="?description.json" { "description.json" } }
                }
            }
        }
    }
}

fn header(description: &Description) -> Markup {
    let methods = counted(description.methods.len(), "method");
    let groups = counted(description.groups.len(), "service");
    html! {
        header #top {
            h1 { (TITLE) }
            p.facts { (methods) " in " (groups) }
            @if let Some(warning) = &description.warning { p.warning { (warning) } }
            div #tools {}
        }
    }
}

fn counted(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        number => format!("{number} {noun}s"),
    }
}

fn index(description: &Description) -> Markup {
    html! {
        nav #index aria-label="Methods" {
            h2 { "Methods" }
            @for (place, group) in groups(description) {
                h3 { a href={ "#s" (place) } { (group.title()) } }
                ul {
                    @for (_, method) in methods(description, group) {
                        li class=[method.deprecated.is_some().then_some("deprecated")] data-method=(method.name) {
                            a href={ "#" (id("m.", &method.name)) } { (method.name) }
                        }
                    }
                }
            }
            h3 { a href="#server" { "Server" } }
        }
    }
}

fn methods<'a>(
    description: &'a Description,
    group: &'a Group,
) -> impl Iterator<Item = (usize, &'a MethodDescription)> {
    let indexes = group.methods.iter();
    indexes.filter_map(|&index| Some((index, description.methods.get(index)?)))
}

/// The groups with their ids, without the first letter. A service and a namespace can have the same name.
fn groups(description: &Description) -> Vec<(PreEscaped<String>, &Group)> {
    let mut same_names = HashMap::new();
    let groups = description.groups.iter().map(|group| {
        let number: &mut usize = same_names.entry(group.name.as_str()).or_default();
        *number += 1;
        let id = match number {
            1 => id(".", &group.name),
            number => id(&format!("{number}."), &group.name),
        };
        (id, group)
    });
    groups.collect()
}

fn service(description: &Description, id: &PreEscaped<String>, group: &Group) -> Markup {
    html! {
        section.service id={ "s" (id) } data-service=(group.name) aria-labelledby={ "hs" (id) } {
            h2 id={ "hs" (id) } { (group.title()) }
            (doc(&group.help))
            @for (index, description) in methods(description, group) {
                (method(index, description))
            }
        }
    }
}

fn method(index: usize, method: &MethodDescription) -> Markup {
    let id = id(".", &method.name);
    let signature = types::signature(&method.name, method.params.as_deref(), &method.result);
    html! {
        article.method id={ "m" (id) } data-method=(method.name) data-index=(index) aria-labelledby={ "h" (id) } {
            h3 id={ "h" (id) } {
                a.anchor href={ "#m" (id) } { (method.name) }
                @if method.deprecated.is_some() { " " span.badge { "deprecated" } }
            }
            p.signature { code { (signature) } }
            @if !method.aliases.is_empty() {
                p.aliases {
                    "Other names: "
                    @for (index, alias) in method.aliases.iter().enumerate() {
                        @if index > 0 { ", " }
                        code { (alias) }
                    }
                }
            }
            @if let Some(note) = &method.deprecated {
                div.deprecated {
                    @if note.is_empty() {
                        p { "Deprecated." }
                    } @else {
                        (markdown::render(&format!("Deprecated: {note}")))
                    }
                }
            }
            (doc(&method.help))
            h4 { "Parameters" }
            @match method.params.as_deref() {
                None => p.none { "Unknown." },
                Some([]) => p.none { "None." },
                Some(params) => ol.params {
                    @for param in params { li { (types::param(param)) } }
                },
            }
            h4 { "Result" }
            @match &method.result {
                Schema::Any => p.result { "Any value, or unknown." },
                result => div.result { (types::full(result)) },
            }
            @if !method.faults.is_empty() {
                h4 { "Faults" }
                ul.faults {
                    @for fault in &method.faults {
                        li {
                            code.code { (fault.code) } " "
                            span.message { (fault.message) }
                            (doc(&fault.help))
                        }
                    }
                }
            }
            div.call {}
        }
    }
}

fn doc(text: &str) -> Markup {
    html! {
        @if !text.trim().is_empty() { div.doc { (markdown::render(text)) } }
    }
}

fn limits(description: &Description) -> Markup {
    html! {
        section #server aria-labelledby="server.h" {
            h2 id="server.h" { "Server" }
            p { "The server accepts at most:" }
            dl.limits {
                @for limit in &description.limits {
                    dt { (limit.label) }
                    dd { (limit.amount.text()) }
                }
            }
        }
    }
}

/// The id of a method or a service, and with other prefixes the ids of their headings. No prefix is the start
/// of another one, so that names cannot make two ids equal. Bytes other than ASCII letters, digits, `.`, `_`
/// and `-` become `~` and two hexadecimal digits, so that an id needs no escaping, neither in HTML nor in a URL.
fn id(prefix: &str, name: &str) -> PreEscaped<String> {
    let mut id = prefix.to_owned();
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-' => id.push(byte.into()),
            // Writing to a string cannot fail.
            _ => drop(write!(id, "~{byte:02X}")),
        }
    }
    PreEscaped(id)
}
