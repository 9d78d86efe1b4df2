//! Writes the head of a request: its variables as a netstring.

use http::{HeaderMap, HeaderName, header::CONTENT_TYPE};

/// SCGI requires `CONTENT_LENGTH` to be the first variable.
pub(super) fn head(uri: &str, headers: &HeaderMap, length: usize) -> Vec<u8> {
    let mut block = Vec::new();
    append(&mut block, "CONTENT_LENGTH", length.to_string().as_bytes());
    append(&mut block, "SCGI", b"1");
    append(&mut block, "REQUEST_METHOD", b"POST");
    append(&mut block, "REQUEST_URI", uri.as_bytes());
    for (name, value) in variables(headers) {
        append(&mut block, &name, &value);
    }
    let mut head = block.len().to_string().into_bytes();
    head.push(b':');
    head.append(&mut block);
    head.push(b',');
    head
}

/// Names and values never contain a zero byte: URLs encode it, and headers refuse it.
fn append(block: &mut Vec<u8>, name: &str, value: &[u8]) {
    block.extend_from_slice(name.as_bytes());
    block.push(0);
    block.extend_from_slice(value);
    block.push(0);
}

/// SCGI does not allow a variable twice. As in CGI, several values are joined into a list. The headers
/// `x-a` and `x_a` are the same variable, so their values are joined too.
fn variables(headers: &HeaderMap) -> Vec<(String, Vec<u8>)> {
    let mut variables: Vec<(String, Vec<u8>)> = Vec::with_capacity(headers.keys_len());
    for (name, value) in headers {
        let name = variable(name);
        match variables.iter_mut().find(|known| known.0 == name) {
            Some((_, values)) => {
                values.extend_from_slice(b", ");
                values.extend_from_slice(value.as_bytes());
            }
            None => variables.push((name, value.as_bytes().to_vec())),
        }
    }
    variables
}

fn variable(name: &HeaderName) -> String {
    let variable = name.as_str().to_ascii_uppercase().replace('-', "_");
    if *name == CONTENT_TYPE {
        variable
    } else {
        format!("HTTP_{variable}")
    }
}
