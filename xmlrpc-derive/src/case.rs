use proc_macro2::Span;

/// A rule that turns a Rust name into a name on the wire. The rules have the names of serde's.
#[derive(Clone, Copy)]
pub(crate) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
}

const RULES: [(&str, Case); 6] = [
    ("lowercase", Case::Lower),
    ("UPPERCASE", Case::Upper),
    ("PascalCase", Case::Pascal),
    ("camelCase", Case::Camel),
    ("snake_case", Case::Snake),
    ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
];

impl Case {
    pub(crate) fn parse(rule: &str, span: Span) -> syn::Result<Self> {
        let found = RULES.iter().find(|(name, _)| *name == rule);
        found.map(|(_, case)| *case).ok_or_else(|| {
            let known: Vec<_> = RULES.iter().map(|(name, _)| format!("`{name}`")).collect();
            let message = format!(
                "unknown rule `{rule}`, expected one of {}",
                known.join(", ")
            );
            syn::Error::new(span, message)
        })
    }

    /// Applies the rule to a name in `snake_case`.
    pub(crate) fn apply(self, ident: &str) -> String {
        match self {
            Self::Snake => ident.to_owned(),
            Self::Lower => ident.replace('_', ""),
            Self::Upper => ident.replace('_', "").to_uppercase(),
            Self::ScreamingSnake => ident.to_uppercase(),
            Self::Pascal => ident.split('_').map(capitalized).collect(),
            Self::Camel => {
                let mut words = ident.split('_').filter(|word| !word.is_empty());
                let first = words.next().unwrap_or_default().to_owned();
                words.fold(first, |name, word| name + &capitalized(word))
            }
        }
    }
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}
