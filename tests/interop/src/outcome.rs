//! What came of a case.

use std::fmt;

/// What a peer is asked to do with us, or we with it: the rows of the matrix, in their order.
pub(crate) const CASES: &[(&str, &str)] = &[
    ("int", "0, 1, −1 and both ends of 32 bits"),
    (
        "i8",
        "both ends of 64 bits, and of what a double holds exactly",
    ),
    ("boolean", "both"),
    ("double", "17 digits, very large, very small, negative"),
    ("string", "empty, blank, the five entities, `]]>`"),
    ("line_ends", "LF, CR LF, and CR alone, each as it was sent"),
    ("unicode", "accents, Han, an emoji"),
    ("base64", "none, and each byte there is"),
    ("base64_large", "10 MB"),
    ("date", "the first and the last day that four digits have"),
    ("array", "empty, mixed, in each other"),
    ("struct", "empty, names with spaces and entities"),
    ("nested", "50 levels"),
    ("nil", "alone, and in an array"),
    ("no_params", "a call without parameters"),
    ("many_params", "20 parameters"),
    ("fault", "a code and a text with entities"),
    ("unknown_method", "a fault"),
    ("wrong_types", "a fault"),
    ("multicall", "successes and faults in one request"),
    ("introspection", "`system.listMethods`, signature and help"),
    ("gzip_request", "a compressed call"),
    ("gzip_answer", "a compressed answer"),
    ("keep_alive", "1,000 calls on one connection"),
    ("concurrent", "50 clients at once"),
    ("large_answer", "20 MB"),
    ("basic_auth", "user and password, right and wrong"),
    ("latin1_request", "a call in ISO-8859-1"),
    ("latin1_answer", "an answer in ISO-8859-1"),
    ("unix_socket", "HTTP over a unix socket"),
    ("scgi", "SCGI over TCP and over a unix socket"),
    ("example", "the example for this peer does its work"),
];

/// What came of a case with a peer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Pass,
    /// With the reason, which is a mistake of ours until it is known whose it is.
    Fail(String),
    /// The peer has no such thing, or another idea of it; with the reason.
    Cannot(String),
}

impl Outcome {
    /// Of what a peer's script prints: `pass`, or `fail` or `cannot` with a reason behind a tab.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (word, reason) = text.split_once('\t').unwrap_or((text, ""));
        match word {
            "pass" => Some(Self::Pass),
            "fail" => Some(Self::Fail(reason.to_owned())),
            "cannot" => Some(Self::Cannot(reason.to_owned())),
            _ => None,
        }
    }

    pub(crate) fn of<T, E: fmt::Display>(result: Result<T, E>) -> Self {
        match result {
            Ok(_) => Self::Pass,
            Err(error) => Self::Fail(error.to_string()),
        }
    }

    pub(crate) fn sign(&self) -> &'static str {
        match self {
            Self::Pass => "✓",
            Self::Fail(_) => "✗",
            Self::Cannot(_) => "–",
        }
    }
}
