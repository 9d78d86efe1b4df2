//! The cases and their outcomes.

use std::fmt;

/// The cases and their descriptions: the rows of the matrix, in order.
pub(crate) const CASES: &[(&str, &str)] = &[
    (
        "int",
        "0, 1, −1, and the smallest and largest 32-bit integers",
    ),
    (
        "i8",
        "the smallest and largest 64-bit integers, and the largest that a double holds exactly",
    ),
    ("boolean", "true and false"),
    ("double", "17 digits, very large, very small, negative"),
    ("string", "empty, blank, the five entities, `]]>`"),
    ("line_ends", "LF, CR LF and CR, unchanged"),
    ("unicode", "accents, Han, an emoji"),
    ("base64", "no bytes, and each of the 256 bytes"),
    ("base64_large", "10 MB"),
    (
        "date",
        "a date of 1998, and the first and last day of years with four digits",
    ),
    ("array", "empty, mixed, nested"),
    ("struct", "empty, names with spaces and entities"),
    ("nested", "50 levels"),
    ("nil", "alone and in an array"),
    ("no_params", "a call without parameters"),
    ("many_params", "20 parameters"),
    ("fault", "a code and a text with entities"),
    ("unknown_method", "a fault"),
    ("wrong_types", "a fault"),
    ("multicall", "successes and faults in one request"),
    ("introspection", "`system.listMethods`, signature and help"),
    ("gzip_request", "a compressed call"),
    ("gzip_answer", "a compressed response"),
    ("keep_alive", "1,000 calls on one connection"),
    ("concurrent", "50 clients at once"),
    ("large_answer", "20 MB"),
    ("basic_auth", "user and password, correct and wrong"),
    ("latin1_request", "a call in ISO-8859-1"),
    ("latin1_answer", "a response in ISO-8859-1"),
    ("unix_socket", "HTTP over a unix socket"),
    ("scgi", "SCGI over TCP and a unix socket"),
    ("example", "our example for this peer works"),
];

/// The outcome of a case with a peer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Pass,
    /// With the reason. Assume a mistake of ours until you know better.
    Fail(String),
    /// The peer lacks the feature or behaves differently; with the reason.
    Cannot(String),
}

impl Outcome {
    /// Parses the output of a peer's script: `pass`, or `fail` or `cannot` with a tab and a reason.
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
