//! The span of a request, and who observes it.

use std::{borrow::Cow, collections::HashSet, sync::Arc, time::Instant};

use tracing::{Span, field::Empty, level_filters::LevelFilter, span::Entered};

use super::{ClientError, ClientErrorKind, observation::Observation};
use crate::{
    Request,
    message::Secrets,
    observe::{
        Attempts, CallObserver, CallReport, ErrorType, OTHER, SYSTEM, ServerAddress, document,
        original_method, record_error,
    },
    schema::is_standard_method,
};

/// The span of one request, from sending it to its result. If it is dropped before, the call was
/// cancelled.
///
/// It is empty if nobody would notice the end of the call, and then costs next to nothing.
#[derive(Default)]
pub(super) struct CallSpan(Option<Box<Watch>>);

struct Watch {
    span: Span,
    /// The method as it is recorded, so perhaps `_OTHER`.
    method: Cow<'static, str>,
    /// When the request was sent.
    start: Option<Instant>,
    server: Option<Arc<ServerAddress>>,
    attempts: Option<Attempts>,
    observer: Option<Arc<dyn CallObserver>>,
}

impl CallSpan {
    /// Opens the span of a call, and adds its trace context to the headers of the request.
    #[inline]
    pub(super) fn open(
        observation: &Observation,
        request: &mut Request,
        secrets: &Secrets,
    ) -> Self {
        // Most programs have neither, and must not pay for it.
        if LevelFilter::current() < LevelFilter::INFO
            && observation.observer.is_none()
            && observation.inject.is_none()
        {
            return Self(None);
        }
        Self::open_observed(observation, request, secrets)
    }

    #[cold]
    fn open_observed(observation: &Observation, request: &mut Request, secrets: &Secrets) -> Self {
        let method = &request.label;
        // The names of generated clients are constants of the program; others may come from anywhere.
        let is_known = matches!(method, Cow::Borrowed(_)) || observation.is_known(method);
        let label = if is_known { &**method } else { OTHER };
        let server = observation.server.as_deref();
        let span = tracing::info_span!(
            target: "xmlrpc_core::client",
            "rpc",
            rpc.system.name = SYSTEM,
            rpc.method = label,
            rpc.method_original = (!is_known).then(|| original_method(method)),
            rpc.status_code = Empty,
            "error.type" = Empty,
            server.address = server.map(ServerAddress::address),
            // As an `i64`: tracing-opentelemetry exports other integers as text.
            server.port = server.and_then(ServerAddress::port).map(i64::from),
            network.peer.address = Empty,
            http.request.resend_count = Empty,
            otel.kind = "client",
            otel.name = if is_known { label } else { SYSTEM },
            otel.status_code = Empty,
        );
        if let Some(inject) = &observation.inject {
            inject.inject(&span, &mut request.headers);
        }
        span.in_scope(|| document::request_sent(&request.body, secrets));
        if span.is_disabled() && observation.observer.is_none() {
            return Self(None);
        }
        Self(Some(Box::new(Watch {
            span,
            method: if is_known {
                request.label.clone()
            } else {
                Cow::Borrowed(OTHER)
            },
            start: None,
            server: observation.server.clone(),
            attempts: request.extensions.get().cloned(),
            observer: observation.observer.clone(),
        })))
    }

    /// Enters the span. The first time is when the request is sent.
    #[inline]
    pub(super) fn enter(&mut self) -> Option<Entered<'_>> {
        let watch = self.0.as_mut()?;
        watch.start.get_or_insert_with(Instant::now);
        Some(watch.span.enter())
    }

    /// The call has ended, with a result or with an error.
    #[inline]
    pub(super) fn end(self, error: Option<&ClientError>) {
        self.end_with(|| error.cloned());
    }

    /// The call has ended. The error is determined only if it is recorded.
    #[inline]
    pub(super) fn end_with(mut self, error: impl FnOnce() -> Option<ClientError>) {
        if let Some(watch) = self.0.take() {
            watch.end(error().as_ref().map(error_type).as_ref());
        }
    }
}

impl Drop for CallSpan {
    #[inline]
    fn drop(&mut self) {
        if let Some(watch) = self.0.take() {
            watch.end(Some(&ErrorType::CANCELLED));
        }
    }
}

impl Watch {
    #[cold]
    fn end(self, error: Option<&ErrorType>) {
        // Nothing was sent.
        let Some(start) = self.start else { return };
        let attempted = self.attempts.as_ref().and_then(Attempts::server);
        let attempts = self.attempts.as_ref().map_or(1, |list| list.count().max(1));
        self.record_attempts(attempted.as_deref(), attempts);
        if let Some(error) = error {
            record_error(&self.span, error);
        }
        if let Some(observer) = &self.observer {
            let server = attempted.as_deref().or(self.server.as_deref());
            observer.call_ended(&CallReport {
                method: &self.method,
                duration: start.elapsed(),
                error,
                server: server.map(|server| (server.address(), server.port())),
                attempts,
            });
        }
    }

    /// Records the server that has responded, if the transport has chosen it, and the further attempts.
    fn record_attempts(&self, server: Option<&ServerAddress>, attempts: u32) {
        if let Some(server) = server {
            // A span keeps both values of a field that is recorded twice.
            if self.server.is_none() {
                self.span.record("server.address", server.address());
                if let Some(port) = server.port() {
                    self.span.record("server.port", i64::from(port));
                }
            }
            if let Some(peer) = server.peer() {
                let peer = peer.to_string();
                self.span.record("network.peer.address", peer.as_str());
            }
        }
        if attempts > 1 {
            let resends = i64::from(attempts - 1);
            self.span.record("http.request.resend_count", resends);
        }
    }
}

impl Observation {
    /// Whether a name that the program passed to [`Client::call`](super::Client::call) may be a label.
    fn is_known(&self, method: &str) -> bool {
        let is_listed = |known: &Arc<HashSet<Box<str>>>| known.contains(method);
        is_standard_method(method) || self.known_methods.as_ref().is_some_and(is_listed)
    }
}

/// The kinds of [`ClientError`] as error types.
fn error_type(error: &ClientError) -> ErrorType {
    if let Some(fault) = error.fault() {
        return ErrorType::fault(fault.code());
    }
    if let Some(status) = error.status() {
        return ErrorType::http(status);
    }
    ErrorType::named(match error.kind() {
        ClientErrorKind::Connect => "connect",
        ClientErrorKind::Timeout => "timeout",
        ClientErrorKind::Transport => "transport",
        ClientErrorKind::Encode => "encode",
        ClientErrorKind::Decode => "decode",
        ClientErrorKind::Misuse => "misuse",
        ClientErrorKind::Fault | ClientErrorKind::Http => OTHER,
    })
}
