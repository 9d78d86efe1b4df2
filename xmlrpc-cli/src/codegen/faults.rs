//! The typed faults of a module, as an enum that derives `TypedFault`.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use xmlrpc_core::schema::FaultDescription;

use super::{
    docs::{doc, markdown},
    names::{self, Scope},
    types,
};

/// The protocol reserves these codes, so a typed fault cannot have them.
const RESERVED: std::ops::RangeInclusive<i32> = -32768..=-32000;

/// The faults that become variants, by their codes. The first description of a code counts.
#[derive(Clone, Debug, Default)]
pub(super) struct Faults<'a> {
    by_code: BTreeMap<i32, &'a FaultDescription>,
}

impl<'a> Faults<'a> {
    /// Adds the faults of a method. Returns whether any of them can be typed.
    pub(super) fn add(&mut self, faults: &'a [FaultDescription]) -> bool {
        let mut faults = faults
            .iter()
            .filter(|fault| !RESERVED.contains(&fault.code))
            .peekable();
        let any = faults.peek().is_some();
        for fault in faults {
            self.by_code.entry(fault.code).or_insert(fault);
        }
        any
    }

    /// The enum, or nothing if there are no faults.
    pub(super) fn definition(&self, name: &str) -> TokenStream {
        if self.by_code.is_empty() {
            return TokenStream::new();
        }
        let mut scope = Scope::with(&["Other"]);
        let variants = self
            .by_code
            .values()
            .map(|fault| variant(fault, &mut scope));
        let variants: Vec<_> = variants.collect();
        let docs =
            doc("The faults that the methods declare. `ClientError::fault_as` returns them.");
        let allow = types::allow();
        let name = names::ident(name);
        quote! {
            #docs
            #allow
            #[derive(Clone, Debug, PartialEq, TypedFault)]
            pub enum #name {
                #(#variants)*
                /// Any other fault.
                #[fault(other)]
                Other(Fault),
            }
        }
    }
}

fn variant(fault: &FaultDescription, scope: &mut Scope) -> TokenStream {
    let code = fault.code;
    let message = Message::parse(&fault.message);
    let mut wish: Vec<&str> = message.words.iter().map(String::as_str).collect();
    wish.truncate(5);
    let wish = match wish.is_empty() {
        true if code < 0 => format!("FaultMinus{}", code.unsigned_abs()),
        true => format!("Fault{code}"),
        false => wish.join(" "),
    };
    let name = names::ident(&scope.camel(&wish));
    let text = &message.text;
    let fields = match &message.fields {
        Fields::None => TokenStream::new(),
        Fields::Numbered(count) => {
            let types = (0..*count).map(|_| quote!(String));
            quote!((#(#types),*))
        }
        Fields::Named(fields) => {
            let docs: Vec<_> = fields
                .iter()
                .map(|field| doc(&format!("`{field}`")))
                .collect();
            let fields = fields.iter().map(|field| names::ident(field));
            quote!({ #(#docs #fields: String),* })
        }
    };
    let help = match fault.help.trim() {
        "" => format!("The fault {code}."),
        help => markdown(help),
    };
    let docs = doc(&help);
    quote! {
        #docs
        #[fault(code = #code, message = #text)]
        #name #fields,
    }
}

enum Fields {
    None,
    Numbered(usize),
    Named(Vec<String>),
}

/// The text of a fault with its placeholders.
struct Message {
    text: String,
    fields: Fields,
    /// The words of the literal parts.
    words: Vec<String>,
}

impl Message {
    /// Reads `{name}`, `{0}`, `{{` and `}}`. A text with other braces has no placeholders.
    fn parse(text: &str) -> Self {
        let text: String = text
            .chars()
            .map(|char| if char.is_control() { ' ' } else { char })
            .collect();
        let parsed = placeholders(&text).and_then(|(names, literal)| {
            let words = literal.split_whitespace().map(str::to_owned).collect();
            let fields = fields(names)?;
            Some((fields, words))
        });
        match parsed {
            Some((fields, words)) => Self {
                text,
                fields,
                words,
            },
            None => Self {
                words: text.split_whitespace().map(str::to_owned).collect(),
                text: text.replace('{', "{{").replace('}', "}}"),
                fields: Fields::None,
            },
        }
    }
}

/// The names of the placeholders, and the text without them. `None` if two are side by side, or if the
/// braces do not match.
fn placeholders(text: &str) -> Option<(Vec<String>, String)> {
    let mut names = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    // Between two placeholders, there must be text.
    let mut separated = true;
    while let Some(at) = rest.find(['{', '}']) {
        literal.push_str(&rest[..at]);
        separated |= at > 0;
        let from = &rest[at..];
        if from.starts_with("{{") || from.starts_with("}}") {
            separated = true;
            rest = &from[2..];
            continue;
        }
        let (name, after) = from.strip_prefix('{')?.split_once('}')?;
        if !separated {
            return None;
        }
        separated = false;
        literal.push(' ');
        names.push(name.to_owned());
        rest = after;
    }
    literal.push_str(rest);
    Some((names, literal))
}

/// `None` unless each name is the name of one field.
fn fields(names: Vec<String>) -> Option<Fields> {
    if names.is_empty() {
        return Some(Fields::None);
    }
    if (0..names.len()).all(|number| names.contains(&number.to_string())) {
        return Some(Fields::Numbered(names.len()));
    }
    let mut scope = Scope::default();
    let is_name =
        |name: &String| names::snake(name, names::Kind::Member) == *name && scope.take(name);
    names.iter().all(is_name).then_some(Fields::Named(names))
}
