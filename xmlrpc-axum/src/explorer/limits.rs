//! The limits of the server, as the page shows them.

use std::time::Duration;

use xmlrpc_core::Dispatcher;

use crate::Endpoint;

/// A limit of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limit {
    /// The name in `description.json`.
    pub(super) key: &'static str,
    pub(super) label: &'static str,
    pub(super) amount: Amount,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Amount {
    Bytes(usize),
    Count(usize),
    Seconds(Duration),
}

impl Amount {
    /// The number in `description.json`: bytes, a count, or seconds. `None` if it is unlimited.
    pub(super) fn number(self) -> Option<f64> {
        #[allow(clippy::cast_precision_loss, reason = "no limit is that exact")]
        match self {
            Self::Bytes(usize::MAX) | Self::Count(usize::MAX) | Self::Seconds(Duration::MAX) => {
                None
            }
            Self::Bytes(number) | Self::Count(number) => Some(number as f64),
            Self::Seconds(time) => Some(time.as_secs_f64()),
        }
    }

    /// The text on the page.
    pub(super) fn text(self) -> String {
        match self {
            amount if amount.number().is_none() => "unlimited".to_owned(),
            Self::Bytes(bytes) => {
                let units = [("GiB", 30), ("MiB", 20), ("KiB", 10)];
                let exact = units
                    .iter()
                    .find(|(_, bits)| bytes > 0 && bytes.trailing_zeros() >= *bits);
                match exact {
                    Some((unit, bits)) => format!("{} {unit}", grouped(bytes >> bits)),
                    None => format!("{} bytes", grouped(bytes)),
                }
            }
            Self::Count(count) => grouped(count),
            Self::Seconds(time) => format!("{} s", time.as_secs_f64()),
        }
    }
}

/// The digits in groups of three.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The limits that the endpoint and its dispatcher have.
pub(super) fn limits(endpoint: &Endpoint, dispatcher: Option<&Dispatcher>) -> Vec<Limit> {
    let settings = &endpoint.settings;
    let mut all = vec![
        limit(
            "request_bytes",
            "Size of a request",
            Amount::Bytes(settings.max_body_bytes),
        ),
        limit(
            "request_seconds",
            "Time to send a request",
            Amount::Seconds(settings.body_timeout),
        ),
    ];
    let Some(dispatcher) = dispatcher else {
        return all;
    };
    let limits = dispatcher.configured_limits();
    let bounds = dispatcher.configured_bounds();
    all.extend([
        limit(
            "depth",
            "Depth of arrays and structs",
            Amount::Count(limits.depth),
        ),
        limit(
            "elements",
            "Elements of a request",
            Amount::Count(limits.elements),
        ),
        limit(
            "response_bytes",
            "Size of a response",
            Amount::Bytes(bounds.response_bytes),
        ),
    ]);
    if dispatcher
        .method_names()
        .any(|name| name == "system.multicall")
    {
        all.extend([
            limit(
                "multicall_entries",
                "Calls in a multicall",
                Amount::Count(bounds.multicall_entries),
            ),
            limit(
                "multicall_bytes",
                "Size of the response to a multicall",
                Amount::Bytes(bounds.multicall_bytes),
            ),
            limit(
                "multicall_seconds",
                "Time of a multicall",
                Amount::Seconds(bounds.multicall_timeout),
            ),
        ]);
    }
    all
}

fn limit(key: &'static str, label: &'static str, amount: Amount) -> Limit {
    Limit { key, label, amount }
}
