//! How a dispatcher reads and writes documents.

use super::Dispatcher;
use crate::{Dialect, Limits};

impl Dispatcher {
    /// The [`Limits`] of a request: size, depth and number of elements.
    ///
    /// `xmlrpc_axum` also limits the body to `limits.bytes`. It reads this value when the router or
    /// endpoint is created.
    ///
    /// ```
    /// # use xmlrpc_core::{Dispatcher, Limits};
    /// let dispatcher = Dispatcher::new().limits(Limits::REQUEST.bytes(64 << 10).depth(16));
    /// assert_eq!(dispatcher.configured_limits().bytes, 65_536);
    /// ```
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.inner_mut().reading.limits = limits;
        self
    }

    /// Whether to read characters that XML forbids as U+FFFD, the replacement character. Off by default:
    /// such a request is then an error.
    ///
    /// Some peers send texts that they do not check, such as names of files and lines of logs. The option
    /// replaces control characters, U+FFFE and U+FFFF, whether they are written themselves or as
    /// references. Bytes that are invalid in the encoding of the document remain an error.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher, Request, message::read_response, Limits};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let dispatcher = Dispatcher::new()
    ///     .replace_forbidden_characters(true)
    ///     .method("echo", |text: String| async { text });
    /// let call = "<methodCall><methodName>echo</methodName>\
    ///             <params><param><value>a\u{7}b</value></param></params></methodCall>";
    /// let response = dispatcher.dispatch(Request::new("echo", call)).await?;
    /// let echoed = read_response::<String>(response.body, None, &Limits::RESPONSE)?;
    /// assert_eq!(echoed?, "a\u{FFFD}b");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn replace_forbidden_characters(mut self, on: bool) -> Self {
        self.inner_mut().reading.replaces_forbidden = on;
        self
    }

    /// The dialect of responses.
    #[must_use]
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.inner_mut().dialect = dialect;
        self
    }

    /// The [`Limits`] of a request. An HTTP layer uses them to limit the body while it is read.
    pub fn configured_limits(&self) -> &Limits {
        &self.inner.reading.limits
    }
}
