//! Divides the methods into namespaces.

use std::collections::BTreeMap;

use xmlrpc_core::schema::MethodDescription;

/// The methods whose names have the same beginning.
#[derive(Debug)]
pub(super) struct Namespace<'a> {
    /// The beginning, without its separator; `None` for names without a separator.
    pub(super) name: Option<&'a str>,
    /// What is between the namespace and the names: `.` or `/`.
    pub(super) separator: char,
    pub(super) methods: Vec<&'a MethodDescription>,
}

impl Namespace<'_> {
    /// The name of a method without the namespace.
    pub(super) fn local<'m>(&self, method: &'m str) -> &'m str {
        match self.name {
            Some(name) => method
                .get(name.len() + self.separator.len_utf8()..)
                .unwrap_or(method),
            None => method,
        }
    }
}

/// The namespaces, sorted by name; first the methods without one. A namespace is the first part of a name,
/// and the parts after it that all methods with this first part have too. So `d.name` and `d.size.set` are
/// in `d`, and `com.example.Clock.now` and `com.example.Clock.set` in `com.example.Clock`.
pub(super) fn divide<'a>(methods: &[&'a MethodDescription]) -> Vec<Namespace<'a>> {
    let mut groups: BTreeMap<Option<(&str, char)>, Vec<&MethodDescription>> = BTreeMap::new();
    for method in methods {
        groups
            .entry(first_part(&method.name))
            .or_default()
            .push(method);
    }
    let groups = groups.into_iter();
    groups
        .map(|(first, methods)| {
            let Some((first, separator)) = first else {
                return Namespace {
                    name: None,
                    separator: '.',
                    methods,
                };
            };
            Namespace {
                name: Some(common(first, separator, &methods)),
                separator,
                methods,
            }
        })
        .collect()
}

/// The text before the first `.`, or before the first `/` in a name without `.`.
fn first_part(name: &str) -> Option<(&str, char)> {
    let part = |separator| {
        let (first, rest) = name.split_once(separator)?;
        (!first.is_empty() && !rest.is_empty()).then_some((first, separator))
    };
    part('.').or_else(|| if name.contains('.') { None } else { part('/') })
}

/// The longest sequence of whole parts with which all names begin, and after which each has more.
fn common<'a>(first: &'a str, separator: char, methods: &[&'a MethodDescription]) -> &'a str {
    let Some(one) = methods.first().map(|method| method.name.as_str()) else {
        return first;
    };
    let mut common = first;
    let mut ends = one.match_indices(separator).map(|(at, _)| at);
    ends.next();
    for end in ends {
        let (Some(longer), Some(with_separator)) = (one.get(..end), one.get(..=end)) else {
            break;
        };
        let all = methods.iter().all(|method| {
            let rest = method.name.strip_prefix(with_separator);
            rest.is_some_and(|rest| !rest.is_empty())
        });
        if !all || longer.ends_with(separator) {
            break;
        }
        common = longer;
    }
    common
}
