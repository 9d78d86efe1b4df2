//! Dates with a zone, which XML-RPC cannot send.

use xmlrpc_core::{DateTime, Value};

/// The first date with a zone in a value. The depth is that of an argument, which is limited.
pub(crate) fn first(value: &Value) -> Option<&DateTime> {
    match value {
        Value::DateTime(date) => date.offset().is_some().then_some(date),
        Value::Array(elements) => elements.iter().find_map(first),
        Value::Struct(members) => members.iter().find_map(|(_, member)| first(member)),
        _ => None,
    }
}

/// Why it is refused: the server would read another moment.
pub(crate) fn refusal(date: &DateTime) -> String {
    format!(
        "the zone of {date} would be lost, because dates of XML-RPC have none; write the time that the server \
         expects, often UTC, without a zone; nothing was sent"
    )
}

#[cfg(test)]
mod tests {
    use xmlrpc_core::{DateTime, value};

    use super::first;

    #[test]
    fn zones_are_found_at_any_depth() {
        let local: DateTime = "2026-11-27T10:00:00".parse().unwrap();
        let utc: DateTime = "2026-11-27T10:00:00Z".parse().unwrap();
        assert_eq!(first(&value!([{"a": [(local)]}])), None);
        assert!(first(&value!([{"a": [(local), (utc)]}])).is_some());
    }
}
