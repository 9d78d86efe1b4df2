//! Compares two descriptions.

use std::collections::BTreeMap;

use xmlrpc_core::schema::{FaultDescription, MethodDescription, ParamDescription, Signature};

use super::{
    Description, Report,
    compare::{self, Sender},
};

/// Compares an earlier description of a server with a later one.
///
/// A difference is breaking if a program that was written for the earlier server can fail with the later one:
/// a method or an alias is gone, a parameter is required that was not, a result has another type. New
/// methods, new optional parameters and new members of results are not breaking. Help texts are not compared.
///
/// ```
/// use xmlrpc_cli::codegen::{Description, diff};
///
/// let old = Description::from_json(r#"[{ "name": "add", "params": [] }, { "name": "sub" }]"#).unwrap();
/// let new = Description::from_json(r#"[{ "name": "add", "params": [{ "name": "a" }] }, { "name": "mul" }]"#).unwrap();
/// let report = diff(&old, &new);
/// assert_eq!(
///     report.to_string(),
///     "breaking: add: the new parameter `a` is required\n\
///      compatible: mul: the method is new\n\
///      breaking: sub: the method is gone\n",
/// );
/// assert!(report.is_breaking());
/// ```
pub fn diff(old: &Description, new: &Description) -> Report {
    let mut report = Report::default();
    for method in &old.methods {
        let name = &method.name;
        match new.method(name) {
            Some(later) => methods(name, method, later, &mut report),
            None => report.add(name, true, "the method is gone"),
        }
        for alias in &method.aliases {
            if new.method(alias).is_none() {
                report.add(name, true, format!("the alias `{alias}` is gone"));
            }
        }
    }
    for method in &new.methods {
        if old.method(&method.name).is_none() {
            report.add_new(&method.name, "the method is new");
        }
    }
    for (which, description) in [("earlier", old), ("later", new)] {
        if let Some(warning) = &description.warning {
            report.note(format!("the {which} description is incomplete: {warning}"));
        }
    }
    report.sorted()
}

fn methods(name: &str, old: &MethodDescription, new: &MethodDescription, report: &mut Report) {
    let mut found = Vec::new();
    match (&old.params, &new.params) {
        (None, Some(_)) => found.push(("the parameters are described now".to_owned(), false)),
        (Some(_), None) => found.push(("the parameters are no longer described".to_owned(), false)),
        (Some(old), Some(new)) => params(old, new, &mut found),
        (None, None) => {}
    }
    compare::changes(
        &old.result,
        &new.result,
        Sender::Server,
        "the result",
        &mut found,
    );
    overloads(&old.overloads, &new.overloads, &mut found);
    faults(&old.faults, &new.faults, &mut found);
    match (&old.deprecated, &new.deprecated) {
        (None, Some(note)) if note.is_empty() => {
            found.push(("the method is deprecated".to_owned(), false));
        }
        (None, Some(note)) => found.push((format!("the method is deprecated: {note}"), false)),
        (Some(_), None) => found.push(("the deprecation was removed".to_owned(), false)),
        _ => {}
    }
    for (text, breaking) in found {
        report.add(name, breaking, text);
    }
}

fn params(old: &[ParamDescription], new: &[ParamDescription], found: &mut Vec<compare::Change>) {
    for (index, param) in new.iter().enumerate() {
        let name = &param.name;
        let Some(before) = old.get(index) else {
            // A caller could already send any number of them.
            if old.last().is_some_and(|last| last.rest) {
                continue;
            }
            let (text, breaking) = if param.optional || param.rest {
                (format!("the new parameter `{name}` is optional"), false)
            } else {
                (format!("the new parameter `{name}` is required"), true)
            };
            found.push((text, breaking));
            continue;
        };
        if before.name != *name {
            let text = format!(
                "parameter {} is named `{name}`, before `{}`",
                index + 1,
                before.name
            );
            found.push((text, false));
        }
        let is_optional = |param: &ParamDescription| param.optional || param.rest;
        match (is_optional(before), is_optional(param)) {
            (true, false) => found.push((format!("parameter `{name}` is required"), true)),
            (false, true) => found.push((format!("parameter `{name}` is optional"), false)),
            _ => {}
        }
        match (before.rest, param.rest) {
            (true, false) => {
                found.push((
                    format!("parameter `{name}` takes one value instead of any number"),
                    true,
                ));
                continue;
            }
            (false, true) => {
                found.push((format!("parameter `{name}` is any number of values"), false));
                continue;
            }
            _ => {}
        }
        let place = format!("parameter `{name}`");
        compare::changes(&before.schema, &param.schema, Sender::Caller, &place, found);
        if before.default != param.default {
            let shown =
                |default: &Option<String>| default.clone().unwrap_or_else(|| "none".to_owned());
            let (new, old) = (shown(&param.default), shown(&before.default));
            found.push((
                format!("the default of `{name}` is {new}, before {old}"),
                false,
            ));
        }
    }
    for param in old.iter().skip(new.len()) {
        let takes_rest = new.last().is_some_and(|last| last.rest);
        found.push((
            format!("the parameter `{}` is gone", param.name),
            !takes_rest,
        ));
    }
}

fn overloads(old: &[Signature], new: &[Signature], found: &mut Vec<compare::Change>) {
    // The names of parameters do not matter.
    let types = |signature: &Signature| {
        let params = signature
            .params
            .iter()
            .map(|param| format!("{:#}", param.schema));
        let params: Vec<_> = params.collect();
        format!("({}): {:#}", params.join(", "), signature.result)
    };
    let old: Vec<_> = old.iter().map(types).collect();
    let new: Vec<_> = new.iter().map(types).collect();
    let both = !old.is_empty() && !new.is_empty();
    for gone in old.iter().filter(|it| !new.contains(it)) {
        found.push((format!("the signature {gone} is gone"), both));
    }
    for added in new.iter().filter(|it| !old.contains(it)) {
        found.push((format!("the signature {added} is new"), false));
    }
}

fn faults(old: &[FaultDescription], new: &[FaultDescription], found: &mut Vec<compare::Change>) {
    let by_code = |list: &[FaultDescription]| -> BTreeMap<i32, String> {
        let faults = list.iter().map(|fault| (fault.code, fault.message.clone()));
        faults.collect()
    };
    let (old, new) = (by_code(old), by_code(new));
    for (code, message) in &old {
        match new.get(code) {
            None => found.push((format!("the fault {code} is gone"), false)),
            Some(later) if later != message => found.push((
                format!("the text of the fault {code} is \"{later}\", before \"{message}\""),
                false,
            )),
            Some(_) => {}
        }
    }
    for code in new.keys().filter(|code| !old.contains_key(code)) {
        found.push((format!("the fault {code} is new"), false));
    }
}
