use std::error::Error;

use crate::{Fault, error::OneLine, fault::chain};

impl Fault {
    /// Logs the source of a fault that is sent, unless it has been logged.
    pub(super) fn log(&mut self) {
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
