use std::error::Error;

use crate::{Fault, error::OneLine, fault::chain};

impl Fault {
    /// Logs the [source](Self::with_source) of a fault that is sent, unless it has been logged.
    ///
    /// A [`Dispatcher`](crate::Dispatcher) does this for all faults that it sends. Call it if you send a
    /// fault without one, with [`fault_response`](crate::message::fault_response).
    ///
    /// ```
    /// use xmlrpc_core::{Dialect, Fault, message::fault_response};
    ///
    /// let mut fault = Fault::internal("the disk of db-7 is full");
    /// fault.log();
    /// let document = fault_response(&fault, Dialect::STANDARD);
    /// assert!(!String::from_utf8_lossy(&document).contains("db-7"));
    /// ```
    pub fn log(&mut self) {
        if self.is_logged {
            return;
        }
        if let Some(source) = self.source() {
            let (code, source) = (self.code().to_string(), chain(source));
            // Both may contain texts of the caller, which must not forge a line of the log.
            let (message, source) = (OneLine::new(self.message()), OneLine::up_to(4_000, &source));
            // A request that exceeds a limit is a mistake of the client, not of the server.
            if self.code() == Fault::INVALID_REQUEST {
                tracing::warn!(rpc.status_code = code, "{message}: {source}");
            } else {
                tracing::error!(rpc.status_code = code, "{message}: {source}");
            }
            self.is_logged = true;
        }
    }
}
