//! `--save`: base64 into a file.

use std::{fs, path::Path};

use xmlrpc_core::Value;

use crate::{
    failure::Failure,
    output::{self, Output, size},
};

/// What is printed instead of the bytes.
const SAVED: &str = "(saved to the file)";

/// Writes the bytes of a result to a file: a base64 or a string. If the result has exactly one base64 inside, its
/// bytes are written, and the rest is printed.
pub(crate) fn save(value: &Value, path: &Path, output: Output) -> Result<(), Failure> {
    let mut rest = value.clone();
    let mut found = Vec::new();
    match &rest {
        Value::Base64(bytes) => found.push(bytes.clone()),
        Value::String(text) => found.push(text.clone().into_bytes()),
        _ => {
            take(&mut rest, &mut found);
        }
    }
    let [bytes] = found.as_slice() else {
        return Err(Failure::response(match found.len() {
            0 => "the result contains no base64 to save; call without --save to see it".to_owned(),
            count => {
                format!("the result contains {count} base64 values; --save can write only one")
            }
        }));
    };
    if path.as_os_str() == "-" {
        return output::print_bytes(bytes);
    }
    fs::write(path, bytes).map_err(|error| Failure::file("write", path, &error))?;
    output::note(&format!(
        "saved {} to {}",
        size(bytes.len()),
        crate::escape::line(&path.display().to_string())
    ));
    if matches!(value, Value::Array(_) | Value::Struct(_)) {
        output::print(&output.render(&rest))?;
    }
    Ok(())
}

/// Replaces each base64 by a text. The depth is that of a response, which is limited.
fn take(value: &mut Value, found: &mut Vec<Vec<u8>>) {
    match value {
        Value::Base64(bytes) => {
            found.push(std::mem::take(bytes));
            *value = Value::from(SAVED);
        }
        Value::Array(elements) => elements.iter_mut().for_each(|it| take(it, found)),
        Value::Struct(members) => {
            let names: Vec<_> = members.keys().map(str::to_owned).collect();
            for name in names {
                if let Some(member) = members.get_mut(&name) {
                    take(member, found);
                }
            }
        }
        _ => {}
    }
}
