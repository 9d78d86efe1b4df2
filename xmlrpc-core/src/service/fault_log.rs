use std::error::Error;

use crate::{Fault, fault::chain};

impl Fault {
    /// Logs the source of a fault that is sent, unless it has been logged.
    pub(super) fn log(&mut self) {
        if self.is_logged {
            return;
        }
        if let Some(source) = self.source() {
            let (code, source) = (self.code(), chain(source));
            tracing::error!(rpc.xmlrpc.fault_code = code, "{}: {source}", self.message());
            self.is_logged = true;
        }
    }
}
