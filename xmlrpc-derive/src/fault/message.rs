//! Parses and checks the text of a fault, which has placeholders for fields.

use syn::{LitStr, Member};

use super::model::{Field, Message, Placeholder};
use crate::errors::Errors;

/// Parses a text such as `"there is no {path}"` or `"{0} and {{braces}}"`.
pub(super) fn parse(text: &LitStr, fields: &[Field], errors: &mut Errors) -> Message {
    let mut message = Message {
        span: text.span(),
        literals: vec![String::new()],
        placeholders: Vec::new(),
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
                    message.placeholders.push(Placeholder {
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
                "unmatched brace; write `{field}` for a field, and `{{` or `}}` for a literal brace",
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
        ([], _) => format!("unknown field `{{{name}}}`; there are no fields"),
        (_, "") => format!("`{{}}` must name a field: {}", known.join(", ")),
        _ => format!(
            "unknown field `{{{name}}}`, expected one of {}",
            known.join(", ")
        ),
    })
}

/// The name of a field in a text.
pub(super) fn shown(member: &Member) -> String {
    match member {
        Member::Named(ident) => syn::ext::IdentExt::unraw(ident).to_string(),
        Member::Unnamed(index) => index.index.to_string(),
    }
}

/// Reports fields that could not be read back from the text.
pub(super) fn check(message: &Message, fields: &[Field], errors: &mut Errors) {
    let mut say = |text: String| errors.push(syn::Error::new(message.span, text));
    for (index, field) in fields.iter().enumerate() {
        let name = shown(&field.member);
        match message
            .placeholders
            .iter()
            .filter(|it| it.index == index)
            .count()
        {
            0 => say(format!(
                "the text does not contain `{name}`, so a client could not read it back; add `{{{name}}}`, \
                 or use `internal` to hide the error from the peer"
            )),
            1 => {}
            _ => say(format!(
                "`{{{name}}}` occurs more than once, so a client could not tell which one to read; write it once"
            )),
        }
    }
    for placeholder in message
        .placeholders
        .iter()
        .filter(|place| !place.format.is_empty())
    {
        let name = fields
            .get(placeholder.index)
            .map(|field| shown(&field.member))
            .unwrap_or_default();
        say(format!(
            "a placeholder cannot have a format, because a client reads `{name}` back with `FromStr`; \
             write `{{{name}}}` instead of `{{{name}:{}}}`",
            placeholder.format
        ));
    }
    let between = 1..message.placeholders.len();
    for (index, literal) in message.literals.iter().enumerate() {
        if between.contains(&index) && literal.is_empty() {
            let name = |it: &Placeholder| fields.get(it.index).map(|field| shown(&field.member));
            let (before, after) = (
                &message.placeholders[index - 1],
                &message.placeholders[index],
            );
            let (before, after) = (
                name(before).unwrap_or_default(),
                name(after).unwrap_or_default(),
            );
            say(format!(
                "`{{{before}}}` and `{{{after}}}` need a separator between them, because a client could not tell where one ends"
            ));
        }
    }
}
