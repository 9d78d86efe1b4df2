//! Leading parameters in documents that are already encoded: adds them, and hides them.

use bytes::Bytes;
use xmlrpc_core::{
    Dialect, Limits, Struct, Value,
    message::{CallWriter, IncomingCall},
    schema::is_standard_method,
};

/// Shown instead of a secret.
pub(crate) const HIDDEN: &str = "(hidden)";

const MULTICALL: &str = "system.multicall";

/// The call with the leading parameters before its own. `None` if it cannot be read.
pub(crate) fn add(body: &Bytes, leading: &[Value]) -> Option<Vec<u8>> {
    changed(body, |params| {
        params.splice(..0, leading.iter().cloned());
    })
}

/// The call with `(hidden)` instead of its first parameters. `None` if it cannot be read.
pub(crate) fn hide(body: &Bytes, count: usize) -> Option<Vec<u8>> {
    changed(body, |params| {
        for param in params.iter_mut().take(count) {
            *param = Value::from(HIDDEN);
        }
    })
}

/// Changes the parameters of a call, or of each call in a multicall.
fn changed(body: &Bytes, mut change: impl FnMut(&mut Vec<Value>)) -> Option<Vec<u8>> {
    let limits = Limits::RESPONSE.bytes(body.len());
    let call = IncomingCall::read(body.clone(), None, &limits).ok()?;
    let method = call.method().to_owned();
    let mut params = call.params().to_values().ok()?;
    if method == MULTICALL {
        if let Some(Value::Array(entries)) = params.first_mut() {
            for entry in entries.iter_mut() {
                let Value::Struct(entry) = entry else {
                    continue;
                };
                change_entry(entry, &mut change);
            }
        }
    } else if !is_standard_method(&method) {
        change(&mut params);
    }
    let mut writer = CallWriter::new(&method, Dialect::EXTENDED);
    for param in &params {
        writer.param(param);
    }
    writer
        .finish()
        .ok()
        .map(xmlrpc_core::message::EncodedCall::into_document)
}

fn change_entry(entry: &mut Struct, change: &mut impl FnMut(&mut Vec<Value>)) {
    if entry
        .get("methodName")
        .and_then(Value::as_str)
        .is_some_and(is_standard_method)
    {
        return;
    }
    if let Some(Value::Array(params)) = entry.get_mut("params") {
        let mut values: Vec<Value> = std::mem::take(params).into();
        change(&mut values);
        *params = values.into();
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use xmlrpc_core::{
        Dialect, Limits, Value,
        message::{CallWriter, IncomingCall},
        value,
    };

    use super::{add, hide};

    fn encoded(method: &str, params: &[Value]) -> Bytes {
        let mut writer = CallWriter::new(method, Dialect::EXTENDED);
        for param in params {
            writer.param(param);
        }
        writer.finish().unwrap().into_document().into()
    }

    fn params(document: Option<Vec<u8>>) -> Vec<Value> {
        let call = IncomingCall::read(document.unwrap().into(), None, &Limits::REQUEST).unwrap();
        call.params().to_values().unwrap()
    }

    #[test]
    fn only_calls_of_others_have_them() {
        let pow = encoded("pow", &[value!("secret"), value!(2)]);
        assert_eq!(params(hide(&pow, 1)), [value!("(hidden)"), value!(2)]);
        assert_eq!(
            params(add(&pow, &[value!(7)])),
            [value!(7), value!("secret"), value!(2)]
        );
        let help = encoded("system.methodHelp", &[value!("pow")]);
        assert_eq!(params(hide(&help, 1)), [value!("pow")]);
        let multicall = encoded(
            "system.multicall",
            &[value!([
                {"methodName": "pow", "params": ["secret", 2]},
                {"methodName": "system.methodHelp", "params": ["pow"]},
            ])],
        );
        assert_eq!(
            params(hide(&multicall, 1)),
            [value!([
                {"methodName": "pow", "params": ["(hidden)", 2]},
                {"methodName": "system.methodHelp", "params": ["pow"]},
            ])]
        );
    }
}
