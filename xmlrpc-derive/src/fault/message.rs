//! The text of a fault, with places for fields.

use syn::{LitStr, Member};

use super::model::{Field, Message, Place};
use crate::errors::Errors;

/// Takes a text apart: `"there is no {path}"`, `"{0} and {{braces}}"`.
pub(super) fn parse(text: &LitStr, fields: &[Field], errors: &mut Errors) -> Message {
    let mut message = Message {
        span: text.span(),
        literals: vec![String::new()],
        places: Vec::new(),
    };
    let value = text.value();
    let mut rest = value.as_str();
    while let Some(at) = rest.find(['{', '}']) {
        let (literal, from) = rest.split_at(at);
        push(&mut message, literal);
        if let Some(after) = from.strip_prefix("{{") {
            push(&mut message, "{");
            rest = after;
        } else if let Some(after) = from.strip_prefix("}}") {
            push(&mut message, "}");
            rest = after;
        } else if let Some((inside, after)) = from
            .strip_prefix('{')
            .and_then(|inside| inside.split_once('}'))
        {
            let (name, format) = inside.split_once(':').unwrap_or((inside, ""));
            match index(name.trim(), fields) {
                Ok(index) => {
                    message.places.push(Place {
                        index,
                        format: format.to_owned(),
                    });
                    message.literals.push(String::new());
                }
                Err(error) => errors.push(syn::Error::new(text.span(), error)),
            }
            rest = after;
        } else {
            errors.push(syn::Error::new(
                text.span(),
                "a brace stands alone: write `{{` or `}}` for one in the text, and `{field}` for a field",
            ));
            return message;
        }
    }
    push(&mut message, rest);
    message
}

fn push(message: &mut Message, text: &str) {
    if let Some(last) = message.literals.last_mut() {
        last.push_str(text);
    }
}

fn index(name: &str, fields: &[Field]) -> Result<usize, String> {
    let names = || fields.iter().map(|field| shown(&field.member));
    if let Some(index) = names().position(|known| known == name) {
        return Ok(index);
    }
    let known = names()
        .map(|name| format!("`{{{name}}}`"))
        .collect::<Vec<_>>();
    Err(match (known.as_slice(), name) {
        ([], _) => format!("`{{{name}}}` is no field: there are none"),
        (_, "") => format!("`{{}}` has to name its field: {}", known.join(", ")),
        _ => format!("`{{{name}}}` is no field: there are {}", known.join(", ")),
    })
}

/// The name of a field as a text has it.
pub(super) fn shown(member: &Member) -> String {
    match member {
        Member::Named(ident) => syn::ext::IdentExt::unraw(ident).to_string(),
        Member::Unnamed(index) => index.index.to_string(),
    }
}

/// Makes sure that each field can be read back from the text.
pub(super) fn check(message: &Message, fields: &[Field], errors: &mut Errors) {
    let mut say = |text: String| errors.push(syn::Error::new(message.span, text));
    for (index, field) in fields.iter().enumerate() {
        let name = shown(&field.member);
        match message
            .places
            .iter()
            .filter(|place| place.index == index)
            .count()
        {
            0 => say(format!(
                "`{name}` is not in the text, and a client could not read it back: write `{{{name}}}` somewhere, \
                 or say `internal` where the peer is to read nothing of it"
            )),
            1 => {}
            _ => say(format!(
                "`{{{name}}}` stands here twice, and a client could not tell which of the two is meant: write it once"
            )),
        }
    }
    for place in message
        .places
        .iter()
        .filter(|place| !place.format.is_empty())
    {
        let name = fields
            .get(place.index)
            .map(|field| shown(&field.member))
            .unwrap_or_default();
        say(format!(
            "a client reads `{name}` back with `FromStr`, which undoes `Display` alone: \
             write `{{{name}}}` in place of `{{{name}:{}}}`",
            place.format
        ));
    }
    let between = 1..message.places.len();
    for (index, literal) in message.literals.iter().enumerate() {
        if between.contains(&index) && literal.is_empty() {
            let name = |place: &Place| fields.get(place.index).map(|field| shown(&field.member));
            let (before, after) = (&message.places[index - 1], &message.places[index]);
            let (before, after) = (
                name(before).unwrap_or_default(),
                name(after).unwrap_or_default(),
            );
            say(format!(
                "nothing stands between `{{{before}}}` and `{{{after}}}`, and a client could not tell where one ends: \
                 write a text between them"
            ));
        }
    }
}
