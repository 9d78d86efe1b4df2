//! Compares types.

use std::collections::HashMap;

use xmlrpc_core::schema::{Member, Schema};

/// Who sends the values of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sender {
    /// The values are parameters.
    Caller,
    /// The values are results.
    Server,
}

/// A change of a type: what changed, and whether callers break.
pub(super) type Change = (String, bool);

/// The changes between two types at a place, such as `the result`.
pub(super) fn changes(
    old: &Schema,
    new: &Schema,
    sender: Sender,
    place: &str,
    found: &mut Vec<Change>,
) {
    use Schema::{Any, Array, I8, Int, Map, Nil, Optional, Struct, Tuple};
    let caller = sender == Sender::Caller;
    match (old, new) {
        (old, new) if old == new => {}
        (Optional(old), Optional(new)) => changes(old, new, sender, place, found),
        (Optional(old), new) if *new != Any && *new != Nil => {
            found.push((format!("{place} can no longer be nil"), caller));
            changes(old, new, sender, place, found);
        }
        (old, Optional(new)) if *old != Any && *old != Nil => {
            found.push((format!("{place} can be nil"), !caller));
            changes(old, new, sender, place, found);
        }
        (Array(old), Array(new)) => {
            changes(old, new, sender, &format!("each element of {place}"), found);
        }
        (Map(old), Map(new)) => {
            changes(old, new, sender, &format!("each member of {place}"), found);
        }
        (Tuple(old), Tuple(new)) if old.len() == new.len() => {
            for (number, (old, new)) in (1..).zip(old.iter().zip(new)) {
                changes(
                    old,
                    new,
                    sender,
                    &format!("element {number} of {place}"),
                    found,
                );
            }
        }
        (Struct(old), Struct(new)) => members(old, new, sender, place, found),
        // A signature calls both `int`.
        (Int, I8) | (I8, Int) => {
            found.push((
                format!("{place} has the type {new:#}, before {old:#}"),
                false,
            ));
        }
        (old, new) if old == new => {}
        (old, new) => {
            let more_general = is_more_general(new, old);
            let more_special = is_more_general(old, new);
            let breaking = if caller { !more_general } else { !more_special };
            found.push((
                format!("{place} has the type {new:#}, before {old:#}"),
                breaking,
            ));
        }
    }
}

/// Whether the first type has all values of the second, which is another type.
fn is_more_general(general: &Schema, special: &Schema) -> bool {
    use Schema::{Any, Array, Map, Nil, Optional, Struct, Tuple};
    match (general, special) {
        (Any, _) | (Optional(_), Nil) => true,
        (Array(element), Tuple(places)) => places
            .iter()
            .all(|place| place == &**element || is_more_general(element, place)),
        (Map(value), Struct(members)) => members
            .iter()
            .all(|member| member.schema == **value || is_more_general(value, &member.schema)),
        _ => false,
    }
}

fn members(old: &[Member], new: &[Member], sender: Sender, place: &str, found: &mut Vec<Change>) {
    let caller = sender == Sender::Caller;
    let by_name = |list: &[Member]| -> HashMap<String, Member> {
        let named = list.iter().map(|it| (it.name.clone(), it.clone()));
        named.collect()
    };
    let (before, after) = (by_name(old), by_name(new));
    for member in old {
        let name = &member.name;
        let Some(new) = after.get(name) else {
            let breaking = !caller && !member.optional;
            found.push((
                format!("{place} no longer has the member `{name}`"),
                breaking,
            ));
            continue;
        };
        match (member.optional, new.optional) {
            (true, false) => {
                found.push((format!("member `{name}` of {place} is required"), caller));
            }
            (false, true) => {
                found.push((format!("member `{name}` of {place} is optional"), !caller));
            }
            _ => {}
        }
        let place = format!("member `{name}` of {place}");
        changes(&member.schema, &new.schema, sender, &place, found);
    }
    for member in new
        .iter()
        .filter(|member| !before.contains_key(&member.name))
    {
        let name = &member.name;
        let (kind, breaking) = if member.optional {
            ("optional", false)
        } else {
            ("required", caller)
        };
        let text = if caller {
            format!("{place} has the new {kind} member `{name}`")
        } else {
            format!("{place} has the new member `{name}`")
        };
        found.push((text, breaking));
    }
}

/// Why values of a type of the server do not fit a Rust type, which is known as `rust`. What one of the two
/// does not say fits.
#[allow(clippy::match_same_arms)] // each arm is one rule
pub(super) fn misfit(
    server: &Schema,
    rust: &Schema,
    sender: Sender,
    place: &str,
) -> Option<String> {
    use Schema::{Any, Array, Double, I8, Int, Map, Nil, Optional, Struct, Tuple};
    match (server, rust) {
        (Any, _) | (_, Any) | (Int | I8, Int | I8) => None,
        // `()` reads any result, and a double reads an integer.
        (_, Nil) | (Int | I8, Double) if sender == Sender::Server => None,
        (Optional(server), rust) => misfit(server, rust, sender, place),
        (server, Optional(rust)) => misfit(server, rust, sender, place),
        (Array(server), Array(rust)) => {
            misfit(server, rust, sender, &format!("each element of {place}"))
        }
        (Array(element), Tuple(places)) | (Tuple(places), Array(element)) => {
            let mut places = places.iter();
            places.find_map(|it| misfit(element, it, sender, &format!("each element of {place}")))
        }
        (Tuple(server), Tuple(rust)) if server.len() == rust.len() => {
            let mut places = (1..).zip(server.iter().zip(rust));
            places.find_map(|(number, (server, rust))| {
                misfit(
                    server,
                    rust,
                    sender,
                    &format!("element {number} of {place}"),
                )
            })
        }
        (Map(server), Map(rust)) => {
            misfit(server, rust, sender, &format!("each member of {place}"))
        }
        (Map(server), Struct(members)) => members.iter().find_map(|it| {
            misfit(
                server,
                &it.schema,
                sender,
                &format!("member `{}` of {place}", it.name),
            )
        }),
        (Struct(members), Map(rust)) => members.iter().find_map(|it| {
            misfit(
                &it.schema,
                rust,
                sender,
                &format!("member `{}` of {place}", it.name),
            )
        }),
        (Struct(server), Struct(rust)) => misfit_of_members(server, rust, sender, place),
        (server, rust) if server == rust => None,
        (server, rust) => Some(format!(
            "{place} is {server:#} on the server, and {rust:#} in the trait"
        )),
    }
}

fn misfit_of_members(
    server: &[Member],
    rust: &[Member],
    sender: Sender,
    place: &str,
) -> Option<String> {
    let wrong = rust.iter().find_map(|member| {
        let name = &member.name;
        match server.iter().find(|it| it.name == *name) {
            Some(other) if sender == Sender::Server && other.optional && !member.optional => Some(
                format!("member `{name}` of {place} is optional on the server"),
            ),
            Some(Member {
                schema,
                optional: false,
                ..
            }) if sender == Sender::Caller
                && member.optional
                && !matches!(schema, Schema::Optional(_)) =>
            {
                Some(format!(
                    "member `{name}` of {place} is required on the server"
                ))
            }
            Some(other) => misfit(
                &other.schema,
                &member.schema,
                sender,
                &format!("member `{name}` of {place}"),
            ),
            None if sender == Sender::Server && member.optional => None,
            None => Some(format!(
                "the server does not have the member `{name}` of {place}"
            )),
        }
    });
    wrong.or_else(|| {
        let mut needed = server
            .iter()
            .filter(|member| sender == Sender::Caller && !member.optional);
        let missing = needed.find(|member| rust.iter().all(|it| it.name != member.name))?;
        Some(format!(
            "the server requires the member `{}` of {place}, which the trait does not have",
            missing.name
        ))
    })
}
