//! The names of parameters, from help texts of servers that document them there.

use xmlrpc_core::schema::ParamDescription;

/// Renames `param1`, `param2`… if the help text has a name for each of them.
pub(super) fn rename(params: &mut [ParamDescription], help: &str) {
    let are_numbered = (1..)
        .zip(params.iter())
        .all(|(number, param): (usize, _)| param.name == format!("param{number}"));
    if params.is_empty() || !are_numbered {
        return;
    }
    let names: Vec<&str> = help
        .lines()
        .filter_map(name)
        .take(params.len() + 1)
        .collect();
    if names.len() != params.len() {
        return;
    }
    for (param, name) in params.iter_mut().zip(names) {
        name.clone_into(&mut param.name);
    }
}

/// The name in `@param string name The name`, as Supervisor and PHP write it, or in `:param name: The name`
/// and `:param str name: The name`, as Python programs do.
fn name(line: &str) -> Option<&str> {
    let line = line.trim();
    let name = if let Some(rest) = line.strip_prefix("@param ") {
        rest.split_whitespace().nth(1)?.trim_start_matches('$')
    } else {
        let (words, _) = line.strip_prefix(":param ")?.split_once(':')?;
        words.split_whitespace().last()?
    };
    let is_name = name
        .chars()
        .all(|char| char.is_ascii_alphanumeric() || char == '_');
    (is_name && !name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use xmlrpc_core::schema::Schema;

    use super::*;

    #[test]
    fn names_come_from_help_texts() {
        let cases = [
            (
                "@param string name Its name\n@param int $limit",
                ["name", "limit"],
            ),
            (
                "  :param name: Its name\n:param int limit: At most",
                ["name", "limit"],
            ),
            ("@param string name only one", ["param1", "param2"]),
            ("@param a\n@param b", ["param1", "param2"]),
            (
                "@param int a\n@param int b\n@param int c",
                ["param1", "param2"],
            ),
            ("@param int $(x)\n@param int b", ["param1", "param2"]),
        ];
        for (help, expected) in cases {
            let mut params =
                ["param1", "param2"].map(|name| ParamDescription::new(name, Schema::Any));
            rename(&mut params, help);
            assert_eq!(params.map(|param| param.name), expected, "{help:?}");
        }
    }
}
