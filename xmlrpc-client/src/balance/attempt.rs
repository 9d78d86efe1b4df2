//! One attempt of a call at one endpoint.

use std::sync::Arc;

use xmlrpc_core::observe::{Attempts, ServerAddress};

use super::{
    connection,
    endpoint::{Begun, Endpoint},
    health::Failure,
    set::Set,
};

/// An attempt in flight. If it is dropped before it has ended, it was given up.
pub(super) struct Attempt {
    pub(super) endpoint: Arc<Endpoint>,
    set: Arc<Set>,
    begun: Begun,
    has_ended: bool,
    /// What the call records, and the number of this attempt there.
    recorded: Option<(Attempts, u32)>,
}

impl Attempt {
    pub(super) fn begin(endpoint: &Arc<Endpoint>, set: &Arc<Set>, is_probe: bool) -> Self {
        Self {
            begun: endpoint.begin(is_probe),
            endpoint: Arc::clone(endpoint),
            set: Arc::clone(set),
            has_ended: false,
            recorded: None,
        }
    }

    pub(super) fn is_probe(&self) -> bool {
        self.begun.is_probe
    }

    /// Reports the attempt to the client.
    pub(super) fn record(&mut self, attempts: Option<&Attempts>) {
        let server: &Arc<ServerAddress> = &self.endpoint.server;
        self.recorded = attempts.map(|attempts| (attempts.clone(), attempts.begin(server)));
    }

    /// Its number in what the call records.
    pub(super) fn number_in_call(&self) -> Option<u32> {
        self.recorded.as_ref().map(|(_, number)| *number)
    }

    /// The call has ended without this attempt.
    pub(super) fn leave_call(&mut self) {
        self.recorded = None;
    }

    pub(super) fn succeeded(mut self) {
        self.has_ended = true;
        self.endpoint.succeeded(self.begun);
        if let Some((attempts, number)) = &self.recorded {
            attempts.answered(*number);
        }
    }

    /// The server has responded, but not as it should.
    pub(super) fn answered_badly(self, failure: Failure, reason: &str) {
        if let Some((attempts, number)) = &self.recorded {
            attempts.answered(*number);
        }
        self.failed(failure, reason);
    }

    pub(super) fn failed(mut self, failure: Failure, reason: &str) {
        self.has_ended = true;
        if let Some((attempts, number)) = &self.recorded {
            attempts.failed(*number, reason);
        }
        let (pauses, random) = (self.set.pauses, &self.set.random);
        self.endpoint
            .failed(self.begun, failure, reason, pauses, random);
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        if !self.has_ended {
            let (pauses, random) = (self.set.pauses, &self.set.random);
            self.endpoint.given_up(self.begun, pauses, random);
            if self.endpoint.must_check(self.begun) {
                connection::check(&self.endpoint, &self.set);
            }
        }
    }
}
