//! A result with everything around it, as one JSON document.

use std::fmt::Write as _;

use xmlrpc_core::{ClientError, Value};

use crate::{
    failure::{client_text, kind_name},
    json::{self, Style},
    show::safe_headers,
    wire::Exchange,
};

/// The document. `exchange` is missing if there was no response.
pub(crate) fn write(
    method: &str,
    url: &str,
    exchange: Option<&Exchange>,
    result: &Result<Value, ClientError>,
    style: Style,
) -> String {
    let mut out = String::from("{");
    let mut member = |name: &str, value: &str| {
        let comma = if out.len() > 1 { "," } else { "" };
        // The values are indented like the members.
        let value = value.replace('\n', "\n  ");
        let _ = write!(out, "{comma}\n  {}: {value}", json::string(name));
    };
    member("url", &json::string(url));
    member("method", &json::string(method));
    if let Some(exchange) = exchange {
        member("status", &exchange.status.as_u16().to_string());
        member("headers", &headers(exchange));
        let milliseconds = exchange.took.as_secs_f64() * 1_000.0;
        member("milliseconds", &format!("{milliseconds:.3}"));
        member("sent_bytes", &exchange.sent.to_string());
        member("received_bytes", &exchange.body.len().to_string());
    }
    match result {
        Ok(value) => member("value", &json::write(value, style)),
        Err(error) => {
            let (name, value) = error_member(error);
            member(name, &value);
        }
    }
    out.push_str("\n}\n");
    out
}

/// The fault, or what else went wrong.
fn error_member(error: &ClientError) -> (&'static str, String) {
    if let Some(fault) = error.fault() {
        let (code, message) = (fault.code(), json::string(fault.message()));
        return (
            "fault",
            format!("{{\n  \"code\": {code},\n  \"message\": {message}\n}}"),
        );
    }
    let kind = json::string(kind_name(error.kind()));
    let message = json::string(&client_text(error));
    (
        "error",
        format!("{{\n  \"kind\": {kind},\n  \"message\": {message}\n}}"),
    )
}

/// The headers as an object. A header that the server sent several times is a list.
fn headers(exchange: &Exchange) -> String {
    let mut all: Vec<(&str, Vec<String>)> = Vec::new();
    for (name, value) in safe_headers(&exchange.headers) {
        match all.iter_mut().find(|(other, _)| *other == name.as_str()) {
            Some((_, values)) => values.push(value),
            None => all.push((name.as_str(), vec![value])),
        }
    }
    if all.is_empty() {
        return "{}".to_owned();
    }
    let members = all.iter().map(|(name, values)| {
        let values: Vec<_> = values.iter().map(|value| json::string(value)).collect();
        let value = match values.as_slice() {
            [value] => value.clone(),
            values => format!("[{}]", values.join(", ")),
        };
        format!("  {}: {value}", json::string(name))
    });
    format!("{{\n{}\n}}", members.collect::<Vec<_>>().join(",\n"))
}
