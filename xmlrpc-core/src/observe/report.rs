use std::time::Duration;

use super::ErrorType;

/// How a call ended: what a [`CallObserver`](super::CallObserver) receives.
///
/// ```
/// use std::sync::{Arc, Mutex};
/// use xmlrpc_core::{Client, Dispatcher, observe::CallReport, service::TraceLayer};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let seen = Arc::new(Mutex::new(Vec::new()));
/// let list = Arc::clone(&seen);
/// let layer = TraceLayer::new().observe(move |report: &CallReport<'_>| {
///     list.lock().unwrap().push((report.method().to_owned(), report.status_code().map(str::to_owned)));
/// });
/// let client = Client::new(Dispatcher::new().method("three", || 3).layer(layer));
/// client.call::<i32>("three", ()).await.unwrap();
/// client.call::<i32>("four", ()).await.unwrap_err();
/// let expected = [("three", None), ("_OTHER", Some("-32601"))];
/// assert_eq!(
///     *seen.lock().unwrap(),
///     expected.map(|(method, code)| (method.to_owned(), code.map(str::to_owned))),
/// );
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct CallReport<'a> {
    pub(crate) method: &'a str,
    pub(crate) duration: Duration,
    pub(crate) error: Option<&'a ErrorType>,
    pub(crate) server: Option<(&'a str, Option<u16>)>,
    pub(crate) attempts: u32,
}

impl CallReport<'_> {
    /// The name of the method, if it is registered (server) or belongs to a generated client or to
    /// `Client::known_methods` (client). Otherwise `_OTHER`.
    ///
    /// It is safe as a label: peers cannot create new values.
    pub fn method(&self) -> &str {
        self.method
    }

    /// How long the call took. On the client, this contains all attempts.
    pub fn duration(&self) -> Duration {
        self.duration
    }

    /// The code of the fault as text, or `None` if the call did not end with a fault.
    ///
    /// The number of values is unbounded: a client receives whatever its server sends, and a method
    /// can compute codes. [`MetricAttributes`](super::MetricAttributes) bounds it.
    pub fn status_code(&self) -> Option<&str> {
        self.error?.status_code()
    }

    /// Why the call failed, or `None` if it succeeded. [This table](crate::observe#errortype) lists
    /// the values.
    pub fn error_type(&self) -> Option<&str> {
        Some(self.error?.as_str())
    }

    /// On the client, the host or unix socket of the server, if it is known. It never contains a user
    /// name or password.
    pub fn server_address(&self) -> Option<&str> {
        Some(self.server?.0)
    }

    /// On the client, the port of the server, if it has one.
    pub fn server_port(&self) -> Option<u16> {
        self.server?.1
    }

    /// On the client, how often the request was sent, or how many servers were tried: 1 for an ordinary
    /// call. More if it was sent again, went to another endpoint, or was hedged.
    ///
    /// 1 on the server, and for a transport that does not report [`Attempts`](super::Attempts).
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}
