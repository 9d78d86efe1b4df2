//! Why the command ends without a result, and with which exit code.

use std::{fmt, io, path::Path};

use xmlrpc_core::{
    ClientError, Fault,
    client::{BoxError, ClientErrorKind},
};

/// The server responded with a fault, or a check found differences.
pub(crate) const FAULT: u8 = 1;
/// The command was used incorrectly, or a local file cannot be read or written.
pub(crate) const USAGE: u8 = 2;
/// The server could not be reached, or did not respond in time.
pub(crate) const TRANSPORT: u8 = 3;
/// The response cannot be read.
pub(crate) const RESPONSE: u8 = 4;

/// An exit code with the text that explains it.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: u8,
    /// For people. `main` escapes it.
    pub(crate) message: String,
}

impl Failure {
    /// The command was used incorrectly.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            code: USAGE,
            message: message.into(),
        }
    }

    /// A local file cannot be used.
    pub(crate) fn file(doing: &str, path: &Path, error: &io::Error) -> Self {
        Self::usage(format!("cannot {doing} {}: {error}", path.display()))
    }

    /// The response is not what the command needs.
    pub(crate) fn response(message: impl Into<String>) -> Self {
        Self {
            code: RESPONSE,
            message: message.into(),
        }
    }

    /// The server does not list its methods, or could not be asked. The hint says what works without a list.
    pub(crate) fn of_list(error: &ClientError, hint: &str) -> Self {
        let failure = Self::from(error);
        if error.fault().is_none() {
            return failure;
        }
        Self {
            message: format!(
                "the server does not list its methods: {}\nhint: {hint}",
                failure.message
            ),
            ..failure
        }
    }

    /// The fault of a call.
    pub(crate) fn fault(fault: &Fault) -> Self {
        Self {
            code: FAULT,
            message: fault_text(fault),
        }
    }
}

/// `fault 404: the whole message`
pub(crate) fn fault_text(fault: &Fault) -> String {
    format!("fault {}: {}", fault.code(), fault.message())
}

/// The text of an error of a call. It names options of the command instead of functions of the libraries.
pub(crate) fn client_text(error: &ClientError) -> String {
    let text = error.to_string();
    // The text of a fault is the server's.
    if error.fault().is_some() {
        text
    } else {
        for_shell(&text)
    }
}

/// What the libraries advise, and what a user of the command can do.
const ADVICE: &[(&str, &str)] = &[
    (
        " of `Limits::bytes`; raise it with `Limits::bytes(n)`",
        "; --max-response SIZE allows more",
    ),
    (
        " of `Limits::elements`; raise it with `Limits::elements(n)`",
        "; --max-response SIZE allows more",
    ),
    (
        " that `Limits::elements` allows; raise it with `Limits::elements(n)`",
        "; --max-response SIZE allows more",
    ),
    (
        " of `Limits::depth`; raise it with `Limits::depth(n)`",
        " that are allowed",
    ),
    (
        " of `Limits::depth` can need; raise it with `Limits::depth(n)`",
        " that are allowed",
    ),
    (
        " than `Dialect::depth` allows, by default 128 levels; raise it with `Dialect::depth(n)`",
        " than the 128 levels that are allowed",
    ),
    (
        "or raise `ClientBuilder::limits`",
        "or use --max-response SIZE",
    ),
    (
        "(the client does not follow redirects; create it with the new URL)",
        "(redirects are not followed; use the new URL)",
    ),
    (
        "; send such data as `Base64`",
        "; send such data as base64:…",
    ),
    (
        "pass its certificate to `ClientBuilder::root_certificate`",
        "pass its certificate with --cacert FILE",
    ),
    (" (`ClientBuilder::keep_alive(false)` always does)", ""),
];

fn for_shell(text: &str) -> String {
    let mut text = text.to_owned();
    for (library, command) in ADVICE {
        if text.contains(library) {
            text = text.replace(library, command);
        }
    }
    text
}

/// Whether a server responds, but not with a list of its methods. Some have an HTTP status for methods that they
/// do not have.
pub(crate) fn is_without_list(error: &ClientError) -> bool {
    let status = error.status().map(|status| status.as_u16());
    error.fault().is_some()
        || matches!(status, Some(404 | 405 | 500 | 501))
        || (status.is_none() && error.kind() == ClientErrorKind::Decode)
}

/// The name of the kind of an error, for programs.
pub(crate) fn kind_name(kind: ClientErrorKind) -> &'static str {
    match kind {
        ClientErrorKind::Fault => "fault",
        ClientErrorKind::Http => "http",
        ClientErrorKind::Connect => "connect",
        ClientErrorKind::Timeout => "timeout",
        ClientErrorKind::Encode | ClientErrorKind::Misuse => "usage",
        ClientErrorKind::Decode => "response",
        _ => "transport",
    }
}

impl From<&ClientError> for Failure {
    fn from(error: &ClientError) -> Self {
        if let Some(fault) = error.fault() {
            return Self::fault(fault);
        }
        let code = match error.kind() {
            ClientErrorKind::Encode | ClientErrorKind::Misuse => USAGE,
            ClientErrorKind::Decode => RESPONSE,
            _ => TRANSPORT,
        };
        let hint = match error.status().map(|status| status.as_u16()) {
            Some(401) => "\nhint: the server asks for a user and a password; see --user",
            Some(404 | 405) => "\nhint: the path of the URL may be wrong; many servers use /RPC2",
            _ if error.is_timeout() => "\nhint: --timeout SECONDS waits longer",
            _ => "",
        };
        Self {
            code,
            message: format!("{}{hint}", client_text(error)),
        }
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        Self::from(&error)
    }
}

impl From<xmlrpc_client::BuildError> for Failure {
    fn from(error: xmlrpc_client::BuildError) -> Self {
        Self::usage(for_shell(&chain(&error)))
    }
}

/// The error with its causes.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        let cause = error.to_string();
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
        next = error.source();
    }
    text
}

impl From<BoxError> for Failure {
    fn from(error: BoxError) -> Self {
        Self::usage(chain(&*error))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
